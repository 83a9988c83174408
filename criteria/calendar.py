"""Windows and school terms; decides which days and which terms a test looks at, from `as_of` alone."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from criteria.framework import Framework


NAMES = ("autumn", "spring", "summer")


class Window(NamedTuple):
    """The days a test looks at, both ends inside."""

    start: date
    end: date


class Term(NamedTuple):
    """A school term, both ends inside."""

    academic_year: str
    name: str
    start: date
    end: date

    @property
    def label(self) -> str:
        return f"the {self.name} term {self.academic_year}"


def months_before(as_of: date, months: int) -> Window:
    """The window of the last `months` months: after the same day that many months ago, up to and on `as_of`.

    What happened exactly twelve months before is outside. Where the earlier month has no such day, its last day is
    meant: twelve months before 29 February 2012 is 28 February 2011.
    """
    return Window(as_of - relativedelta(months=months) + timedelta(days=1), as_of)


def usual_terms(first_year: int, rules: Framework) -> tuple[Term, ...]:
    """The three terms of the academic year that starts in `first_year`, where the council gives no dates.

    Source: the school census collection schedule (autumn to 31 December, spring to Easter Sunday, summer to 31 July).
    """
    year, label = first_year + 1, f"{first_year}/{(first_year + 1) % 100:02d}"
    sunday, dates = easter(year), rules.calendar
    return (
        Term(label, "autumn", _day(first_year, dates.autumn_starts.value), _day(first_year, dates.autumn_ends.value)),
        Term(label, "spring", _day(year, dates.spring_starts.value), sunday),
        Term(label, "summer", sunday + timedelta(days=1), _day(year, dates.summer_ends.value)),
    )


def terms_around(as_of: date, rules: Framework) -> tuple[Term, ...]:
    """Every term of the years about `as_of`, by date; the council's own dates replace the usual ones of that term."""
    years = range(as_of.year - 3 - rules.education.terms.value // 3, as_of.year + 1)
    found = {(term.academic_year, term.name): term for year in years for term in usual_terms(year, rules)}
    for own in rules.terms:
        found[own.academic_year, own.term] = Term(own.academic_year, own.term, own.start, own.end)
    return tuple(sorted(found.values(), key=lambda term: (term.end, term.start)))


def last_complete_terms(as_of: date, rules: Framework) -> tuple[Term, ...]:
    """The latest terms (three, unless the framework says otherwise) that had ended by `as_of`, oldest first."""
    over = [term for term in terms_around(as_of, rules) if term.end <= as_of]
    return tuple(over[-rules.education.terms.value:])


def current_term_start(as_of: date, rules: Framework) -> date:
    """The first day of the latest term that had begun by `as_of`."""
    return max(term.start for term in terms_around(as_of, rules) if term.start <= as_of)


def last_friday_in_june(year: int) -> date:
    """The school leaving date of the young people who turn sixteen in the school year that ends in `year`."""
    last = date(year, 6, monthrange(year, 6)[1])
    return last - timedelta(days=(last.weekday() - 4) % 7)


def _day(year: int, month_and_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_and_day}")
