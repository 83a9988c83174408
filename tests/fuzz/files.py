"""Files: bytes that claim to be CSV, XLSX or Parquet, plain or wrapped, read here as the child reads them."""

import gzip
import io
import zipfile
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from pipeline.intake.asked import Asked, Contents
from pipeline.intake.contents import contents_of
from pipeline.intake.decoding import decode
from pipeline.intake.file_names import canonical_extract, values_in_name
from pipeline.intake.forms import check_name, form_of, printable
from pipeline.intake.unreadable import Limits, UnreadableError
from reports.workbook import SAFE
from tests.fuzz.oracles import records_of, sheet_cells, table_of
from tests.fuzz.trying import READ, REFUSED, Target, Tried, pieces


LIMITS = Limits(size=4_000_000, cells=400_000)
PYTHON = {"utf-8": "utf-8-sig", "windows-1252": "cp1252", "utf-16": "utf-16"}
CSV = (
    b'surname,upn,date_of_birth\nSmith,A1,01/02/2001\n"O\'Neil, Jr",B2,\n\n,,\nKhan,C3,2001-02-03\n',
    b'name;note\r\n"Zo\xc3\xab";"two\r\nlines"\r\nJones;"say ""hello"""\r\n',
    "name|upn\nZoë|1\nBjörk’s|2\n".encode("cp1252"),
    "name\tupn\r\nŁukasz\t1\r\n".encode("utf-16"),
    b"\xef\xbb\xbfone\nvalue\n",
)


def read(data: bytes, name: str, **how: str) -> Contents | None:
    """The contents, or None where they are refused."""
    try:
        return contents_of(data, Asked(Path("x"), name, limits=LIMITS, **how))
    except UnreadableError as refused:
        assert all(isinstance(part, str) for part in refused.parts)
        return None


def cells(contents: Contents) -> list[tuple[str | None, ...]]:
    """Row by row."""
    columns = [column.to_pylist() for column in contents.table.columns]
    return list(zip(*columns, strict=True))


def try_csv(data: bytes) -> Tried:
    """What is read is what a reader of another make reads."""
    found = read(data, "asb.csv")
    if found is None:
        return REFUSED
    assert found.encoding and found.separator
    records = records_of(data.decode(PYTHON[found.encoding]).removeprefix("\ufeff"), found.separator)
    assert records is not None, "read though its quotation marks do not pair up"
    headings, numbers, rows = table_of(records)
    assert (found.table.column_names, found.row_numbers.tolist(), cells(found)) == (headings, numbers, rows)
    return READ


def try_encoding(data: bytes) -> Tried:
    """What is decoded is what Python decodes strictly, with no control character in it."""
    try:
        found = decode(data)
    except UnreadableError:
        return REFUSED
    assert found.data.decode() == data.decode(PYTHON[found.encoding])
    assert not set(found.data) & (set(range(32)) - {9, 10, 13})
    return READ


@cache
def parts() -> dict[str, bytes]:
    """The parts of a small workbook without styles, so that a simple reading of it is right."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as made:
        sheet = made.add_worksheet("Data")
        for number, row in enumerate((["surname", "upn"], ["Smith", 7], ["Zoë", -12], ["=1+1", "O'Neil"])):
            sheet.write_row(number, 0, row)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def book(changed: dict[str, bytes] | None = None) -> bytes:
    """The workbook with some of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (parts() | (changed or {})).items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def try_sheet(data: bytes) -> Tried:
    """A sheet's own XML: its cells are what a simple reading of the XML says."""
    return _held(book({"xl/worksheets/sheet1.xml": data}))


def try_strings(data: bytes) -> Tried:
    """The table of texts that cells point into."""
    return _held(book({"xl/sharedStrings.xml": data}))


def try_table_of_sheets(data: bytes) -> Tried:
    """The parts that say which sheet is where: the sheet is read as it is, or nothing."""
    names = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    first, _, second = data.partition(b"\0\0")
    return _held(book(dict(zip(names, (first, second), strict=True))))


def _held(data: bytes) -> Tried:
    found = read(data, "asb.xlsx")
    if found is None:
        return REFUSED
    simple = sheet_cells(data)
    if simple:
        first = min(row for row, _ in simple)
        headed = {column: text.strip() for (row, column), text in simple.items() if row == first and text.strip()}
        wanted = sorted(
            (row, headed[column], text)
            for (row, column), text in simple.items()
            if row > first and column in headed and text
        )
        got = sorted(
            (int(number), name, text)
            for number, row in zip(found.row_numbers, cells(found), strict=True)
            for name, text in zip(found.table.column_names, row, strict=True)
            if text is not None
        )
        assert got == wanted
    return READ


def wrapped(form: str) -> bytes:
    """A small file in a form."""
    text = b"surname,upn\nSmith,1\nJones,007\n"
    table = pa.table({"surname": ["Smith", "Jones"], "upn": ["1", "007"]})
    out = io.BytesIO()
    if form == "asb.parquet":
        pq.write_table(table, out, write_page_checksum=True)
    elif form == "asb.zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("asb.csv"), text, zipfile.ZIP_DEFLATED)
    else:
        out.write(gzip.compress(text, mtime=0))
    return out.getvalue()


PACKED = ("asb.parquet", "asb.zip", "asb.csv.gz")
WHOLE = [("Smith", "1"), ("Jones", "007")]


def packed_target(name: str) -> Target:
    """A file that holds checksums: changed anywhere it is refused, or reads as it did."""

    def attempt(data: bytes) -> Tried:
        found = read(data, name)
        if found is None:
            return REFUSED
        if found.form == "csv":
            inside = gzip.decompress(data) if name.endswith("gz") else _member(data)
            assert try_csv(inside) == READ
        elif found.table.num_columns == 2 and data[:40] == wrapped(name)[:40]:
            assert sorted(map(sorted, cells(found))) == sorted(map(sorted, WHOLE))
        return READ

    return Target(
        name, (wrapped(name),), (b"PK\x01\x02", b"PK\x03\x04", b"PAR1", b"\x15", b"\x1f\x8b\x08", b"\0\0"), attempt, 6
    )


def _member(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(next(name for name in archive.infolist() if not name.filename.endswith("/")))


def try_plain_parquet(data: bytes) -> Tried:
    """Without checksums nothing can be held to what it was; it is text in columns, or refused."""
    found = read(data, "asb.parquet")
    return REFUSED if found is None else READ


def typed_parquet() -> bytes:
    """A column of each kind that is read."""
    out = io.BytesIO()
    table = pa.table(
        {
            "text": ["a", None],
            "day": pa.array([1, 2], pa.date32()),
            "at": pa.array([0, 10**15], pa.timestamp("us", "UTC")),
            "yes": [True, None],
            "share": [0.5, 2.0],
            "kind": pa.array(["x", "y"]).dictionary_encode(),
        }
    )
    pq.write_table(table, out)
    return out.getvalue()


def try_names(data: bytes) -> Tried:
    """Names of files: one that may stand for other files is refused, and none is shown with control characters."""
    names, taken = pieces(data), 0
    for name in names:
        assert printable(name).isprintable() or not name
        try:
            check_name(name)
            form_of(name)
        except UnreadableError:
            continue
        assert not set(name) & set("*?[]{}/\\")
        taken += 1
        canonical_extract(name)
        found = values_in_name("att_{academic_year}_{term}.csv", name)
        assert found is None or name.lower().startswith("att_" + found["academic_year"].lower())
    return Tried(len(names), taken)


SHEET = "xl/worksheets/sheet1.xml"
XML = (
    b'<c r="C2"><v>1</v></c>',
    b'<row r="5">',
    b"</row>",
    b' t="s"',
    b' t="e"',
    b' t="inlineStr"',
    b"<is><t>x</t></is>",
    b"<f>1+1</f>",
    b' r="XFD1048576"',
    b' r="A1"',
    b"<!DOCTYPE x>",
    b"<!ENTITY a 'b'>",
    b"&a;",
    b"&#0;",
    b"<![CDATA[x]]>",
    b"<v/>",
    b"1E5",
    b"1.5",
    b"99999999999999999999",
    b"true",
    b"<!-- -->",
    b"<?x y?>",
    b' xml:space="preserve"',
    b"<r><t>y</t></r>",
    b' uniqueCount="99999999999"',
    b' count="99999999999"',
    b' ref="A1:XFD1048576"',
    b"\tr = 'XFD9'",
    b'<c r="XFD1048576"/>',
)
TARGETS = (
    Target("csv", CSV, (b'"', b",", b";", b"\n", b"\r\n", b'"",', b'\n"'), try_csv, 12),
    Target("encodings", CSV, (b"\xc3\xa9", b"\xe9", b"\x92", b"\xff\xfe", b"\0"), try_encoding, 14),
    Target("xlsx sheet", (parts()[SHEET],), XML, try_sheet, 6),
    Target("xlsx texts", (parts()["xl/sharedStrings.xml"],), XML, try_strings, 3),
    Target(
        "xlsx parts",
        (b"\0\0".join(parts()[f"xl/{name}"] for name in ("workbook.xml", "_rels/workbook.xml.rels")),),
        (
            *XML,
            b'state="hidden"',
            b'Target="/xl/worksheets/sheet1.xml"',
            b"../",
            b'<sheet name="B" sheetId="2" r:id="rId1"/>',
        ),
        try_table_of_sheets,
        3,
    ),
    Target("xlsx bytes", (book(),), (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"), lambda data: _bytes(data), 3),
    *(packed_target(name) for name in PACKED),
    Target("parquet, any", (typed_parquet(),), (b"PAR1", b"\x15\0", b"\x19\x1c", b"\0\0\0"), try_plain_parquet, 4),
    Target(
        "file names",
        (b"attendance-2013.csv\nasb.csv.gz\natt_2012-13_autumn.csv\npanel_form (2).xlsx\nschools.zip",),
        (b".csv", b".gz", b".zip", b"*", b"[", b"..", b"/", b"\\", b"\x7f", b"2012-13", b"autumn"),
        try_names,
        25,
    ),
)


def _bytes(data: bytes) -> Tried:
    """A workbook's own bytes: refused, or whole in what the simple reading finds."""
    found = read(data, "asb.xlsx")
    return REFUSED if found is None else READ
