"""What separated text is refused for: the message says where and what to do, and holds no value of a row."""

import codecs
from pathlib import Path

import pytest

from pipeline.intake.reading import read_rows
from pipeline.intake.unreadable import Limits
from schemas.errors import ExtractRefusedError
from tests.pipeline.intake.reading_cases import PLANTED, refusal


GOOD = f"surname,upn\n{PLANTED},1\n"
CASES = {
    "a NUL byte": (
        f"surname,upn\nSmith,1\n{PLANTED}\0,2\n",
        "line 3: there is a NUL byte in the text. The file is damaged or no text file",
    ),
    "a control character": (
        f"surname,upn\n{PLANTED},1\n\n{PLANTED}\x1b,2\n",
        "line 4: there is a control character (code 1B) in the text",
    ),
    "a field too many": (
        f"surname,upn\nSmith,1\n{PLANTED},2,3\n",
        "line 3: there are 3 values where the heading has 2. Mend the line, or have the file exported again",
    ),
    "a field too few": (f"surname,upn,sex\n{PLANTED},2\nSmith,1,M\n", "line 2: there are 2 values where"),
    "one value": (f"surname,upn,sex\nSmith,1,M\n{PLANTED}\nSmith,1,M\n", "line 3: there is 1 value where"),
    "a ragged row below a quoted line break": (
        f'surname,upn\n"Smith\nJones",1\n\n{PLANTED},2,3\n',
        "line 5 (row 4 in a spreadsheet): there are 3 values where the heading has 2",
    ),
    "a cut last line": (
        f"surname,upn,sex\nSmith,1,M\n{PLANTED},",
        "line 3: the file is cut short: this last line has 2 of 3 values. Get the whole file again",
    ),
    "an unclosed quote": (
        f'surname,upn\n"Smith",1\n"{PLANTED},2\nJones,3\n',
        "line 3: the quotation mark that opens here is never closed. Have it exported again",
    ),
    "an unclosed quote that a later one seems to close": (
        f'surname,upn\n"{PLANTED},2\nSmith,3\n"Jones",4\n',
        "line 4: the quoted text that opens on line 2 is followed by more text after its closing mark",
    ),
    "text after a closing quote": (
        f'surname,upn\n"{PLANTED}" junior,2\n',
        "line 2: the quoted text is followed by more text after its closing mark",
    ),
    "a quote in an unquoted text": (
        f'surname,upn\nSmith,1\n{PLANTED} "Kit",2\n',
        "line 3: there is a quotation mark in the middle of an unquoted text",
    ),
    "headings alike": (
        f"Surname,upn, SURNAME \n{PLANTED},1,x\n",
        "row 1 in a spreadsheet: columns 1 (A) and 3 (C) have the same heading. Give each column a heading of its own",
    ),
    "data without heading": (
        f"surname,,upn\nSmith,,1\n\nJones,{PLANTED},2\n",
        "row 4 in a spreadsheet: column 2 (B) has data and no heading. Give it a heading, or empty it",
    ),
    "no headings": (f',\n"{PLANTED}",1\n', "row 1 in a spreadsheet: there are no headings"),
    "a heading and no rows": ("surname,upn\n", "there are headings and no rows. If that is right, leave the file out"),
    "a heading and blank rows": ("surname,upn\r\n,\r\n\r\n,\r\n", "there are headings and no rows"),
    "nothing": ("", "the file is empty. Get the whole file"),
    "only blank lines": ("\r\n\n\n", "the file is empty"),
    "two separators alike": (
        f"surname,upn;sex\n{PLANTED},1;M\n",
        "two separators cut the heading into equally many columns. Declare the separator in the settings",
    ),
    "a web page": (f"<!DOCTYPE html>\n<p>{PLANTED}</p>", "the name says text with separators but the content is a web"),
}


@pytest.mark.parametrize(("text", "said"), CASES.values(), ids=CASES.keys())
def test_text_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, "asb.csv", text.encode())


def test_line_ends_of_all_kinds_are_counted(tmp_path: Path) -> None:
    data = f"surname,upn\rSmith,1\r\nJones,2\n{PLANTED}\r\n".encode()
    assert "line 4: there is 1 value where" in refusal(tmp_path, "asb.csv", data)


@pytest.mark.parametrize("first", ["utf-8", "cp1252"])
def test_a_mixture_of_encodings_is_refused(tmp_path: Path, first: str) -> None:
    second = "cp1252" if first == "utf-8" else "utf-8"
    data = b"surname,upn\n" + "Zoë,1\n".encode(first) + b"Smith,2\n" + f"{PLANTED} é,3\n".encode(second)
    message = refusal(tmp_path, "asb.csv", data)
    assert "line 4: the file mixes UTF-8 and Windows-1252 (one on line 2, the other on line 4)" in message
    assert "saved once as UTF-8" in message
    assert "mixes" in refusal(tmp_path, "asb.csv", data, encoding="windows-1252")


def test_a_declared_encoding_that_is_not_the_files_is_refused(tmp_path: Path) -> None:
    latin, utf_8 = (f"surname\nSmith\n{PLANTED} é\n".encode(encoding) for encoding in ("cp1252", "utf-8"))
    assert "line 3: there is a byte that is not UTF-8" in refusal(tmp_path, "asb.csv", latin, encoding="utf-8")
    assert "but the file is UTF-8" in refusal(tmp_path, "asb.csv", utf_8, encoding="windows-1252")
    assert "does not begin with its mark" in refusal(tmp_path, "asb.csv", utf_8, encoding="utf-16")
    assert "Use utf-8, windows-1252 or utf-16" in refusal(tmp_path, "asb.csv", utf_8, encoding="klingon")
    assert "Use utf-8, windows-1252 or utf-16" in refusal(tmp_path, "asb.csv", utf_8, encoding="ebcdic-cp-us")


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    assert "line 2: there is a byte that is neither" in refusal(tmp_path, "asb.csv", b"name\nSm\x81th\n")
    marked = codecs.BOM_UTF8 + f"name\n{PLANTED} ".encode() + b"\xe9\n"
    assert "line 2: there is a byte that is not UTF-8" in refusal(tmp_path, "asb.csv", marked)
    cut = f"surname\nSmith\n{PLANTED}".encode("utf-16")[:-1]
    assert "line 3: the UTF-16 text is cut short" in refusal(tmp_path, "asb.csv", cut)
    assert "line 1: there is a NUL byte" in refusal(tmp_path, "asb.csv", GOOD.encode("utf-16-le"))


def test_text_that_two_readers_see_differently_is_refused(tmp_path: Path) -> None:
    """Of two byte-order marks the second is text to one reader, and nothing to the other."""
    data = codecs.BOM_UTF8 * 2 + f"\n{PLANTED}\n".encode()
    message = refusal(tmp_path, "asb.csv", data)
    assert "the file does not read in one way only. Send it as .xlsx, or have it exported again" in message


def test_a_bad_byte_is_found_far_into_a_long_file(tmp_path: Path) -> None:
    line = "Zoë,1234567890\n".encode()
    data = b"surname,upn\n" + line * 600_000 + b"Zo\xeb,1\n" + line
    assert "line 600002: the file mixes" in refusal(tmp_path, "asb.csv", data)
    assert "line 600002: there is a byte" in refusal(tmp_path, "asb.csv", data, encoding="utf-8")


def test_a_separator_that_is_not_read_is_refused(tmp_path: Path) -> None:
    assert "Use a comma, ; | or a tab" in refusal(tmp_path, "asb.csv", GOOD.encode(), separator=":")


@pytest.mark.parametrize("name", ["asb*.csv", "asb?.csv", "asb[1].csv", "asb{1}.csv", "../asb.csv", "c:\\asb.csv"])
def test_a_name_that_may_stand_for_other_files_is_refused(tmp_path: Path, name: str) -> None:
    assert "may stand for other files" in refusal(tmp_path, name, GOOD.encode())


@pytest.mark.parametrize(("name", "shown"), [("a\nb.csv", "a\\nb.csv"), ("a\x1b[2J.csv", "a\\x1b[2J.csv")])
def test_control_characters_of_a_name_are_refused_and_not_shown(tmp_path: Path, name: str, shown: str) -> None:
    path = tmp_path / "3f5a"
    path.write_bytes(GOOD.encode())
    with pytest.raises(ExtractRefusedError) as refused:
        read_rows(path, name)
    assert str(refused.value).startswith(f"{shown}: the file's name has a character")


@pytest.mark.parametrize(
    "name", ["asb", "asb.doc", "asb.xls", "asb.xlsb", "asb.gz", "asb.csv.7z", "asb.pkl", ".gz.zip"]
)
def test_a_suffix_that_is_not_known_is_refused(tmp_path: Path, name: str) -> None:
    message = refusal(tmp_path, name, GOOD.encode())
    assert "the end of the file's name does not say a form that is read here. Send .csv" in message


@pytest.mark.parametrize("name", ["asb.xlsx", "asb.parquet", "asb.csv.gz", "asb.csv.zip", "asb.zip"])
def test_text_under_another_name_is_refused(tmp_path: Path, name: str) -> None:
    assert "but the content is something else. Check that the right file was sent" in refusal(
        tmp_path, name, GOOD.encode()
    )


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, "asb.csv", GOOD.encode() * 100, limits=Limits(size=1000))
    assert "the file is larger than 1,000 bytes. Have it sent in smaller files" in message
