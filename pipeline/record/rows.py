"""Rows of a published run's tables by key, and as JSON has them; decides nothing about them."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.record.files import plain_storage_errors
from pipeline.record.listing import find_paths
from pipeline.record.tables import to_frame


def has_table(run: Path, table: str) -> bool:
    """Whether the run in this folder holds the table: one that an earlier version washed may not."""
    return _path(run, table).exists()


def rows_with(run: Path, table: str, column: str, values: Iterable[str]) -> pd.DataFrame:
    """The rows of a table of the run in this folder whose `column` holds one of `values`, in the table's order.

    A table is kept in memory for the next who asks, unless its file is a large one.
    """
    with plain_storage_errors("Reading the run"):
        wanted = pa.array(sorted(set(values)), pa.string())
        path = _path(run, table)
        state = path.stat()
        if state.st_size > LARGEST_HELD:
            return to_frame(pq.read_table(path, filters=pc.field(column).isin(wanted)))
        held = _held(path, state.st_mtime_ns)
        return to_frame(held.filter(pc.is_in(held[column], value_set=wanted)))


def hold_tables(run: Path) -> None:
    """Read every table of the run in this folder that is kept in memory, so that nobody waits for it later."""
    for path in find_paths(run / "tables", "*.parquet"):
        state = path.stat()
        if state.st_size <= LARGEST_HELD:
            _held(path, state.st_mtime_ns)


LARGEST_HELD = 32 << 20
MOST_HELD = 128


@lru_cache(maxsize=MOST_HELD)
def _held(path: Path, changed: int) -> pa.Table:
    """A table of a published run, which does not change; `changed` is when its file did."""
    return pq.read_table(path)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON has them: dates as ISO text, nothing as null."""
    names = [str(name) for name in frame.columns]
    columns = [_values(frame.iloc[:, number]) for number in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _path(run: Path, table: str) -> Path:
    return run / "tables" / f"{table}.parquet"


def _values(column: pd.Series) -> list[Any]:
    rows = zip(column.tolist(), column.isna().tolist(), strict=True)
    return [None if gone else _plain(value) for value, gone in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if isinstance(value, np.generic) else value
