"""Whether an .xlsx is safe to open, and which of its cells calamine would read as empty though they are not.

A workbook is a zip of XML written by strangers: everything is unpacked once, counted and looked at, before it is read.
"""

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from pipeline.intake.containers import Counter, check_member, open_zip, read_member
from pipeline.intake.unreadable import Limits, UnreadableError


_LONGEST_ROW = 64 * 1024 * 1024
_EXCEL_ROWS = 1_048_576
_SAVE = "Open it in the spreadsheet program, save it as a new .xlsx, and send that"
_NOT_READ = ("xl/media/", "xl/embeddings/")
_PLAIN_COLUMN = re.compile(rb'<c r="([A-Za-z]+)')
_COLUMN = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)[0-9]")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"']([0-9]{1,20})")
_CELL_START = re.compile(rb"<(?:\w+:)?c[ />]")
_ODD_CELLS = (b'"e"', b"'e'", b"<f", b":f")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^>/])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ATTRIBUTE = re.compile(rb"\b(r|t)\s*=\s*[\"']([^\"']*)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_TEXTS = re.compile(rb"\buniqueCount\s*=\s*[\"']\s*\+?([0-9]{1,40})")
_TAIL = 128
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def inspect_workbook(data: bytes, limits: Limits) -> None:
    """Refuse a workbook that is damaged, locked, unpacks to too much, or has XML entities.

    `data` is the whole file.
    """
    with open_zip(data) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        if "xl/workbook.xml" not in names:
            raise UnreadableError("the name says .xlsx but the content is another kind of zip", _SAVE)
        if len(set(names)) != len(names):
            raise UnreadableError("the workbook holds two parts of one name", _SAVE)
        counter = Counter(len(data), limits)
        for member in members:
            check_member(member)
            _inspect_part(member.filename, read_member(archive, member, counter))


def _inspect_part(name: str, pieces: Iterator[bytes]) -> None:
    tail, size, texts = b"", 0, 0
    for piece in pieces:
        size += len(piece)
        if name.startswith(_NOT_READ):
            continue
        text = tail + piece
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise UnreadableError("the workbook's XML declares entities, as files made to do harm do", _SAVE)
        if b"\0" in piece and name.endswith((".xml", ".rels")):
            raise UnreadableError("the workbook's XML is not in UTF-8", _SAVE)
        texts = max([texts, *(int(number) for number in _TEXTS.findall(text))])
        tail = piece[-_TAIL:]
    if texts > size:
        raise UnreadableError("the workbook says that it holds more texts than there is room for", _SAVE)


def inspect_sheet(data: bytes, index: int, limits: Limits) -> dict[int, dict[int, str]]:
    """The text of each cell in error (#N/A, ...) of the sheet at `index`, by row and column; all counted from 0.

    Raises UnreadableError where the sheet spans more cells than are read, or holds a formula with no result.
    """
    scan = _Scan()
    with open_zip(data) as archive:
        part = _part_of(archive, index)
        if part is None:
            return {}
        pending = b""
        for piece in read_member(archive, archive.getinfo(part), Counter(len(data), limits)):
            cut = piece.rfind(b"row>") + 4
            if cut == 3 and len(pending) < _LONGEST_ROW:
                pending += piece
                continue
            scan.look_at(pending + piece[:cut])
            pending = piece[cut:]
        scan.look_at(pending)
    scan.refuse_too_wide(limits)
    return scan.errors


class _Scan:
    """What has been seen of a sheet so far."""

    def __init__(self) -> None:
        self.errors: dict[int, dict[int, str]] = {}
        self._columns: set[bytes] = set()
        self._last_row, self._rows, self._widest = 0, 1, 0

    def look_at(self, block: bytes) -> None:
        """Take in a run of whole rows."""
        plain = _is_plain(block)
        column = _PLAIN_COLUMN if plain else _COLUMN
        self._columns.update(column.findall(block))
        self._note_rows(block, plain)
        if not plain:
            self._widest = max([self._widest, *(len(_CELL_START.findall(row)) for row in block.split(b"row>"))])
        if any(sign in block for sign in _ODD_CELLS):
            self._note_odd_cells(block)

    def _note_rows(self, block: bytes, plain: bool) -> None:
        """Follow the numbers of the rows, which must rise, and those that the cells claim for themselves."""
        for row in map(int, _ROW.findall(block)):
            if row <= self._last_row:
                raise UnreadableError("two rows of the sheet have one number, or they are out of order", _SAVE)
            self._last_row = row
        pattern = rb'<c r="[A-Za-z]+([0-9]{%d,20})' if plain else rb"\br\s*=\s*[\"'][A-Za-z]*([0-9]{%d,20})"
        as_far = re.findall(pattern % len(str(self._rows)), block)
        self._rows = max([self._rows, self._last_row, *map(int, set(as_far))])

    def refuse_too_wide(self, limits: Limits) -> None:
        """Refuse a sheet whose far-off cells would make a table too large to hold."""
        width = max([self._widest, *(_column_index(letters.decode()) + 1 for letters in self._columns)])
        if self._rows > _EXCEL_ROWS or self._rows * width > limits.cells:
            raise UnreadableError(
                "the sheet reaches too far down or across, perhaps by a stray cell far off",
                "Delete the empty rows and columns after the data and save it again, or send it as .csv",
            )

    def _note_odd_cells(self, block: bytes) -> None:
        for attributes, body in _CELL.findall(block):
            said = {name: text.decode("utf-8", "replace") for name, text in _ATTRIBUTE.findall(attributes)}
            value, where = _VALUE.search(body), said.get(b"r", "")
            if said.get(b"t") == "e":
                self._note_error(where, value.group(1).decode("utf-8", "replace") if value else "#ERROR")
            elif value is None and _FORMULA.search(body) and said.get(b"t") not in ("str", "inlineStr"):
                place = f"cell {where}" if _REFERENCE.fullmatch(where) else ""
                raise UnreadableError("there is a formula with no result in it", _SAVE, place)

    def _note_error(self, where: str, text: str) -> None:
        reference = _REFERENCE.fullmatch(where)
        if reference is None:
            raise UnreadableError("there is a cell in error (such as #N/A) that cannot be placed", _SAVE)
        row, column = int(reference.group(2)) - 1, _column_index(reference.group(1))
        self.errors.setdefault(row, {})[column] = text


def _is_plain(block: bytes) -> bool:
    """Whether every cell and row begins with its place, in double quotes, and nothing else says a place."""
    cells = block.count(b'<c r="')
    if block.count(b"<c") != cells or b":c" in block:
        return False
    places = cells + block.count(b'<row r="')
    return block.count(b"r=") == places and not any(sign in block for sign in (b"r =", b"r\t", b"r\n", b"r\r"))


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper()[:6]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _part_of(archive: zipfile.ZipFile, index: int) -> str | None:
    """The name of the part that holds the sheet at `index`, by the workbook's own table."""
    try:
        sheets = [found for found in _elements(archive, "xl/workbook.xml") if _local(found.tag) == "sheet"]
        wanted = next(value for key, value in sheets[index].attrib.items() if key.endswith("}id"))
        links = _elements(archive, "xl/_rels/workbook.xml.rels")
        target = next(link.attrib["Target"] for link in links if link.attrib.get("Id") == wanted)
    except (LookupError, ValueError, StopIteration, ElementTree.ParseError):
        raise UnreadableError("the workbook's table of sheets is damaged", _SAVE) from None
    part = "xl/" + target.removeprefix("/").removeprefix("xl/")
    return part if part in archive.namelist() else None


def _elements(archive: zipfile.ZipFile, name: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(archive.read(name)).iter())  # noqa: S314 - entities were refused before


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
