"""The bytes of a file of an extract into columns of text under their headings; guesses nothing, and knows no extract.

It runs where files of strangers are parsed (`reader_process`), so it imports little, and its callers trust nothing that
it says but its tables of text.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.intake.asked import Asked, Contents
from pipeline.intake.columnar import read_parquet
from pipeline.intake.containers import unpack_gzip, unpack_zip
from pipeline.intake.decoding import decode, first_control
from pipeline.intake.delimited import read_text
from pipeline.intake.forms import check_content, check_name, form_of, printable
from pipeline.intake.framing import frame_rows, spoken_column
from pipeline.intake.sheets import read_sheet, sheet_names
from pipeline.intake.unreadable import Limits, UnreadableError
from schemas.errors import StorageError


class _Found(NamedTuple):
    """What a form's own reader found: columns c0, c1, ...; `headings` None where the first row holds them."""

    table: pa.Table
    row_numbers: NDArray[np.int64]
    headings: list[str] | None = None
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None


def read_contents(asked: Asked) -> Contents:
    """Read a file as its name promises. Raises UnreadableError, StorageError where the disk does not give the bytes."""
    check_name(asked.name)
    return contents_of(_bytes_of(asked), asked)


def contents_of(data: bytes, asked: Asked) -> Contents:
    """Read `data`, the bytes of the file that is asked for. Raises UnreadableError."""
    form = form_of(asked.name)
    data, kind = _unpacked(data, form.kind, form.wrapping, asked.limits)
    found = _read(data, kind, asked)
    table, row_numbers = frame_rows(found.table, found.row_numbers, found.headings, may_be_empty=asked.may_be_empty)
    return Contents(table, row_numbers, kind, found.encoding, found.separator, found.sheet)


def read_sheet_names(asked: Asked) -> tuple[str, ...]:
    """The names of the sheets of a workbook; none of a file that is no workbook."""
    form = form_of(asked.name)
    data, kind = _unpacked(_bytes_of(asked), form.kind, form.wrapping, asked.limits)
    return sheet_names(data, asked.limits) if kind == "xlsx" else ()


def _bytes_of(asked: Asked) -> bytes:
    try:
        size = asked.path.stat().st_size
        if size == 0:
            raise UnreadableError("the file is empty", "Get the whole file from whoever sent it")
        if size > asked.limits.size:
            largest = f"{asked.limits.size:,} bytes"
            raise UnreadableError(f"the file is larger than {largest}", "Have it sent in smaller files")
        return asked.path.read_bytes()
    except OSError as error:
        raise StorageError(f"{printable(asked.name)}: the archived copy cannot be read: {error.strerror}.") from None


def _unpacked(data: bytes, kind: str | None, wrapping: str | None, limits: Limits) -> tuple[bytes, str]:
    if wrapping == "zip":
        check_content(data, "zip")
        return unpack_zip(data, kind, limits)
    assert kind is not None, "only a zip leaves its form open"
    if wrapping == "gzip":
        check_content(data, "gzip")
        data = unpack_gzip(data, limits)
    check_content(data, kind)
    return data, kind


def _read(data: bytes, kind: str, asked: Asked) -> _Found:
    if kind == "csv":
        decoded = decode(data, asked.encoding)
        table, row_numbers, separator = read_text(decoded.data, asked.separator)
        return _Found(table, row_numbers, encoding=decoded.encoding, separator=separator)
    if kind == "xlsx":
        table, row_numbers, sheet = read_sheet(data, asked.sheet, asked.limits)
        found = _Found(table, row_numbers, sheet=sheet)
    else:
        headings, table, row_numbers = read_parquet(data, asked.limits)
        found = _Found(table, row_numbers, headings)
    _refuse_control(found)
    return found


def _refuse_control(found: _Found) -> None:
    """Refuse a NUL or another control character in a cell of a form that is not text itself."""
    for index, column in enumerate(found.table.columns):
        for chunk in column.chunks:
            if chunk.buffers()[2] is not None and first_control(chunk.buffers()[2]) is not None:
                _refuse_cell(column, index, found.row_numbers)


def _refuse_cell(column: pa.ChunkedArray, index: int, row_numbers: NDArray[np.int64]) -> None:
    odd = pc.match_substring_regex(column, r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
    rows = np.flatnonzero(odd.fill_null(False).to_numpy())
    place = f"row {row_numbers[rows[0]]}, column {spoken_column(index)}"
    raise UnreadableError("there is a NUL or another control character in a cell", "Retype the cell", place)
