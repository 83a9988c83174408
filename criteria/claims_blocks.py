"""What stops a case's claim whatever its result: who it is, when it joined, what was claimed before."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from criteria.claims_money import last_payment_day, programme_start
from criteria.claims_windows import Stop, as_date
from criteria.framework import Framework
from criteria.results_table import day_words
from schemas.words import Block, Verdict


class Before(NamedTuple):
    """What earlier claims say: whose family and which people, by claim; and each claim once."""

    claims: pd.DataFrame
    of_ref: dict[str, pd.DataFrame]
    of_family: dict[str, set[str]]
    of_person: dict[str, set[str]]


class Together(NamedTuple):
    """The cases of each person and of each family."""

    of_person: dict[str, set[str]]
    of_family: dict[str, set[str]]
    people: dict[str, list[str]]


def look_back(earlier: pd.DataFrame, cases: pd.DataFrame, members: pd.DataFrame) -> Before:
    """Earlier claims by family and person. A claim that does not say so has the family and people of its case."""
    claims = earlier.drop_duplicates("claim_id").sort_values(["claimed_on", "claim_id"])
    families = claims["family_ref"].map(cases.set_index("family_ref")["family_id"])
    claims = claims.assign(family_id=claims["family_id"].fillna(families))
    unnamed = claims[~claims["claim_id"].isin(earlier.loc[earlier["person_id"].notna(), "claim_id"])]
    named = members.loc[members["named"].fillna(False).astype(bool), ["family_ref", "person_id"]]
    own = unnamed[["claim_id", "family_ref"]].merge(named, on="family_ref")
    people = pd.concat([earlier[["claim_id", "family_ref", "person_id"]].dropna(), own])
    return Before(
        claims,
        {str(ref): rows for ref, rows in claims.groupby("family_ref")},
        _sets(claims["family_id"], claims["family_ref"]),
        _sets(people["person_id"], people["family_ref"]),
    )


def look_beside(cases: pd.DataFrame, members: pd.DataFrame) -> Together:
    """Which cases a person, and a family, are part of."""
    people: dict[str, list[str]] = defaultdict(list)
    for ref, person in members[["family_ref", "person_id"]].sort_values(["family_ref", "person_id"]).to_numpy():
        people[ref].append(person)
    return Together(_sets(members["person_id"], members["family_ref"]), _sets(cases["family_id"], cases["family_ref"]),
                    people)


def _sets(keys: pd.Series, values: pd.Series) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in zip(keys, values, strict=True):
        if isinstance(key, str) and isinstance(value, str):
            found[key].add(value)
    return found


def general_stops(
    case: dict[str, Any], before: Before, together: Together, rules: Framework, *, as_of: date
) -> list[Stop]:
    """Everything that stops a claim for the case by whatever route. Source: the checks before a claim."""
    return [*_eligibility(case, rules), *_people(case, before, together), *_dates(case, rules, as_of)]


def _eligibility(case: dict[str, Any], rules: Framework) -> Iterator[Stop]:
    if not isinstance(case["household_id"], str):
        yield Stop(Block.FAMILY_NOT_FOUND, "nobody whom the caseload names is found in this wash")
    if pd.isna(case["eligible_on"]):
        lacks = case["eligible_at_attachment"] == Verdict.UNKNOWN
        looked = "leave it open" if lacks else "do not show it"
        yield Stop(Block.ELIGIBILITY_NOT_EVIDENCED,
                   f"no wash has listed the family, and the facts looked at again for the day of attachment {looked}")
    elif rules.claims.eligible_by.value == "joining" and case["eligible_on"] > case["attached_on"]:
        joined, shown = (day_words(case[name].date()) for name in ("attached_on", "eligible_on"))
        yield Stop(Block.ELIGIBILITY_AFTER_JOINING, f"it joined on {joined}; eligibility is evidenced from {shown}")
    if pd.isna(case["first_contact_on"]):
        yield Stop(Block.NO_FIRST_CONTACT, "the caseload has no day of first contact")


def _people(case: dict[str, Any], before: Before, together: Together) -> Iterator[Stop]:
    ref, family = case["family_ref"], case["family_id"]
    if others := sorted(before.of_family.get(family, set()) - {ref}):
        yield Stop(Block.FAMILY_CLAIMED_BEFORE, f"family {family} was claimed for as {_listed(others)}")
    if others := sorted(together.of_family.get(family, set()) - {ref}):
        yield Stop(Block.FAMILY_IN_TWO_CASES, f"family {family} is also {_listed(others)} of the caseload")
    for person in together.people.get(ref, []):
        if others := sorted(before.of_person.get(person, set()) - {ref}):
            yield Stop(Block.PERSON_CLAIMED_BEFORE, f"{person} is in the claim for {_listed(others)}")
        if others := sorted(together.of_person[person] - {ref}):
            yield Stop(Block.PERSON_IN_TWO_CASES, f"{person} is also of {_listed(others)}")


def _dates(case: dict[str, Any], rules: Framework, as_of: date) -> Iterator[Stop]:
    began, last = programme_start(rules), last_payment_day(rules)
    attached, closed = as_date(case["attached_on"]), as_date(case["closed_on"])
    if closed is not None and closed < began:
        told = f"closed on {day_words(closed)}; the programme began on {day_words(began)}"
        yield Stop(Block.CLOSED_BEFORE_PROGRAMME, told)
    elif attached is not None and attached < began:
        yield from _earlier_intervention(case, attached, began, rules)
    if last is not None and as_of > last:
        yield Stop(Block.PAST_LAST_PAYMENT, f"the last payments were made by {day_words(last)}")


def _earlier_intervention(case: dict[str, Any], attached: date, began: date, rules: Framework) -> Iterator[Stop]:
    told = f"worked with since {day_words(attached)}, before the programme began on {day_words(began)}"
    if rules.claims.earlier_intervention.value == "not_countable":
        yield Stop(Block.EARLIER_INTERVENTION, told)
    elif case["eligible_at_attachment"] != Verdict.MET:
        yield Stop(Block.EARLIER_INTERVENTION, f"{told}, and not shown to have met the criteria then")


def _listed(refs: list[str]) -> str:
    return ", ".join(refs)
