"""What the previous run knew of the families on the programme, and who became whom since; decides no verdict."""

from typing import NamedTuple

import pandas as pd

from schemas.columns import TEXT, empty_table
from schemas.linked import Households
from schemas.programme import Cases, FamilyEvents, PanelHistory, Services, SnapshotEvidence, Snapshots
from schemas.published import MasterList
from schemas.words import FamilyEvent


EARLIER = {"claim_id": TEXT, "claimed_on": "datetime64[ns]", "family_ref": TEXT, "family_id": TEXT, "route": TEXT,
           "amount": "Int64", "rate_year": TEXT, "person_id": TEXT}
"""Columns of earlier claims: a row for each person of a claim; what is not known is empty."""

CHANGES = ("kind", "id", "previous_id", "change")


def no_earlier_claims() -> pd.DataFrame:
    """The frame of earlier claims without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in EARLIER.items()})


def no_changes() -> pd.DataFrame:
    """The frame of changed ids without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=TEXT) for name in CHANGES})


class History(NamedTuple):
    """Tables of the previous run, as `schemas` has them, each empty where there was none.

    Ids are those of the previous run; `changes` (kind, id, previous_id, change: merged or split) says what became of
    them in this one. `earlier` holds earlier claims, with the person ids of this run (`EARLIER`).
    """

    snapshots: pd.DataFrame = empty_table(Snapshots)
    snapshot_evidence: pd.DataFrame = empty_table(SnapshotEvidence)
    family_events: pd.DataFrame = empty_table(FamilyEvents)
    cases: pd.DataFrame = empty_table(Cases)
    master_list: pd.DataFrame = empty_table(MasterList)
    households: pd.DataFrame = empty_table(Households)
    panel_history: pd.DataFrame = empty_table(PanelHistory)
    services: pd.DataFrame = empty_table(Services)
    earlier: pd.DataFrame = no_earlier_claims()
    changes: pd.DataFrame = no_changes()

    def merged(self, kind: str) -> dict[str, str]:
        """Ids of the previous run that live on under another one since: the old id and the new."""
        rows = self.changes[(self.changes["kind"] == kind) & (self.changes["change"] == "merged")]
        return dict(zip(rows["previous_id"], rows["id"], strict=True))

    def split(self) -> dict[str, str]:
        """Families of this run that were part of another one before: the new id and the old."""
        rows = self.changes[(self.changes["kind"] == "family") & (self.changes["change"] == "split")]
        return dict(zip(rows["id"], rows["previous_id"], strict=True))


class Lineage(NamedTuple):
    """Who became whom over all the washes: ids that were ever given up, and the one each lives on under today.

    `parents`: for each family the earlier ones that went into it or that it was split from, nearest first.
    """

    people: dict[str, str]
    families: dict[str, str]
    parents: dict[str, tuple[str, ...]]


def trace_lineage(history: History) -> Lineage:
    """Put this run's changes after those that the events of earlier washes tell."""
    told = history.family_events
    people = _told(told, FamilyEvent.SAME_PERSON, "person_id") | history.merged("person")
    families = _told(told, FamilyEvent.MERGED, "family_id") | history.merged("family")
    split = told.loc[told["event"] == FamilyEvent.SPLIT, ["detail", "family_id"]]
    from_whom = dict(zip(split["detail"], split["family_id"], strict=True)) | history.split()
    return Lineage(_to_the_end(people), _to_the_end(families), _parents(families, from_whom))


def _told(events: pd.DataFrame, event: FamilyEvent, column: str) -> dict[str, str]:
    rows = events[events["event"] == event].sort_values("seen_on", kind="stable")
    return dict(zip(rows[column], rows["detail"], strict=True))


def _to_the_end(steps: dict[str, str]) -> dict[str, str]:
    """Each id with the last one on its way."""
    ends = {}
    for start in steps:
        seen, here = {start}, steps[start]
        while here in steps and here not in seen:
            seen.add(here)
            here = steps[here]
        ends[start] = here
    return ends


def _parents(merged: dict[str, str], split: dict[str, str]) -> dict[str, tuple[str, ...]]:
    before: dict[str, list[str]] = {}
    for old, new in sorted([*merged.items(), *((old, new) for new, old in split.items())]):
        before.setdefault(new, []).append(old)
    return {family: _ancestors(family, before) for family in before}


def _ancestors(family: str, before: dict[str, list[str]]) -> tuple[str, ...]:
    found: list[str] = []
    waiting = list(before[family])
    while waiting:
        nearest = waiting.pop(0)
        if nearest != family and nearest not in found:
            found.append(nearest)
            waiting += before.get(nearest, [])
    return tuple(found)
