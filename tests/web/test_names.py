"""Names that would break a careless page or file, made by chance: on the page and in the files they are as sent."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from itertools import count
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

import openpyxl
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from pipeline.prepare import Request
from pipeline.wash import wash_extracts
from tests.builders import Home, Row, Someone, claimant, contact, offence, pupil, upn, write_folder
from tests.web.browsing import Window
from tests.web.serving import Served, serving
from tests.web.signing import somebody
from web.door.roles import Role


FIRST_DAY = date(2013, 9, 30)
ANA = somebody(Role.ANALYST, name="ana.of.names")
STREETS = ("Acacia", "Brewery", "Castle", "Dock")
LETTERS = st.characters(codec="utf-8", categories=("L", "Mn", "Nd", "P", "S"))
NASTY = (
    "<script>alert(1)</script>", "O'Neill \"Red\" & Sons", "=HYPERLINK(A1)", "@SUM(A1)", "+44 Ann", "-2 Bob",
    "{{ seven }}", "#eval(one)", "אברהם", "محمد العربي", "Zoë Ñandú", "a" * 120, "李小龍", "💥 Boom",
    "Robert'); DROP TABLE p;--", "&lt;b&gt;",
)  # fmt: skip


def says_a_name(text: str) -> bool:
    """Whether a wash takes it for a name: it has letters."""
    return sum(letter.isalpha() for letter in text) > 1


Drawn = st.text(LETTERS, min_size=2, max_size=40).filter(says_a_name)
Names = st.lists(st.one_of(st.sampled_from(NASTY), Drawn), min_size=12, max_size=12, unique=True)


class Town(NamedTuple):
    """Pages over washes of families whose names change from one to the next."""

    place: Path
    pages: Served
    window: Window
    number: Iterator[int]


@pytest.fixture
def town(windows: Callable[..., Window], tmp_path: Path) -> Iterator[Town]:
    """Pages over an outputs folder in which nothing was washed yet, and somebody who looks at them."""
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    with serving(outputs, tmp_path / "said.txt") as pages:
        window = windows(pages, ANA)
        assert "washed" in window.page.inner_text("main")
        window.check()
        yield Town(tmp_path, pages, window, count())


def tidied(name: str) -> str:
    """A name as the wash keeps it: composed, with single spaces, and nothing else changed."""
    return " ".join(normalize("NFC", name).split())


def families(names: list[str]) -> tuple[list[tuple[Someone, Someone]], dict[str, list[Row | list[Row]]]]:
    """A child and a parent for each street, named by what was drawn, eligible by each criterion; and their extracts."""
    found = []
    for number, street in enumerate(STREETS):
        forename, surname, parent = names[3 * number : 3 * number + 3]
        home = Home(f"{number + 1} {street} Road, Sandport", f"SP{number + 1} 1AA", f"10001000{number}")
        child = Someone(forename, surname, f"200{number}-03-14", "F", home, upn(number + 1))
        found.append((child, Someone(parent, surname, f"197{number}-08-02", "F", home)))
    rows: dict[str, list[Row | list[Row]]] = {
        "attendance": [pupil(child, unauthorised=30) for child, _ in found],
        "youth_offending": [offence(child, yot_ref=f"Y{at}") for at, (child, _) in enumerate(found)],
        "contacts": [contact(parent, child) for child, parent in found],
        "dwp_benefits": [claimant(parent) for _, parent in found],
    }
    return found, rows


def test_names_are_on_the_page_and_in_the_files_as_they_are(town: Town) -> None:
    @settings(max_examples=2, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate])
    @example([*NASTY[:12]])
    @given(Names)
    def holds(names: list[str]) -> None:
        folder = town.place / f"extracts-{next(town.number)}"
        found, rows = families([tidied(name) for name in names])
        write_folder(folder, **rows)
        day = FIRST_DAY + timedelta(days=next(town.number))
        washed = wash_extracts(Request(folder, day, town.pages.outputs, previous="none"))
        _hold(town.window, found, washed.folder.name)

    holds()


def _hold(window: Window, found: list[tuple[Someone, Someone]], run: str) -> None:
    page = window.go("/families")
    assert run.rpartition("-")[2] in page.inner_text("footer")
    ids = page.locator("table.dw-list tbody th a").all_text_contents()
    assert len(ids) == len(found)
    wanted = {f"{one.forename} {one.surname}" for pair in found for one in pair}
    shown, packed = set(), set()
    for family in ids:
        page = window.go(f"/family/{family}")
        shown |= set(page.locator("main .dw-name").all_text_contents())
        packed |= _cells(window.download("text=Evidence pack (Excel)"))
    assert wanted <= shown
    assert wanted <= packed
    window.go("/families")
    listed = window.download("text=Download as CSV").decode("utf-8-sig")
    addresses = {row["Address" if "Address" in row else "address"] for row in csv.DictReader(StringIO(listed))}
    assert addresses == {child.home.address for child, _ in found}


def _cells(data: bytes) -> set[str]:
    """The text of every cell of a workbook, a person's without their id; no cell is a formula."""
    book = openpyxl.load_workbook(BytesIO(data))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    return {re.sub(r" \(P\d{7}\)$", "", str(cell.value)) for cell in cells}
