"""The programme's rules as data: a framework's figures with the council's own part; decides no value."""

from typing import Any

from pydantic import Field

from criteria.figures import (
    Calendar,
    Claims,
    CrimeAsb,
    Dwp,
    Education,
    Figure,
    Funding,
    Local,
    National,
    Results,
    Work,
)
from criteria.reporting_figures import Audit, Costs, Disclosure, Forecast, Monitoring
from criteria.settings import (
    Allocation,
    Frozen,
    LocalCriterion,
    OwnPlanMeasure,
    Panel,
    PlanMeasure,
    ProblemIndicator,
    TermDates,
    Weights,
)
from schemas.words import Criterion


class Change(Frozen):
    """A figure that the council's settings changed."""

    key: str
    published: Any
    used: Any
    reason: str


class Framework(Frozen):
    """The rules of one wash: the programme's figures with the council's changes, and the council's own part."""

    name: str
    version: str = Field(min_length=1)
    title: str
    national: National
    crime_asb: CrimeAsb
    education: Education
    work: Work
    dwp: Dwp
    local: Local
    calendar: Calendar
    funding: Funding
    results: Results
    claims: Claims
    costs: Costs
    forecast: Forecast
    monitoring: Monitoring
    disclosure: Disclosure
    audit: Audit
    problems: dict[Criterion, Figure[tuple[LocalCriterion, ...]]] = Field(default_factory=dict)
    outcomes_plan: dict[Criterion, Figure[tuple[PlanMeasure, ...]]] = Field(default_factory=dict)
    terms: tuple[TermDates, ...] = ()
    local_criteria: tuple[LocalCriterion, ...] = ()
    problem_indicators: tuple[ProblemIndicator, ...] = ()
    own_measures: tuple[OwnPlanMeasure, ...] = ()
    priority: Weights = Weights()
    panel_size: int = 20
    panel: Panel = Panel()
    allocation: Allocation = Allocation()
    changes: tuple[Change, ...] = ()

    @property
    def rate_table(self) -> str:
        """The name of the table of rates in use: the framework's, its version, and whether the council changed it."""
        changed = any(change.key.split(".")[0] in ("funding", "claims") for change in self.changes)
        return f"{self.name} {self.version}" + (", as changed by the council" if changed else "")

    @property
    def known_indicators(self) -> list[str]:
        """Every indicator that some criterion rests on, of the framework or of the council."""
        listed = [*self.local_criteria, *(one for name in Criterion for one in self.indicators_of(name))]
        return sorted({indicator for one in listed for indicator in one.met_by})

    def measures_of(self, problem: Criterion) -> tuple[PlanMeasure, ...]:
        """How the outcomes plan measures progress against a problem: the council's own, else the framework's."""
        own = tuple(one for one in self.own_measures if one.problem == problem)
        return own or (self.outcomes_plan[problem].value if problem in self.outcomes_plan else ())

    def indicators_of(self, problem: Criterion) -> tuple[LocalCriterion, ...]:
        """What the extract of local indicators may say that meets a national criterion, the council's own last."""
        packaged = self.problems[problem].value if problem in self.problems else ()
        return packaged + tuple(one for one in self.problem_indicators if one.problem == problem)
