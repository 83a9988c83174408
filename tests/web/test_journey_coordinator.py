"""A coordinator's month: she signs in, finds a family of her area, sees why it is on the list, and saves the list."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pypdf import PdfReader

from pipeline.record.audit_log import read_events
from tests.web.browsing import Window
from tests.web.places import listed
from tests.web.serving import Served
from tests.web.signing import somebody
from web.door.roles import Person, Role
from web.published import latest


BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
CORA = somebody(Role.COORDINATOR, areas=frozenset({"ZB1"}), name="cora.zb1")
ELSEWHERE = somebody(Role.COORDINATOR, areas=frozenset({"ZD1"}), name="dora.zd1")

Windows = Callable[..., Window]


def events_of(outputs: Path, person: Person) -> list[str]:
    """What the audit log has of a person, in order."""
    return [entry["event"] for entry in read_events(outputs) if entry["who"] == person.name]


def told(value: object) -> str:
    """A value of a table as a person reads it in a workbook."""
    return "" if pd.isna(value) else str(value)


def sheet_of(data: bytes, title: str) -> tuple[list[str], list[list[str]]]:
    """The headings of a sheet, and its rows as text: none of its cells is a formula."""
    sheet = openpyxl.load_workbook(BytesIO(data))[title]
    assert [cell.coordinate for row in sheet for cell in row if cell.data_type == "f"] == []
    head, *rows = sheet.iter_rows(values_only=True)
    return [str(name) for name in head], [[told(cell) for cell in row] for row in rows]


@BOTH
def test_she_finds_a_family_and_saves_her_list(windows: Windows, served: Served, *, javascript: bool) -> None:
    first = listed(served.outputs).iloc[0]
    window = windows(served, CORA, javascript=javascript)
    page = window.page
    assert page.inner_text("h1") == "Families on the list"
    assert page.locator("table.dw-list tbody tr").count() == 15
    assert "You see the families of ZB1." in page.inner_text("main")
    assert page.locator(".dw-banner").count() == 1

    page.fill("#text", first["postcode"])
    window.press("form[role=search] button")
    assert first["postcode"] not in page.url
    assert page.locator("table.dw-list tbody tr").count() >= 1
    window.press(f"text={first['family_id']}")
    assert page.inner_text("h1").startswith(f"Family {first['family_id']}")
    assert first["postcode"] in page.inner_text("main")

    window.press("main nav >> text=Day by day")
    assert page.locator("main table tbody tr").count() > 0
    page.go_back()
    window.press("text=Why is this person here? >> nth=0")
    assert page.locator("main svg").count() > 0
    page.go_back()

    pack = window.download("text=Evidence pack (PDF)")
    assert first["family_id"] in "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pack)).pages)

    window.go("/families")
    head, rows = sheet_of(window.download("text=Download for Excel (XLSX)"), "Eligible families")
    _hold_to_the_table(head, rows, listed(served.outputs))
    looked = {"viewed_list", "searched_families", "viewed_family", "viewed_history", "viewed_person"}
    assert set(events_of(served.outputs, CORA)) >= looked | {"packed", "downloaded_list"}


def _hold_to_the_table(head: list[str], rows: list[list[str]], table: pd.DataFrame) -> None:
    assert len(rows) == len(table)
    for name in ("rank", "family_id", "rule", "address", "postcode", "agencies", "rank_reasons"):
        at = [heading.casefold().replace(" ", "_") for heading in head].index(name)
        assert [row[at] for row in rows] == [told(value) for value in table[name]], name


@BOTH
def test_filters_choose_the_families_on_the_page_and_in_the_file(
    windows: Windows, served: Served, *, javascript: bool
) -> None:
    table = listed(served.outputs)
    wanted = table[(table["change"] == "new") & (table["rule"] == "3_of_3")]
    window = windows(served, CORA, javascript=javascript)
    page = window.page
    page.click("summary:has-text('Filter')")
    page.check("#new-yes")
    page.select_option("#rule", "3_of_3")
    window.press("text=Show these families")
    assert page.locator("table.dw-list tbody th a").all_inner_texts() == list(wanted["family_id"])
    head, rows = sheet_of(window.download("text=Download for Excel (XLSX)"), "Eligible families")
    _hold_to_the_table(head, rows, wanted)


def test_undetermined_families_and_those_that_left_have_lists_of_their_own(windows: Windows, served: Served) -> None:
    run = latest(served.outputs)
    assert run is not None
    window = windows(served, CORA)
    page = window.page
    window.press("nav >> text=Undetermined")
    assert page.locator("table.dw-list tbody tr").count() == len(run.table("undetermined"))
    window.press("nav >> text=No longer listed")
    assert page.locator("table.dw-list tbody th").first.inner_text().startswith("F0000138")
    assert "no longer met" in page.inner_text("table.dw-list tbody tr")


def test_of_another_area_she_sees_no_family(windows: Windows, served: Served) -> None:
    family = listed(served.outputs)["family_id"].iat[0]
    window = windows(served, ELSEWHERE)
    assert "There are none in your areas." in window.page.inner_text("main")
    answer = window.page.goto(f"{served.address}/family/{family}")
    assert answer is not None
    assert answer.status == 404
    assert [line for line in window.complaints() if "status of 404" not in line] == []
    assert events_of(served.outputs, ELSEWHERE)[-1] == "refused"
