"""Problems that indicators show: what framework and council list for a national criterion, found in one extract."""

import pandas as pd

from criteria.evidence import no_evidence
from criteria.facts import Placed, Roster
from criteria.framework import Framework
from criteria.indicators import EXTRACT, judge_indicators, read_indicators
from criteria.verdicts import Finding, no_gaps
from schemas.words import Criterion


COMPUTED = (Criterion.CRIME_ASB, Criterion.EDUCATION, Criterion.WORK)
"""The criteria that have facts of their own, beside any indicators."""


def find_problems(facts: Placed, roster: Roster, rules: Framework) -> list[Finding]:
    """The framework's criteria that rest on indicators alone: none under phase 1, three of the expanded six.

    Source: the framework's `problems`, each indicator with its window. With the extract absent they are unknown.
    """
    alone = [name for name in rules.national.criteria.value if name not in COMPUTED]
    return [with_indicators(_nothing(name), facts, roster, rules) for name in alone]


def _nothing(criterion: Criterion) -> Finding:
    return Finding(criterion, no_evidence(), no_gaps(), (), {}, "")


def with_indicators(found: Finding, facts: Placed, roster: Roster, rules: Framework) -> Finding:
    """A criterion's finding with what its indicators add; as it was where none is listed that is in force."""
    listed = [one for one in rules.indicators_of(found.criterion) if one.is_in_force(roster.as_of)]
    if not listed:
        return found
    table = read_indicators(facts)
    added = judge_indicators(table, listed, roster, found.criterion)
    names = ", ".join(one.code for one in listed)
    return found._replace(
        evidence=pd.concat([found.evidence, added], ignore_index=True),
        absent=found.absent + ((f"the {EXTRACT} extract",) if table is None else ()),
        labels=found.labels | {one.code: one.name for one in listed},
        not_met="; ".join(filter(None, (found.not_met, f"none of its indicators in their windows ({names})"))),
    )
