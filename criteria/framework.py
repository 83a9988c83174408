"""The programme's rules as data: every figure with its source and confidence; a council's overlay changes a value."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, ValidationError

from criteria.settings import (
    Allocation,
    CriteriaSettings,
    Frozen,
    LocalCriterion,
    Overlay,
    Panel,
    TermDates,
    Weights,
)
from schemas.errors import SettingsError
from schemas.nearest import nearest
from schemas.words import Criterion


Value = TypeVar("Value")
Confidence = Literal["confirmed", "derived", "inferred", "background", "not_found"]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
MonthAndDay = Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")]
Year = Annotated[str, Field(pattern=r"^\d{4}/\d{2}$")]
Words = tuple[str, ...]


class Figure(Frozen, Generic[Value]):
    """One threshold, list, window or rate: where it comes from, how sure we are, and which reading was taken.

    `changed_because` is the council's reason where its settings replaced the published value.
    """

    value: Value
    source: str = Field(min_length=1)
    confidence: Confidence
    reading: str | None = None
    note: str | None = None
    changed_because: str | None = None


class National(Frozen):
    """How many criteria make a family eligible."""

    enough_alone: Figure[Positive]
    enough_with_local: Figure[Positive]
    local_needed: Figure[Count]


class CrimeAsb(Frozen):
    """Crime and anti-social behaviour."""

    window_months: Figure[Positive]
    offence_anchor: Figure[Literal["outcome_date", "offence_date"]]
    minor_on: Figure[Literal["offence_date", "as_of"]]
    minor_below_age: Figure[Positive]
    sanctions: Figure[Words]
    incidents: Figure[Words]
    role: Figure[str]
    address_only_sanctions: Figure[Words]


class Education(Frozen):
    """Exclusion, schooling and absence of a child."""

    terms: Figure[Positive]
    absence_percent: Figure[Percent]
    absence_terms: Figure[Literal["pooled", "each_term"]]
    unauthorised_codes: Figure[Words]
    unauthorised_from: Figure[Literal["larger", "total", "reasons"]]
    min_possible_sessions: Figure[Positive]
    drop_subsidiary: Figure[bool]
    permanent_categories: Figure[Words]
    permanent_window: Figure[Literal["terms", "ever"]]
    fixed_exclusions: Figure[Positive]
    fixed_categories: Figure[Words]
    alternative_statuses: Figure[Words]
    because_excluded_needed: Figure[bool]
    status_test: Figure[Literal["current", "in_terms"]]
    not_on_roll_statuses: Figure[Words]
    off_roll_children: Figure[Literal["school_age", "any"]]
    at_home_statuses: Figure[Words]
    school_age_from: Figure[Positive]
    school_age_to: Figure[Positive]


class Work(Frozen):
    """An adult out of work."""

    benefits: Figure[Words]
    doubtful_benefits: Figure[Words]
    unnamed_benefit_counts: Figure[bool]
    adult_from_age: Figure[Positive]


class Dwp(Frozen):
    """Whom DWP is asked about, and what its answers mean."""

    asked_when_met: Figure[tuple[Literal["crime_asb", "education"], ...]]
    full_address_needed: Figure[bool]
    unsettled_statuses: Figure[Words]


class Local(Frozen):
    """The council's own criteria, beside their list in its settings."""

    mirrors: Figure[dict[str, Criterion]]
    dependent_counts: Figure[bool]


class Calendar(Frozen):
    """The usual terms (month-day), where the council gives none; spring ends and summer begins at Easter."""

    autumn_starts: Figure[MonthAndDay]
    autumn_ends: Figure[MonthAndDay]
    spring_starts: Figure[MonthAndDay]
    summer_ends: Figure[MonthAndDay]


class Funding(Frozen):
    """Pounds a family, by year; the share of the indicative number that is paid for."""

    attachment_fee: Figure[dict[Year, Count]]
    results_payment: Figure[dict[Year, Count]]
    paid_per_family: Figure[Count]
    paid_share: Figure[tuple[Positive, Positive]]
    rounding: Figure[Literal["down", "nearest", "up"]]
    assumed_cost: Figure[Count]
    central_share_percent: Figure[Percent]
    second_year_full_percent: Figure[Percent]
    second_year_half_percent: Figure[Percent]


class Results(Frozen):
    """What counts as turned around."""

    education_terms: Figure[Positive]
    fixed_exclusions_below: Figure[Positive]
    absence_below_percent: Figure[Percent]
    asb_reduction_percent: Figure[Percent]
    asb_window_months: Figure[Positive]
    offending_reduction_percent: Figure[Percent]
    offending_window_months: Figure[Positive]
    baseline: Figure[Literal["same_length_before", "eligibility_year_rate"]]
    zero_baseline: Figure[Literal["not_applicable_if_none_new", "not_met"]]
    left_school: Figure[Literal["neutral", "counted"]]
    children: Figure[Literal["then_and_now", "then", "now"]]
    progress_to_work: Figure[Words]
    progress_window_months: Figure[Positive]
    employment_window_months: Figure[Positive]
    employment_weeks: Figure[Positive]
    employment_weeks_after_jsa: Figure[tuple[Positive, Positive]]
    employment_excludes: Figure[Words]
    full_payments_per_family: Figure[Positive]


class Claims(Frozen):
    """What a claim pays and what stops it."""

    progress_pounds: Figure[dict[Year, Count]]
    rate_year: Figure[Literal["attached", "claimed"]]
    last_payment: Figure[str]
    internal_audit_first: Figure[bool]
    spot_check_percent: Figure[Percent]
    earlier_intervention: Figure[Literal["met_when_it_began", "not_countable"]]


class Successor(Frozen):
    """The programme that followed in 2015, for comparison; nothing in a phase 1 wash reads it."""

    min_problems: Figure[Positive]
    absence_percent: Figure[Percent]
    attachment_fee: Figure[Count]
    results_payment: Figure[Count]


class Change(Frozen):
    """A figure that the council's settings changed."""

    key: str
    published: Any
    used: Any
    reason: str


class Framework(Frozen):
    """The rules of one wash: the programme's figures with the council's changes, and the council's own part."""

    name: str
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
    successor: Successor
    terms: tuple[TermDates, ...] = ()
    local_criteria: tuple[LocalCriterion, ...] = ()
    priority: Weights = Weights()
    panel_size: int = 20
    panel: Panel = Panel()
    allocation: Allocation = Allocation()
    changes: tuple[Change, ...] = ()


def load_framework(settings: CriteriaSettings | None = None) -> Framework:
    """The packaged framework that the settings name, with their overlays laid on it.

    Raises SettingsError for a framework or a dotted key that does not exist, and for a value of the wrong kind.
    """
    settings = settings or CriteriaSettings()
    published = _read(settings.framework)
    figures = _figures(published)
    changes = tuple(_change(figures, key, overlay) for key, overlay in sorted(settings.overlays.items()))
    council = {"terms": settings.terms, "local_criteria": settings.local_criteria, "priority": settings.priority,
               "panel_size": settings.panel_size, "panel": settings.panel,
               "allocation": settings.allocation, "changes": changes}
    try:
        return Framework.model_validate({**published, **council})
    except ValidationError as error:
        raise SettingsError(_first_problem(error)) from None


def _read(name: str) -> dict[str, Any]:
    folder = files("criteria") / "frameworks"
    known = sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))
    if name not in known:
        raise SettingsError(f"criteria.framework: there is no framework {name!r}{_suggest(name, known)}")
    text = (folder / f"{name}.toml").read_text(encoding="utf-8")
    return {"name": name, **tomllib.loads(text, parse_float=Decimal)}


def _figures(published: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{section}.{name}": figure for section, held in published.items() if isinstance(held, dict)
            for name, figure in held.items()}


def _change(figures: dict[str, dict[str, Any]], key: str, overlay: Overlay) -> Change:
    if key not in figures:
        raise SettingsError(f"criteria.overlays: the framework has no figure {key!r}{_suggest(key, list(figures))}")
    figure = figures[key]
    change = Change(key=key, published=figure["value"], used=overlay.value, reason=overlay.reason)
    figure.update(value=overlay.value, changed_because=overlay.reason)
    return change


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"] if part != "value")
    return f"criteria.overlays: {key}: {first['msg']}"


def _suggest(word: str, known: list[str]) -> str:
    close = nearest(word, known)
    return f"; did you mean {close!r}?" if close else f"; known: {', '.join(known)}"
