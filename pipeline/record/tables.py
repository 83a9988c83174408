"""How a table stands on disk: Parquet with dates as dates, rows sorted by key, and a digest of what it says.

Decides nothing about what a table holds; its model does (`schemas`). Validated once, as it is written.
"""

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pandera.errors
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from pipeline.record.files import sha256_of
from schemas.columns import TEXT, Table
from schemas.errors import IntegrityError
from schemas.keys import as_arrow


class TableRecord(NamedTuple):
    """What a stage leaves behind of a table: its name, its count of rows, what it says, and the bytes that say it."""

    name: str
    rows: int
    logical_digest: str
    sha256: str


def write_table(
    folder: Path, name: str, frame: pd.DataFrame, model: type[Table], key: tuple[str, ...] = ()
) -> TableRecord:
    """Validate `frame`, sort it by `key`, write `folder/name.parquet`, and return its record.

    Raises IntegrityError, naming table, column and check but no value, when the frame breaks its model: that is a bug
    of ours, never of an extract.
    """
    _validate(name, frame, model)
    return _write(folder / f"{name}.parquet", _sorted(to_arrow(frame), key))


def drop_rows(path: Path, gone: Mapping[str, pd.Series]) -> TableRecord | None:
    """Take from the table at `path` the rows that hold, in any of these columns, one of these keys.

    What is left was valid and in order before. None, and nothing written, where no row goes.
    """
    table = pq.read_table(path, page_checksum_verification=True)
    named = gone.keys() & set(table.column_names)
    keep = pc.invert(reduce(pc.or_, [pc.is_in(table[name], value_set=as_arrow(gone[name])) for name in named]))
    return None if pc.all(keep).as_py() else _write(path, table.filter(keep))


def read_table(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """The table at `path`, in the kinds that `schemas.columns` names; dates come back as midnight timestamps."""
    return to_frame(pq.read_table(path, columns=columns, page_checksum_verification=True))


def to_frame(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame of our kinds: dictionary columns stay categories, every other text is Arrow text."""
    days = [pa.field(f.name, pa.timestamp("ns")) if pa.types.is_date(f.type) else f for f in table.schema]
    return table.cast(pa.schema(days)).to_pandas(types_mapper=_KINDS.get, ignore_metadata=True)


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """A frame of our kinds as an Arrow table: timestamps become dates, text small strings."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    fields = [pa.field(f.name, _kept(f.type)) for f in table.schema]
    return table.cast(pa.schema(fields))


def logical_digest(table: pa.Table) -> str:
    """The sha256 of the table's columns and rows as canonical text: the same for any Parquet writer or machine."""
    sink = _Digest()
    plain = [pa.field(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    pyarrow.csv.write_csv(table.cast(pa.schema(plain)), pa.PythonFile(sink, mode="w"))
    return sink.digest.hexdigest()


_KINDS = {pa.string(): TEXT, pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def _kept(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return pa.date32()
    if pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_dictionary(kind):
        return pa.dictionary(pa.int32(), pa.string())
    return kind


def _sorted(table: pa.Table, key: tuple[str, ...]) -> pa.Table:
    if not key or (len(key) == 1 and _in_order(table[key[0]])):
        return table
    return table.take(pc.sort_indices(table, sort_keys=[(column, "ascending") for column in key]))


def _in_order(column: pa.ChunkedArray) -> bool:
    return len(column) < 2 or bool(pc.all(pc.less_equal(column[:-1], column[1:]), skip_nulls=False).as_py())


def _write(path: Path, table: pa.Table) -> TableRecord:
    """The file and the digest at once: each is the work of one core."""
    with ThreadPoolExecutor(1) as aside:
        digest = aside.submit(logical_digest, table)
        pq.write_table(table, path, compression="zstd", write_page_checksum=True)
    return TableRecord(path.stem, table.num_rows, digest.result(), sha256_of(path))


def _validate(name: str, frame: pd.DataFrame, model: type[Table]) -> None:
    try:
        model.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as broken:
        cases = broken.failure_cases
        failed = sorted({f"{column}: {check}" for column, check in zip(cases["column"], cases["check"], strict=True)})
        raise IntegrityError(f"Table {name} breaks its own rules ({'; '.join(failed)}). Please report this.") from None


class _Digest:
    """A file to write to that keeps nothing but a digest."""

    closed = False

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return len(data)

    def flush(self) -> None: ...

    def close(self) -> None: ...
