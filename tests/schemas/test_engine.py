"""The database engine reads what it is handed and no file, and writes nothing but its spill, where it may."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from schemas.engine import CLOSED, open_engine, spilling_into


ROWS = 400_000
SHORT = CLOSED | {"memory_limit": "20MB", "threads": 1}
"""Settings of an engine that cannot hold that many names at once."""
NEEDED = "SELECT count(*) FROM (SELECT name, row_number() OVER (ORDER BY name) AS place FROM handed)"


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_engine() as opened:
        yield opened


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "ATTACH '{file}' AS other",
        "COPY (SELECT 1) TO '{file}.out'",
        "EXPORT DATABASE '{file}.out'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_text('https://council.example/list')",
        "SET enable_external_access = true",
        "SET temp_directory = '{file}.out'",
        "SET lock_configuration = false",
        "SELECT * FROM glob('/*')",
    ],
)
def test_no_query_reaches_a_file_an_address_or_a_setting(
    engine: duckdb.DuckDBPyConnection, asked: str, tmp_path: Path
) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("name\nAshdown\n", encoding="utf-8")
    with pytest.raises(duckdb.Error):
        engine.sql(asked.format(file=file))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def _names() -> pa.Table:
    return pa.table({"name": pa.array([f"a surname of some length {place * 7919 % ROWS}" for place in range(ROWS)])})


def test_what_memory_does_not_hold_goes_where_the_work_says_and_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("schemas.engine.CLOSED", SHORT)
    spill = tmp_path / "spill"
    with spilling_into(spill), open_engine() as engine:
        engine.register("handed", _names())
        assert engine.sql(NEEDED).fetchall() == [(ROWS,)]
    assert list(tmp_path.iterdir()) == []
    spill.write_text("in the way", encoding="utf-8")
    with spilling_into(spill), open_engine() as engine, pytest.raises(duckdb.IOException, match="spill"):
        engine.register("handed", _names())
        engine.sql(NEEDED).fetchall()


def test_where_no_place_is_named_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("schemas.engine.CLOSED", SHORT)
    with open_engine() as engine, pytest.raises(duckdb.OutOfMemoryException):
        engine.register("handed", _names())
        engine.sql(NEEDED).fetchall()
    assert list(tmp_path.iterdir()) == []
