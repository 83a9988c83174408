"""Finds rows of one table by the keys of another, as text in Arrow; joins nothing that is not a plain key."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def positions(values: pd.Series, known: pd.Series) -> np.ndarray:
    """Where each value first stands in `known`; -1 where it does not, or is empty."""
    found = pc.index_in(as_arrow(values), value_set=as_arrow(known), skip_nulls=True)
    return pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)


def look_up(values: pd.Series, known: pd.Series, column: pd.Series) -> pd.Series:
    """The row of `column` beside which each value stands in `known`; empty where it stands nowhere."""
    found = column.array.take(positions(values, known), allow_fill=True)
    return pd.Series(found, index=values.index, name=column.name)


def as_arrow(values: pd.Series) -> pa.Array:
    """The column as one Arrow array of text."""
    found = pa.Array.from_pandas(values, type=pa.string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
