"""What a council may set about the criteria: overlays, terms, local criteria, ranking weights; decides no verdict."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator


TermName = Literal["autumn", "spring", "summer"]


class Frozen(BaseModel):
    """A model that nobody changes after it is read, and that refuses a key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Overlay(Frozen):
    """A council's own value for one figure of the framework, and why it differs."""

    value: Any
    reason: str = Field(min_length=1)


class TermDates(Frozen):
    """A term as the council's calendar has it; it replaces the usual dates of that term."""

    academic_year: str = Field(pattern=r"^\d{4}/\d{2}$")
    term: TermName
    start: date
    end: date

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a term ends after it starts")
        return self


class LocalCriterion(Frozen):
    """A criterion of the council's own, met in the window by any of its indicators (none named: by its own code).

    `who` says on whom an indicator counts: a child, an adult, or anyone, the household's address among them. `kind`
    says what it is: an `event` counts when it starts in the window or its period reaches into it; a `state` (a plan, a
    placement) counts while its period is open or reaches into the window. `from` and `until` are the first and the
    last day on which the criterion is in force.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    indicators: tuple[str, ...] = Field(default=(), min_length=1)
    who: Literal["anyone", "child", "adult"] = "anyone"
    window_months: int = Field(default=12, ge=1)
    kind: Literal["event", "state"] = "event"
    from_date: date | None = Field(default=None, alias="from")
    until: date | None = None
    why: str = ""

    @property
    def met_by(self) -> tuple[str, ...]:
        """The indicators that meet it."""
        return self.indicators or (self.code,)

    def is_in_force(self, on: date) -> bool:
        """Whether the council used this criterion on that day."""
        return (self.from_date is None or self.from_date <= on) and (self.until is None or on <= self.until)


class ProblemIndicator(LocalCriterion):
    """A sign of the council's own that a family has one of the programme's problems, beside the framework's."""

    problem: str


_SEVERITY = {
    "eviction": 4, "permanent_exclusion": 4, "child_protection": 4,
    "minor_proven_offence": 3, "asbo": 3, "injunction": 3, "demotion": 3, "alternative_provision": 3, "not_on_roll": 3,
    "looked_after": 3, "domestic_abuse": 3, "homelessness": 3, "missing_child": 3,
    "section_47": 3, "domestic_abuse_victim": 3, "domestic_abuse_perpetrator": 3, "exploitation_risk": 3,
    "asb_sanction": 2, "fixed_exclusions": 2, "unauthorised_absence": 2, "child_in_need": 2, "mental_health": 2,
    "substance_misuse": 2, "adult_offending": 2, "eviction_risk": 2, "teenage_parent": 2, "leaving_prison": 2,
    "vulnerable_new_mother": 2, "all_absence": 2,
    "contract": 1, "out_of_work_benefit": 1, "police_callouts": 1,
}


class PlanMeasure(Frozen):
    """How progress against a problem is measured, or against the signs of it that `indicators` names.

    `none_new`: nothing of it, open or new, for `sustained_months`. `fall`: down by `percent` over as many months,
    against as many before the family joined. `attendance`: absence below `percent`, few exclusions, over `terms`.
    `employment`: an adult in continuous work. What is not said is as the framework's `results` has it.
    """

    kind: Literal["none_new", "fall", "attendance", "employment"]
    indicators: tuple[str, ...] = ()
    sustained_months: int = Field(default=6, ge=1)
    percent: Decimal | None = Field(default=None, ge=0, le=100)
    terms: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def says_what_its_kind_needs(self) -> Self:
        if self.kind == "fall" and self.percent is None:
            raise ValueError("a fall needs a percent")
        if self.percent is not None and self.kind not in ("fall", "attendance"):
            raise ValueError(f"percent says nothing of {self.kind}")
        if self.terms is not None and self.kind != "attendance":
            raise ValueError(f"terms says nothing of {self.kind}")
        return self


class OwnPlanMeasure(PlanMeasure):
    """A measure of the council's outcomes plan; those of a problem replace all the framework's measures of it."""

    problem: str
    source: str = Field(min_length=1)


class Weights(Frozen):
    """Points that order the eligible families; a family's score is their sum.

    `severity`: points for each kind of fact that counts, by its indicator or, where that is named too, by its value
    (the sanction, say); a kind that is not named has `severity_otherwise`. No source sets an order of families: every
    default here is ours.
    """

    severity: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=lambda: dict(_SEVERITY))
    severity_otherwise: int = Field(default=1, ge=0)
    month_waited: int = Field(default=1, ge=0)
    months_waited_at_most: int = Field(default=12, ge=0)
    national_criterion: int = Field(default=10, ge=0)
    local_criterion: int = Field(default=3, ge=0)
    fresh_evidence: int = Field(default=5, ge=0)
    fresh_days: int = Field(default=90, ge=0)
    child_under_five: int = Field(default=4, ge=0)
    child: int = Field(default=1, ge=0)
    agency: int = Field(default=2, ge=0)

    @field_validator("severity", mode="before")
    @classmethod
    def laid_over_ours(cls, given: Any) -> Any:
        """A council that names some kinds of fact keeps the points of the others."""
        return _SEVERITY | given if isinstance(given, dict) else given


class Panel(Frozen):
    """How families are put to the panel that decides whom the programme takes on.

    `agencies`: those that the form has a row for; without any, those that the extracts name.
    """

    agencies: tuple[str, ...] = ()
    deferred_months: int = Field(default=3, ge=1)
    services_without_lead: int = Field(default=4, ge=1)
    tell_referrers_of_work: bool = False


def _financial_year(text: str) -> str:
    if int(text[5:]) != (int(text[:4]) + 1) % 100:
        raise ValueError(f"{text} is no financial year; one is written like 2013/14")
    return text


Year = Annotated[str, Field(pattern=r"^\d{4}/\d{2}$"), AfterValidator(_financial_year)]


class Allocation(Frozen):
    """The number of families agreed with the department, in all and by financial year; a share of it is paid for."""

    indicative_number: int | None = Field(default=None, ge=1)
    by_year: dict[Year, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


class CriteriaSettings(Frozen):
    """The council's part of the rules; without any, the phase 1 framework as published.

    `overlays` maps a dotted key of the framework (`education.absence_percent`) to a value and a reason. A list of local
    criteria replaces the framework's usual ones; problem indicators are added to the framework's; measures of the
    outcomes plan replace the framework's of the same problem; terms replace the usual dates of those terms alone.
    """

    framework: str = "phase_1"
    overlays: dict[str, Overlay] = Field(default_factory=dict)
    terms: tuple[TermDates, ...] = ()
    local_criteria: tuple[LocalCriterion, ...] | None = None
    problem_indicators: tuple[ProblemIndicator, ...] = ()
    outcomes_plan: tuple[OwnPlanMeasure, ...] = ()
    priority: Weights = Weights()
    panel_size: int = Field(default=20, ge=1)
    panel: Panel = Panel()
    allocation: Allocation = Allocation()

    @model_validator(mode="after")
    def names_nothing_twice(self) -> Self:
        codes = [criterion.code for criterion in self.local_criteria or ()]
        signs = [f"{one.problem}.{one.code}" for one in self.problem_indicators]
        terms = [f"{term.term} {term.academic_year}" for term in self.terms]
        for what, names in (("local criterion", codes), ("problem indicator", signs), ("term", terms)):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"a {what} is given twice: {', '.join(twice)}")
        return self
