"""Crime and anti-social behaviour: a minor's proven offence, or a sanction on a member, in the last twelve months."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.days import is_within, judged_on, last_months
from criteria.evidence import day_text, distinct, draft, no_evidence, sources, tested
from criteria.facts import Placed, Roster, age_on, day_number
from criteria.framework import CrimeAsb, Framework
from criteria.verdicts import Finding, counted_gaps, no_gaps
from schemas.columns import TEXT
from schemas.words import Criterion


OFFENCE, ADULT = "minor_proven_offence", "adult_proven_offence"
SANCTION, INCIDENT, PLACE = "asb_sanction", "asb_incident", "asb_at_address"
LABELS = {OFFENCE: "proven offence by a minor", ADULT: "proven offence by an adult",
          SANCTION: "sanction for anti-social behaviour"}


class _Limb(NamedTuple):
    evidence: pd.DataFrame
    gaps: pd.DataFrame
    absent: tuple[str, ...]


def find_crime_asb(facts: Placed, roster: Roster, rules: Framework) -> Finding:
    """Both limbs of the first national criterion.

    Source: council papers on the Financial Framework (see the framework's `crime_asb`, which says whose offences
    count). Victims, complainants and mere incidents never meet it; with one extract absent it is met or unknown.
    """
    limbs = [_offences(facts, roster, rules.crime_asb), _sanctions(facts, roster, rules.crime_asb)]
    months = rules.crime_asb.window_months.value
    offender = " by a minor" if rules.crime_asb.offences_by.value == "minors" else ""
    return Finding(
        Criterion.CRIME_ASB,
        evidence=pd.concat([limb.evidence for limb in limbs], ignore_index=True),
        gaps=pd.concat([limb.gaps for limb in limbs], ignore_index=True),
        absent=limbs[0].absent + limbs[1].absent,
        labels=LABELS,
        not_met=f"no proven offence{offender} and no sanction for anti-social behaviour in the last {months} months",
    )


def _offences(facts: Placed, roster: Roster, rules: CrimeAsb) -> _Limb:
    columns = ("offence_date", "outcome_date", "offence", "proven")
    table = facts.rows("youth_offending", columns)
    if table is None:
        return _Limb(no_evidence(), no_gaps(), ("the youth_offending extract",))
    other = {"outcome_date": "offence_date", "offence_date": "outcome_date"}
    anchor = rules.offence_anchor.value
    table["anchor"] = table[anchor].fillna(table[other[anchor]])
    inside = is_within(table["anchor"], table["household"], roster, rules.window_months.value)
    rows = table[(table["proven"] == "Y").fillna(False) & inside & (table["member"] >= 0)].reset_index(drop=True)
    return _judge_offences(rows, roster, rules)


def _judge_offences(rows: pd.DataFrame, roster: Roster, rules: CrimeAsb) -> _Limb:
    one, code = distinct(rows, ["member", "anchor", "offence_date", "outcome_date", "offence"])
    then = day_number(one["offence_date"].fillna(one["outcome_date"]))
    now = day_number(pd.Series(judged_on(roster, one["household"]), index=one.index))
    day = then if rules.minor_on.value == "offence_date" else now
    age, limit = age_on(roster.born[one["member"]], day), rules.minor_below_age.value
    anyone = rules.offences_by.value == "anyone"
    evidence = draft(
        len(one), last_months(roster, one["household"], rules.window_months.value), household=one["household"],
        member=one["member"], criterion=Criterion.CRIME_ASB,
        indicator=np.where(anyone & (age >= limit), ADULT, OFFENCE), value=_age_words(age),
        threshold="any age" if anyone else f"under {limit}", met=tested(anyone | (age < limit), anyone | (age >= 0)),
        event_date=one["anchor"], extract="youth_offending", detail=_offence_detail(one),
        agency="youth offending team", **sources(rows, code, len(one)))
    untold = (age < 0) & (not anyone)
    gaps = counted_gaps(one["household"].to_numpy()[untold], "the date of birth of 1 person with a proven offence",
                        "the dates of birth behind {} proven offences")
    return _Limb(evidence, gaps, ())


def _offence_detail(one: pd.DataFrame) -> pd.Series:
    offence = "offence on " + day_text(one["offence_date"]).fillna("a date not given")
    return offence + ", outcome on " + day_text(one["outcome_date"]).fillna("a date not given")


def _sanctions(facts: Placed, roster: Roster, rules: CrimeAsb) -> _Limb:
    table = facts.rows("asb", ("case_ref", "role", "kind", "event_date", "agency"))
    if table is None:
        return _Limb(no_evidence(), no_gaps(), ("the asb extract",))
    inside = is_within(table["event_date"], table["household"], roster, rules.window_months.value)
    sanction, incident = (table["kind"].isin(kinds.value) for kinds in (rules.sanctions, rules.incidents))
    unsaid = table["role"].isna() & (sanction | (table["member"] < 0))
    actor = (table["role"] == rules.role.value).fillna(False) | unsaid
    rows = table[inside & actor & (sanction | incident) & (table["household"] >= 0)].reset_index(drop=True)
    return _judge_sanctions(rows, roster, rules)


def _judge_sanctions(rows: pd.DataFrame, roster: Roster, rules: CrimeAsb) -> _Limb:
    keys = ["household", "member", "event_date", "kind", "role", "case_ref", "agency"]
    one, code = distinct(rows, keys)
    sanction = one["kind"].isin(rules.sanctions.value).to_numpy()
    named = (one["member"] >= 0).to_numpy()
    stands = one["kind"].isin(rules.address_only_sanctions.value).to_numpy()
    unsaid = one["role"].isna().to_numpy() & sanction & named
    indicator = np.where(sanction & (named | stands), SANCTION, np.where(named, INCIDENT, PLACE))
    evidence = draft(
        len(one), last_months(roster, one["household"], rules.window_months.value), household=one["household"],
        member=one["member"], criterion=Criterion.CRIME_ASB,
        indicator=indicator, value=one["kind"], threshold=" or ".join(rules.sanctions.value),
        met=tested(sanction & (named | stands), ~unsaid), event_date=one["event_date"], extract="asb",
        detail=_sanction_detail(one, named), agency=one["agency"].fillna("anti-social behaviour team"),
        **sources(rows, code, len(one)))
    gaps = counted_gaps(one["household"].to_numpy()[unsaid], "the role in 1 sanction for anti-social behaviour",
                        "the roles in {} sanctions for anti-social behaviour")
    return _Limb(evidence, gaps, ())


def _sanction_detail(one: pd.DataFrame, named: np.ndarray) -> pd.Series:
    role = np.where(one["role"].isna(), "role not stated", "as perpetrator")
    where = np.where(named, role, "the row names an address and no person")
    return pd.Series(where, index=one.index, dtype=TEXT)


def _age_words(age: np.ndarray) -> np.ndarray:
    return np.where(age < 0, "age not known", np.char.add("aged ", age.astype(str)))
