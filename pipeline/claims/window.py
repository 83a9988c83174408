"""Claim windows: a quarter of a financial year, or the days between two dates; decides how one is written."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from criteria.claims_money import financial_year
from schemas.errors import UsageError


QUARTER = re.compile(r"(\d{4})/(\d{2})-Q([1-4])")
STARTS = {1: (0, 4), 2: (0, 7), 3: (0, 10), 4: (1, 1)}
"""Of each quarter of a financial year: how many years after the first, and the month."""


class ClaimWindow(NamedTuple):
    """The days for which a claim is made, both ends inside, and how they are written."""

    label: str
    start: date
    end: date

    @property
    def folder(self) -> str:
        """The window as the name of a folder."""
        return self.label.replace("/", "-").replace(":", "_")

    def holds(self, day: date) -> bool:
        """Whether a day lies in the window."""
        return self.start <= day <= self.end


def read_window(text: str) -> ClaimWindow:
    """The window that `2013/14-Q3` or `2013-10-01:2013-12-31` says; UsageError shows how to write one."""
    found = QUARTER.fullmatch(text.strip())
    if found and int(found[2]) == (int(found[1]) + 1) % 100:
        return quarter(int(found[1]), int(found[3]))
    start, colon, end = text.strip().partition(":")
    try:
        days = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        days = (date.max, date.min)
    if not colon or days[0] > days[1]:
        raise UsageError(
            f"{text!r} is no claim window. Write a quarter, 2013/14-Q3, or two days, 2013-10-01:2013-12-31."
        )
    return ClaimWindow(f"{days[0]}:{days[1]}", *days)


def quarter(first_year: int, number: int) -> ClaimWindow:
    """A quarter of the financial year that begins in `first_year`; the first is April to June."""
    later, month = STARTS[number]
    start = date(first_year + later, month, 1)
    end = date(start.year + (month == 10), (month + 3) % 12 or 12, 1) - timedelta(days=1)
    return ClaimWindow(f"{financial_year(start)}-Q{number}", start, end)
