"""Column kinds that the pandera models share; decides how text, counts, fractions and dates are held in memory.

Text is `string[pyarrow]`, counts `Int64`, fractions `float64`, dates `datetime64[ns]` at midnight, yes-or-no `boolean`.
Frames are validated with `coerce=False`: a frame of another kind is a bug, not something to repair.
"""

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any, get_args

import numpy as np
import pandas as pd
import pandera
import pandera.pandas as pa
from pandera.engines import pandas_engine


def _validate_pandas_alone() -> None:
    """Keep pandera from loading dask.dataframe, where there is one, to look at a frame of pandas: it takes a second."""
    if "dask.dataframe" in sys.modules:
        return
    sys.modules["dask.dataframe"] = None  # type: ignore[assignment]
    try:
        import_module("pandera.typing.dask")
    finally:
        del sys.modules["dask.dataframe"]


_validate_pandas_alone()

TEXT = pd.StringDtype("pyarrow")


def text(*, nullable: bool = False, **checks: Any) -> Any:
    """A text column; `checks` as for `pandera.Field` (`isin`, `unique`, ...)."""
    return pa.Field(nullable=nullable, dtype_kwargs={"storage": "pyarrow"}, **checks)


def optional(**checks: Any) -> Any:
    """A column of any other kind that may be empty."""
    return pa.Field(nullable=True, **checks)


def required(**checks: Any) -> Any:
    """A column of any other kind that may not be empty."""
    return pa.Field(nullable=False, **checks)


class _Text(pandas_engine.STRING):
    """A text column's kind, told of the column as a whole: pandera's own goes by row, and words what is not wrong."""

    def check(self, pandera_dtype: pandera.DataType, data_container: Any = None) -> Any:
        return pandera_dtype.type == self.type or super().check(pandera_dtype, data_container)


class Table(pa.DataFrameModel):
    """A table with a fixed order of columns and no others."""

    class Config:
        strict = True
        ordered = True
        coerce = False

    @classmethod
    def to_schema(cls) -> pa.DataFrameSchema:
        """The model as a schema of pandera's."""
        schema = super().to_schema()
        for column in schema.columns.values():
            if isinstance(column.dtype, pandas_engine.STRING):
                column.dtype = _Text(column.dtype.storage)
        return schema


def kinds_of(model: type[Table]) -> dict[str, Any]:
    """The kind of each of a model's columns, in order; its schema, which takes a second to make, is not needed."""
    return {name: _dtype(get_args(kind)[0]) for name, kind in _annotations(model).items()}


def columns_of(model: type[Table]) -> tuple[str, ...]:
    """The names of a model's columns in order."""
    return tuple(_annotations(model))


def empty_table(model: type[Table]) -> pd.DataFrame:
    """A table of the model's columns and kinds without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds_of(model).items()})


def without(model: type[Table], name: str, left_out: Iterable[str]) -> type[Table]:
    """A model called `name` of the columns of `model` but those left out."""
    kept = {column: kind for column, kind in _annotations(model).items() if column not in set(left_out)}
    return type(name, (Table,), {"__annotations__": kept, **{column: _field(model, column) for column in kept}})


def _annotations(model: type[Table]) -> dict[str, Any]:
    rooms = [kind for kind in reversed(model.__mro__) if issubclass(kind, Table) and kind is not Table]
    return {name: kind for room in rooms for name, kind in vars(room).get("__annotations__", {}).items()}


def _field(model: type[Table], column: str) -> Any:
    return next(vars(room)[column] for room in model.__mro__ if column in vars(room))


def _dtype(kind: Any) -> Any:
    if kind is pd.StringDtype:
        return TEXT
    if issubclass(kind, pd.api.extensions.ExtensionDtype):
        return kind()
    return np.dtype(kind) if kind is float else np.dtype("datetime64[ns]")
