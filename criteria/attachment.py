"""Looks again at a case on the day it was attached, with the facts of that day; judges by the same call as a wash."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.assess import judge_day
from criteria.facts import Facts, People
from criteria.framework import Framework
from criteria.history import History
from criteria.small_world import World, make_world, on_day, people_of
from criteria.snapshots import Kept, freeze, stack
from schemas.columns import TEXT
from schemas.words import Attribution, Verdict


class Seen(NamedTuple):
    """What looking again says: household_id, attached_on, verdict; and snapshots of the families that were eligible."""

    verdicts: pd.DataFrame
    kept: Kept


def look_again(wanted: pd.DataFrame, people: People, facts: Facts, rules: Framework, *, as_of: pd.Timestamp) -> Seen:
    """Judge each household of `wanted` (household_id, attached_on) as of the day of attachment.

    The household is as it is today: who lived there then is in no extract.
    """
    there = people_of(people, wanted["household_id"])
    world = make_world(there, facts, as_of=as_of, adult_from=rules.work.adult_from_age.value)
    days = [_on_one_day(world, homes, rules, pd.Timestamp(day))
            for day, homes in wanted.groupby("attached_on", sort=True)["household_id"]]
    empty = History()
    kept = Kept(stack(empty.snapshots, *(seen.kept.snapshots for seen in days)),
                stack(empty.snapshot_evidence, *(seen.kept.evidence for seen in days)))
    return Seen(stack(_no_verdicts(), *(seen.verdicts for seen in days)), kept)


def facts_known_on(facts: Facts, day: pd.Timestamp) -> Facts:
    """Facts as of an earlier day: what DWP said later of a benefit that had begun by then counts as said that day.

    Every criterion leaves out rows that are dated after its day, so that nothing else need be taken away.
    """
    answers = facts.tables.get("dwp_benefits")
    if answers is None:
        return facts
    spell = (answers["as_at"] > day) & (answers["start_date"] <= day) & (answers["status"] == "on_benefit")
    ran = spell & (answers["end_date"].isna() | (answers["end_date"] >= day))
    moved = answers.assign(as_at=answers["as_at"].mask(ran.fillna(False), day))
    return Facts({**facts.tables, "dwp_benefits": moved})


def _on_one_day(world: World, households: pd.Series, rules: Framework, day: pd.Timestamp) -> Seen:
    roster, placed = on_day(world, households, day, rules.work.adult_from_age.value)
    placed = placed._replace(tables=facts_known_on(Facts(placed.tables), day).tables)
    judged, outcome = judge_day(placed, roster, rules)
    homes = roster.households
    verdict = np.select([outcome.eligible, outcome.undetermined], [Verdict.MET, Verdict.UNKNOWN], Verdict.NOT_MET)
    told = pd.DataFrame({"household_id": homes["household_id"], "attached_on": day,
                         "verdict": pd.Series(verdict, index=homes.index, dtype=TEXT)})
    eligible = homes.loc[outcome.eligible, ["family_id", "household_id"]].assign(
        rule=pd.Series(outcome.rule, index=homes.index, dtype=TEXT)[outcome.eligible], eligible_on=day)
    return Seen(told, freeze(eligible, world.people, judged.evidence, Attribution.ATTACHMENT))


def _no_verdicts() -> pd.DataFrame:
    nothing = pd.DataFrame({"household_id": [], "attached_on": [], "verdict": []})
    return nothing.astype({"household_id": TEXT, "attached_on": "datetime64[ns]", "verdict": TEXT})
