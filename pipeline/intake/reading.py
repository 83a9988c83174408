"""Any file of an extract into rows of text, or a refusal that says where and why; it guesses nothing.

Everything is text here: no kinds, no dates, no trimming. What the columns mean is for the mapping to say. The parsing
is done apart, in `reader_process`: nothing here looks at the bytes of a file from outside.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.intake.asked import Asked, Contents
from pipeline.intake.forms import printable
from pipeline.intake.reader import ask_for_rows, ask_for_sheets
from pipeline.intake.unreadable import DEFAULT_LIMITS, Limits, UnreadableError
from schemas.columns import TEXT
from schemas.errors import ExtractRefusedError


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
    one way only, has no rows (unless it `may_be_empty`), or ends the process that reads it; StorageError where the
    bytes cannot be had from the disk.
    """
    with refusing(name):
        return rows_of(ask_for_rows(Asked(path, name, encoding, separator, sheet, may_be_empty, limits)))


def list_sheets(path: Path, name: str, *, limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """The names of the sheets of the workbook at `path`, called `name`; none of a file that is no workbook."""
    with refusing(name):
        return ask_for_sheets(Asked(path, name, limits=limits))


@contextmanager
def refusing(name: str) -> Iterator[None]:
    """Turn an UnreadableError into the ExtractRefusedError of the file called `name`."""
    try:
        yield
    except UnreadableError as problem:
        raise ExtractRefusedError(f"{printable(name)}: {problem}.") from None


def rows_of(contents: Contents) -> Rows:
    """The same as a frame."""
    frame = contents.table.to_pandas(types_mapper={pa.large_string(): TEXT}.get)
    return Rows(frame, *contents[1:])
