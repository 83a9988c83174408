"""The sample washed and held against its own truth: the right families, the right verdicts, the planted bad rows."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.prepare import Request
from pipeline.wash import wash_extracts


SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def truth(name: str) -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "truth" / f"{name}.csv", dtype={"row_number": "Int64"})


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    return wash_extracts(Request(SAMPLE, date(2013, 9, 30), tmp_path_factory.mktemp("outputs"))).folder


def table(run: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(run / "tables" / f"{name}.parquet")


def most(frame: pd.DataFrame, by: str, value: str) -> pd.Series:
    """For each `by` the commonest `value`."""
    counted = frame.groupby([by, value]).size().reset_index(name="count").sort_values([by, "count", value])
    return counted.drop_duplicates(by, keep="last").set_index(by)[value]


@pytest.fixture(scope="module")
def true_home(run: Path) -> pd.Series:
    """The true household that most of a household's people belong to."""
    records = table(run, "person_records")
    records = records[~records["record_id"].str.endswith("#child")]
    known = records.merge(truth("records"), on=["extract", "file", "row_number"], suffixes=("", "_true"))
    person = most(known.dropna(subset=["person_id_true"]), "person_id", "person_id_true")
    members = table(run, "members").assign(true=lambda frame: frame["person_id"].map(person))
    lives = truth("members").set_index("person_id")["household_id"]
    return most(members.assign(home=members["true"].map(lives)).dropna(), "household_id", "home")


def test_the_master_list_holds_the_families_that_qualify_and_no_others(run: Path, true_home: pd.Series) -> None:
    eligible = truth("eligible").query("eligible")["household_id"]
    listed = table(run, "master_list")["household_id"].map(true_home)
    assert len(listed) > 10
    assert set(listed) == set(eligible)


def test_verdicts_are_the_best_that_the_extracts_can_tell(run: Path, true_home: pd.Series) -> None:
    homes = table(run, "households").dropna(subset=["family_id"])
    told = table(run, "verdicts").merge(homes[["household_id"]])
    told = told.assign(home=told["household_id"].map(true_home)).drop_duplicates(["home", "criterion"])
    both = told.merge(truth("verdicts"), left_on=["home", "criterion"], right_on=["household_id", "criterion"])
    share = (both["verdict_x"] == both["verdict_y"]).groupby(both["criterion"]).mean()
    assert len(both) > 1500
    assert (share >= 0.98).all(), share.to_dict()


def test_every_listed_family_has_evidence_for_each_criterion_it_meets(run: Path) -> None:
    evidence = table(run, "evidence")
    shown = set(
        zip(*(evidence.loc[evidence["met"].eq(True), name] for name in ("household_id", "criterion")), strict=True)
    )
    for family in table(run, "master_list").to_dict("records"):
        for criterion in ("crime_asb", "education", "work", "local"):
            assert family[criterion] != "met" or (family["household_id"], criterion) in shown


def test_what_is_quarantined_was_planted_to_be(run: Path) -> None:
    """A planted mistake in the word for a term does not show in the census, whose file names say the term."""
    planted = truth("records").query("note == 'broken'")[["extract", "file", "row_number"]]
    rejected = table(run, "quarantine")[["extract", "file", "row_number"]]
    unseen = set(map(tuple, planted.to_numpy())) - set(map(tuple, rejected.to_numpy()))
    assert set(map(tuple, rejected.to_numpy())) < set(map(tuple, planted.to_numpy()))
    assert {extract for extract, _, _ in unseen} == {"attendance"}
    assert len(rejected) > 10
