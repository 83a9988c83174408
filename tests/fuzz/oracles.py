"""Readings of files and words made another way than the product's: slow, simple, and right. They hold no code of it."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree


Cells = list[tuple[str | None, ...]]
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def records_of(text: str, separator: str) -> list[list[str]] | None:
    """The records of separated text, read letter by letter, empty lines as `[""]`; None where marks are misplaced."""
    records: list[list[str]] = [[""]]
    state, position = "start", 0
    while position < len(text):
        letter = text[position]
        position += 1
        if state == "quoted":
            if letter != '"':
                records[-1][-1] += letter
            elif text[position : position + 1] == '"':
                records[-1][-1] += '"'
                position += 1
            else:
                state = "closed"
        elif letter == separator:
            records[-1].append("")
            state = "start"
        elif letter in "\r\n":
            position += letter == "\r" and text[position : position + 1] == "\n"
            records.append([""])
            state = "start"
        elif letter == '"':
            if state != "start":
                return None
            state = "quoted"
        elif state == "closed":
            return None
        else:
            records[-1][-1] += letter
            state = "plain"
    return None if state == "quoted" else records


def table_of(records: list[list[str]]) -> tuple[list[str], list[int], Cells]:
    """Headings, row numbers and cells of records, without blank lines, blank rows and columns without a heading."""
    numbered = [(number, record) for number, record in enumerate(records, 1) if record != [""]]
    headings = [heading.strip() for heading in numbered[0][1]]
    kept = [place for place, heading in enumerate(headings) if heading]
    rows = [(number, tuple(record[place] or None for place in kept)) for number, record in numbered[1:]]
    rows = [(number, row) for number, row in rows if any(row)]
    return [headings[place] for place in kept], [number for number, _ in rows], [row for _, row in rows]


def sheet_cells(data: bytes) -> dict[tuple[int, int], str] | None:
    """The texts of the first sheet's cells by row and column from 1; None where this simple reading does not apply."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        try:
            sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
            shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        except (ElementTree.ParseError, ValueError, LookupError):
            return None
    entries = shared.findall(f"{_NS}si")
    if any([part.tag for part in one.iter()] != [f"{_NS}si", f"{_NS}t"] for one in entries):
        return None
    strings = [(one[0].text or "").strip(" \t\r\n") for one in entries]
    rows = sheet.findall(f"{_NS}sheetData/{_NS}row")
    found: dict[tuple[int, int], str] = {}
    for row in rows:
        for cell in row.findall(f"{_NS}c"):
            place = re.fullmatch("([A-Z]{1,2})([0-9]{1,4})", cell.get("r", ""))
            if place is None or place[2] != row.get("r") or set(cell.keys()) - {"r", "t"}:
                return None
            text = _cell(cell, strings)
            if text is None:
                return None
            at = (int(place[2]), _column(place[1]))
            if at in found:
                return None
            found[at] = text
    return found


def _cell(cell: ElementTree.Element, strings: list[str]) -> str | None:
    value, kind = cell.find(f"{_NS}v"), cell.get("t", "n")
    if [child.tag for child in cell] != [f"{_NS}v"] or (cell.text or "").strip() or (cell[0].tail or "").strip():
        return None
    if value is None or value.text is None or list(value):
        return None
    if kind == "s" and re.fullmatch("[0-9]{1,4}", value.text) and int(value.text) < len(strings):
        return strings[int(value.text)]
    if kind == "n" and re.fullmatch("-?[0-9]{1,9}", value.text):
        return str(int(value.text))
    return None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def day_said(text: str) -> date | None:
    """The day that a text's first words say, day or year first; None where they say none."""
    words = re.findall("[A-Za-z]+|[0-9]+", re.sub("^([0-9]+)(st|nd|rd|th)", r"\1 ", text))
    first, second, third = [*words, "", "", ""][:3]
    day, month, year = (third, second, first) if len(first) == 4 else (first, second, third)
    number = _MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in _MONTHS else None
    try:
        return date(int(year), number or int(month), int(day))
    except ValueError:
        return None


def number_said(text: str) -> Decimal | None:
    """The number that a text says, thousands' commas and a pound sign left out."""
    try:
        return Decimal(re.sub("[,£ ]", "", text))
    except InvalidOperation:
        return None


def is_upn(text: str) -> bool:
    """Whether a text is a pupil number whose check letter is right."""
    if not re.fullmatch("[A-Z][0-9]{11}[0-9A-Z]", text, re.ASCII):
        return False
    values = [_UPN_LETTERS.find(one) if one.isalpha() else int(one) for one in text]
    return min(values) >= 0 and values[0] == sum(place * value for place, value in enumerate(values[1:], 2)) % 23
