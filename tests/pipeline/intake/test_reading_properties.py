"""What is written is what is read, whatever the text; a damaged file is refused or reads the same, never otherwise."""

import csv
import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake import containers, decoding, outline
from pipeline.intake.reading import Rows
from schemas.errors import ExtractRefusedError
from tests.pipeline.intake.reading_cases import cells, read
from tests.pipeline.intake.test_reading_containers import zipped
from tests.pipeline.intake.test_reading_parquet import parquet
from tests.pipeline.intake.test_reading_sheets import written


SEPARATORS = (",", ";", "\t", "|")
CONTROLS = "".join(chr(code) for code in range(32) if chr(code) not in "\t\r\n")
AWKWARD = st.sampled_from(['"', '""', ",", ";", "\t", "|", "\n", "\r", "\r\n", " ", "\ufeff", "\u2028", "'", "="])
CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters=CONTROLS)
TEXT = st.lists(st.one_of(AWKWARD, st.text(CHARACTERS, max_size=4)), max_size=4).map("".join)
HEADING = st.text(st.characters(categories=("Lu", "Ll", "Nd"), max_codepoint=0x17F), min_size=1, max_size=8)
STRICT = settings(derandomize=True, deadline=None, max_examples=300)

Row = tuple[str, ...]


@st.composite
def tables(draw: st.DrawFn, text: st.SearchStrategy[str] = TEXT) -> tuple[list[str], list[Row]]:
    headings = draw(st.lists(HEADING, min_size=1, max_size=5, unique_by=str.casefold))
    row = st.tuples(*[text] * len(headings))
    return headings, draw(st.lists(row, min_size=1, max_size=6).filter(lambda rows: any(any(row) for row in rows)))


def reread(name: str, data: bytes, **options: str) -> Rows:
    with tempfile.TemporaryDirectory() as folder:
        return read(Path(folder), name, data, **options)


def csv_text(headings: list[str], rows: list[Row], **options: object) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, **options).writerows([headings, *rows])  # type: ignore[arg-type]
    return out.getvalue()


def filled(rows: list[Row]) -> list[tuple[str | None, ...]]:
    return [tuple(value or None for value in row) for row in rows if any(row)]


def numbers(rows: list[Row]) -> list[int]:
    return [number for number, row in enumerate(rows, start=2) if any(row)]


@STRICT
@given(
    table=tables(),
    separator=st.sampled_from(SEPARATORS),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    declared=st.booleans(),
    marked=st.booleans(),
)
def test_any_table_of_text_is_read_as_it_was_written(
    table: tuple[list[str], list[Row]], separator: str, end: str, quoting: int, declared: bool, marked: bool
) -> None:
    headings, rows = table
    if any(mark in value for row in rows for value in row for mark in "\r\n"):
        quoting = csv.QUOTE_ALL  # left to itself, csv.writer quotes a line break only where it is the file's own
    text = csv_text(headings, rows, delimiter=separator, lineterminator=end, quoting=quoting)
    options = {"separator": separator} if declared or len(headings) == 1 else {}
    found = reread("asb.csv", text.encode("utf-8-sig" if marked else "utf-8"), **options)
    assert list(found.frame.columns) == headings
    assert cells(found) == filled(rows)
    assert found.row_numbers.tolist() == numbers(rows)
    assert found.separator == separator


@STRICT
@given(table=tables(st.text(st.characters(codec="cp1252", exclude_characters=CONTROLS + "\x7f"), max_size=6)))
def test_windows_1252_is_read_as_it_was_written_or_refused(table: tuple[list[str], list[Row]]) -> None:
    headings, rows = ["surname", *table[0][1:]], table[1]
    if len({heading.casefold() for heading in headings}) < len(headings):
        return
    data = csv_text(headings, [*rows, ("Zoë", *[""] * (len(headings) - 1))]).encode("cp1252", "replace")
    try:
        found = reread("asb.csv", data, separator=",", encoding="windows-1252")
    except ExtractRefusedError as refused:
        assert "mixes" in str(refused) or "is UTF-8" in str(refused)
    else:
        assert cells(found)[:-1] == filled(rows)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(table=tables(st.text(CHARACTERS, max_size=5)))
def test_a_workbook_and_a_parquet_file_hold_the_same_text(table: tuple[list[str], list[Row]]) -> None:
    headings, rows = table
    columns = dict(zip(headings, zip(*rows, strict=True), strict=True))
    found = reread("asb.parquet", parquet({heading: list(column) for heading, column in columns.items()}))
    assert cells(found) == filled(rows)
    assert found.row_numbers.tolist() == numbers(rows)


@STRICT
@given(data=st.binary(max_size=60) | st.text('ab,;|"\n\r \t\0é', max_size=60).map(str.encode), form=st.integers(0, 5))
def test_any_bytes_at_all_are_read_or_refused(data: bytes, form: int) -> None:
    name = ("asb.csv", "asb.xlsx", "asb.parquet", "asb.csv.gz", "asb.zip", "asb.txt")[form]
    wrapped = {"asb.csv.gz": gzip.compress(data, mtime=0), "asb.zip": zipped({"asb.csv": data})}.get(name, data)
    try:
        assert len(reread(name, wrapped).frame)
    except ExtractRefusedError as refused:
        assert str(refused).startswith(name)


@STRICT
@given(
    pieces=st.lists(
        st.tuples(st.text('a,"\n\ré’', max_size=15), st.sampled_from(["utf-8", "utf-8", "cp1252"])), max_size=3
    ),
    chunk=st.integers(1, 7),
)
def test_nothing_depends_on_where_a_chunk_ends(pieces: list[tuple[str, str]], chunk: int) -> None:
    data = b"h\n" + b"".join(text.encode(encoding) for text, encoding in pieces)
    with pytest.MonkeyPatch.context() as patch:
        whole = outcome(data)
        for module in (outline, decoding, containers):
            patch.setattr(module, "_CHUNK", chunk)
        assert outcome(data) == whole
        assert outcome(gzip.compress(data, mtime=0), "asb.csv.gz") == whole


def outcome(data: bytes, name: str = "asb.csv") -> object:
    try:
        found = reread(name, data)
    except ExtractRefusedError as refused:
        return str(refused).removeprefix(name)
    return cells(found), found.row_numbers.tolist(), list(found.frame.columns)


TYPED = [["surname", "upn", "day"], *(["Smith", row, 41519.5] for row in range(5)), ["Jones", "007", True]]
WHOLE = {
    "asb.csv": b'surname,upn\nSmith,1\n"Jo\nnes",007\nKhan,3\n',
    "asb.csv.gz": gzip.compress(b"surname,upn\nSmith,1\nJones,007\n"),
    "asb.zip": zipped({"asb.csv": b"surname,upn\nSmith,1\nJones,007\n"}),
    "asb.parquet": parquet({"surname": ["Smith", "Jones"], "upn": [1, 7]}, write_page_checksum=True),
    "asb.xlsx": written(*TYPED),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_cut_anywhere_is_refused_or_loses_its_last_cells_only(name: str) -> None:
    whole = WHOLE[name]
    full = cells(reread(name, whole))
    for length in range(0, len(whole), 1 + len(whole) // 400):
        try:
            found = cells(reread(name, whole[:length]))
        except ExtractRefusedError:
            continue
        assert name == "asb.csv"
        assert found[:-1] == full[: len(found) - 1]


@pytest.mark.parametrize("name", ["asb.csv.gz", "asb.zip", "asb.parquet", "asb.xlsx"])
def test_a_file_with_a_flipped_bit_is_refused_or_reads_the_same(name: str) -> None:
    whole = WHOLE[name]
    full = cells(reread(name, whole))
    for place in range(0, len(whole), 1 + len(whole) // 400):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        try:
            found = reread(name, bytes(flipped))
        except ExtractRefusedError:
            continue
        assert sorted(map(str, cells(found))) == sorted(map(str, full))


def test_every_part_of_a_workbook_may_be_damaged_in_any_byte() -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE["asb.xlsx"])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    read_parts = [name for name in parts if name.startswith(("xl/work", "xl/shared", "xl/styles", "xl/_rels"))]
    for part in read_parts:
        for place in range(0, len(parts[part]), 1 + len(parts[part]) // 150):
            damaged = bytearray(parts[part])
            damaged[place] ^= 1 << place % 7
            try:
                assert len(reread("asb.xlsx", zipped(parts | {part: bytes(damaged)})).frame)
            except ExtractRefusedError as refused:
                assert str(refused).startswith("asb.xlsx: ")
