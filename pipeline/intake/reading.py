"""Any file of an extract into rows of text, or a refusal that says where and why; it guesses nothing.

Everything is text here: no kinds, no dates, no trimming. What the columns mean is for the mapping to say.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.intake.columnar import read_parquet
from pipeline.intake.containers import unpack_gzip, unpack_zip
from pipeline.intake.decoding import decode, first_control
from pipeline.intake.delimited import read_text
from pipeline.intake.forms import check_content, check_name, form_of, printable
from pipeline.intake.framing import frame_rows, spoken_column
from pipeline.intake.sheets import read_sheet, sheet_names
from pipeline.intake.unreadable import DEFAULT_LIMITS, Limits, UnreadableError
from schemas.errors import ExtractRefusedError, StorageError


class Rows(NamedTuple):
    """The rows of one file. `frame` has one column of text (`string[pyarrow]`) per heading; an empty cell is null.

    `row_numbers` (int64) are the rows as a spreadsheet shows them, the heading being row 1 and blank rows counted
    though they are left out. `form` is csv, xlsx or parquet; `encoding` (utf-8, windows-1252, utf-16) and `separator`
    are those of a csv, `sheet` that of an xlsx, and None elsewhere.
    """

    frame: pd.DataFrame
    row_numbers: NDArray[np.int64]
    form: str
    encoding: str | None
    separator: str | None
    sheet: str | None


class _Found(NamedTuple):
    """What a form's own reader found: columns c0, c1, ...; `headings` None where the first row holds them."""

    table: pa.Table
    row_numbers: NDArray[np.int64]
    headings: list[str] | None = None
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None


def read_rows(
    path: Path,
    name: str,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
    may_be_empty: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Rows:
    """Read the bytes at `path` as the file called `name`: CSV, XLSX or Parquet, plain, gzipped or alone in a zip.

    The form follows from the suffixes of `name`, and the bytes must agree. `encoding` (utf-8, windows-1252, utf-16) and
    `separator` (comma, semicolon, tab, pipe) are found out where they are None; `sheet` None is the first that is not
    hidden. Forms: docs/your-own-extracts.md.

    Raises ExtractRefusedError, naming the file and the line or cell and never a value, for whatever does not read in
    one way only or has no rows (unless it `may_be_empty`); StorageError where the bytes cannot be had from the disk.
    """
    try:
        check_name(name)
        form = form_of(name)
        data, kind = _unpacked(_bytes_of(path, name, limits), form.kind, form.wrapping, limits)
        found = _read(data, kind, (encoding, separator, sheet), limits)
        frame, row_numbers = frame_rows(found.table, found.row_numbers, found.headings, may_be_empty=may_be_empty)
    except UnreadableError as problem:
        raise ExtractRefusedError(f"{printable(name)}: {problem}.") from None
    return Rows(frame, row_numbers, kind, found.encoding, found.separator, found.sheet)


def list_sheets(path: Path, name: str, *, limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """The names of the sheets of the workbook at `path`, called `name`; none of a file that is no workbook."""
    try:
        form = form_of(name)
        data, kind = _unpacked(_bytes_of(path, name, limits), form.kind, form.wrapping, limits)
        return sheet_names(data, limits) if kind == "xlsx" else ()
    except UnreadableError as problem:
        raise ExtractRefusedError(f"{printable(name)}: {problem}.") from None


def _bytes_of(path: Path, name: str, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if size == 0:
            raise UnreadableError("the file is empty", "Get the whole file from whoever sent it")
        if size > limits.size:
            raise UnreadableError(f"the file is larger than {limits.size:,} bytes", "Have it sent in smaller files")
        return path.read_bytes()
    except OSError as error:
        raise StorageError(f"{printable(name)}: the archived copy cannot be read: {error.strerror}.") from None


def _unpacked(data: bytes, kind: str | None, wrapping: str | None, limits: Limits) -> tuple[bytes, str]:
    if wrapping == "zip":
        check_content(data, "zip")
        return unpack_zip(data, kind, limits)
    if kind is None:
        raise AssertionError("only a zip leaves its form open")
    if wrapping == "gzip":
        check_content(data, "gzip")
        data = unpack_gzip(data, limits)
    check_content(data, kind)
    return data, kind


def _read(data: bytes, kind: str, options: tuple[str | None, str | None, str | None], limits: Limits) -> _Found:
    encoding, separator, sheet = options
    if kind == "csv":
        decoded = decode(data, encoding)
        table, row_numbers, separator = read_text(decoded.data, separator)
        return _Found(table, row_numbers, encoding=decoded.encoding, separator=separator)
    if kind == "xlsx":
        table, row_numbers, sheet = read_sheet(data, sheet, limits)
        found = _Found(table, row_numbers, sheet=sheet)
    else:
        headings, table, row_numbers = read_parquet(data, limits)
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
    if rows.size:
        place = f"row {row_numbers[rows[0]]}, column {spoken_column(index)}"
        raise UnreadableError("there is a NUL or another control character in a cell", "Retype the cell", place)
