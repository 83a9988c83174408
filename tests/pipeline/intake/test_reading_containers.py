"""Gzip and one-member zips around every form, and the archives that are refused."""

import gzip
import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from pipeline.intake.unreadable import Limits
from tests.pipeline.intake.reading_cases import PLANTED, cells, read, refusal
from tests.pipeline.intake.test_reading_parquet import parquet
from tests.pipeline.intake.test_reading_sheets import workbook


TEXT = b"surname,upn\nSmith,007\n"
EXPECTED = [("Smith", "007")]
FORMS = {
    "csv": TEXT,
    "xlsx": workbook([["surname", "upn"], ["Smith", "007"]]),
    "parquet": parquet({"surname": ["Smith"], "upn": ["007"]}),
}


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read_gzipped(tmp_path: Path, form: str) -> None:
    rows = read(tmp_path, f"asb.{form}.gz", gzip.compress(FORMS[form]))
    assert (rows.form, cells(rows)) == (form, EXPECTED)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["asb.{}.zip", "asb.zip", "ASB.ZIP"])
def test_each_form_is_read_as_the_one_file_of_a_zip(tmp_path: Path, form: str, name: str) -> None:
    rows = read(tmp_path, name.format(form), zipped({f"Export/ASB {form}.{form}": FORMS[form]}))
    assert (rows.form, cells(rows)) == (form, EXPECTED)


def test_a_zip_may_hold_a_folder_beside_its_one_file(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "asb.zip", zipped({"asb/": b"", "asb/asb.csv": TEXT}))) == EXPECTED


def test_a_gzip_of_several_parts_and_padding_is_one_file(tmp_path: Path) -> None:
    data = b"".join(gzip.compress(line, mtime=0) for line in TEXT.splitlines(keepends=True)) + b"\0" * 100
    assert cells(read(tmp_path, "asb.csv.gz", data)) == EXPECTED


def test_a_large_gzip_of_many_parts_is_read(tmp_path: Path) -> None:
    lines = [f"Smith,{row * 7919 % 100003}\n".encode() for row in range(200_000)]
    parts = [gzip.compress(b"".join(lines[at : at + 1000])) for at in range(0, len(lines), 1000)]
    rows = read(tmp_path, "asb.csv.gz", gzip.compress(b"surname,upn\n") + b"".join(parts))
    assert rows.row_numbers[-1] == 200_001


def test_gzip_bombs_are_refused(tmp_path: Path) -> None:
    bomb = gzip.compress(b"surname,upn\n" + f"{PLANTED},1\n".encode() * 8_000_000)
    assert len(bomb) < 1_000_000
    assert "unpacks to more than 100 times its size" in refusal(tmp_path, "asb.csv.gz", bomb)
    limits = Limits(size=5_000_000, ratio=10_000)
    assert "unpacks to more than 5,000,000 bytes" in refusal(tmp_path, "asb.csv.gz", bomb, limits=limits)


def test_zip_bombs_are_refused(tmp_path: Path) -> None:
    bomb = zipped({"asb.csv": b"surname,upn\n" + f"{PLANTED},1\n".encode() * 8_000_000})
    assert len(bomb) < 1_000_000
    assert "unpacks to more than 100 times its size" in refusal(tmp_path, "asb.csv.zip", bomb)
    limits = Limits(size=5_000_000, ratio=10_000)
    assert "unpacks to more than 5,000,000 bytes" in refusal(tmp_path, "asb.zip", bomb, limits=limits)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"asb.csv": TEXT * 1000}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", len(TEXT))
    assert "the archive is damaged" in refusal(tmp_path, "asb.zip", bytes(data))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"asb.csv": TEXT, "more.csv": TEXT}, "the zip holds 2 files where one is expected. Send each file by itself"),
        ({}, "the zip holds 0 files where one is expected"),
        ({"asb.zip": zipped({"asb.csv": TEXT})}, "the zip holds another archive. Have the file sent plain"),
        ({"asb.csv.gz": gzip.compress(TEXT, mtime=0)}, "the zip holds another archive"),
        ({"asb.csv": zipped({"asb.csv": TEXT})}, "the content is a zip archive"),
        ({"asb.csv": gzip.compress(TEXT, mtime=0)}, "the content is gzip"),
        ({"asb.exe": TEXT}, "the end of the file's name does not say a form"),
        ({"../asb.csv": TEXT}, "a file whose name leads out of the archive"),
        ({"/etc/asb.csv": TEXT}, "a file whose name leads out of the archive"),
        ({"a\\..\\asb.csv": TEXT}, "a file whose name leads out of the archive"),
        ({"C:/asb.csv": TEXT}, "a file whose name leads out of the archive"),
    ],
)
def test_a_zip_of_anything_but_one_plain_file_is_refused(tmp_path: Path, members: dict[str, bytes], said: str) -> None:
    assert said in refusal(tmp_path, "asb.zip", zipped(members))


def test_a_zip_whose_file_is_of_another_form_than_it_says_is_refused(tmp_path: Path) -> None:
    assert "of another form" in refusal(tmp_path, "asb.xlsx.zip", zipped({"asb.csv": TEXT}))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("asb.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "elsewhere.csv")
    assert "it holds a link in place of a file" in refusal(tmp_path, "asb.zip", out.getvalue())


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"asb.csv": TEXT}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert "it is protected by a password. Have it sent without one" in refusal(tmp_path, "asb.zip", bytes(data))


def test_cut_and_damaged_archives_are_refused(tmp_path: Path) -> None:
    text = b"surname,upn\n" + "".join(f"{PLANTED},{row * 7919 % 100003}\n" for row in range(5000)).encode()
    packed, archive = gzip.compress(text, mtime=0), zipped({"asb.csv": text})
    flipped = bytearray(packed)
    flipped[len(packed) // 2] ^= 0x10
    assert "the gzip file is cut short. Get the file again" in refusal(tmp_path, "asb.csv.gz", packed[:-5])
    assert "the gzip file is cut short" in refusal(tmp_path, "asb.csv.gz", packed[: len(packed) // 2])
    assert "the gzip file is damaged" in refusal(tmp_path, "asb.csv.gz", bytes(flipped))
    assert "the gzip file is damaged" in refusal(tmp_path, "asb.csv.gz", packed + b"more")
    assert "cut short or damaged" in refusal(tmp_path, "asb.zip", archive[:-30])
    flipped = bytearray(archive)
    flipped[len(archive) // 2] ^= 0x10
    assert "the archive is damaged" in refusal(tmp_path, "asb.zip", bytes(flipped))


def test_a_gzip_in_a_gzip_is_refused(tmp_path: Path) -> None:
    assert "it is packed twice over" in refusal(tmp_path, "asb.csv.gz", gzip.compress(gzip.compress(TEXT, mtime=0)))


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("asb.csv", gzip.compress(TEXT, mtime=0), "gzip"),
        ("asb.csv", zipped({"asb.csv": TEXT}), "a zip archive (an .xlsx workbook is one too)"),
        ("asb.csv", FORMS["xlsx"], "a zip archive (an .xlsx workbook is one too)"),
        ("asb.csv", FORMS["parquet"], "Parquet"),
        ("asb.parquet", FORMS["xlsx"], "a zip archive (an .xlsx workbook is one too)"),
        ("asb.xlsx", FORMS["parquet"], "Parquet"),
        ("asb.csv.gz", zipped({"asb.csv": TEXT}), "a zip archive (an .xlsx workbook is one too)"),
        ("asb.csv.zip", gzip.compress(TEXT, mtime=0), "gzip"),
        ("asb.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old .xls workbook or one with a password"),
        ("asb.csv", b"%PDF-1.7\n", "a PDF"),
    ],
)
def test_content_of_another_form_than_the_name_says_is_refused(
    tmp_path: Path, name: str, data: bytes, found: str
) -> None:
    assert f"but the content is {found}. " in refusal(tmp_path, name, data)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, "asb.xlsx", zipped({"asb.csv": TEXT}))
    assert "the name says .xlsx but the content is another kind of zip" in message


def test_a_zip_whose_file_has_no_name_is_refused(tmp_path: Path) -> None:
    data = zipped({"QQQQ": TEXT}).replace(b"QQQQ", b"\0QQQ")
    assert "a file whose name leads out of the archive" in refusal(tmp_path, "asb.zip", data)


def test_text_that_begins_like_parquet_is_text(tmp_path: Path) -> None:
    assert cells(read(tmp_path, "asb.csv", b"PAR1,upn\nSmith,007\n")) == EXPECTED
