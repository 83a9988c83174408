"""What became of the families of the list before: told once, and in the words that the lists show."""

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.change import family_changes, left_list
from pipeline.config import Settings
from pipeline.record.run import Run
from pipeline.record.tables import to_arrow
from schemas.columns import TEXT


def told(columns: str, *rows: str) -> pd.DataFrame:
    """A table of text, each row a line of words; a dash is nothing."""
    values = [[None if word == "-" else word for word in row.split()] for row in rows]
    return pd.DataFrame(values, columns=columns.split(), dtype=TEXT)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A month after a list of F1 to F4: F2 became part of F1, F3 came apart, and F4 does not meet `work` any more."""
    before = told("family_id work", "F1 met", "F2 met", "F3 met", "F4 met")
    now = {
        "identity_changes": told("kind previous_id id change", "family F2 F1 merged", "family F3 F6 split"),
        "households": told("family_id household_id", "F1 H1", "F3 H3", "F4 H4", "F5 H5", "F6 H6", "- H7"),
        "verdicts": told("household_id criterion verdict", "H1 work met", "H3 work met", "H4 work not_met",
                         "H5 work met", "H6 work unknown"),
    }
    for folder, tables in (("before", {"master_list": before}), ("now.part", now)):
        (tmp_path / folder / "tables").mkdir(parents=True)
        for name, table in tables.items():
            pq.write_table(to_arrow(table), tmp_path / folder / "tables" / f"{name}.parquet")
    return Run(
        folder=tmp_path / "now.part",
        outputs=tmp_path,
        run_id="r",
        base_id="b",
        as_of=date(2013, 10, 31),
        settings=Settings(),
        settings_file=None,
        sources=(),
        not_read=(),
        without=(),
        previous=tmp_path / "before",
        judgements=None,
    )


def test_a_family_that_became_part_of_another_is_merged_and_one_that_came_apart_is_split(run: Run) -> None:
    master = told("family_id", "F1", "F3", "F5")
    changes = family_changes(run, master, left_list(run, master)).astype(object)
    assert changes.where(changes.notna(), None).to_numpy().tolist() == [
        ["F1", "continuing", None, None],
        ["F2", "merged", "F1", None],
        ["F3", "split", "F3;F6", None],
        ["F4", "left", None, "work: no longer met"],
        ["F5", "new", None, None],
    ]


def test_of_a_family_that_is_gone_the_list_says_into_what(run: Run) -> None:
    left = left_list(run, told("family_id", "F1", "F3", "F5"))
    assert left["lapsed"].tolist() == ["merged into F1", "work: no longer met"]
    assert left["household_id"].fillna("none").tolist() == ["none", "H4"]
