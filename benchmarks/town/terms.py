"""The school year as the borough lives it: the last six terms that ended by the as-of day, oldest first."""

from datetime import date
from typing import NamedTuple

import numpy as np
from dateutil.easter import easter

from benchmarks.town.draws import Ints


EPOCH = date(1970, 1, 1)


class Term(NamedTuple):
    """A term, in days since 1970, both ends inside; `weeks_open` says how much of it is school."""

    academic_year: str
    name: str
    start: int
    end: int
    sessions: int
    year: int


def day_of(when: date) -> int:
    """Days since 1970."""
    return (when - EPOCH).days


def _year(first: int) -> tuple[Term, ...]:
    """The terms of the school year that begins in September of `first`; sessions are half days."""
    label, sunday = f"{first}/{(first + 1) % 100:02d}", easter(first + 1)
    spring = 10 * ((sunday - date(first + 1, 1, 6)).days // 7 - 2)
    spans = (
        ("autumn", date(first, 9, 1), date(first, 12, 31), 142),
        ("spring", date(first + 1, 1, 1), sunday, spring),
        ("summer", date.fromordinal(sunday.toordinal() + 1), date(first + 1, 7, 31), 380 - 142 - spring),
    )
    return tuple(Term(label, name, day_of(a), day_of(b), sessions, first) for name, a, b, sessions in spans)


def last_terms(as_of: date, count: int = 6) -> tuple[Term, ...]:
    """The latest `count` terms that had ended by `as_of`."""
    every = [term for first in range(as_of.year - 4, as_of.year + 1) for term in _year(first)]
    return tuple([term for term in every if term.end <= day_of(as_of)][-count:])


def school_year_of(birth: Ints, year: int) -> Ints:
    """0 for reception to 11 (negative: not yet; above: gone) in the school year that begins in September of `year`."""
    born = birth.astype("datetime64[D]")
    months = born.astype("datetime64[M]").astype(np.int64)
    turned = year * 12 + 8 - 1970 * 12 - months
    return np.asarray((turned - 1) // 12 - 4)


def year_starts(year: int) -> int:
    """The first of September, in days since 1970."""
    return day_of(date(year, 9, 1))
