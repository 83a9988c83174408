"""Freezes a family's members and evidence on the first day its eligibility is evidenced; changes no frozen row."""

from typing import NamedTuple

import pandas as pd

from criteria.assess import Assessment
from criteria.facts import People
from criteria.history import History, Lineage
from schemas.columns import TEXT, columns_of
from schemas.programme import SnapshotEvidence, Snapshots
from schemas.words import Attribution


class Kept(NamedTuple):
    """Snapshots and their evidence: those of earlier washes as they were, and the new ones after them."""

    snapshots: pd.DataFrame
    evidence: pd.DataFrame

    def add(self, other: "Kept") -> "Kept":
        """These, with those of another."""
        return Kept(stack(self.snapshots, other.snapshots), stack(self.evidence, other.evidence))


class Before(NamedTuple):
    """What is known before cases are listed: snapshots so far, the previous run, who became whom, and the day."""

    kept: Kept
    history: History
    lineage: Lineage
    as_of: pd.Timestamp


def families_in(kept: Kept) -> int:
    """How many snapshots of a family there are."""
    return len(kept.snapshots[["family_id", "eligible_on"]].drop_duplicates())


def keep_snapshots(people: People, assessed: Assessment, history: History, *, as_of: pd.Timestamp) -> Kept:
    """The carried snapshots, and one of each listed family that has none yet, as of this wash.

    Which people make a family is not said in any source; what is frozen is the household on that day.
    """
    before = Kept(history.snapshots, history.snapshot_evidence)
    listed = assessed.families[["family_id", "household_id", "rule"]]
    new = listed[~listed["family_id"].isin(before.snapshots["family_id"])]
    return before.add(freeze(new.assign(eligible_on=as_of), people, assessed.evidence, Attribution.WASH))


def freeze(families: pd.DataFrame, people: People, evidence: pd.DataFrame, by: Attribution) -> Kept:
    """Snapshots of families (family_id, household_id, rule, eligible_on) as `people` and `evidence` have them."""
    homes = people.households.loc[people.households["household_id"].isin(families["household_id"]),
                                  ["household_id", "address", "postcode"]]
    lives = people.members[people.members["household_id"].isin(families["household_id"])]
    known = people.people.loc[people.people["person_id"].isin(lives["person_id"]), ["person_id", "date_of_birth"]]
    rows = families.merge(homes, on="household_id").merge(
        lives[["household_id", "person_id", "role", "basis", "confidence"]], on="household_id").merge(
        known, how="left", on="person_id")
    rows = rows.assign(evidenced_by=pd.Series(str(by), index=rows.index, dtype=TEXT))
    facts = evidence.merge(families[["family_id", "household_id", "eligible_on"]], on="household_id")
    return Kept(_in_order(rows, Snapshots, "person_id"), _in_order(facts, SnapshotEvidence, "evidence_id"))


def _in_order(rows: pd.DataFrame, model: type[Snapshots] | type[SnapshotEvidence], last: str) -> pd.DataFrame:
    return rows.sort_values(["family_id", "eligible_on", last], ignore_index=True).loc[:, list(columns_of(model))]


def stack(*frames: pd.DataFrame) -> pd.DataFrame:
    """Frames of the same columns one after another; an empty one has no say in the kinds of columns."""
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else frames[0]
