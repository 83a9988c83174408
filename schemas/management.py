"""Tables for those who steer the programme: counts, shares and pounds, and never a family or a person.

A management table has the columns that are written here and no others: what is not here does not leave the team.
"""

import pandas as pd
from pandera.typing import Series

from schemas.columns import Table, optional, required, text


class LocalShare(Table):
    """The council's part of the programme and how far it has come; `unit` is families, percent or pounds."""

    line: Series[pd.StringDtype] = text()
    number: Series[float] = optional()
    unit: Series[pd.StringDtype] = text(isin=["families", "percent", "pounds"])
    basis: Series[pd.StringDtype] = text(nullable=True)


class CostsByYear(Table):
    """A financial year, or all of them: rates, families, and pounds. Empty where there is no rate.

    `families_counted` are those a fee is paid for, `central_assumed` the part of `assumed_cost` that the centre said it
    would pay, `council_share` what the centre's money leaves of it.
    """

    financial_year: Series[pd.StringDtype] = text(unique=True)
    fee_rate: Series[pd.Int64Dtype] = optional(ge=0)
    results_rate: Series[pd.Int64Dtype] = optional(ge=0)
    fee_percent: Series[pd.Int64Dtype] = optional(ge=0, le=100)
    families_attached: Series[pd.Int64Dtype] = required(ge=0)
    families_counted: Series[pd.Int64Dtype] = required(ge=0)
    fees: Series[pd.Int64Dtype] = required(ge=0)
    claims: Series[pd.Int64Dtype] = required(ge=0)
    results: Series[pd.Int64Dtype] = required(ge=0)
    forecast_families: Series[pd.Int64Dtype] = required(ge=0)
    forecast_fees: Series[pd.Int64Dtype] = required(ge=0)
    forecast_claims: Series[pd.Int64Dtype] = required(ge=0)
    forecast_results: Series[pd.Int64Dtype] = required(ge=0)
    received: Series[pd.Int64Dtype] = required(ge=0)
    received_with_forecast: Series[pd.Int64Dtype] = required(ge=0)
    assumed_cost: Series[pd.Int64Dtype] = optional(ge=0)
    central_assumed: Series[pd.Int64Dtype] = optional(ge=0)
    council_share: Series[pd.Int64Dtype] = optional()


class CostsByQuarter(Table):
    """What a quarter brought, or is forecast to bring: families and claims, and pounds."""

    quarter: Series[pd.StringDtype] = text()
    kind: Series[pd.StringDtype] = text(isin=["earned", "forecast"])
    families: Series[pd.Int64Dtype] = required(ge=0)
    fees: Series[pd.Int64Dtype] = required(ge=0)
    claims: Series[pd.Int64Dtype] = required(ge=0)
    results: Series[pd.Int64Dtype] = required(ge=0)


class SecondYearFees(Table):
    """How the second year's fees are staged by what the first year achieved."""

    line: Series[pd.StringDtype] = text()
    number: Series[float] = optional()
    unit: Series[pd.StringDtype] = text(isin=["families", "percent", "pounds", "group"])
    basis: Series[pd.StringDtype] = text(nullable=True)


class ForecastCases(Table):
    """What becomes of the cases in the forecast: how many, and why those left out bring nothing."""

    cases: Series[pd.StringDtype] = text(unique=True)
    families: Series[pd.Int64Dtype] = required(ge=0)
    in_forecast: Series[pd.Int64Dtype] = required(ge=0)
    pounds: Series[pd.Int64Dtype] = required(ge=0)
    why: Series[pd.StringDtype] = text(nullable=True)


class Assumptions(Table):
    """A figure that a management table rests on, with its source and the reading that was taken."""

    key: Series[pd.StringDtype] = text(unique=True)
    value: Series[pd.StringDtype] = text()
    source: Series[pd.StringDtype] = text()
    confidence: Series[pd.StringDtype] = text()
    reading: Series[pd.StringDtype] = text(nullable=True)
    changed_because: Series[pd.StringDtype] = text(nullable=True)


class Profile(Table):
    """The programme's families by one measure and level, small counts left out and the rest rounded.

    `families` is empty where a count is not shown; a share is of the rounded counts, in whole percent; a mean has no
    count. `national` is what the national monitoring published, in the same unit.
    """

    measure: Series[pd.StringDtype] = text()
    level: Series[pd.StringDtype] = text()
    families: Series[pd.Int64Dtype] = optional(ge=0)
    share_percent: Series[pd.Int64Dtype] = optional(ge=0, le=100)
    mean: Series[float] = optional(ge=0)
    shown: Series[pd.BooleanDtype] = required()
    national: Series[float] = optional(ge=0)
    national_source: Series[pd.StringDtype] = text(nullable=True)


class FamiliesByArea(Table):
    """How many listed families live in an area of the council, in a band of counts and never as a number."""

    area: Series[pd.StringDtype] = text(unique=True)
    families: Series[pd.StringDtype] = text()


MANAGEMENT: dict[str, type[Table]] = {
    "share": LocalShare,
    "by_year": CostsByYear,
    "by_quarter": CostsByQuarter,
    "second_year_fees": SecondYearFees,
    "forecast": ForecastCases,
    "assumptions": Assumptions,
    "profile": Profile,
    "by_area": FamiliesByArea,
}
"""Every management table that may leave the team, by name."""

BANDS_OF_FAMILIES = {"by_area": ("families",)}
"""The columns that say in words how many families there are: a band of `criteria.disclosure.bands`, nothing else."""

COUNTS_OF_FAMILIES: dict[str, tuple[str, ...]] = {"profile": ("families",)}
"""The columns that count families by a trait of theirs: small counts are not shown there.

Counts of payments are accounts, not traits: the return to the department says them exactly.
"""
