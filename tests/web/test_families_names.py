"""Whatever a name, a place or a school is called, it stands on a row and in a file as it is, and does nothing."""

import io
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reports.workbook import Cover
from web.families.files import Wanted, as_csv, as_workbook
from web.families.listing import LISTED, Listing
from web.families.missing import Missing, Silent
from web.families.rows import TEMPLATE
from web.visit import Site


WICKED = ["<script>alert(1)</script>", "O'Brien & \"Sons\"", "=HYPERLINK(\"http://x\")", "+44", "@SUM(A1)", "{{ 7*7 }}",
          "شارع الأمل 7", "\u202eevil", "Zoë-Łukasz", "a" * 300, "&amp;", "http://example.com", "1E5", "-1"]
TEXT = st.one_of(
    st.sampled_from(WICKED),
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=40).filter(str.strip),
)  # fmt: skip
RUN: Any = SimpleNamespace(
    settings=SimpleNamespace(authority=SimpleNamespace(name="A & B", marking="OFFICIAL-SENSITIVE")),
    run_id="0123456789ab",
    manifest=SimpleNamespace(as_of=date(2013, 9, 30)),
    cover=lambda title, notes: Cover(title, "A & B", "OFFICIAL-SENSITIVE", date(2013, 9, 30), "0123456789ab", notes),
)
EMPTY = ("postcode", "freshest_evidence", "stalest_evidence", "link_confidence", "family_ref", "attached_on", "change",
         "local_criteria")
NOTHING = dict.fromkeys(EMPTY)


class Words(HTMLParser):
    """The text of a page and the names of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said, self.elements = "", set[str]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.add(tag)

    def handle_data(self, data: str) -> None:
        self.said += data


@settings(max_examples=40)
@given(name=TEXT, address=TEXT, school=TEXT, area=TEXT, agency=TEXT)
def test_a_row_says_what_the_table_says(
    site: Site, name: str, address: str, school: str, area: str, agency: str
) -> None:
    cells = NOTHING | {"rank": 1, "family_id": "F0000001", "rule": "3_of_3", "work": "met", "children": 1, "adults": 2,
                       "address": address, "schools": school, "area": area, "tier": "light", "lead_agency": agency}
    row = site.environment.get_template(TEMPLATE).module.master_list(cells, ["work"], "/family/", name)
    page = Words(str(row))
    assert [text for text in (name, address, school, area, agency) if text not in page.said] == []
    assert page.elements <= {"tr", "td", "th", "a", "span", "strong"}


def files(values: list[str]) -> tuple[bytes, bytes]:
    table = pd.DataFrame({"family_id": [f"F{place}" for place in range(len(values))], "address": values,
                          "schools": values[::-1]})
    held = Listing(table, pd.Timestamp("2013-09-30"), {}, {})
    rows, wanted = np.arange(len(table)), Wanted(LISTED, values[0][:40], datetime(2013, 10, 1, tzinfo=UTC), ())
    missing = Missing((Silent(values[0], "autumn 2012/13", 1),), ())
    return as_workbook(RUN, held, rows, wanted, missing), as_csv(RUN, held, rows, wanted)


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=6))
def test_a_file_holds_what_the_table_holds_and_no_formula(values: list[str]) -> None:
    workbook, csv = files(values)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()[1:]
    assert [row[1] for row in rows] == values
    with ZipFile(io.BytesIO(workbook)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "/sheet" in name]
    assert not [sheet for sheet in sheets if re.search(r"<f[ >]|<hyperlink", sheet)]
    table = pd.read_csv(io.BytesIO(csv), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert table["address"].str.removeprefix("'").tolist() == [value.removeprefix("'") for value in values]
    assert not table["address"].str.match(r"^[=+\-@\t\r]").any()
