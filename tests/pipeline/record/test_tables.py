"""A table on disk: kinds survive, rows are sorted by key, the digest is of what it says."""

from datetime import date

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.record.tables import read_table, to_arrow, write_table
from schemas.columns import TEXT
from schemas.errors import IntegrityError
from schemas.linked import Members, People


KEY = ("person_id",)


def people(*ids: str, born: str | None = "2001-02-03") -> pd.DataFrame:
    frame = People.empty().reindex(range(len(ids)))
    frame["person_id"] = pd.array(ids, dtype=TEXT)
    frame["surname"] = pd.array([f"Of {person}" for person in ids], dtype=TEXT)
    frame["date_of_birth"] = pd.to_datetime([born] * len(ids))
    frame["records"] = pd.array([2] * len(ids), dtype="Int64")
    return frame.astype(People.empty().dtypes.to_dict())


def test_kinds_survive_and_dates_are_dates_on_disk(tmp_path) -> None:
    write_table(tmp_path, "people", people("P2", "P1"), People, KEY)
    back = read_table(tmp_path / "people.parquet")
    assert list(back["person_id"]) == ["P1", "P2"]
    assert back.dtypes.to_dict() == People.empty().dtypes.to_dict()
    assert pq.read_table(tmp_path / "people.parquet")["date_of_birth"][0].as_py() == date(2001, 2, 3)


def test_the_digest_does_not_depend_on_row_order_or_categories(tmp_path) -> None:
    one = write_table(tmp_path, "people", people("P2", "P1"), People, KEY)
    two = write_table(tmp_path, "people", people("P1", "P2"), People, KEY)
    other = write_table(tmp_path, "people", people("P1", "P3"), People, KEY)
    assert one == two
    assert one.logical_digest != other.logical_digest


def test_empty_text_and_no_text_have_other_digests(tmp_path) -> None:
    empty, missing = people("P1"), people("P1")
    empty["forename"] = pd.array([""], dtype=TEXT)
    digests = {write_table(tmp_path, "people", frame, People, KEY).logical_digest for frame in (empty, missing)}
    assert len(digests) == 2


def test_a_frame_that_breaks_its_model_is_refused_without_its_values(tmp_path) -> None:
    frame = people("P1", "P1")
    frame["sex"] = pd.array(["Mxyzzy", "F"], dtype=TEXT)
    with pytest.raises(IntegrityError) as raised:
        write_table(tmp_path, "people", frame, People, KEY)
    assert "people" in str(raised.value)
    assert "sex" in str(raised.value)
    assert "Mxyzzy" not in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_an_empty_table_keeps_its_columns(tmp_path) -> None:
    record = write_table(tmp_path, "members", Members.empty(), Members, ("household_id", "person_id"))
    assert record.rows == 0
    assert list(read_table(tmp_path / "members.parquet").columns) == list(Members.to_schema().columns)


def test_a_flipped_byte_in_a_page_is_noticed(tmp_path) -> None:
    write_table(tmp_path, "people", people(*[f"P{n:05d}" for n in range(2000)]), People, KEY)
    path = tmp_path / "people.parquet"
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(OSError, match="(?i)checksum|crc|corrupt|decompress|thrift"):
        read_table(path)


def test_categories_are_kept_small() -> None:
    frame = pd.DataFrame({"file": pd.Categorical(["a.csv", "b.csv", "a.csv"])})
    assert str(to_arrow(frame).schema.field("file").type).startswith("dictionary")
