"""Real files for the tests of reading: writes them as the archive would, and holds refusals to what is said of them."""

import traceback
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.intake.asked import Asked
from pipeline.intake.contents import read_contents
from pipeline.intake.reading import Rows, refusing, rows_of
from schemas.errors import ExtractRefusedError


PLANTED = "Quillfeather"


def read(folder: Path, name: str, data: bytes, **options: Any) -> Rows:
    """Read `data` as the file called `name`, from a path without a suffix as in the archive, in this process."""
    path = folder / "3f5a"
    path.write_bytes(data)
    with refusing(name):
        return rows_of(read_contents(Asked(path, name, **options)))


def refusal(folder: Path, name: str, data: bytes, **options: Any) -> str:
    """What is said when `data` is refused: it names the file, and no planted value is in it or its traceback."""
    with pytest.raises(ExtractRefusedError) as refused:
        read(folder, name, data, **options)
    message = str(refused.value)
    assert message.startswith(name)
    assert PLANTED.casefold() not in "".join(traceback.format_exception(refused.value)).casefold()
    assert refused.value.__suppress_context__
    return message


def cells(rows: Rows) -> list[tuple[str | None, ...]]:
    """The cells of a frame, row by row, None where a cell is null."""
    assert all(dtype == pd.StringDtype("pyarrow") for dtype in rows.frame.dtypes)
    assert len(rows.row_numbers) == len(rows.frame)
    plain = rows.frame.astype(object).where(rows.frame.notna(), None)
    return [tuple(row) for row in plain.itertuples(index=False, name=None)]
