"""The kinds of figure behind costs, the profile, releases and samples, section by section; never what they are."""

from typing import Literal

from criteria.figures import Count, Figure, Percent, Positive, Words, Year
from criteria.settings import Frozen


class Costs(Frozen):
    """What a local share is a share of, and which families a fee is counted for."""

    national_families: Figure[dict[str, Positive]]
    fee_counts: Figure[Literal["not_ineligible", "evidenced", "all"]]
    first_year: Figure[Year]
    families_a_year: Figure[tuple[Positive, Positive]]


class Forecast(Frozen):
    """What is assumed of the cases that have not been claimed for."""

    ready_in: Figure[Literal["this_quarter", "next_quarter"]]
    not_yet_percent: Figure[Percent]
    blocked_percent: Figure[Percent]
    undated: Figure[Literal["none", "last_quarter"]]
    route: Figure[Literal["a", "a_progress", "b"]]
    new_families_a_quarter: Figure[Count]


class Monitoring(Frozen):
    """The profile that the national monitoring published, and how a family of ours is held against it."""

    children_per_family: Figure[Percent]
    share_with_three_children: Figure[Percent]
    share_lone_parent: Figure[Percent]
    problems_per_family: Figure[Percent]
    share_with_problem: Figure[dict[str, Percent]]
    problem_indicators: Figure[dict[str, Words]]
    parent_years: Figure[Positive]


class Disclosure(Frozen):
    """When a count is too small to be shown, and how the others are rounded."""

    threshold: Figure[Positive]
    round_to: Figure[Positive]
    most_rows: Figure[Positive]


class Audit(Frozen):
    """How many claims are looked at before they are sent, and what the department's spot checks found elsewhere."""

    sample_percent: Figure[Percent]
    sample_least: Figure[Positive]
    risk_percent: Figure[Percent]
    low_score: Figure[Percent]
    sample_before_auditor: Figure[bool]
    signed_by: Figure[Literal["name", "name_and_login"]]
    invalid_percent: Figure[dict[str, tuple[Percent, Percent]]]


class Reporting(Frozen):
    """The figures that hold under every framework."""

    costs: Costs
    forecast: Forecast
    monitoring: Monitoring
    disclosure: Disclosure
    audit: Audit
