"""What a claim rests on and would not stand without, as codes; stops no claim."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from criteria.framework import Framework
from schemas.words import Attribution, ClaimRoute, Criterion, Hinge, Measure, ResultVerdict, Rule


THIRD = 3


class Behind(NamedTuple):
    """By case the met facts of its eligibility; the families that only a referral brought."""

    facts: dict[str, list[tuple[str, str, str]]]
    referred_only: frozenset[str]


def look_behind(evidence: pd.DataFrame | None, referred_only: Iterable[str] | None) -> Behind:
    """The met evidence of eligibility (family_ref, criterion, indicator, value), and the families only referred."""
    facts: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    if evidence is not None:
        for ref, *fact in evidence[["family_ref", "criterion", "indicator", "value"]].itertuples(index=False):
            facts[ref].append(tuple(fact))
    return Behind(facts, frozenset(referred_only if referred_only is not None else ()))


def hinges_of(
    case: dict[str, Any], route: ClaimRoute, rows: list[dict[str, Any]], behind: Behind, rules: Framework
) -> list[Hinge]:
    """What the case's claim by `route` hinges on; `rows` are all its results, of persons too."""
    facts = behind.facts.get(case["family_ref"], [])
    by_a = route != ClaimRoute.B
    holds = {
        Hinge.EDUCATION_NEUTRAL: by_a and any(map(_neutral_education, rows)),
        Hinge.CARERS_ALLOWANCE_ALONE: _on_doubtful_benefits(facts, rules),
        Hinge.ONE_LOCAL_CRITERION: case["rule"] == Rule.TWO_PLUS_LOCAL and len(_local(facts)) == 1,
        Hinge.FIRST_LISTED_BY_LOOKING_AGAIN: case["evidenced_by"] == Attribution.ATTACHMENT,
        Hinge.THIRD_OR_33: by_a and any(map(_short_of_a_third, rows)),
        Hinge.REFERRAL_ONLY: case["family_id"] in behind.referred_only,
    }
    return [hinge for hinge, does in holds.items() if does]


def _neutral_education(row: dict[str, Any]) -> bool:
    return row["measure"] == Measure.EDUCATION and row["verdict"] == ResultVerdict.NEUTRAL


def _short_of_a_third(row: dict[str, Any]) -> bool:
    """Met, by a fall of less than a third: 33% to the letter, where the minister said a third."""
    if row["measure"] != Measure.OFFENDING or row["verdict"] != ResultVerdict.MET:
        return False
    then, now = row["baseline_count"], row["result_count"]
    return not (pd.isna(then) or pd.isna(now)) and THIRD * (then - now) < then


def _on_doubtful_benefits(facts: list[tuple[str, str, str]], rules: Framework) -> bool:
    """Work is met by a doubtful benefit alone, and the family would not be eligible without it."""
    benefits = {value for criterion, _, value in facts if criterion == Criterion.WORK}
    if not benefits or not benefits <= set(rules.work.doubtful_benefits.value):
        return False
    others = {criterion for criterion, _, _ in facts} - {Criterion.WORK, Criterion.LOCAL}
    alone = len(others) >= rules.national.enough_alone.value
    helped = len(_local(facts)) >= rules.national.local_needed.value
    return not (alone or (helped and len(others) >= rules.national.enough_with_local.value))


def _local(facts: list[tuple[str, str, str]]) -> set[str]:
    return {indicator for criterion, indicator, _ in facts if criterion == Criterion.LOCAL}
