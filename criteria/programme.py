"""From list to claim: the second public call, after `assess`; decides the order in which the parts are judged."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from criteria.assess import Assessment
from criteria.caseload import read_caseload
from criteria.cases import Before, Listed, list_cases
from criteria.events import tell_events
from criteria.facts import Facts, People
from criteria.framework import Framework
from criteria.history import History, trace_lineage
from criteria.small_world import facts_of, people_of
from criteria.snapshots import keep_snapshots


class Followed(NamedTuple):
    """What follows the list: frames as in `schemas.programme`, and counts.

    snapshots, snapshot_evidence and family_events hold those of earlier washes unchanged, and the new ones after them.
    """

    cases: pd.DataFrame
    case_members: pd.DataFrame
    snapshots: pd.DataFrame
    snapshot_evidence: pd.DataFrame
    family_events: pd.DataFrame
    counts: dict[str, int]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The frames by the names of their tables."""
        return {name: frame for name, frame in self._asdict().items() if name != "counts"}


def follow(
    people: People, facts: Facts, assessed: Assessment, history: History, rules: Framework, *, as_of: date
) -> Followed:
    """Follow listed families and cases on a date. Pure, like `assess`; works on the caseload's people alone."""
    day = pd.Timestamp(as_of).as_unit("ns")
    lineage = trace_lineage(history)
    caseload = read_caseload(facts, people, as_of=day)
    kept = keep_snapshots(people, assessed, history, as_of=day)
    listed = list_cases(caseload, people, facts, Before(kept, history, lineage, day), rules)
    listing = assessed.families["family_id"]
    events = tell_events(listed.kept.snapshots, people, listing, listed.cases, history, lineage, as_of=day)
    new = len(events) - len(history.family_events)
    counts = {**listed.counts, "snapshots_taken": _families(listed.kept.snapshots) - _families(history.snapshots),
              "family_events_told": new}
    return Followed(listed.cases, listed.members, listed.kept.snapshots, listed.kept.evidence, events, counts)


def _families(snapshots: pd.DataFrame) -> int:
    return len(snapshots[["family_id", "eligible_on"]].drop_duplicates())


def world_of_cases(people: People, facts: Facts, listed: Listed, as_of: pd.Timestamp) -> tuple[People, Facts]:
    """Everybody of a case, in the homes they live in today, and what the extracts say of them: a small world."""
    theirs = people.members[people.members["person_id"].isin(listed.members["person_id"])]
    homes = pd.concat([theirs["household_id"], listed.cases["household_id"].dropna()]).drop_duplicates()
    there = people_of(people, homes)
    small = People(there.people[there.people["person_id"].isin(theirs["person_id"])], there.households, theirs)
    return small, facts_of(facts, small, as_of=as_of)
