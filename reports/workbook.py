"""Tables as XLSX and CSV that a person opens: text stays text, nothing is a formula; decides looks, not content.

The same tables give the same bytes: the only date inside is the as-of date.
"""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import IO, NamedTuple

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_rowcol_to_cell

from schemas.columns import TEXT


EXCEL_ROWS = 1_048_575
WIDEST, NARROWEST = 60, 9
FORMULA = re.compile("^[\\s\u200b\ufeff']*[=+\\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f]")
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}


class Choice(NamedTuple):
    """What may be answered in a column: on these rows of the table one of these words, or nothing."""

    column: str
    words: tuple[str, ...]
    rows: tuple[int, ...]


class Sheet(NamedTuple):
    """A sheet: its title, its table, and headings for some of its columns (the rest are made from their names).

    The first `frozen` columns stay in view. `answers` are columns to be filled in, `choices` what may be chosen there;
    `fill` says on which rows, for a column that is not to be filled in wherever it is empty.
    """

    title: str
    table: pd.DataFrame
    headings: Mapping[str, str] = {}  # noqa: RUF012 - never changed
    frozen: int = 0
    answers: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    fill: Mapping[str, tuple[int, ...]] = {}  # noqa: RUF012 - never changed


class Cover(NamedTuple):
    """What the reader of a workbook must know: who it is of, how it is marked, and notes in the order they are read."""

    title: str
    authority: str
    marking: str
    as_of: date
    run_id: str
    notes: tuple[str, ...] = ()


def write_workbook(path: Path | IO[bytes], cover: Cover, sheets: list[Sheet]) -> None:
    """Write `sheets` and then the cover's notes to an XLSX: text cells, frozen header, filters, marked on every page.

    A table longer than Excel holds is cut there, and the notes say so. OSError where the disk does not take it.
    """
    try:
        with _uncollected(), xlsxwriter.Workbook(path, SAFE | {"default_date_format": "d mmmm yyyy"}) as book:
            created = datetime(cover.as_of.year, cover.as_of.month, cover.as_of.day)
            book.set_properties({"title": cover.title, "company": cover.authority, "created": created})
            book.set_custom_property("wash_run", cover.run_id)
            for sheet in sheets:
                _write_sheet(book, sheet, cover)
            _write_cover(book, cover, [sheet for sheet in sheets if len(sheet.table) > EXCEL_ROWS])
    except FileCreateError as error:
        raise error.args[0] from None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave Python's search for circles of objects: among a million cells it takes a fifth of the time, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write_csv(path: Path | IO[bytes], table: pd.DataFrame) -> None:
    """Write `table` as CSV for Excel: UTF-8 with a mark, CRLF, ISO dates, and no cell that Excel would run."""
    texts = table.copy()
    for column in texts.select_dtypes(include=["string", "object"]).columns:
        texts[column] = _harmless(texts[column])
    texts.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format="%Y-%m-%d")


def heading(column: str) -> str:
    """A readable heading for a column's name: `link_confidence` -> `Link confidence`."""
    words = column.replace("_", " ").strip()
    return (words[:1].upper() + words[1:]).replace(" id", " ID").replace("asb", "ASB").replace("Uprn", "UPRN")


def _harmless(column: pd.Series) -> pd.Series:
    risky = column.astype(TEXT).fillna("").map(lambda text: FORMULA.match(text) is not None).astype(bool)
    return column.astype(TEXT).where(~risky, "'" + column.astype(TEXT))


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet, cover: Cover) -> None:
    table = sheet.table.head(EXCEL_ROWS)
    page = book.add_worksheet(sheet.title)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    day = book.add_format({"num_format": "d mmmm yyyy", "align": "left"})
    share = book.add_format({"num_format": "0.00", "align": "left"})
    for number, name in enumerate(table.columns):
        page.write_string(0, number, sheet.headings.get(name, heading(name)), bold)
        _write_column(page, number, table[name], day, share)
    _write_answers(book, page, sheet)
    page.freeze_panes(1, sheet.frozen)
    page.autofilter(0, 0, len(table), max(len(table.columns) - 1, 0))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header(f"&L{_plain(cover.authority)}&R{_plain(cover.marking)}")
    page.set_footer(f"&L{_plain(cover.title)}, as of {cover.as_of:%d %B %Y}, run {cover.run_id}&RPage &P of &N")


def _write_column(page, number: int, column: pd.Series, day, share) -> None:  # type: ignore[no-untyped-def]
    values = column.astype(object).where(column.notna(), None).tolist()
    dated, fraction = pd.api.types.is_datetime64_any_dtype(column), pd.api.types.is_float_dtype(column)
    for row, value in enumerate(values, start=1):
        if value is None:
            continue
        if dated:
            page.write_datetime(row, number, value.to_pydatetime(), day)
        elif fraction:
            page.write_number(row, number, value, share)
        elif isinstance(value, str):
            page.write_string(row, number, value)
        elif isinstance(value, bool):
            page.write_boolean(row, number, value)
        else:
            page.write_number(row, number, value)
    page.set_column(number, number, _width(column, values, dated))


def _write_answers(book: xlsxwriter.Workbook, page, sheet: Sheet) -> None:  # type: ignore[no-untyped-def]
    """Show the cells that are to be filled in, and offer the words that may stand there."""
    look = {"bg_color": "#FFF8DC", "border": 1, "border_color": "#BFBFBF", "text_wrap": True}
    for name in sheet.answers:
        day = {"num_format": "yyyy-mm-dd"} if name.endswith(("_on", "_since")) else {}
        number, cell = sheet.table.columns.get_loc(name), book.add_format(look | day)
        for row in sheet.fill.get(name, sheet.table[name].isna().to_numpy().nonzero()[0].tolist()):
            page.write_blank(row + 1, number, None, cell)
    for choice in sheet.choices:
        number = sheet.table.columns.get_loc(choice.column)
        cells = list(_ranges(choice.rows, number))
        told = {"error_title": "Not an answer", "error_message": f"Choose one of: {', '.join(choice.words)}"}
        if cells:
            wanted = {"validate": "list", "source": list(choice.words), "multi_range": " ".join(cells)}
            page.data_validation(cells[0].split(":")[0], wanted | told)


def _ranges(rows: tuple[int, ...], column: int) -> Iterator[str]:
    """The cells of a column on these rows of the table, neighbours as one range: Excel takes only so many."""
    for _, run in groupby(enumerate(sorted(rows)), key=lambda placed: placed[1] - placed[0]):
        first, *_, last = [row + 1 for _, row in run] * 2
        ends = dict.fromkeys(xl_rowcol_to_cell(row, column) for row in (first, last))
        yield ":".join(ends)


def _width(column: pd.Series, values: list, dated: bool) -> int:
    if dated:
        return 18
    longest = max((len(str(value)) for value in values[:200] if value is not None), default=0)
    return max(NARROWEST, min(WIDEST, max(longest, len(str(column.name)) * 2 // 3) + 2))


def _write_cover(book: xlsxwriter.Workbook, cover: Cover, cut: list[Sheet]) -> None:
    page = book.add_worksheet("About this file")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    notes = [f"The sheet {sheet.title!r} holds the first {EXCEL_ROWS:,} rows; the CSV holds all." for sheet in cut]
    told = [cover.authority, f"As of {cover.as_of:%d %B %Y}", f"Run {cover.run_id}", cover.marking]
    page.write_string(0, 0, cover.title, bold)
    for row, line in enumerate([*told, *cover.notes, *notes], start=1):
        page.write_string(row, 0, line, wrap)
    page.set_column(0, 0, 110)


def _plain(text: str) -> str:
    """Text for a page header, where `&` starts a code."""
    return text.replace("&", "&&")
