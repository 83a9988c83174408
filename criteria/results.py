"""Payment by results: what changed for each family on the programme, route by route, measure by measure.

The same evidence as eligibility, over other windows. It says nothing of money, of earlier claims or of who may claim.
"""

import pandas as pd

from criteria.facts import Placed, Roster
from criteria.framework import Framework
from criteria.results_education import judge_education
from criteria.results_events import asb_kind, offending_kind
from criteria.results_falls import judge_falls
from criteria.results_scope import make_scope
from criteria.results_table import Line, results_table
from criteria.results_work import judge_work
from schemas.words import Criterion


def judge_results(
    cases: pd.DataFrame, members: pd.DataFrame, facts: Placed, roster: Roster, rules: Framework,
    *, entry: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every result of every case as of the roster's day, with the columns of `Results`.

    A row without a person is the family's; beside it stand its people's. `entry` is the met evidence of eligibility
    (family_ref, criterion, person_id), which says who had an education problem at the start. Under a framework with an
    outcomes plan, Route A is judged by the plan (`criteria.outcomes_plan`), and only employment is judged here.
    """
    scope = make_scope(cases, members, facts, roster, rules)
    lines: list[Line] = list(judge_work(scope, rules))
    if not rules.outcomes_plan:
        lines += judge_education(scope, _with_education_problem(entry), rules)
        for kind in (asb_kind(scope, rules), offending_kind(scope, rules)):
            lines += judge_falls(scope, kind, rules)
    return results_table(lines)


def judge_employment(
    cases: pd.DataFrame, members: pd.DataFrame, facts: Placed, roster: Roster, rules: Framework
) -> pd.DataFrame:
    """The rows of Route B alone, and of progress to work where the framework has it, with the columns of `Results`."""
    return results_table(judge_work(make_scope(cases, members, facts, roster, rules), rules))


def _with_education_problem(entry: pd.DataFrame | None) -> frozenset[tuple[str, str]]:
    if entry is None:
        return frozenset()
    rows = entry[(entry["criterion"] == Criterion.EDUCATION) & entry["person_id"].notna()]
    return frozenset(zip(rows["family_ref"], rows["person_id"], strict=True))
