"""From list to claim: the second public call, after `assess`; decides the order in which the parts are judged."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from criteria.assess import Assessment
from criteria.caseload import read_caseload
from criteria.cases import Listed, concerned, list_cases
from criteria.claims import judge_claims
from criteria.entry import entry_evidence
from criteria.events import tell_events
from criteria.facts import Facts, People, Placed, Roster, make_roster, place_facts
from criteria.framework import Framework
from criteria.history import History, trace_lineage
from criteria.outcomes_plan import judge_plan
from criteria.results import judge_results
from criteria.small_world import facts_of, people_of
from criteria.snapshots import Before, keep_snapshots, stack
from schemas.words import Route


class Followed(NamedTuple):
    """What follows the list: frames as in `schemas.programme`, and counts.

    snapshots, snapshot_evidence and family_events hold those of earlier washes unchanged, and the new ones after them.
    """

    cases: pd.DataFrame
    case_members: pd.DataFrame
    snapshots: pd.DataFrame
    snapshot_evidence: pd.DataFrame
    family_events: pd.DataFrame
    results: pd.DataFrame
    claims: pd.DataFrame
    claim_blocks: pd.DataFrame
    counts: dict[str, int]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The frames by the names of their tables."""
        return {name: frame for name, frame in self._asdict().items() if name != "counts"}


def follow(
    people: People, facts: Facts, assessed: Assessment, history: History, rules: Framework, *, as_of: date
) -> Followed:
    """Follow listed families and cases on a date. Pure, like `assess`; works on the caseload's people alone."""
    day = pd.Timestamp(as_of).as_unit("ns")
    before = Before(keep_snapshots(people, assessed, history, as_of=day), history, trace_lineage(history), day)
    caseload = read_caseload(facts, people, as_of=day)
    theirs = facts_of(facts, concerned(caseload, people, before), caseload.cases["household_id"].dropna(), as_of=day)
    listed = list_cases(caseload, people, theirs, before, rules)
    events = tell_events(people, assessed.families["family_id"], listed, before)
    entry = entry_evidence(listed.cases, listed.kept.evidence, before.lineage)
    roster, placed = _place(people, theirs, listed, before, rules)
    results = judge_results(listed.cases, listed.members, placed, roster, rules, entry=entry)
    if rules.outcomes_plan:
        results = stack(results, judge_plan(listed.cases, listed.members, entry, placed, roster, rules))
    claimed = judge_claims(
        listed.cases, listed.members, results, history.earlier, rules, as_of=as_of, evidence=entry,
        referred_only=assessed.families.loc[assessed.families["route"] == Route.REFERRAL, "family_id"],
        untraced=_untraced(placed, roster, rules))
    counts = listed.counts | claimed.counts | {"family_events_told": len(events) - len(history.family_events)}
    return Followed(listed.cases, listed.members, *listed.kept, events, results, claimed.states, claimed.blocks, counts)


def _place(
    people: People, facts: Facts, listed: Listed, before: Before, rules: Framework
) -> tuple[Roster, Placed]:
    """Everybody of a case, in the homes they live in today, and what the extracts say of them, by position."""
    theirs = people.members[people.members["person_id"].isin(listed.members["person_id"])]
    homes = pd.concat([theirs["household_id"], listed.cases["household_id"].dropna()]).drop_duplicates()
    there = people_of(people, homes)
    small = People(there.people[there.people["person_id"].isin(theirs["person_id"])], there.households, theirs)
    roster = make_roster(small, before.as_of.date(), rules.work.adult_from_age.value)
    return roster, place_facts(facts, roster)


def _untraced(placed: Placed, roster: Roster, rules: Framework) -> pd.Series:
    """The people whose last answer from DWP settles nothing."""
    rows = placed.rows("dwp_benefits", ("status", "as_at"))
    if rows is None:
        return roster.person_id.iloc[:0]
    rows = rows[(rows["member"] >= 0) & (rows["as_at"] <= pd.Timestamp(roster.as_of))]
    last = rows[rows["as_at"] == rows.groupby("member")["as_at"].transform("max")]
    settled = last.loc[~last["status"].isin(rules.dwp.unsettled_statuses.value), "member"]
    return roster.person_id.take(last.loc[~last["member"].isin(settled), "member"].unique())
