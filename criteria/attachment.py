"""Looks again at a case on the day it was attached, with the facts of that day; judges by the same call as a wash.

Households of which the same school terms and the same criteria are looked at are judged at once, each on its own day.
"""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from criteria.assess import judge_day
from criteria.calendar import current_term_start, last_complete_terms
from criteria.days import judged_on
from criteria.facts import Facts, People, Placed, Roster, make_roster, place_facts
from criteria.framework import Framework
from criteria.history import History
from criteria.small_world import people_of
from criteria.snapshots import Kept, freeze, stack
from schemas.columns import TEXT
from schemas.words import Attribution, Criterion, Verdict


class Seen(NamedTuple):
    """What looking again says: household_id, attached_on, verdict; and snapshots of the families that were eligible."""

    verdicts: pd.DataFrame
    kept: Kept


def look_again(wanted: pd.DataFrame, people: People, facts: Facts, rules: Framework) -> Seen:
    """Judge each household of `wanted` (household_id, attached_on) as of the day of attachment.

    The household is as it is today: who lived there then is in no extract.
    """
    there = people_of(people, wanted["household_id"])
    seen = [_look(days, there, facts, rules) for days in _at_once(wanted, rules)]
    empty = History()
    kept = Kept(stack(empty.snapshots, *(one.kept.snapshots for one in seen)),
                stack(empty.snapshot_evidence, *(one.kept.evidence for one in seen)))
    return Seen(stack(_no_verdicts(), *(one.verdicts for one in seen)), kept)


def _at_once(wanted: pd.DataFrame, rules: Framework) -> list[pd.DataFrame]:
    """Parts of `wanted` that can be judged at once; a household that is wanted on several days is in several parts."""
    ordered = wanted.sort_values(["attached_on", "household_id"], ignore_index=True)
    again = ordered.groupby("household_id").cumcount()
    kinds = {day: _looked_at(pd.Timestamp(day).date(), rules) for day in ordered["attached_on"].unique()}
    keys = [(kinds[day], turn) for day, turn in zip(ordered["attached_on"], again, strict=True)]
    number = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return [part for _, part in ordered.groupby([number[key] for key in keys], sort=True)]


def _looked_at(day: date, rules: Framework) -> tuple[Any, ...]:
    """What, beside the day itself, decides how a household is judged on it."""
    listed = (*rules.local_criteria, *(one for name in Criterion for one in rules.indicators_of(name)))
    in_force = tuple(one.is_in_force(day) for one in listed)
    return last_complete_terms(day, rules), current_term_start(day, rules), in_force


def _look(wanted: pd.DataFrame, people: People, facts: Facts, rules: Framework) -> Seen:
    days = wanted.set_index("household_id")["attached_on"]
    some = people_of(people, wanted["household_id"])
    roster = make_roster(some, days.min().date(), rules.work.adult_from_age.value, days)
    judged, outcome = judge_day(_known_then(place_facts(facts, roster), roster), roster, rules)
    verdict = np.select([outcome.eligible, outcome.undetermined], [Verdict.MET, Verdict.UNKNOWN], Verdict.NOT_MET)
    homes = roster.households[["family_id", "household_id"]].assign(
        attached_on=roster.day, verdict=pd.Series(verdict, dtype=TEXT), rule=pd.Series(outcome.rule, dtype=TEXT))
    eligible = homes[outcome.eligible].rename(columns={"attached_on": "eligible_on"})
    told = homes[list(_no_verdicts().columns)]
    return Seen(told, freeze(eligible.drop(columns="verdict"), some, judged.evidence, Attribution.ATTACHMENT))


def _known_then(placed: Placed, roster: Roster) -> Placed:
    """What DWP said later of a benefit that had begun by the household's day counts as said on that day.

    Every criterion leaves out rows that are dated after its day, so that nothing else need be taken away.
    """
    answers = placed.tables.get("dwp_benefits")
    if answers is None:
        return placed
    day = pd.Series(judged_on(roster, placed.home["dwp_benefits"]), index=answers.index)
    spell = (answers["as_at"] > day) & (answers["start_date"] <= day) & (answers["status"] == "on_benefit")
    ran = spell & (answers["end_date"].isna() | (answers["end_date"] >= day))
    moved = answers.assign(as_at=answers["as_at"].mask(ran.fillna(False).astype(bool), day))
    return placed._replace(tables={**placed.tables, "dwp_benefits": moved})


def _no_verdicts() -> pd.DataFrame:
    nothing = pd.DataFrame({"household_id": [], "attached_on": [], "verdict": []})
    return nothing.astype({"household_id": TEXT, "attached_on": "datetime64[ns]", "verdict": TEXT})
