"""Every form in which separated text may arrive, each on a real file."""

import codecs
from pathlib import Path

import numpy as np
import pytest

from pipeline.intake.reading import read_rows
from schemas.errors import StorageError
from tests.pipeline.intake.reading_cases import cells, read


PLAIN = "surname,upn\nSmith,A1\nJones,007\n"
EXPECTED = [("Smith", "A1"), ("Jones", "007")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_and_the_line_ends_are_found_out(tmp_path: Path, separator: str, end: str) -> None:
    rows = read(tmp_path, "asb.csv", PLAIN.replace(",", separator).replace("\n", end).encode())
    assert cells(rows) == EXPECTED
    assert list(rows.frame.columns) == ["surname", "upn"]
    assert (rows.form, rows.encoding, rows.separator, rows.sheet) == ("csv", "utf-8", separator, None)
    assert rows.row_numbers.dtype == np.int64
    assert rows.row_numbers.tolist() == [2, 3]


@pytest.mark.parametrize("name", ["asb.csv", "ASB.CSV", "asb.txt", "asb.tsv", "asb 2013-summer (final).csv"])
def test_each_name_of_separated_text_is_read(tmp_path: Path, name: str) -> None:
    assert cells(read(tmp_path, name, PLAIN.encode())) == EXPECTED


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("name,town\nZoë,Łódź\n".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "name,town\nZoë,Łódź\n".encode(), "utf-8"),
        ("name,town\nZoë,Łódź\n".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "name,town\nZoë,Łódź\n".encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_unicode_encodings_are_found_out(tmp_path: Path, data: bytes, encoding: str) -> None:
    rows = read(tmp_path, "asb.csv", data)
    assert cells(rows) == [("Zoë", "Łódź")]
    assert list(rows.frame.columns) == ["name", "town"]
    assert rows.encoding == encoding


@pytest.mark.parametrize("declared", [None, "windows-1252", "cp1252", "CP1252"])
def test_windows_1252_is_found_out_or_declared(tmp_path: Path, declared: str | None) -> None:
    rows = read(tmp_path, "asb.csv", "name,note\nZoë,O’Brien – £5 €\n".encode("cp1252"), encoding=declared)
    assert cells(rows) == [("Zoë", "O’Brien – £5 €")]
    assert rows.encoding == "windows-1252"


def test_text_that_happens_to_look_like_utf_8_is_windows_1252_where_that_is_declared(tmp_path: Path) -> None:
    data = "name\nJOSÉ’S\nZoë\n".encode("cp1252")
    assert cells(read(tmp_path, "asb.csv", data, encoding="windows-1252")) == [("JOSÉ’S",), ("Zoë",)]


def test_a_byte_order_mark_before_a_quoted_heading_is_no_part_of_it(tmp_path: Path) -> None:
    assert list(read(tmp_path, "asb.csv", codecs.BOM_UTF8 + b'"surname";"upn"\n"Smith";"1"\n').frame) == [
        "surname",
        "upn",
    ]


def test_a_byte_order_mark_in_the_data_stays(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "asb.csv", "name\n\ufeffSmith\n".encode())) == [("\ufeffSmith",)]


def test_quoted_texts_hold_separators_marks_and_line_breaks(tmp_path: Path) -> None:
    data = b'name,address,upn\n"Smith, J","The ""Elms""\r\n5 High St",1\n"","""",\n'
    assert cells(read(tmp_path, "asb.csv", data)) == [
        ("Smith, J", 'The "Elms"\r\n5 High St', "1"),
        (None, '"', None),
    ]


def test_only_an_empty_cell_is_null(tmp_path: Path) -> None:
    data = b'a,b,c\nNA,Null,None\nnan,N/A,#N/A\n, ,""\n-,0,007\n1E5,TRUE,1.10\n'
    assert cells(read(tmp_path, "asb.csv", data)) == [
        ("NA", "Null", "None"),
        ("nan", "N/A", "#N/A"),
        (None, " ", None),
        ("-", "0", "007"),
        ("1E5", "TRUE", "1.10"),
    ]


def test_values_are_not_trimmed_and_headings_are(tmp_path: Path) -> None:
    rows = read(tmp_path, "asb.csv", " surname ,\u00a0upn\t\n Smith ,\u00a0A1\t\n".encode(), separator=",")
    assert list(rows.frame.columns) == ["surname", "upn"]
    assert cells(rows) == [(" Smith ", "\u00a0A1\t")]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    data = b'name,note\nSmith,"one\ntwo\nthree"\n\nJones,x\n,\n"",""\n\r\nKhan,y\n\n\n'
    rows = read(tmp_path, "asb.csv", data)
    assert [row[0] for row in cells(rows)] == ["Smith", "Jones", "Khan"]
    assert rows.row_numbers.tolist() == [2, 4, 8]


def test_blank_lines_above_the_heading_are_counted(tmp_path: Path) -> None:
    rows = read(tmp_path, "asb.csv", b"\n\r\nname,upn\nSmith,1\n")
    assert (cells(rows), rows.row_numbers.tolist()) == ([("Smith", "1")], [4])


def test_the_last_line_needs_no_line_end(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "asb.csv", b"name,upn\nSmith,1\nJones,2")) == [("Smith", "1"), ("Jones", "2")]
    assert cells(read(tmp_path, "asb.csv", b'name,upn\nSmith,"2"')) == [("Smith", "2")]


def test_a_column_without_heading_and_data_is_dropped(tmp_path: Path) -> None:
    rows = read(tmp_path, "asb.csv", b"name,,upn,\nSmith,,1,\nJones,,2,\n")
    assert list(rows.frame.columns) == ["name", "upn"]
    assert cells(rows) == [("Smith", "1"), ("Jones", "2")]


@pytest.mark.parametrize(
    ("text", "separator", "headings"),
    [
        ("name;a,b\nx;1\ny;2\n", ";", ["name", "a,b"]),
        ('"last, first";upn\n"Smith, J";1\n', ";", ["last, first", "upn"]),
        ("name, first|upn|sex\nSmith|1|M\n", "|", ["name, first", "upn", "sex"]),
        ("name\nSmith\n", ",", ["name"]),
        ("name,note\nSmith,a;b\nJones,c;d\n", ",", ["name", "note"]),
        ('name,note\nSmith,"one\n\ntwo;\tthree"\n', ",", ["name", "note"]),
    ],
)
def test_the_separator_is_the_one_that_fits_the_lines_below(
    tmp_path: Path, text: str, separator: str, headings: list[str]
) -> None:
    rows = read(tmp_path, "asb.csv", text.encode())
    assert (rows.separator, list(rows.frame.columns)) == (separator, headings)


def test_a_declared_separator_is_taken_at_its_word(tmp_path: Path) -> None:
    rows = read(tmp_path, "asb.csv", b"a,b;c,d\n1,2;3,4\n", separator=";")
    assert cells(rows) == [("1,2", "3,4")]


def test_a_file_of_many_blocks_keeps_the_order_of_its_rows(tmp_path: Path) -> None:
    count = 150_000
    lines = (f'{row},"Flat {row}\nHigh Street, Old Town and a long line of address",\n' for row in range(count))
    rows = read(tmp_path, "asb.csv", ("upn,address,note\n" + "".join(lines)).encode())
    assert rows.frame["upn"].tolist() == [str(row) for row in range(count)]
    assert rows.row_numbers.tolist() == list(range(2, count + 2))
    assert rows.frame["address"].iloc[-1] == f"Flat {count - 1}\nHigh Street, Old Town and a long line of address"


def test_a_cell_larger_than_a_block_is_read(tmp_path: Path) -> None:
    long = "ab\n" * 4_000_000
    rows = read(tmp_path, "asb.csv", f'name,note\nSmith,"{long}"\nJones,x\n'.encode())
    assert rows.frame["note"].tolist() == [long, "x"]


def test_bytes_that_the_disk_does_not_give_are_no_refusal_of_the_extract(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="asb.csv: the archived copy cannot be read"):
        read_rows(tmp_path / "missing", "asb.csv")
