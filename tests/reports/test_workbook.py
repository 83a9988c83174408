"""Files that a person opens: text is text, nothing is a formula, the same tables give the same bytes."""

import csv
import gc
import re
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.workbook import Cover, Sheet, heading, write_csv, write_workbook
from schemas.columns import TEXT


COVER = Cover("Eligible", "Borough & Co", "OFFICIAL-SENSITIVE", date(2013, 9, 30), "abc123", ("DWP was not asked.",))
NASTY = ["=1+1", "+44", "-cmd", "@x", "\tx", '=HYPERLINK("http://x")', "http://x", "007", "1E5", "＝1", " =1", "{=1}"]


def table(values: list[str]) -> pd.DataFrame:
    count = len(values)
    return pd.DataFrame(
        {
            "family_id": pd.array(values, dtype=TEXT),
            "children": pd.array([3] * count, dtype="Int64"),
            "link_confidence": [0.25] * count,
            "freshest_evidence": pd.to_datetime(["2013-09-01"] * count),
        }
    )


def formulas(path) -> int:
    with zipfile.ZipFile(path) as book:
        return sum(len(re.findall(rb"<f[ >]|<hyperlink", book.read(name))) for name in book.namelist())


def test_no_cell_is_a_formula_or_a_link_and_text_is_exact(tmp_path) -> None:
    write_workbook(tmp_path / "list.xlsx", COVER, [Sheet("Families", table(NASTY))])
    page = openpyxl.load_workbook(tmp_path / "list.xlsx")["Families"]
    assert formulas(tmp_path / "list.xlsx") == 0
    assert [row[0] for row in page.iter_rows(min_row=2, values_only=True)] == NASTY


def test_a_list_is_ready_to_use(tmp_path) -> None:
    write_workbook(tmp_path / "list.xlsx", COVER, [Sheet("Families", table(["F1", "F2"]))])
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    page, about = book["Families"], book["About this file"]
    assert [cell.value for cell in page[1]] == ["Family ID", "Children", "Link confidence", "Freshest evidence"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:D3"
    assert page["D2"].value.date() == date(2013, 9, 1)
    assert "DWP was not asked." in [cell.value for cell in about["A"]]


def test_the_same_tables_give_the_same_bytes(tmp_path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(tmp_path / name, COVER, [Sheet("Families", table(["F1"]))])
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc"))), min_size=1, max_size=5))
def test_no_csv_cell_starts_as_excel_would_run_it(tmp_path_factory, values) -> None:
    path = tmp_path_factory.mktemp("csv") / "list.csv"
    write_csv(path, table(values))
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in list(csv.reader(file))[1:]]
    assert not any(re.match(r"\s*[=+\-@＝＋－＠]", cell) for cell in cells)
    assert [cell.removeprefix("'") for cell in cells] == [value.removeprefix("'") for value in values]


def test_csv_is_what_excel_opens(tmp_path) -> None:
    write_csv(tmp_path / "list.csv", table(["F1"]))
    data = (tmp_path / "list.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbffamily_id,")
    assert data.endswith(b"2013-09-01\r\n")


@pytest.mark.parametrize(("name", "words"), [("crime_asb", "Crime ASB"), ("household_id", "Household ID")])
def test_headings_are_readable(name, words) -> None:
    assert heading(name) == words


def test_a_disk_that_does_not_take_a_list_is_an_error_of_the_disk(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        write_workbook(tmp_path / "none" / "list.xlsx", COVER, [Sheet("Eligible", table(["a"]))])


def test_memory_is_looked_through_for_circles_again_once_a_list_is_written_or_is_not(tmp_path) -> None:
    write_workbook(tmp_path / "list.xlsx", COVER, [Sheet("Families", table(["F1"]))])
    assert gc.isenabled()
    with pytest.raises(OSError):
        write_workbook(tmp_path / "no folder" / "list.xlsx", COVER, [Sheet("Families", table(["F1"]))])
    assert gc.isenabled()
