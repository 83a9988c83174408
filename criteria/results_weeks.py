"""How long somebody was in work: spells without a break, and days worked of any so many in a row; judges nothing."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from criteria.calendar import Window


WEEK = 7
Spell = tuple[date, date]
"""First and last day of work; `date.max` while it goes on."""


class Wanted(NamedTuple):
    """How much work is wanted: so many weeks of any so many in a row."""

    weeks: int
    of: int

    @property
    def words(self) -> str:
        """`13 weeks in a row`, `26 weeks of 30`."""
        return f"{self.weeks} weeks in a row" if self.weeks == self.of else f"{self.weeks} weeks of {self.of}"


def merge_spells(spells: Iterable[Spell], gap_days: int) -> list[Spell]:
    """Spells in order; one that starts within so many days of the end of the last goes on with it."""
    merged: list[Spell] = []
    for start, end in sorted(spells):
        if merged and (start - merged[-1][1]).days <= gap_days:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def days_worked(spells: Sequence[Spell], last: date, days: int) -> int:
    """How many of the `days` days that end on `last` were worked."""
    first = last - timedelta(days=days - 1)
    return sum(max(0, (min(end, last) - max(start, first)).days + 1) for start, end in spells)


def most_weeks(spells: Sequence[Spell], wanted: Wanted, window: Window) -> int:
    """The most whole weeks worked of as many in a row as are wanted, ending on a day of the window.

    The number rises and falls a day at a time, and turns only where a spell ends or begins to be left behind.
    """
    length = wanted.of * WEEK
    turns = [day for start, end in spells for day in (end, start + timedelta(days=length - 1))]
    days = {window.start, window.end, *(day for day in turns if window.start <= day <= window.end)}
    return max(days_worked(spells, day, length) for day in days) // WEEK


def first_reached(spells: Sequence[Spell], wanted: Wanted, after: date) -> date | None:
    """The first day after `after` on which the weeks are reached, if the work that goes on does so."""
    days = (after + timedelta(days=ahead) for ahead in range(1, wanted.of * WEEK + 1))
    return next((day for day in days if days_worked(spells, day, wanted.of * WEEK) >= wanted.weeks * WEEK), None)


def reached_on(spells: Sequence[Spell], wanted: Wanted) -> date | None:
    """The day on which the weeks are first reached; None where they never are."""
    eves = [start - timedelta(days=1) for start, _ in spells]
    return min((day for eve in eves if (day := first_reached(spells, wanted, eve))), default=None)
