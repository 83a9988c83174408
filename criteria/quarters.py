"""Quarters of the financial year, written `2013/14-Q3` (October to December 2013); decides nothing else."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from criteria.claims_money import APRIL, financial_year, last_payment_day
from criteria.framework import Framework
from schemas.columns import TEXT


def quarter_of(day: date) -> str:
    """The quarter of a day: `2013/14-Q1` for 1 April to 30 June 2013."""
    return f"{financial_year(day)}-Q{(day.month - APRIL) % 12 // 3 + 1}"


def quarter_series(days: pd.Series) -> pd.Series:
    """The quarter of each day; empty where there is none."""
    known = {day: quarter_of(day.date()) for day in days.dropna().unique()}
    return days.map(known).astype(TEXT)


def year_of(quarter: str) -> str:
    """The financial year of a quarter."""
    return quarter[:7]


def quarter_after(quarter: str) -> str:
    """The next quarter."""
    first, number = int(quarter[:4]), int(quarter[-1])
    if number < 4:
        return f"{year_of(quarter)}-Q{number + 1}"
    return f"{first + 1}/{(first + 2) % 100:02d}-Q1"


def quarters_to(first: str, last: str) -> Iterator[str]:
    """Every quarter from `first` to `last`, both of them; none where `last` comes before."""
    while first <= last:
        yield first
        first = quarter_after(first)


def last_quarter_paid(rules: Framework) -> str | None:
    """The quarter in which the last payment is made; None where the framework has no last one."""
    end = last_payment_day(rules)
    return None if end is None else quarter_of(end)
