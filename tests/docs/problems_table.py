"""Writes the table of problems, their signs and their measures in docs/expanded-programme.md from the framework."""

from criteria import CriteriaSettings, Framework, load_framework
from criteria.settings import PlanMeasure
from criteria.signs import measures_with_signs
from schemas.words import Criterion
from tests.docs.guides import DOCS


PAGE = DOCS / "expanded-programme.md"
MARK = "Written by python -m tests.docs.tables: problems"


def render_problems() -> str:
    """The table, as Markdown: a row for each problem."""
    rules = load_framework(CriteriaSettings(framework="expanded"))
    rows = [_row(name, rules) for name in rules.national.criteria.value]
    head = ["| problem | signs, by indicator | progress | where they come from |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _row(name: Criterion, rules: Framework) -> str:
    figure = rules.problems[name]
    signs = "; ".join(f"`{one.code}` {one.name}" + (" (while it is open)" if one.kind == "state" else "")
                      for one in figure.value) or "none"
    measures = [_measure(asked.measure) for asked in measures_with_signs(name, rules)]
    return f"| `{name}` | {signs} | {'; '.join(measures)} | {figure.source} (*{figure.confidence}*) |"


def _measure(measure: PlanMeasure) -> str:
    about = ", ".join(f"`{sign}`" for sign in measure.indicators)
    says = f"`{measure.kind}`" + (f" of {measure.percent}%" if measure.percent is not None else "")
    return f"{says} for {about}" if about else says
