"""What stops a claim in a part of its result: its verdict, its windows, when help began; judges no result itself."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd
from dateutil.relativedelta import relativedelta

from criteria.calendar import Term, Window, months_before, terms_around
from criteria.framework import Framework
from criteria.results_table import day_words
from schemas.words import Block, ClaimRoute, Measure, ResultVerdict


UNTESTED = (ResultVerdict.NOT_APPLICABLE, ResultVerdict.NEUTRAL)
NAMES = {
    Measure.EDUCATION: "education", Measure.ASB: "anti-social behaviour", Measure.OFFENDING: "offending by minors",
    Measure.PROGRESS_TO_WORK: "progress to work", Measure.EMPLOYMENT: "employment",
}
"""What the parts of a result are called in a sentence."""

_OF_VERDICT = {
    ResultVerdict.UNKNOWN: (Block.RESULT_UNKNOWN, "cannot be told"),
    ResultVerdict.NOT_MET: (Block.RESULT_NOT_MET, "is not met"),
    ResultVerdict.VOID: (Block.RESULT_VOID, "is void"),
}


class Stop(NamedTuple):
    """A block: its code, what it says, the day on which it lifts by itself, if it does, and the route that it stops.

    No route: it stops a claim by any.
    """

    block: Block
    detail: str
    until: date | None = None
    route: ClaimRoute | None = None


class Ground(NamedTuple):
    """The rules, and every term that a result may rest on or wait for, by date."""

    rules: Framework
    terms: tuple[Term, ...]


class Part(NamedTuple):
    """A part of a case's result, as the results have it, the case's own days, and what of the part is missing.

    `tested`: of a neutral part, whether any of its people was tested all the same.
    """

    row: dict[str, Any]
    eligible_on: date | None
    first_contact_on: date | None
    lacking: str = ""
    tested: bool = False


def make_ground(results: pd.DataFrame, rules: Framework, *, as_of: date) -> Ground:
    """The terms from the first day of any result window to those that a result of today may have to wait for."""
    first = min([as_of, *(day.date() for day in results["result_start"].dropna())])
    waits = rules.results.education_terms.value // 3 + 3
    found = {term for year in range(first.year, as_of.year + waits) for term in terms_around(date(year, 12, 31), rules)}
    return Ground(rules, tuple(sorted(found, key=lambda term: (term.end, term.start))))


def stops_of(part: Part, ground: Ground) -> list[Stop]:
    """Everything that stops a claim in one part of its result. Source: the checks before a claim that audit asks for.

    A part that never applied stops nothing. Nor does a neutral one where nobody was tested; where some children were,
    its windows are held like any other's.
    """
    row = part.row
    if row["verdict"] == ResultVerdict.NOT_APPLICABLE or row["verdict"] == ResultVerdict.NEUTRAL and not part.tested:
        return []
    named, stops = part_name(row), list[Stop]()
    if row["verdict"] in _OF_VERDICT:
        block, said = _OF_VERDICT[row["verdict"]]
        unknown = row["verdict"] == ResultVerdict.UNKNOWN
        why = part.lacking if unknown and part.lacking else row["reason"]
        stops.append(Stop(block, f"{named} {said}: {why}", as_date(row["could_be"])))
    if (start := as_date(row["result_start"])) is not None:
        stops += _of_windows(part, start, ground)
    return [stop._replace(route=ClaimRoute(row["route"])) for stop in stops]


def part_name(row: dict[str, Any]) -> str:
    """What a part is called; of the expanded programme, by its problem."""
    if row["measure"] == Measure.PROBLEM and isinstance(row["problem"], str):
        return row["problem"].replace("_", " ")
    return NAMES.get(row["measure"], "the result")


def as_date(value: Any) -> date | None:
    """A date of a frame as Python has it; None where empty."""
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _of_windows(part: Part, start: date, ground: Ground) -> Iterator[Stop]:
    row, named, begins = part.row, part_name(part.row), _beginnings(part.row, ground)
    end, baseline_end = as_date(row["result_end"]), as_date(row["baseline_end"])
    begun = f"the result window of {named} begins on {day_words(start)}"
    if part.eligible_on is not None and part.eligible_on > start:
        told = f"eligibility is evidenced from {day_words(part.eligible_on)}, and {begun}"
        yield Stop(Block.ELIGIBILITY_AFTER_RESULT_BEGAN, told, begins(part.eligible_on))
    if baseline_end is not None and baseline_end >= start:
        told = f"the baseline ends on {day_words(baseline_end)}, and {begun}"
        yield Stop(Block.WINDOWS_OVERLAP, told, begins(baseline_end + timedelta(days=1)))
    if end is None:
        return
    if part.first_contact_on is not None and part.first_contact_on > end:
        told = f"first contact was on {day_words(part.first_contact_on)}; {begun} and ended on {day_words(end)}"
        yield Stop(Block.FIRST_CONTACT_AFTER_RESULT, told, _ends_after(row, part.first_contact_on, ground))
    if short := _too_short(row, Window(start, end), ground):
        yield Stop(Block.WINDOW_TOO_SHORT, f"{begun}, and {short}", begins(start))


def _months(measure: str, rules: Framework) -> int | None:
    figures = {
        Measure.ASB: rules.results.asb_window_months, Measure.OFFENDING: rules.results.offending_window_months,
        Measure.PROGRESS_TO_WORK: rules.results.progress_window_months,
    }
    return figures[Measure(measure)].value if measure in figures else None


def _beginnings(row: dict[str, Any], ground: Ground) -> Callable[[date], date | None]:
    """For a day: the first day as of which the part's result window begins on it or later; None: it never will."""
    months = _months(row["measure"], ground.rules)
    if months is not None:
        return lambda day: first_with_months(day, months)
    if row["measure"] == Measure.EDUCATION:
        return lambda day: first_with_terms(day, ground)
    if row["route"] == ClaimRoute.B or pd.isna(row["result_end"]):
        return lambda day: None
    length = row["result_end"] - row["result_start"]
    return lambda day: (pd.Timestamp(day) + length).date()


def _ends_after(row: dict[str, Any], day: date, ground: Ground) -> date | None:
    """The first day as of which the part's result window ends on that day or later; None where it does not move."""
    if row["measure"] == Measure.EDUCATION:
        return min(term.end for term in ground.terms if term.end >= day)
    return None if row["route"] == ClaimRoute.B else day


def first_with_months(day: date, months: int) -> date:
    """The first day as of which a window of that many months begins on `day` or later."""
    found = day - timedelta(days=1) + relativedelta(months=months)
    while months_before(found, months).start < day:
        found += timedelta(days=1)
    return found


def first_with_terms(day: date, ground: Ground) -> date:
    """The end of the last of the first terms, as many as a result looks at, that begin on `day` or later."""
    after = [term for term in ground.terms if term.start >= day]
    return after[ground.rules.results.education_terms.value - 1].end


def _too_short(row: dict[str, Any], window: Window, ground: Ground) -> str | None:
    months = _months(row["measure"], ground.rules)
    if months is not None and window.start > months_before(window.end, months).start:
        return f"is shorter than {months} months: it ends on {day_words(window.end)}"
    wanted = ground.rules.results.education_terms.value
    if row["measure"] == Measure.EDUCATION:
        inside = [term for term in ground.terms if term.start >= window.start and term.end <= window.end]
        if len(inside) < wanted:
            return f"holds {len(inside)} complete terms of {wanted}: it ends on {day_words(window.end)}"
    return None
