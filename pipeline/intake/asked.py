"""What is asked of the process that reads files, and what it gives: data that pass between two processes, no more."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.intake.unreadable import DEFAULT_LIMITS, Limits


class Asked(NamedTuple):
    """The file at `path`, called `name`, and how it is to be read; as for `pipeline.intake.reading.read_rows`."""

    path: Path
    name: str
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    may_be_empty: bool = False
    limits: Limits = DEFAULT_LIMITS


class Contents(NamedTuple):
    """The rows of a file: a column of text (`large_string`) for each heading; the rest as in `reading.Rows`."""

    table: pa.Table
    row_numbers: NDArray[np.int64]
    form: str
    encoding: str | None
    separator: str | None
    sheet: str | None
