"""Which claims an auditor should look at: drawn by chance, and for what makes them a risk; judges no claim.

Chance is a digest of the seed and the claim's id, so that the draw is the same whatever the order of the rows, and
anybody can draw it again.
"""

import hashlib
from collections.abc import Collection
from fractions import Fraction
from math import ceil

import pandas as pd

from criteria.framework import Framework
from schemas.columns import TEXT
from schemas.words import ClaimRoute, Hinge


HINGES = {
    Hinge.EDUCATION_NEUTRAL: "the education element became neutral: a child left school",
    Hinge.CARERS_ALLOWANCE_ALONE: "out of work by a doubtful benefit alone (Carer's Allowance)",
    Hinge.ONE_LOCAL_CRITERION: "eligible by one local criterion",
    Hinge.FIRST_LISTED_BY_LOOKING_AGAIN: "eligibility found only by looking again, after the family was attached",
    Hinge.THIRD_OR_33: "offending fell by 33% and by less than a third",
    Hinge.REFERRAL_ONLY: "came by a referral and by no wash",
}
EMPLOYMENT = "continuous employment: evidence from outside the council's systems"
RETROSPECTIVE = "retrospective: support began after the result window did"
WITHDRAWN = "an earlier claim for the family was withdrawn"
SHARED = "a person of the family is in another case as well"
DRAWN = ("claim_id", "family_ref", "family_id", "route", "amount", "drawn", "place", "reasons")
"""Columns of a sample: `drawn` is random, risk or both; `place` in the order of chance; `reasons` joined by `; `."""


def risks_of(
    claims: pd.DataFrame, cases: pd.DataFrame, members: pd.DataFrame, people: pd.DataFrame, *,
    rules: Framework, withdrawn: Collection[str] = (),
) -> pd.DataFrame:
    """A row for each claim and reason why it is a risk: claim_id, reason.

    `claims`: claim_id, family_ref, route, hinges (joined by `;`), result_start; `cases`, `members` and `people` as in
    `Cases`, `CaseMembers` and `People`; `withdrawn`: families (family_ref) with an earlier claim that was withdrawn.
    """
    known = claims.merge(cases[["family_ref", "attached_on", "first_contact_on"]], on="family_ref", how="left")
    hinges = known["hinges"].fillna("").str.split(";")
    parts = [_rows(known, hinges.map(lambda held, code=str(hinge): code in held), words)
             for hinge, words in HINGES.items()]
    began = known[["attached_on", "first_contact_on"]].max(axis=1)
    parts.append(_rows(known, known["route"] == ClaimRoute.B, EMPLOYMENT))
    parts.append(_rows(known, began > known["result_start"], RETROSPECTIVE))
    parts.append(_rows(known, known["family_ref"].isin(list(withdrawn)), WITHDRAWN))
    parts += _people_risks(known, members, people, rules)
    return pd.concat(parts, ignore_index=True).sort_values(["claim_id", "reason"], ignore_index=True)


def _people_risks(
    known: pd.DataFrame, members: pd.DataFrame, people: pd.DataFrame, rules: Framework
) -> list[pd.DataFrame]:
    own = members[members["family_ref"].isin(known["family_ref"])]
    cases_of = members.groupby("person_id")["family_ref"].nunique()
    shared = own.loc[own["person_id"].map(cases_of) > 1, "family_ref"]
    low = float(rules.audit.low_score.value) / 100
    weakest = own.merge(people[["person_id", "cohesion"]], on="person_id").groupby("family_ref")["cohesion"].min()
    score = known["family_ref"].map(weakest)
    said = [f"records joined with little certainty: a link of {one:.2f}" if one < low else "" for one in score]
    doubtful = known[["claim_id"]].assign(reason=pd.Series(said, index=known.index, dtype=TEXT))
    return [_rows(known, known["family_ref"].isin(shared), SHARED), doubtful[doubtful["reason"] != ""]]


def _rows(known: pd.DataFrame, holds: pd.Series, words: str) -> pd.DataFrame:
    chosen = known.loc[holds.fillna(False).astype(bool), ["claim_id"]]
    return chosen.assign(reason=pd.Series(words, index=chosen.index, dtype=TEXT))


def draw_sample(claims: pd.DataFrame, risks: pd.DataFrame, rules: Framework, *, seed: str) -> pd.DataFrame:
    """The claims to look at (`DRAWN`), in the order of chance.

    By chance: `audit.sample_percent` of them, rounded up, `audit.sample_least` at least. For their risks:
    `audit.risk_percent` of them, those with most reasons first. A claim may be drawn by both.
    """
    audit = rules.audit
    chance = claims["claim_id"].map(lambda claim: _chance(seed, claim))
    ranked = claims.assign(chance=chance).sort_values("chance", ignore_index=True)
    ranked["place"] = pd.Series(range(1, len(ranked) + 1), dtype="Int64")
    told = risks.groupby("claim_id")["reason"].agg("; ".join)
    ranked["reasons"] = ranked["claim_id"].map(told).astype(TEXT)
    ranked["risk"] = ranked["claim_id"].map(risks.groupby("claim_id").size()).fillna(0)
    by_chance = ranked["place"] <= max(_part(len(ranked), audit.sample_percent.value), audit.sample_least.value)
    risky = ranked[ranked["risk"] > 0].sort_values(["risk", "chance"], ascending=[False, True])
    by_risk = ranked["claim_id"].isin(risky["claim_id"].head(_part(len(ranked), audit.risk_percent.value)))
    ranked["drawn"] = pd.Series("random", index=ranked.index, dtype=TEXT).where(~by_risk, "random; risk")
    ranked.loc[by_risk & ~by_chance, "drawn"] = "risk"
    return ranked.loc[by_chance | by_risk, list(DRAWN)].reset_index(drop=True)


def _part(number: int, percent: object) -> int:
    """So many percent of a number, rounded up."""
    return ceil(Fraction(str(percent)) * number / 100)


def _chance(seed: str, claim: str) -> str:
    return hashlib.sha256(f"{seed}\n{claim}".encode()).hexdigest()
