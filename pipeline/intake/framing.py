"""Columns of text under their headings; refuses poor headings, drops blank rows, changes no value."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.intake.unreadable import UnreadableError, column_letters


_AGAIN = "Have the file exported again"


def frame_rows(
    table: pa.Table, row_numbers: NDArray[np.int64], headings: list[str] | None, *, may_be_empty: bool = False
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Give the columns their headings (None: the first row is them), and drop blank rows and blank unheaded columns.

    Also the row numbers of what is kept. Raises UnreadableError for headings that are alike or missing, and, unless it
    `may_be_empty`, where no row is left.
    """
    place = ""
    if headings is None:
        place = f"row {row_numbers[0]} in a spreadsheet"
        headings = [column[0].as_py() or "" for column in table.columns]
        table, row_numbers = table.slice(1), row_numbers[1:]
    headings = [heading.strip() for heading in headings]
    _refuse_alike(headings, place)
    _refuse_unheaded(table, headings, row_numbers)
    kept = [index for index, heading in enumerate(headings) if heading]
    table = table.select(kept).rename_columns([headings[index] for index in kept])
    table, row_numbers = _without_blank_rows(table, row_numbers)
    if table.num_rows == 0 and not may_be_empty:
        raise UnreadableError(
            "there are headings and no rows",
            "If that is right, leave the file out and its subject stays unknown; if not, have it exported again",
        )
    return table, row_numbers


def _refuse_alike(headings: list[str], place: str) -> None:
    if not any(headings):
        raise UnreadableError("there are no headings", _AGAIN + " with a heading over each column", place)
    seen: dict[str, int] = {}
    for index, heading in enumerate(headings):
        first = seen.setdefault(heading.casefold(), index)
        if heading and first != index:
            raise UnreadableError(
                f"columns {spoken_column(first)} and {spoken_column(index)} have the same heading",
                "Give each column a heading of its own, or take one of the two out",
                place,
            )


def _refuse_unheaded(table: pa.Table, headings: list[str], row_numbers: NDArray[np.int64]) -> None:
    for index, heading in enumerate(headings):
        column = table.column(index)
        if not heading and column.null_count < len(column):
            first = int(np.flatnonzero(column.is_valid().to_numpy())[0])
            raise UnreadableError(
                f"column {spoken_column(index)} has data and no heading",
                "Give it a heading, or empty it",
                f"row {row_numbers[first]} in a spreadsheet",
            )


def spoken_column(index: int) -> str:
    """The column at `index`, counted from 0, as a message names it: by place, for a heading may be a row's value."""
    return f"{index + 1} ({column_letters(index)})"


def _without_blank_rows(table: pa.Table, row_numbers: NDArray[np.int64]) -> tuple[pa.Table, NDArray[np.int64]]:
    blank = np.arange(table.num_rows)
    for column in table.columns:
        if not blank.size or column.null_count == 0:
            return table, row_numbers
        blank = blank[column.is_null().to_numpy()[blank]]
    if not blank.size:
        return table, row_numbers
    filled = np.ones(table.num_rows, bool)
    filled[blank] = False
    return table.filter(pa.array(filled)), row_numbers[filled]
