"""A run's tables against a borough's truth: people and households as pairs, families and verdicts one by one."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.washing import Washed


CHILD = "#child"
"""How the record of the child in a row of contacts ends."""
SHARED = ("hmo", "hostel", "refuge", "childrens_home", "care_home")


class Score(NamedTuple):
    """Precision, recall and their harmonic mean; `counts` are found and right, found, right."""

    precision: float
    recall: float
    counts: tuple[int, int, int]

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-12)


@dataclass(frozen=True)
class Truth:
    """The truth tables of a borough."""

    records: pd.DataFrame
    members: pd.DataFrame
    households: pd.DataFrame
    verdicts: pd.DataFrame
    eligible: pd.DataFrame

    @staticmethod
    def read(folder: Path) -> "Truth":
        """From the folder that `write_borough` wrote."""
        names = ("records", "members", "households", "verdicts", "eligible")
        return Truth(**{name: pd.read_parquet(folder / "truth" / f"{name}.parquet") for name in names})


def score(both: int, found: int, right: int) -> Score:
    """From counts."""
    return Score(both / max(found, 1), both / max(right, 1), (both, found, right))


def pair_score(found: pd.Series, right: pd.Series) -> Score:
    """Over pairs of rows: together in `found` against together in `right`."""
    frame = pd.DataFrame({"found": found.to_numpy(), "right": right.to_numpy()})
    both = frame.groupby(["found", "right"]).size()
    return score(_pairs(both), _pairs(frame.groupby("found").size()), _pairs(frame.groupby("right").size()))


def _pairs(sizes: pd.Series) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def record_people(washed: Washed, truth: Truth) -> pd.DataFrame:
    """Every record of the run that names somebody: `found` (its person in the run), `right` (the true person)."""
    owners = washed.table("person_records")
    rows = owners.merge(truth.records, on=["extract", "file", "row_number"], suffixes=("", "_true"))
    of_child = rows["record_id"].astype(str).str.endswith(CHILD)
    right = np.where(of_child, rows["child_person_id"], rows["person_id_true"])
    return pd.DataFrame({"found": rows["person_id"].astype(str), "right": right}).dropna()


def _most(frame: pd.DataFrame, by: str, value: str) -> pd.Series:
    """For each `by`, the value that comes most often (of several, the first by name)."""
    counted = frame.groupby([by, value]).size().rename("count").reset_index()
    counted = counted.sort_values([by, "count", value], ascending=[True, False, True])
    return counted.drop_duplicates(by).set_index(by)[value]


class Matched(NamedTuple):
    """The run's people and households beside the true ones.

    people: person_id, true_person, household_id, true_household. homes: household_id to the true household that most of
    its members belong to.
    """

    people: pd.DataFrame
    homes: pd.Series


def match_homes(washed: Washed, truth: Truth, records: pd.DataFrame) -> Matched:
    """Line up the run's people and households with the truth through their records."""
    true_person = _most(records, "found", "right")
    members = washed.table("members")[["person_id", "household_id"]].astype(str)
    people = members.assign(true_person=members["person_id"].map(true_person)).dropna()
    homes = truth.members.set_index("person_id")["household_id"]
    people = people.assign(true_household=people["true_person"].map(homes))
    return Matched(people, _most(people, "household_id", "true_household"))


def household_scores(matched: Matched, truth: Truth) -> dict[str, Score]:
    """Pairs of people who live together on the as-of date: all, and without addresses that many households share."""
    one = matched.people.drop_duplicates("true_person")
    kind = one["true_household"].map(truth.households.set_index("household_id")["kind"])
    ordinary = one[~kind.isin(SHARED)]
    return {
        "all": pair_score(one["household_id"], one["true_household"]),
        "ordinary": pair_score(ordinary["household_id"], ordinary["true_household"]),
    }


def family_score(washed: Washed, truth: Truth, matched: Matched) -> Score:
    """Families on the master list against the households that the extracts show to be eligible."""
    listed = washed.table("master_list")["household_id"].astype(str).map(matched.homes)
    right = set(truth.eligible.loc[truth.eligible["eligible"], "household_id"])
    both = len(right & set(listed.dropna()))
    return score(both, len(listed), len(right))


def verdict_table(washed: Washed, truth: Truth, matched: Matched) -> pd.DataFrame:
    """`criterion, found, right` for each household with a child that the run knows, once for each true household."""
    homes = washed.table("households").dropna(subset=["family_id"])["household_id"].astype(str)
    at_home = matched.people["true_household"] == matched.people["household_id"].map(matched.homes)
    size = matched.people[at_home].groupby("household_id").size()
    frame = pd.DataFrame({"household_id": homes, "true": homes.map(matched.homes), "size": homes.map(size)}).dropna()
    frame = frame.sort_values(["true", "size", "household_id"], ascending=[True, False, True]).drop_duplicates("true")
    found = washed.table("verdicts")[["household_id", "criterion", "verdict"]].astype(str).merge(frame)
    right = truth.verdicts.rename(columns={"household_id": "true", "verdict": "right"})
    both = found.merge(right[["true", "criterion", "right"]], on=["true", "criterion"])
    return both.rename(columns={"verdict": "found"})
