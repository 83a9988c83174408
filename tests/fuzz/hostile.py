"""Files made to do harm, one of each kind, with a value planted in each that nobody may ever see again."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.files import SHEET, book, parts


PLANTED = "Quillfeather"
ROW = f"{PLANTED},{PLANTED}\n".encode()
TEXT = b"surname,upn\n" + ROW
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def zipped(**members: bytes) -> bytes:
    """A zip of files, deflated."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def sheet(old: bytes, new: bytes) -> bytes:
    """The small workbook with something else in its sheet."""
    assert old in parts()[SHEET]
    return book({SHEET: parts()[SHEET].replace(old, new, 1)})


def deep() -> bytes:
    """Elements within elements, a hundred thousand deep."""
    return sheet(b"<sheetData>", b"<x>" * 100_000 + b"<sheetData>")


def quoted_overlap() -> bytes:
    """A zip of which the table of contents names one member a thousand times."""
    data = zipped(**{"asb.csv": TEXT * 100})
    start = data.index(b"PK\x01\x02")
    entry, end = data[start : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    count = 1000
    return data[:start] + entry * count + end[:8] + struct.pack("<HHL", count, count, len(entry) * count) + end[16:]


def parquet_of_rows(rows: int) -> bytes:
    """One value, so many times: a few kilobytes that unpack to gigabytes."""
    out = io.BytesIO()
    table = pa.table({"surname": pa.array([PLANTED] * 1000).dictionary_encode()})
    with pq.ParquetWriter(out, table.schema) as writer:
        big = pa.DictionaryArray.from_arrays(pa.array([0]).take(pa.array([0] * rows)), pa.array([PLANTED * 50]))
        writer.write_table(pa.table({"surname": big.cast(table.schema.field("surname").type)}))
    return out.getvalue()


def footer_of(length: int) -> bytes:
    """Parquet whose last words claim a footer of that length."""
    return b"PAR1" + TEXT + struct.pack("<I", length) + b"PAR1"


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip bomb": ("asb.csv.gz", lambda: gzip.compress(b"surname,upn\n" + ROW * 3_000_000)),
    "zip bomb": ("asb.zip", lambda: zipped(**{"asb.csv": b"surname,upn\n" + ROW * 3_000_000})),
    "zip of one file named a thousand times": ("asb.zip", quoted_overlap),
    "zip that leads out": ("asb.zip", lambda: zipped(**{"../../asb.csv": TEXT})),
    "zip in a zip": ("asb.zip", lambda: zipped(**{"asb.zip": zipped(**{"asb.csv": TEXT})})),
    "xlsx bomb": ("asb.xlsx", lambda: zipped(**(parts() | {SHEET: parts()[SHEET] + b" " * 50_000_000}))),
    "xlsx of entities": (
        "asb.xlsx",
        lambda: sheet(b"<worksheet", f'<!DOCTYPE x [<!ENTITY a0 "{PLANTED}">{LAUGHS}]><worksheet'.encode()),
    ),
    "xlsx that reads a file": (
        "asb.xlsx",
        lambda: sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet'),
    ),
    "xlsx with a cell far off": ("asb.xlsx", lambda: sheet(b'<c r="A1"', b'<c r="XFD1048576"')),
    "xlsx with a cell twice placed": ("asb.xlsx", lambda: sheet(b'<c r="A1"', b'<c r="A1" r="XFD1048576"')),
    "xlsx of too many texts": (
        "asb.xlsx",
        lambda: book(
            {"xl/sharedStrings.xml": parts()["xl/sharedStrings.xml"].replace(b'eCount="6"', b'eCount="9999999999"')}
        ),
    ),
    "xlsx cut short": ("asb.xlsx", lambda: book()[:-30]),
    "parquet of many rows": ("asb.parquet", lambda: parquet_of_rows(1_000_000)),
    "parquet with a large footer": ("asb.parquet", lambda: footer_of(2**31 - 1)),
    "parquet with no footer": ("asb.parquet", lambda: footer_of(0)),
    "csv with a NUL": ("asb.csv", lambda: TEXT + PLANTED.encode() + b"\0,x\n"),
    "csv never closed": ("asb.csv", lambda: TEXT + b'"' + PLANTED.encode() + b",x\n"),
    "csv too wide": ("asb.csv", lambda: TEXT + PLANTED.encode() + b",x" * 40 + b"\n"),
    "csv of one long line": ("asb.csv", lambda: TEXT + PLANTED.encode() * 2_000_000),
    "csv that is a program": ("asb.csv", lambda: b"\x7fELF\x02\x01\x01\0" + PLANTED.encode()),
    "csv of two encodings": ("asb.csv", lambda: TEXT + "Zoë,1\n".encode() + "Zoë,1\n".encode("cp1252")),
    "not what its name says": ("asb.csv", lambda: gzip.compress(TEXT)),
}
"""By name: what the file is called, and its bytes. Each is refused (docs/security.md)."""
