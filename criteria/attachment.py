"""Looks again at a case on the day it was attached, with the facts of that day; judges by the same call as a wash."""

from typing import NamedTuple

import pandas as pd

from criteria.assess import assess
from criteria.facts import Facts, People
from criteria.framework import Framework
from criteria.history import History
from criteria.small_world import facts_of, people_of
from criteria.snapshots import Kept, freeze
from schemas.columns import TEXT
from schemas.words import Attribution, Verdict


class Seen(NamedTuple):
    """What looking again says: household_id, attached_on, verdict; and snapshots of the families that were eligible."""

    verdicts: pd.DataFrame
    kept: Kept


def look_again(wanted: pd.DataFrame, people: People, facts: Facts, rules: Framework) -> Seen:
    """Judge each household of `wanted` (household_id, attached_on) as of the day of attachment.

    `people` and `facts` need hold no others. The household is as it is today: who lived there then is in no extract.
    """
    empty = History()
    verdicts, kept = [_no_verdicts()], Kept(empty.snapshots, empty.snapshot_evidence)
    for day, homes in wanted.groupby("attached_on", sort=True)["household_id"]:
        told, frozen = _on_one_day(people_of(people, homes), facts, rules, pd.Timestamp(day))
        verdicts.append(told)
        kept = kept.add(frozen)
    return Seen(pd.concat(verdicts, ignore_index=True), kept)


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


def _on_one_day(people: People, facts: Facts, rules: Framework, day: pd.Timestamp) -> tuple[pd.DataFrame, Kept]:
    judged = assess(people, facts_known_on(facts_of(facts, people, as_of=day), day), rules, as_of=day.date())
    homes = people.households["household_id"]
    verdict = pd.Series(str(Verdict.NOT_MET), index=homes.index, dtype=TEXT)
    verdict[homes.isin(judged.undetermined["household_id"])] = str(Verdict.UNKNOWN)
    verdict[homes.isin(judged.families["household_id"])] = str(Verdict.MET)
    told = pd.DataFrame({"household_id": homes, "attached_on": day, "verdict": verdict})
    eligible = judged.families[["family_id", "household_id", "rule"]].assign(eligible_on=day)
    return told, freeze(eligible, people, judged.evidence, Attribution.ATTACHMENT)


def _no_verdicts() -> pd.DataFrame:
    return pd.DataFrame({"household_id": pd.Series([], dtype=TEXT), "verdict": pd.Series([], dtype=TEXT),
                         "attached_on": pd.Series([], dtype="datetime64[ns]")})
