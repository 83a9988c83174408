"""The kinds of figure that a framework holds, section by section: what each may be, never what it is."""

from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from criteria.settings import Frozen, LocalCriterion
from schemas.words import Criterion, Rule


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

    `taken_over_from` names the framework that a figure was taken over from, where no paper says that it holds in this
    programme; `changed_because` is the council's reason where its settings replaced the published value.
    """

    value: Value
    source: str = Field(min_length=1)
    confidence: Confidence
    reading: str | None = None
    note: str | None = None
    taken_over_from: str | None = None
    changed_because: str | None = None


class National(Frozen):
    """Which criteria count, how many make a family eligible, and what each way is called."""

    rule_alone: Rule
    rule_with_local: Rule
    criteria: Figure[tuple[Criterion, ...]]
    children: Figure[Literal["school_age", "any"]]
    enough_alone: Figure[Positive]
    enough_with_local: Figure[Positive]
    local_needed: Figure[Count]


class CrimeAsb(Frozen):
    """Crime and anti-social behaviour."""

    window_months: Figure[Positive]
    offence_anchor: Figure[Literal["outcome_date", "offence_date"]]
    minor_on: Figure[Literal["offence_date", "as_of"]]
    minor_below_age: Figure[Positive]
    offences_by: Figure[Literal["minors", "anyone"]]
    sanctions: Figure[Words]
    incidents: Figure[Words]
    role: Figure[str]
    address_only_sanctions: Figure[Words]


class Education(Frozen):
    """Exclusion, schooling and absence of a child."""

    terms: Figure[Positive]
    absence_percent: Figure[Percent]
    absence_counted: Figure[Literal["unauthorised", "all"]]
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

    asked_when_met: Figure[tuple[Criterion, ...]]
    full_address_needed: Figure[bool]
    unsettled_statuses: Figure[Words]


class Local(Frozen):
    """The council's own criteria: the usual ones, where its settings give none, and what they may rest on.

    `speaks_of`: whether rows of an indicator are about children or adults, for a person whose date of birth is unknown.
    """

    usual: Figure[tuple[LocalCriterion, ...]]
    speaks_of: Figure[dict[str, Literal["child", "adult"]]]
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
    assumed_cost: Figure[Count | None]
    central_share_percent: Figure[Percent | None]
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
    adults: Figure[Literal["then_and_now", "then", "now"]]
    extract_gap_days: Figure[Count]
    asb_kinds: Figure[Words]
    another_child: Figure[Literal["void", "counted"]]
    permanent_exclusion: Figure[Literal["not_met", "ignored"]]
    off_roll: Figure[Literal["not_met", "unknown"]]
    home_educated: Figure[Literal["unknown", "not_tested"]]
    no_education_problem: Figure[Literal["not_applicable", "met"]]
    employment_began: Figure[Literal["after_attachment", "any_time"]]
    employment_gap_days: Figure[Positive]
    programme_not_stated: Figure[Literal["unknown", "none"]]


class Claims(Frozen):
    """What a claim pays and what stops it."""

    progress_pounds: Figure[dict[Year, Count]]
    rate_year: Figure[Literal["attached", "claimed"]]
    last_payment: Figure[str]
    internal_audit_first: Figure[bool]
    spot_check_percent: Figure[Percent]
    earlier_intervention: Figure[Literal["met_when_it_began", "not_countable"]]
    eligible_by: Figure[Literal["joining", "result_window"]]
