"""Files in a council's own layouts: CSV in any dialect and XLSX, the same bytes every time."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from benchmarks.town.draws import Texts


MADE_ON = datetime(2013, 9, 30)
"""The date inside a spreadsheet, which would otherwise be today's."""


@dataclass(frozen=True)
class CouncilFile:
    """A file: its path in the folder, its rows as text, and for an extract's own rows whom they are about.

    `about` has the truth columns of the extract's frame, row by row; none for a table that is joined to another.
    `days`: columns that a spreadsheet holds as real dates (ISO text in `rows`).
    """

    path: str
    rows: pd.DataFrame
    extract: str = ""
    about: pd.DataFrame | None = None
    separator: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    days: tuple[str, ...] = ()
    sheet: str = "Sheet1"

    def write(self, folder: Path) -> None:
        """Write it under `folder`."""
        path = folder / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".xlsx":
            self._write_workbook(path)
            return
        text = self.rows.to_csv(index=False, sep=self.separator, lineterminator=self.newline)
        path.write_bytes(text.encode(self.encoding))

    def _write_workbook(self, path: Path) -> None:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(path, plain) as book:
            book.set_properties({"created": MADE_ON})
            sheet, day = book.add_worksheet(self.sheet), book.add_format({"num_format": "dd/mm/yyyy"})
            sheet.write_row(0, 0, list(self.rows.columns))
            for number, name in enumerate(self.rows.columns):
                for row, value in enumerate(self.rows[name], start=1):
                    if name in self.days and isinstance(value, str):
                        sheet.write_datetime(row, number, datetime.fromisoformat(value), day)
                    elif isinstance(value, str):
                        sheet.write_string(row, number, value)


def column(values: object, form: str) -> Texts:
    """ISO dates in another form (as strftime); what is no date of the calendar stays as it is, empty stays empty."""
    return pd.Series(values, dtype=object).map(lambda text: _in_form(text, form), na_action="ignore").to_numpy()


def _in_form(text: str, form: str) -> str:
    try:
        return datetime.fromisoformat(text).strftime(form)
    except ValueError:
        return text


def spaced(values: object, parts: int) -> list[Texts]:
    """One-line addresses as so many lines, the last taking what is left."""
    lines = pd.Series(values, dtype=object).str.split(", ", n=parts - 1)
    return [lines.str[number].to_numpy() for number in range(parts)]
