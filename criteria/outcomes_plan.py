"""Results by the outcomes plan: progress against every problem that a family had when its eligibility was evidenced.

It takes the place of Route A where the framework has a plan. It says nothing of money or of who may claim.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

from criteria.facts import Placed, Roster
from criteria.framework import Framework
from criteria.plan_falls import judge_signs
from criteria.plan_signs import World
from criteria.results_education import judge_education
from criteria.results_scope import make_scope
from criteria.results_table import Line, results_table
from criteria.results_work import judge_work
from criteria.settings import PlanMeasure
from criteria.signs import Asked, measures_with_signs
from schemas.words import ClaimRoute, Measure, ResultVerdict


def judge_plan(
    cases: pd.DataFrame, members: pd.DataFrame, entry: pd.DataFrame, facts: Placed, roster: Roster, rules: Framework
) -> pd.DataFrame:
    """Every measure of every problem that each case had at entry, with the columns of `Results`.

    `entry` is the met evidence of eligibility: family_ref, criterion, indicator, person_id. A row without a person is
    the family's; `problem` names the criterion, and the signs where the measure is about some of them alone. A sign
    that no measure is about is unknown. Source: written answer of 27 October 2016 (progress against every problem at
    entry); the plan itself (framework: `outcomes_plan`, or the council's own).
    """
    had = entry[entry["criterion"].isin(rules.national.criteria.value)]
    lines = list(_unmeasured(had, rules))
    for problem in rules.national.criteria.value:
        for asked in measures_with_signs(problem, rules):
            rows = had[(had["criterion"] == problem) & had["indicator"].isin(asked.signs)]
            theirs = cases[cases["family_ref"].isin(rows["family_ref"])].sort_values("family_ref", ignore_index=True)
            if len(theirs):
                ours = _rules_of(asked.measure, rules)
                scope = make_scope(theirs, members, facts, roster, ours)
                lines += _judge(asked, rows, World(theirs, scope, facts, roster, ours))
    return results_table(lines)


def _judge(asked: Asked, rows: pd.DataFrame, world: World) -> Iterable[Line]:
    match asked.measure.kind:
        case "attendance":
            named = rows[rows["person_id"].notna()]
            began = frozenset(zip(named["family_ref"], named["person_id"], strict=True))
            return _called(judge_education(world.scope, began, world.rules), asked)
        case "employment":
            work = judge_work(world.scope, world.rules)
            return _called((line for line in work if line.measure == Measure.EMPLOYMENT), asked)
        case _:
            return judge_signs(asked, world)


def _called(lines: Iterable[Line], asked: Asked) -> Iterator[Line]:
    """The same lines as lines of the plan."""
    for line in lines:
        what = f"{asked.label}: {line.problem}" if line.problem else asked.label
        yield line._replace(route=ClaimRoute.A, measure=Measure.PROBLEM, problem=what)


def _rules_of(measure: PlanMeasure, rules: Framework) -> Framework:
    """The framework with what the measure says of attendance in the place of its own."""
    given = {"absence_below_percent": measure.percent, "education_terms": measure.terms}
    said = {name: value for name, value in given.items() if value is not None}
    if measure.kind != "attendance" or not said:
        return rules
    own = {name: getattr(rules.results, name).model_copy(update={"value": value}) for name, value in said.items()}
    return rules.model_copy(update={"results": rules.results.model_copy(update=own)})


def _unmeasured(had: pd.DataFrame, rules: Framework) -> Iterator[Line]:
    """Signs at entry that no measure of today's plan is about: once listed, and no longer."""
    known = {(str(asked.problem), sign) for problem in rules.national.criteria.value
             for asked in measures_with_signs(problem, rules) for sign in asked.signs}
    each = had.loc[:, ["family_ref", "criterion", "indicator"]].drop_duplicates().itertuples(index=False, name=None)
    for ref, problem, sign in each:
        if (problem, sign) not in known:
            yield Line(ref, ClaimRoute.A, Measure.PROBLEM, ResultVerdict.UNKNOWN, problem=f"{problem}: {sign}",
                       reason=f"the outcomes plan has no measure of {sign}, which the family had at entry")
