"""Evidence packs: sixteen items in order, facts as the tables have them, text that stays text, the same bytes again."""

import io
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from reports.evidence_pack import ITEMS, make_packs, write_pack_workbook
from reports.packs.gathered import Claims, Gathered
from reports.packs.shape import Grid, Pack, Picture, Says, as_document
from reports.packs.typeset import UnsetPackError, pieces, set_pages, shown
from tests.reports.case import KIT, SAM, gathered, tables


ORDER = [str(number) for number in range(1, 18)]


def pack_of(held: Gathered) -> Pack:
    (pack,) = make_packs(held)
    return pack


def said(pack: Pack, number: str) -> str:
    """Everything that an item says, as one text."""
    (item,) = [item for item in pack.items if item.number == number]
    lines = [item.title, item.short]
    for part in item.parts:
        lines += [part.text] if isinstance(part, Says) else [part.caption, *map(" | ".join, part.rows)]
    return "\n".join(lines)


def pages_of(pack: Pack) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(set_pages(as_document(pack), pack.name)))
    return reader, " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


@pytest.fixture(scope="module")
def full() -> Pack:
    return pack_of(gathered())


def test_the_sixteen_items_stand_in_order_and_then_the_records(full: Pack) -> None:
    assert [item.number for item in full.items] == ORDER
    assert len(ITEMS) == 17
    assert all(item.title and item.asked and item.short and item.parts for item in full.items)


@pytest.mark.parametrize(
    ("item", "facts"),
    [
        ("1", ["Ready", "A (crime, ASB and education)", "£700", "2012/13", "Sandport Council"]),
        ("2", ["31 January 2013", "Kit Ashe (P0000001) | 5 May 2000 | child | 1 Elm Row, ZZ1 1AA | address | 0.98"]),
        (
            "3",
            [
                "25.00% against 15%",
                "90 of 360 sessions to 21 Dec 2012",
                "schools/attendance.csv, rows 2-4",
                "yot/offences.csv, row 7",
            ],
        ),
        ("4", ["all three national criteria", "phase_1", "2" * 64]),
        ("5", ["RABC", "not traced", "dwp.csv, row 3"]),
        ("6", ["4 February 2013", "11 February 2013", "Early Help", "caseload.csv, row 2", "309 days after it"]),
        (
            "7",
            [
                "4 Aug 2012 to 3 Feb 2013 | 5 | 31 Mar 2013 to 30 Sep 2013 | 2 | met",
                "down 60.0%",
                "asb.csv, rows 5-9, 30-31",
            ],
        ),
        (
            "8",
            [
                "autumn 2012/13 | Hill School | 120 | 4 | 30 | 25.0% | 28.3% | schools/attendance.csv, row 2",
                "FIXD | 1 Oct 2012",
            ],
        ),
        ("9", ["JSA | from 3 Jun 2013 | 17 | 16 | payslip | none | jobs.csv, row 4"]),
        ("10", ["Local indicators | local criteria | no", "missing: it was not given", "wait for DWP"]),
        ("11", ["There is no register of claims here yet.", "Listed"]),
        ("12", ["231 days before the end of the result window"]),
        ("13", ["3.1 | Minor proven offence | 14 Nov 2012 | 320", "3.2 | Unauthorised absence | 21 Dec 2012 | 283"]),
        ("14", ["attendance.csv, row 2 and asb.csv, row 5 | match | jo | 2013-08-01 | same child | applied"]),
        ("15", ["Nobody has signed"]),
        ("16", ["abc123def456", "c0de", "schools/attendance.csv | 50 | 0 | " + "a" * 64]),
        ("17", ["forename the same +9.5; date of birth the same +13.0; together +21.5", "there is no other record"]),
    ],
)
def test_each_item_says_its_facts(full: Pack, item: str, facts: list[str]) -> None:
    text = said(full, item)
    assert [fact for fact in facts if fact not in text] == []


ABSENT = {
    "dwp_benefits": ("5", "No DWP answer in this run"),
    "employment": ("9", "No employment in this run"),
    "attendance": ("8", "No attendance in this run"),
    "exclusions": ("8", "No exclusions in this run"),
    "results": ("7", "This run judged no results"),
    "claims": ("1", "This run prepared no claim for this family"),
    "cases": ("6", "Not on the caseload in this run"),
    "snapshots": ("2", "No snapshot of members in this run"),
    "snapshot_evidence": ("3", "No evidence was frozen for this family"),
    "family_events": ("11", "This run follows no families over time"),
    "claims_rows": ("11", "No list of earlier claims in this run"),
    "decisions": ("14", "This run keeps no decisions"),
}


@pytest.mark.parametrize("table", ABSENT)
def test_what_the_run_does_not_have_is_said_to_be_absent(table: str) -> None:
    item, words = ABSENT[table]
    assert words in said(pack_of(gathered(without=(table,))), item)


def test_an_empty_source_is_told_from_an_absent_one() -> None:
    pack = pack_of(gathered(dwp_benefits=[], employment=[], exclusions=[], results=[]))
    assert "No DWP answer about this family is kept in this run" in said(pack, "5")
    assert "Nobody's employment is recorded" in said(pack, "9")
    assert "say nothing of any child" in said(pack, "8")
    assert "No result was judged for this family" in said(pack, "7")


def test_an_answer_that_is_no_longer_kept_stands_as_it_was_frozen() -> None:
    frozen = {
        "criterion": "work",
        "indicator": "out_of_work_benefit",
        "value": "JSA",
        "extract": "dwp_benefits",
        "person_id": SAM,
        "detail": "from 2012-11-05",
        "file_sha256": "e" * 64,
        "row_numbers": "3",
    }
    evidence = [tables()["snapshot_evidence"][0], tables()["snapshot_evidence"][1] | frozen]
    text = said(pack_of(gathered(dwp_benefits=[], snapshot_evidence=evidence)), "5")
    assert "answers of item 3 are frozen" in text
    assert "Sam Ashe (P0000002) | JSA | from 5 Nov 2012 | 14 Nov 2012 | dwp.csv, row 3" in text
    assert "the file stands in the archive" in text


def test_a_run_with_none_of_the_tables_still_gives_every_item_and_no_blank() -> None:
    pack = pack_of(gathered(without=tuple(tables())))
    assert [item.number for item in pack.items] == ORDER
    document = as_document(pack)
    cells = [
        cell for item in document["items"] for part in item["parts"] for row in part.get("rows", ()) for cell in row
    ]
    assert cells
    assert "" not in cells
    assert pages_of(pack)[0].pages


def test_no_cell_of_a_full_pack_is_blank(full: Pack) -> None:
    parts = [part for item in as_document(full)["items"] for part in item["parts"]] + as_document(full)["opening"]
    assert [cell for part in parts for row in part.get("rows", ()) for cell in row if not cell.strip()] == []


def test_every_fact_of_the_items_stands_in_the_pages(full: Pack) -> None:
    reader, text = pages_of(full)
    squeezed = text.replace(" ", "")
    grids = [part for item in full.items for part in item.parts if isinstance(part, Grid)]
    cells = {"".join(cell.split()) for grid in grids for row in grid.rows for cell in row}
    short = {cell for cell in cells if len(cell) < 25}
    assert len(short) > 60
    assert [cell for cell in short if cell not in squeezed] == []
    assert f"Page 1 of {len(reader.pages)}" in text
    assert text.count("OFFICIAL-SENSITIVE") >= len(reader.pages)


def test_pages_are_tagged_titled_and_in_a_language(full: Pack) -> None:
    reader, _ = pages_of(full)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Evidence pack: TF1"
    assert str(reader.metadata.creation_date)[:10] == "2013-09-30"
    tags = _tags(root["/StructTreeRoot"])
    assert tags["/H1"] == 1
    assert tags["/H2"] == 2 + len(full.items)
    assert tags["/TH"] > 50
    assert tags["/Figure"] == 1
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode().replace(" ", "")


def _tags(node: Any) -> dict[str, int]:
    """How many elements of each kind the tree of tags holds."""
    found: dict[str, int] = {}
    waiting = [node]
    while waiting:
        here = waiting.pop().get_object()
        if isinstance(here, list):
            waiting += here
        elif isinstance(here, dict):
            if "/S" in here:
                found[here["/S"]] = found.get(here["/S"], 0) + 1
            waiting += [here["/K"]] if "/K" in here and not isinstance(here["/K"], int) else []
    return found


def test_the_same_facts_give_the_same_bytes(full: Pack) -> None:
    once, again = (set_pages(as_document(pack), pack.name) for pack in (full, pack_of(gathered())))
    assert once == again


HOSTILE = [
    '#eval("1")',
    "$x$ *b* _i_",
    "= Heading @ref <label>",
    "\\ // ] ) }",
    "שלום עולם",
    "\u202egnp.exe",
    "N" * 200,
    "山田 太郎",
    "\x07",
]


def test_a_name_stays_text() -> None:
    people = [
        {"person_id": f"P{place}", "forename": "Kit", "surname": name, "date_of_birth": None, "cohesion": None}
        for place, name in enumerate(HOSTILE)
    ]
    home = [tables()["members"][0] | {"person_id": row["person_id"]} for row in people]
    pack = pack_of(gathered(people=people, members=home, decisions=[]))
    assert [name for place, name in enumerate(HOSTILE) if f"Kit {name} (P{place})" not in said(pack, "2")] == []
    text = pages_of(pack)[1].replace(" ", "")
    wanted = {name: shown(name).replace(" ", "") for name in HOSTILE}
    assert [name for name, word in wanted.items() if word not in text and word[::-1] not in text] == []


def test_what_the_fonts_lack_or_turns_the_text_is_shown_by_its_number() -> None:
    assert shown("山") == "[U+5C71]"
    assert shown("a\u202eb") == "a[U+202E]b"
    assert shown("a\nb") == "a b"
    assert shown("Zoë Łukasz Ђорђе") == "Zoë Łukasz Ђорђе"


def test_long_words_may_break_and_are_still_read_whole() -> None:
    path = "schools/a_very_long_name_of_a_file_that_a_supplier_made-2013-09-30.final.csv"
    assert "".join(pieces(path)) == path
    assert max(map(len, pieces(f"{path}, rows 2-4"))) <= 21
    assert pieces("an ordinary sentence") == "an ordinary sentence"
    decided = [tables()["decisions"][0] | {"note": path}]
    assert path in pages_of(pack_of(gathered(decisions=decided)))[1].replace(" ", "")


def test_90_facts_repeat_their_heading_on_every_page() -> None:
    fact = tables()["snapshot_evidence"][1]
    pack = pack_of(gathered(snapshot_evidence=[fact | {"evidence_id": f"E{place}"} for place in range(90)]))
    reader, text = pages_of(pack)
    assert "3.90" in text
    assert len(reader.pages) > 8
    inner = [text for page in reader.pages if "Minor" in (text := page.extract_text())]
    assert len(inner) > 4
    assert all("Stands in" in page or "Age in days" in page for page in inner)


def test_a_fact_of_a_thousand_rows_names_them_all() -> None:
    rows = ";".join(str(number) for number in range(2, 3000, 3))
    fact = tables()["snapshot_evidence"][1] | {"row_numbers": rows}
    _, text = pages_of(pack_of(gathered(snapshot_evidence=[fact])))
    squeezed = text.replace(" ", "")
    assert "2,5,8" in squeezed
    assert "2996,2999" in squeezed


def test_a_failure_names_the_pack_and_nothing_in_it(full: Pack) -> None:
    broken = as_document(full) | {"day": [2013, 9, 31], "subtitle": "Kit Ashe"}
    with pytest.raises(UnsetPackError) as caught:
        set_pages(broken | {"items": "Kit Ashe"} | {"day": [2013, 9, 30]}, "TF1")
    assert "TF1" in str(caught.value)
    assert "Ashe" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_time_line_draws_what_the_table_beside_it_says(full: Pack) -> None:
    picture, grid = full.opening
    assert isinstance(picture, Picture)
    assert isinstance(grid, Grid)
    assert [lane.name for lane in picture.lanes] == [
        "Terms",
        "Exclusions",
        "Offences",
        "ASB",
        "In work",
        "On the programme",
        "Eligibility",
    ]
    assert sum(len(lane.marks) + len(lane.bars) for lane in picture.lanes) == len(grid.rows)
    assert [bar.name for bar in picture.shades] == ["baseline", "result"]
    assert "Offences: 1" in picture.alt
    places = [place for lane in picture.lanes for mark in lane.marks for place in [mark.at]]
    assert all(0 <= place <= 1 for place in places)


def test_events_of_the_register_say_who_signed_and_who_has_not() -> None:
    events = (
        {
            "event": "prepared",
            "at": "2013-10-01T09:00:00+00:00",
            "who": "ann",
            "window": "2013/14-Q2",
            "run": "2013-09-30-abc123def456",
        },
        {"event": "signed", "at": "2013-10-02T09:00:00+00:00", "who": "ann", "role": "preparer", "name": "Ann Lee"},
        {
            "event": "claimed",
            "at": "2013-10-09T09:00:00+00:00",
            "who": "ann",
            "claim_id": "C1",
            "claimed_on": "2013-10-09",
            "family_ref": "TF1",
            "people": [{"person_id": KIT}],
        },
        {"event": "spot_checked", "at": "2014-01-09T09:00:00+00:00", "who": "bea", "claim_id": "C1", "result": "valid"},
    )
    pack = pack_of(gathered(claims=Claims("2013/14-Q2", {"TF1": "C1"}, {"TF1": events}, checked=True)))
    signed = said(pack, "15")
    assert "Signed by preparer; not signed by checker, auditor, approver" in signed
    assert "2 Oct 2013, 09:00 UTC | Signed | preparer | Ann Lee" in signed
    assert "run: 2013-09-30-abc123def456" in signed
    assert "result: valid" in signed
    assert "9 Oct 2013" in said(pack, "1")
    assert "on 9 October 2013" in said(pack, "13")
    assert "The register of claims holds no other claim" in said(pack, "11")


def test_an_earlier_claim_for_a_person_and_another_case_are_told() -> None:
    claim = {"claim_id": "C0", "claimed_on": "2012-12-31", "route": "b", "family_ref": "TF9", "person_id": SAM}
    other = {"person_id": SAM, "family_ref": "TF8"}
    here = {"family_ref": "TF7", "household_id": "H0000001"}
    pack = pack_of(
        gathered(claims=Claims(checked=True), earlier_claims=[claim], other_cases=[other], cases_here=[here])
    )
    text = said(pack, "11")
    assert "C0 | 31 Dec 2012 | b | TF9 | Sam Ashe (P0000002)" in text
    assert "Sam Ashe (P0000002) | TF8" in text
    assert "1 other case (TF7)" in text


def test_the_workbook_says_the_same_and_is_the_same_again(full: Pack, tmp_path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_pack_workbook(tmp_path / name, full)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "one.xlsx", read_only=True)
    cells = {cell for page in book for row in page.iter_rows(values_only=True) for cell in row if cell}
    grids = [part for item in full.items for part in item.parts if isinstance(part, Grid)]
    assert {cell for grid in grids for row in grid.rows for cell in row if cell} <= cells
    assert {item.short for item in full.items} <= cells
    assert [title[:2] for title in book.sheetnames[1:-1]] == sorted(title[:2] for title in book.sheetnames[1:-1])
    book.close()


@pytest.mark.parametrize("name", ["[a]:*?/\\'\x07", "\U0001d504" * 40, "'" * 40])
def test_a_hostile_name_breaks_no_workbook(tmp_path, name: str) -> None:
    people = [row | {"surname": name + row["person_id"]} for row in tables()["people"]]
    write_pack_workbook(tmp_path / "one.xlsx", pack_of(gathered(people=people)))
    titles = openpyxl.load_workbook(tmp_path / "one.xlsx", read_only=True).sheetnames
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 31
