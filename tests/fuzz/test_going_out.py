"""Formulas, commands and SQL in every field and heading: a whole wash takes them as text, and no file runs them."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.prepare import Request
from pipeline.wash import wash_extracts
from tests.builders import AS_OF, four_families, write_folder


NASTY = {
    "forename": '=HYPERLINK("http://x","{}")',
    "surname": "@SUM({});'); DROP TABLE people;--",
    "address": "+{}|' /C calc'!A0",
    "school_name": "-{}+cmd",
    "note": "\uff1d{}",
}
RUN = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\0]")
LIVE = re.compile(rb"<f[ />]|<hyperlink|\bExternal\b|ddeLink|externalLink")
ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("cli", "web", "flows", "pipeline", "reports", "linkage", "criteria", "schemas")


def nasty(row: dict[str, str]) -> dict[str, str]:
    """The row with its texts made into what a spreadsheet or a database might run."""
    made = {name: NASTY[name].format(text) if name in NASTY and text else text for name, text in row.items()}
    return made | {'x"; DROP TABLE people;--': "=1+1", "=cmd": "'; SELECT 1;--"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wash of four families of whom every text is nasty."""
    place = tmp_path_factory.mktemp("nasty")
    tables = {
        name: [nasty(row) for one in rows for row in (one if isinstance(one, list) else [one])]
        for name, rows in four_families().items()
    }
    folder = write_folder(place / "extracts", **tables)
    return wash_extracts(Request(folder, date.fromisoformat(AS_OF), place / "outputs")).folder


def csv_cells(data: bytes) -> Iterator[str]:
    """Every cell of a CSV, headings too."""
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        yield from row


def test_no_workbook_of_a_run_holds_a_formula_or_a_link(run: Path) -> None:
    books = sorted(run.rglob("*.xlsx"))
    assert len(books) > 8
    for book in books:
        with zipfile.ZipFile(book) as parts:
            live = [name for name in parts.namelist() if LIVE.search(parts.read(name))]
        assert live == [], book.name
    told = {str(cell.value) for row in load_workbook(run / "review_queue.xlsx").worksheets[0].rows for cell in row}
    told |= {str(cell.value) for row in load_workbook(run / "panel_form.xlsx").worksheets[0].rows for cell in row}
    assert told, "they open"


def test_no_cell_of_a_csv_of_a_run_begins_as_a_formula_does(run: Path) -> None:
    files = sorted(run.rglob("*.csv"))
    assert len(files) > 3
    for file in files:
        assert [cell for cell in csv_cells(file.read_bytes()) if RUN.match(cell)] == [], file.name
    assert "'=HYPERLINK" in (run / "dwp_request.csv").read_text(encoding="utf-8-sig"), "the texts themselves are there"


def test_names_come_through_a_wash_as_they_were(run: Path) -> None:
    people = pd.read_parquet(run / "tables" / "people.parquet")
    assert len(people) == len({(row.forename, row.surname) for row in people.itertuples()}) == 8
    assert people["surname"].str.fullmatch(r"@SUM\(\w+\);'\); DROP TABLE people;--").all()
    assert people["forename"].str.fullmatch(r'=HYPERLINK\("http://x","\w+"\)').all()


def test_a_nasty_wash_finds_the_families_of_a_plain_one(run: Path) -> None:
    found = {name: len(pd.read_parquet(run / "tables" / f"{name}.parquet")) for name in ("families", "undetermined")}
    assert found == {"families": 2, "undetermined": 1}


def test_one_module_writes_workbooks_and_csv_and_every_other_asks_it() -> None:
    direct = re.compile(r"^\s*(import|from) xlsxwriter|\.to_csv\(|\.to_excel\(|csv\.(Dict)?[wW]riter", re.MULTILINE)
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    found = [path.relative_to(ROOT).as_posix() for path in files if direct.search(path.read_text(encoding="utf-8"))]
    assert found == ["reports/workbook.py"]
