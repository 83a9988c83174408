"""A Parquet file into columns of text; refuses kinds of column that have no plain text, and files that are cut."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.cells import cell_text
from pipeline.intake.unreadable import Limits, UnreadableError


_BATCH = 65_536
_SMALLER = "Have it sent in smaller files"
_AGAIN = "Get the file again from whoever sent it"


def read_parquet(data: bytes, limits: Limits) -> tuple[list[str], pa.Table, np.ndarray]:
    """The headings, the columns as text, and each row's number as if the headings were row 1."""
    if not data.endswith(b"PAR1"):
        raise UnreadableError("the Parquet file is cut short", _AGAIN)
    try:
        table = _read(data, limits)
        arrays = [_as_text(column, index) for index, column in enumerate(table.columns)]
    except (pa.ArrowException, OSError, ValueError):
        raise UnreadableError("the Parquet file is cut short or damaged", _AGAIN) from None
    texts = pa.Table.from_arrays(arrays, names=[f"c{index}" for index in range(len(arrays))])
    return list(table.column_names), texts, np.arange(table.num_rows, dtype=np.int64) + 2


def _read(data: bytes, limits: Limits) -> pa.Table:
    import pyarrow.parquet as pq  # here: it brings half as much again as all else that reading takes

    file = pq.ParquetFile(pa.BufferReader(pa.py_buffer(data)), page_checksum_verification=True)
    if file.metadata.num_rows * max(len(file.schema_arrow), 1) > 4 * limits.cells:
        raise UnreadableError("the Parquet file holds more cells than are read at once", _SMALLER)
    size, batches = 0, []
    for batch in map(_without_dictionaries, file.iter_batches(batch_size=_BATCH)):
        size += batch.nbytes
        if size > limits.size:
            raise UnreadableError(f"it unpacks to more than {limits.size:,} bytes", _SMALLER)
        batches.append(batch)
    return pa.Table.from_batches(batches, _without_dictionaries(file.schema_arrow.empty_table()).schema)


def _without_dictionaries(held: Any) -> Any:
    """A batch or table whose columns hold their values themselves, so that what they come to can be counted."""
    for place, field in enumerate(held.schema):
        if pa.types.is_dictionary(field.type):
            held = held.set_column(place, field.name, held.column(place).cast(field.type.value_type))
    return held


def _as_text(column: pa.ChunkedArray, index: int) -> pa.ChunkedArray:
    writer = next((write for fits, write in _WRITERS if fits(column.type)), None)
    if writer is None:
        raise UnreadableError(
            f"column {index + 1} is of a kind that has no plain text ({column.type})",
            "Save the column as text or as dates",
        )
    try:
        text = writer(column).cast(pa.large_string())
    except OverflowError:
        raise UnreadableError(
            f"column {index + 1} holds a decimal number that is too large to be exact, or infinite",
            "Save the column as text or as whole numbers",
        ) from None
    return pc.if_else(pc.equal(text, ""), None, text)


def _same(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _yes_no(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(column, "TRUE", "FALSE")


def _moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """ISO text on the clock of the column's own time zone, without the time where it is midnight."""
    local = pc.local_timestamp(column) if column.type.tz else column
    text = pc.floor_temporal(local, unit="second").cast(pa.timestamp("s")).cast(pa.string())
    return pc.if_else(pc.ends_with(text, " 00:00:00"), pc.utf8_slice_codeunits(text, 0, 10), text)


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Each distinct number is written once: `cell_text` is Python."""
    if pa.types.is_floating(column.type):
        column = column.cast(pa.float64())
        column = pc.if_else(pc.is_nan(column), None, column)
    distinct = column.unique()
    texts = pa.array([cell_text(value) for value in distinct.to_pylist()], pa.string())
    places = pc.index_in(column, distinct)
    return pa.chunked_array([texts.take(chunk) for chunk in places.chunks], pa.string())


_WRITERS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.ChunkedArray], pa.ChunkedArray]], ...] = (
    (lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view(), _same),
    (lambda kind: pa.types.is_integer(kind) or pa.types.is_null(kind) or pa.types.is_date32(kind), _whole),
    (pa.types.is_date64, lambda column: column.cast(pa.date32()).cast(pa.string())),
    (pa.types.is_boolean, _yes_no),
    (pa.types.is_timestamp, _moments),
    (lambda kind: pa.types.is_floating(kind) or pa.types.is_decimal(kind), _numbers),
)
