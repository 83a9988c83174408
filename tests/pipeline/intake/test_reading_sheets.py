"""XLSX into text, cell by cell, and the workbooks that are refused."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from pipeline.intake import sheets
from pipeline.intake.reading import list_sheets
from pipeline.intake.unreadable import Limits
from tests.pipeline.intake.reading_cases import PLANTED, cells, read, refusal


def workbook(*sheets: list[list[Any]], names: tuple[str, ...] = ("Data", "Codes", "Notes")) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in zip(names, sheets, strict=False):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts rewritten."""
    out = io.BytesIO()
    assert part in zipfile.ZipFile(io.BytesIO(data)).namelist()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member.filename, change(content) if member.filename == part else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def written(*rows: list[Any]) -> bytes:
    """A workbook whose texts stand in a part of their own, as spreadsheet programs write it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return out.getvalue()


SIMPLE = written(["surname", "upn"], [PLANTED, "A1"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Smith", "Smith"),
        (" Smith ", " Smith "),
        ("007", "007"),
        ("NA", "NA"),
        ("two\nlines", "two\nlines"),
        ("Zoë Łódź 李", "Zoë Łódź 李"),
        (5, "5"),
        (5.0, "5"),
        (-5, "-5"),
        (0, "0"),
        (0.5, "0.5"),
        (0.1, "0.1"),
        (0.00001, "0.00001"),
        (100061231234, "100061231234"),
        (999999999999999, "999999999999999"),
        (True, "TRUE"),
        (False, "FALSE"),
        (datetime.date(2013, 9, 2), "2013-09-02"),
        (datetime.datetime(2013, 9, 2), "2013-09-02"),
        (datetime.datetime(2013, 9, 2, 10, 30), "2013-09-02 10:30:00"),
        (datetime.datetime(2013, 9, 2, 23, 59, 59), "2013-09-02 23:59:59"),
        (datetime.date(1900, 3, 1), "1900-03-01"),
        (datetime.date(2068, 12, 31), "2068-12-31"),
        (datetime.time(9, 5), "09:05:00"),
        (datetime.timedelta(hours=30), "30:00:00"),
        (None, None),
        ("", None),
    ],
)
def test_typed_cells_become_text(tmp_path: Path, value: Any, text: str | None) -> None:
    rows = read(tmp_path, "asb.xlsx", workbook([["kept", "value"], ["x", value], ["y", "z"]]))
    assert cells(rows) == [("x", text), ("y", "z")]
    assert (rows.form, rows.encoding, rows.separator, rows.sheet) == ("xlsx", None, None, "Data")


def test_a_workbook_of_another_maker_is_read(tmp_path: Path) -> None:
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Export 1")
        sheet.write_row(0, 0, ["surname", "date", "sessions", "total"])
        sheet.write_row(1, 0, ["O'Brien", datetime.date(2013, 9, 2), 390])
        sheet.write_formula(1, 3, "=C2*2", None, 780)
    rows = read(tmp_path, "asb.xlsx", path.read_bytes())
    assert cells(rows) == [("O'Brien", "2013-09-02", "390", "780")]


def test_dates_counted_from_1904_are_right(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["upn", "date"])
    book.active.append(["A1", datetime.date(2013, 9, 2)])
    assert cells(read(tmp_path, "asb.xlsx", saved(book))) == [("A1", "2013-09-02")]


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for place, value in {"B3": " surname ", "C3": "upn", "B5": "Smith", "C5": 1, "C9": 2, "E9": None}.items():
        book.active[place] = value
    rows = read(tmp_path, "asb.xlsx", saved(book))
    assert list(rows.frame.columns) == ["surname", "upn"]
    assert cells(rows) == [("Smith", "1"), (None, "2")]
    assert rows.row_numbers.tolist() == [5, 9]


def test_the_first_sheet_that_is_not_hidden_or_the_named_one_is_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["code"], ["c"]], [["upn"], ["1"]], [["note"], ["n"]])))
    book["Data"].sheet_state = "hidden"
    assert cells(read(tmp_path, "asb.xlsx", saved(book))) == [("1",)]
    assert cells(read(tmp_path, "asb.xlsx", saved(book), sheet="Notes")) == [("n",)]
    assert read(tmp_path, "asb.xlsx", saved(book), sheet="Data").sheet == "Data"


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    data = workbook([["upn"], ["1"]], [["upn"], ["2"]])
    message = refusal(tmp_path, "asb.xlsx", data, sheet="Pupils")
    assert (
        "the workbook has not got a sheet called Pupils. Name the sheet to read; the sheets are: Data, Codes" in message
    )


def test_every_sheet_is_listed_and_a_hidden_one_too(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["code"]], [["upn"]])))
    book["Data"].sheet_state = "hidden"
    path = tmp_path / "3f5a"
    path.write_bytes(saved(book))
    assert list_sheets(path, "asb.xlsx") == ("Data", "Codes")


def test_cells_in_error_are_text_and_not_empty(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["upn", "a"], ["1", "x"], ["2", "x"]])))
    for place, error in {"B2": "#N/A", "B3": "#REF!"}.items():
        book["Data"][place].value = error
        book["Data"][place].data_type = "e"
    assert cells(read(tmp_path, "asb.xlsx", saved(book))) == [("1", "#N/A"), ("2", "#REF!")]


def added(cell: bytes) -> bytes:
    """A workbook of one row with one more cell in it."""
    return changed(SIMPLE, SHEET, lambda xml: xml.replace(b"</row></sheetData>", cell + b"</row></sheetData>"))


def test_a_cell_in_error_beside_the_data_is_nothing_where_it_says_nothing(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "asb.xlsx", added(b'<c r="E2" t="e"></c>'))) == [(PLANTED, "A1")]
    said = added(b'<c r="E2" t="e"><v>#N/A</v></c>')
    assert "row 2 in a spreadsheet: column 5 (E) has data and no heading" in refusal(tmp_path, "asb.xlsx", said)


def test_a_cell_in_error_that_has_no_place_is_refused(tmp_path: Path) -> None:
    data = added(b'<c t="e"><v>#N/A</v></c>')
    assert "there is a cell in error (such as #N/A) that cannot be placed" in refusal(tmp_path, "asb.xlsx", data)


def test_a_formula_that_was_never_worked_out_is_refused(tmp_path: Path) -> None:
    data = workbook([["upn", "surname"], ["1", f'="{PLANTED}"']])
    message = refusal(tmp_path, "asb.xlsx", data)
    assert "cell B2: there is a formula with no result in it. Open it in the spreadsheet program, save it" in message


def test_formulas_that_give_nothing_are_empty(tmp_path: Path) -> None:
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["upn", "note"])
        sheet.write(1, 0, "1")
        sheet.write_formula(1, 1, '=""', None, "")
    data = changed(path.read_bytes(), SHEET, lambda xml: xml.replace(b'r="B2"', b'r="B2" t="str"', 1))
    assert cells(read(tmp_path, "asb.xlsx", data)) == [("1", None)]


@pytest.mark.parametrize("number", [10**15, 1234567890123456, 12345678901234567890, -(10**15), 1e300])
def test_numbers_that_the_spreadsheet_has_rounded_are_refused(tmp_path: Path, number: float) -> None:
    message = refusal(tmp_path, "asb.xlsx", workbook([["upn", "uprn"], ["1", 5], ["2", number]]))
    assert "cell B3: there is a number of more than 15 digits, and the spreadsheet has rounded it. Have" in message


def test_headings_alike_and_missing_are_refused(tmp_path: Path) -> None:
    alike = workbook([["Upn", "x", "UPN "], ["1", PLANTED, "2"]])
    assert "columns 1 (A) and 3 (C) have the same heading" in refusal(tmp_path, "asb.xlsx", alike)
    missing = workbook([["upn", None], ["1", None], [None, None], ["2", PLANTED]])
    message = refusal(tmp_path, "asb.xlsx", missing)
    assert "row 4 in a spreadsheet: column 2 (B) has data and no heading" in message


def test_empty_sheets_and_headings_alone_are_refused(tmp_path: Path) -> None:
    assert "the sheet Data is empty. Name the sheet to read" in refusal(tmp_path, "asb.xlsx", workbook([], [["upn"]]))
    assert "there are headings and no rows" in refusal(tmp_path, "asb.xlsx", workbook([["surname", "upn"]]))


def test_control_characters_are_refused(tmp_path: Path) -> None:
    data = changed(SIMPLE, "xl/sharedStrings.xml", lambda xml: xml.replace(b"A1", b"A_x0000_1"))
    message = refusal(tmp_path, "asb.xlsx", data)
    assert "row 2, column 2 (B): there is a NUL or another control character in a cell" in message


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def declare(xml: bytes) -> bytes:
        return re.sub(rb"(<\?xml[^>]*\?>)?", lambda head: head.group(0) + declared, xml, count=1)

    for part in ("xl/sharedStrings.xml", SHEET, "xl/workbook.xml", "[Content_Types].xml"):
        assert "the workbook's XML declares entities" in refusal(tmp_path, "asb.xlsx", changed(SIMPLE, part, declare))


def test_xml_in_another_encoding_is_refused(tmp_path: Path) -> None:
    data = changed(SIMPLE, SHEET, lambda xml: xml.decode().encode("utf-16"))
    assert "the workbook's XML is not in UTF-8" in refusal(tmp_path, "asb.xlsx", data)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    filler = b"<!--" + b" " * 60_000_000 + b"-->"
    data = changed(SIMPLE, "xl/styles.xml", lambda xml: xml + filler)
    assert len(data) < 100_000
    assert "unpacks to more than 100 times its size" in refusal(tmp_path, "asb.xlsx", data)
    limits = Limits(size=1_000_000, ratio=10**6)
    assert "unpacks to more than 1,000,000 bytes" in refusal(tmp_path, "asb.xlsx", data, limits=limits)


@pytest.mark.parametrize(
    "far",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="3"><c r="ZZZ900000"><v>1</v></c></row>',
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>',
        b'<row r="3">' + b"<c><v>1</v></c>" * 700 + b'</row><row r="900000"><c><v>1</v></c></row>',
    ],
)
def test_a_stray_cell_far_off_is_refused_before_it_fills_the_memory(tmp_path: Path, far: bytes) -> None:
    data = changed(SIMPLE, SHEET, lambda xml: xml.replace(b"</sheetData>", far + b"</sheetData>"))
    message = refusal(tmp_path, "asb.xlsx", data)
    assert "the sheet reaches too far down or across, perhaps by a stray cell far off. Delete the empty rows" in message


def test_a_sheet_without_cell_references_is_read(tmp_path: Path) -> None:
    data = changed(SIMPLE, SHEET, lambda xml: re.sub(rb'<(row|c) r="\w+"', rb"<\1", xml))
    assert cells(read(tmp_path, "asb.xlsx", data)) == [(PLANTED, "A1")]


def test_a_sheet_of_many_columns_is_read(tmp_path: Path) -> None:
    rows = read(tmp_path, "asb.xlsx", workbook([[f"c{index}" for index in range(800)], list(range(800))]))
    assert cells(rows) == [tuple(str(index) for index in range(800))]


def test_rows_of_one_number_are_refused(tmp_path: Path) -> None:
    data = changed(SIMPLE, SHEET, lambda xml: xml.replace(b'<row r="2"', b'<row r="1"').replace(b'"A2"', b'"A1"'))
    assert "two rows of the sheet have one number, or they are out of order" in refusal(tmp_path, "asb.xlsx", data)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, lambda xml: xml[: len(xml) // 2]),
        (SHEET, lambda xml: b"\xff" + xml),
        ("xl/workbook.xml", lambda xml: xml[: len(xml) // 2]),
        ("xl/workbook.xml", lambda xml: b""),
        ("xl/_rels/workbook.xml.rels", lambda xml: b"<x/>"),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet1", b"sheet9")),
        ("xl/sharedStrings.xml", lambda xml: xml[: len(xml) // 2]),
        ("xl/sharedStrings.xml", lambda xml: b"<sst/>"),
    ],
)
def test_damaged_workbooks_are_refused(tmp_path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    message = refusal(tmp_path, "asb.xlsx", changed(SIMPLE, part, change))
    assert "save it as a new .xlsx" in message


def test_a_workbook_with_two_parts_of_one_name_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO(SIMPLE)
    with zipfile.ZipFile(out, "a") as book, pytest.warns(UserWarning, match="Duplicate name"):
        book.writestr(SHEET, b"<worksheet/>")
    assert "the workbook holds two parts of one name" in refusal(tmp_path, "asb.xlsx", out.getvalue())


def test_a_picture_in_a_workbook_is_not_looked_into(tmp_path: Path) -> None:
    out = io.BytesIO(SIMPLE)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/media/image1.svg", b"<!DOCTYPE svg><svg/>")
    assert cells(read(tmp_path, "asb.xlsx", out.getvalue())) == [(PLANTED, "A1")]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError])
def test_a_workbook_whose_reading_is_stopped_or_wants_memory_is_not_called_damaged(
    stop: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped:
        @staticmethod
        def from_filelike(file: io.BytesIO) -> None:
            raise stop

    monkeypatch.setattr(sheets, "CalamineWorkbook", Stopped)
    with pytest.raises(stop):
        read(tmp_path, "asb.xlsx", SIMPLE)


def test_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    assert "cut short or damaged" in refusal(tmp_path, "asb.xlsx", SIMPLE[:-40])
    assert "cut short or damaged" in refusal(tmp_path, "asb.xlsx", SIMPLE[:100])


@pytest.mark.parametrize("odd", [b'  r="XFD1048576"', b"\tr = 'XFD1048576'", b' r\n="XFD1048576"'])
def test_a_cell_that_says_a_second_and_far_off_place_is_refused(tmp_path: Path, odd: bytes) -> None:
    """The workbook's reader takes the last place, and would make room for 17 thousand million cells."""
    data = changed(SIMPLE, SHEET, lambda sheet: sheet.replace(b'<c r="A1"', b'<c r="A1"' + odd))
    assert "reaches too far down or across" in refusal(tmp_path, "asb.xlsx", data)


def test_a_workbook_that_claims_more_texts_than_it_can_hold_is_refused(tmp_path: Path) -> None:
    part = "xl/sharedStrings.xml"
    data = changed(SIMPLE, part, lambda texts: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="99999999999"', texts))
    assert "holds more texts than there is room for" in refusal(tmp_path, "asb.xlsx", data)
