"""Rows of a published run by key: the same whether a table is kept in memory or too large for that."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.record import rows
from pipeline.record.rows import hold_tables, rows_with


PEOPLE = {"person_id": ["P2", "P1", "P3", "P1"], "born": pd.to_datetime(["2001-02-03", None, None, "2000-01-01"])}


@pytest.fixture(params=["kept", "large"])
def run(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a run with one table."""
    (tmp_path / "tables").mkdir()
    pq.write_table(pa.table(PEOPLE), tmp_path / "tables" / "people.parquet")
    rows._held.cache_clear()
    if request.param == "large":
        monkeypatch.setattr(rows, "LARGEST_HELD", 0)
    return tmp_path


def test_rows_are_found_by_key_in_the_order_of_the_table(run: Path) -> None:
    found = rows_with(run, "people", "person_id", ["P1", "P2", "P9"])
    assert found["person_id"].tolist() == ["P2", "P1", "P1"]
    assert found["born"].dt.year.tolist()[::2] == [2001, 2000]
    assert len(rows_with(run, "people", "person_id", [])) == 0


def test_only_tables_that_are_not_large_are_held(run: Path) -> None:
    hold_tables(run)
    assert rows._held.cache_info().currsize == (rows.LARGEST_HELD > 0)
