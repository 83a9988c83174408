"""Parquet into text, and the files and columns that are refused."""

import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.intake.unreadable import Limits
from tests.pipeline.intake.reading_cases import PLANTED, cells, read, refusal


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array(["007", "", None, "NA", " x "]), ["007", None, None, "NA", " x "]),
        (pa.array(["M", None, "F"]).dictionary_encode(), ["M", None, "F"]),
        (pa.array([1, None, 2**62], pa.int64()), ["1", None, str(2**62)]),
        (pa.array([0, 255], pa.uint8()), ["0", "255"]),
        (pa.array([1.0, None, 0.5, float("nan"), -3.0, 1e-7]), ["1", None, "0.5", None, "-3", "0.0000001"]),
        (pa.array([Decimal("5.00"), None, Decimal("5.10")]), ["5", None, "5.1"]),
        (pa.array([True, None, False]), ["TRUE", None, "FALSE"]),
        (pa.array([datetime.date(2013, 9, 2), None]), ["2013-09-02", None]),
        (pa.array([datetime.date(2013, 9, 2), None], pa.date64()), ["2013-09-02", None]),
        (
            pa.array([datetime.datetime(2013, 9, 2), None, datetime.datetime(1899, 9, 2, 10, 30, 5, 999)]),
            ["2013-09-02", None, "1899-09-02 10:30:05"],
        ),
        (
            pa.array([datetime.datetime(2013, 6, 30, 23)], pa.timestamp("ns", "Europe/London")),
            ["2013-07-01"],
        ),
    ],
)
def test_columns_become_text(tmp_path: Path, column: pa.Array, texts: list[str | None]) -> None:
    rows = read(tmp_path, "asb.parquet", parquet({"kept": ["x"] * len(column), "column": column}))
    assert [row[1] for row in cells(rows)] == texts
    assert (rows.form, rows.encoding, rows.separator, rows.sheet) == ("parquet", None, None, None)
    assert rows.row_numbers.tolist() == list(range(2, len(column) + 2))


def test_a_frame_that_pandas_wrote_is_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    frame = pd.DataFrame({" upn ": ["A1", None], "dob": pd.to_datetime(["2013-09-02", None]), "n": [1.0, None]})
    frame.assign(kept="x").to_parquet(out)
    rows = read(tmp_path, "asb.parquet", out.getvalue())
    assert list(rows.frame.columns) == ["upn", "dob", "n", "kept"]
    assert cells(rows) == [("A1", "2013-09-02", "1", "x"), (None, None, None, "x")]


def test_blank_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = read(tmp_path, "asb.parquet", parquet({"a": ["x", None, "y"], "b": [1, None, 2]}))
    assert (cells(rows), rows.row_numbers.tolist()) == ([("x", "1"), ("y", "2")], [2, 4])


def test_columns_with_no_plain_text_are_refused(tmp_path: Path) -> None:
    for column in ([[PLANTED]], [{"a": PLANTED}], [PLANTED.encode()]):
        message = refusal(tmp_path, "asb.parquet", parquet({"upn": ["1"], "other": column}))
        assert "column 2 is of a kind that has no plain text" in message
        assert "Save the column as text or as dates" in message


def test_decimal_numbers_that_are_not_exact_are_refused(tmp_path: Path) -> None:
    for number in (1e15, -1e300, float("inf")):
        message = refusal(tmp_path, "asb.parquet", parquet({"uprn": [1.0, number]}))
        assert "column 1 holds a decimal number that is too large to be exact, or infinite" in message


def test_control_characters_are_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, "asb.parquet", parquet({"upn": ["1", "2"], "surname": ["Smith", f"{PLANTED}\0"]}))
    assert "row 3, column 2 (B): there is a NUL or another control character in a cell. Retype the cell" in message


def test_poor_headings_are_refused(tmp_path: Path) -> None:
    alike = pa.Table.from_arrays([pa.array([PLANTED])] * 2, names=["Upn", "upn "])
    out = io.BytesIO()
    pq.write_table(alike, out)
    assert "columns 1 (A) and 2 (B) have the same heading" in refusal(tmp_path, "asb.parquet", out.getvalue())
    unheaded = parquet({"": [PLANTED], "upn": ["1"]})
    assert "column 1 (A) has data and no heading" in refusal(tmp_path, "asb.parquet", unheaded)


def test_no_rows_and_no_columns_are_refused(tmp_path: Path) -> None:
    empty = parquet({"surname": pa.array([], pa.string())})
    assert "there are headings and no rows" in refusal(tmp_path, "asb.parquet", empty)
    assert "there are no headings" in refusal(tmp_path, "asb.parquet", parquet({}))


def test_cut_and_damaged_files_are_refused(tmp_path: Path) -> None:
    data = parquet({"surname": [f"{PLANTED} {row}" for row in range(2000)]}, write_page_checksum=True)
    assert "the Parquet file is cut short. Get the file again" in refusal(tmp_path, "asb.parquet", data[:-1])
    assert "the Parquet file is cut short" in refusal(tmp_path, "asb.parquet", data[:2000])
    assert "cut short or damaged" in refusal(tmp_path, "asb.parquet", data[:2000] + data[2500:])
    flipped = bytearray(data)
    flipped[1000] ^= 1
    assert "the Parquet file is cut short or damaged" in refusal(tmp_path, "asb.parquet", bytes(flipped))
    assert "cut short" in refusal(tmp_path, "asb.parquet", b"PAR1PAR1")


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    data = parquet({"surname": pa.array([PLANTED] * 1_000_000)})
    assert len(data) < 100_000
    assert "unpacks to more than 1,000,000 bytes" in refusal(tmp_path, "asb.parquet", data, limits=Limits(size=10**6))
    assert "more cells than are read" in refusal(tmp_path, "asb.parquet", data, limits=Limits(cells=100_000))
