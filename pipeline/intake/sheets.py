"""One sheet of an .xlsx workbook into columns of text, cell by cell as a person would type it into a CSV.

Numbers that a spreadsheet has already rounded are refused: the digits that are gone cannot be had back.
"""

import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.intake.cells import cell_text, is_lost
from pipeline.intake.forms import printable
from pipeline.intake.unreadable import Limits, UnreadableError, column_letters
from pipeline.intake.workbook import inspect_sheet, inspect_workbook


_BATCH = 20_000
_SAVE = "Open it in the spreadsheet program, save it as a new .xlsx, and send that"


def read_sheet(data: bytes, sheet: str | None, limits: Limits) -> tuple[pa.Table, np.ndarray, str]:
    """The rows of a sheet as columns c0, c1, ... of text, the heading row first; blank rows are left out.

    `sheet` is a sheet's name; None takes the first one that is not hidden. Also each row's number in the spreadsheet,
    and the sheet's name. Raises UnreadableError with the cell for what cannot be read for certain.
    """
    inspect_workbook(data, limits)
    workbook = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    index, name = _chosen(workbook, sheet)
    errors = inspect_sheet(data, index, limits)
    found = _guarded(lambda: workbook.get_sheet_by_index(index))
    if found.start is None:
        raise UnreadableError(f"the sheet {printable(name)} is empty", f"Name the sheet to read; {_sheets(workbook)}")
    table, row_numbers = _table(found, errors)
    return table, row_numbers, name


def sheet_names(data: bytes, limits: Limits) -> tuple[str, ...]:
    """The names of a workbook's sheets, hidden ones too, in their order."""
    inspect_workbook(data, limits)
    return tuple(_guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data))).sheet_names)


def _chosen(workbook: CalamineWorkbook, sheet: str | None) -> tuple[int, str]:
    for index, described in enumerate(workbook.sheets_metadata):
        plain = described.typ == SheetTypeEnum.WorkSheet
        if plain and (described.visible == SheetVisibleEnum.Visible if sheet is None else described.name == sheet):
            return index, described.name
    wanted = "a sheet that is not hidden" if sheet is None else f"a sheet called {printable(sheet)}"
    raise UnreadableError(f"the workbook has not got {wanted}", f"Name the sheet to read; {_sheets(workbook)}")


def _sheets(workbook: CalamineWorkbook) -> str:
    return "the sheets are: " + ", ".join(printable(name) for name in workbook.sheet_names)


def _guarded(action: Callable[[], Any]) -> Any:
    """Run a call into calamine; its own words, and a panic of its, never reach a person."""
    try:
        return action()
    except MemoryError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise UnreadableError("the workbook is damaged or has a password", _SAVE) from None


def _table(sheet: CalamineSheet, errors: dict[int, dict[int, str]]) -> tuple[pa.Table, np.ndarray]:
    row_numbers: list[int] = []
    batches = []
    rows = enumerate(_guarded(sheet.iter_rows))
    while batch := list(islice(rows, _BATCH)):
        kept = list(_filled(batch, errors, sheet.start[1]))
        row_numbers += [index + 1 for index, _ in kept]
        batches.append(_columns([row for _, row in kept], sheet))
    return pa.concat_tables(batches), np.array(row_numbers, np.int64)


def _filled(
    batch: list[tuple[int, list[Any]]], errors: dict[int, dict[int, str]], first_column: int
) -> Iterator[tuple[int, list[str | None]]]:
    for index, row in batch:
        for column, text in errors.get(index, {}).items():
            if 0 <= column - first_column < len(row):
                row[column - first_column] = text
        texts = _row_texts(index, row, first_column)
        if any(text is not None for text in texts):
            yield index, texts


def _row_texts(index: int, row: list[Any], first_column: int) -> list[str | None]:
    try:
        return [value or None if type(value) is str else cell_text(value) for value in row]
    except OverflowError:
        column = next(column for column, value in enumerate(row) if is_lost(value))
    raise UnreadableError(
        "there is a number of more than 15 digits, and the spreadsheet has rounded it",
        "Have the column formatted as text where the data come from, and the file sent again",
        f"cell {column_letters(first_column + column)}{index + 1}",
    )


def _columns(rows: list[list[str | None]], sheet: CalamineSheet) -> pa.Table:
    width = sheet.end[1] - sheet.start[1] + 1
    columns = zip(*rows, strict=True) if rows else [()] * width
    arrays = [pa.array(column, pa.large_string()) for column in columns]
    return pa.Table.from_arrays(arrays, names=[f"c{index}" for index in range(width)])
