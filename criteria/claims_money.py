"""What a claim pays and how many are paid: financial years, rates, the allocation; decides no result."""

from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import pandas as pd
from dateutil.relativedelta import relativedelta

from criteria.framework import Framework
from schemas.words import ClaimRoute


APRIL = 4


class Rate(NamedTuple):
    """What a route pays a family: the amount in pounds (None: the table has no such year), its year and its table."""

    amount: int | None
    year: str
    table: str


def financial_year(day: date) -> str:
    """`2013/14` for a day from 1 April 2013 to 31 March 2014."""
    first = day.year if day.month >= APRIL else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def programme_start(rules: Framework) -> date:
    """The first day of the first year of the rate table."""
    return date(int(min(rules.funding.results_payment.value)[:4]), APRIL, 1)


def last_payment_day(rules: Framework) -> date | None:
    """The last day of the month of the last payment; None where the framework has none."""
    month = rules.claims.last_payment.value
    if not month:
        return None
    return date.fromisoformat(f"{month}-01") + relativedelta(months=1) - timedelta(days=1)


def rate_of(route: ClaimRoute, attached_on: date, as_of: date, rules: Framework) -> Rate:
    """What a route pays a family attached on that day and claimed for on `as_of`.

    Of one year's results payment, progress to work is a part: A pays the rest, A with progress and B pay it whole.
    A family attached before the programme began has the first year's rate. Source: the framework's `funding` and
    `claims`; `claims.rate_year` says whether the year is that of the attachment or that of the claim.
    """
    by_attachment = rules.claims.rate_year.value == "attached"
    year = financial_year(max(attached_on, programme_start(rules)) if by_attachment else as_of)
    table = f"{rules.rate_table}: {year}, the year {'of attachment' if by_attachment else 'of the claim'}"
    whole = rules.funding.results_payment.value.get(year)
    if whole is None:
        return Rate(None, year, table)
    progress = rules.claims.progress_pounds.value.get(year, 0) if route == ClaimRoute.A else 0
    return Rate(whole - progress, year, table)


def paid_families(number: int, rules: Framework) -> int:
    """How many of `number` families are paid for: five sixths, rounded as the framework says."""
    part, whole = rules.funding.paid_share.value
    exact = Fraction(number * part, whole)
    match rules.funding.rounding.value:
        case "down":
            return floor(exact)
        case "up":
            return ceil(exact)
        case _:
            return floor(exact + Fraction(1, 2))


def beyond_allocation(ready: pd.DataFrame, earlier: pd.DataFrame, rules: Framework) -> dict[str, str]:
    """The ready cases for which no place is left, with the reason in words.

    `ready` has family_ref, attached_on, rate_year; `earlier` has a row for each claim with rate_year. Places go by
    the day of attachment and then by family_ref; those of a year are the year's own and are not carried over.
    """
    total, years = _places(rules)
    if total is None and not years:
        return {}
    taken = len(earlier)
    used = earlier["rate_year"].value_counts().to_dict()
    full: dict[str, str] = {}
    ordered = ready.sort_values(["attached_on", "family_ref"])
    for ref, year in ordered[["family_ref", "rate_year"]].itertuples(index=False):
        if total is not None and taken >= total:
            full[ref] = f"all {total} places that are paid for are taken"
        elif year in years and used.get(year, 0) >= years[year]:
            full[ref] = f"all {years[year]} places of {year} that are paid for are taken"
        else:
            taken, used[year] = taken + 1, used.get(year, 0) + 1
    return full


def _places(rules: Framework) -> tuple[int | None, dict[str, int]]:
    number = rules.allocation.indicative_number
    years = {year: paid_families(agreed, rules) for year, agreed in rules.allocation.by_year.items()}
    return None if number is None else paid_families(number, rules), years
