"""The time line of a case: what happened when, as a picture to skim and a table beside it; decides no window.

Drawn are facts of the extracts, whether they counted or not; shaded are the windows that the results looked at.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from criteria.calendar import Term
from reports.packs.across import months_before, place_of, ticks_of
from reports.packs.eligibility_items import eligible_on
from reports.packs.gathered import Case
from reports.packs.shape import Bar, Column, Grid, Lane, Mark, Part, Picture, Says
from reports.packs.wording import day, many, short_day, words


MOST_MONTHS = 36
LEAST_MONTHS = 12


class Happened(NamedTuple):
    """Something on a day, or from a day to another: which lane it is in, what it is, of whom, and where it stands."""

    lane: str
    on: date
    until: date | None
    what: str
    who: str
    stands: str
    mark: str = ""


LANES = {
    "Terms": "term",
    "Exclusions": "exclusion",
    "Offences": "offence",
    "ASB": "asb",
    "On benefit": "work",
    "In work": "work",
    "On the programme": "programme",
    "Eligibility": "programme",
}
LASTING = ("On benefit", "In work")
"""Lanes of what may have begun long before anything else: they reach in from the left."""
_LINE = (Column("Day", 2.1), Column("What", 2.6), Column("Who", 2.1), Column("Stands in", 3))


def time_line(case: Case) -> tuple[Part, ...]:
    """The picture and its table; a sentence where nothing is dated."""
    happened = sorted(_happened(case), key=lambda one: (one.on, one.lane, one.who, one.stands))
    if not happened:
        return (Says("This run holds no dated fact of this family: there is no time line to draw."),)
    span = _span(case, happened)
    rows = [
        (short_day(one.on) + (f" to {short_day(one.until)}" if one.until else ""), one.what, one.who, one.stands)
        for one in happened
    ]
    return (_picture(case, happened, span), Grid("The same, day by day", _LINE, rows))


def _happened(case: Case) -> list[Happened]:
    return [*_trouble(case), *_schooling(case), *_work(case), *_programme(case)]


def _trouble(case: Case) -> list[Happened]:
    offences = [
        Happened(
            "Offences",
            row["offence_date"] or row["outcome_date"],
            None,
            f"Offence{'' if row['proven'] == 'Y' else ' (not proven)'}",
            _who(case, row),
            case.standing(row),
        )
        for row in case.of("youth_offending")
        if row["offence_date"] or row["outcome_date"]
    ]
    nuisance = [
        Happened(
            "ASB",
            row["event_date"],
            None,
            f"ASB: {words(row['kind'])}, as {words(row['role'])}",
            _who(case, row),
            case.standing(row),
        )
        for row in case.of("asb")
    ]
    return offences + nuisance


def _schooling(case: Case) -> list[Happened]:
    away = [
        Happened(
            "Exclusions", row["start_date"], None, f"Exclusion ({row['category']})", _who(case, row), case.standing(row)
        )
        for row in case.of("exclusions")
    ]
    terms = {(term.academic_year, term.name): term for term in case.shared.terms}
    rows = [(row, terms.get((row["academic_year"], row["term"]))) for row in case.of("attendance")]
    return away + [_term(case, row, term) for row, term in rows if term is not None]


def _term(case: Case, row: dict[str, Any], term: Term) -> Happened:
    possible = row["sessions_possible"]
    share = f"{100 * row['sessions_unauthorised'] / possible:.0f}%" if possible else "none possible"
    what = f"{term.name.capitalize()} term {term.academic_year}: {share} unauthorised"
    return Happened("Terms", term.start, term.end, what, _who(case, row), case.standing(row), term.name)


def _work(case: Case) -> list[Happened]:
    paid = [
        Happened(
            "On benefit",
            row["start_date"],
            row["end_date"] or row["as_at"],
            f"Out-of-work benefit ({row['benefit'] or 'none named'})",
            _who(case, row),
            case.standing(row),
            row["benefit"] or "",
        )
        for row in case.of("dwp_benefits")
        if row["start_date"]
    ]
    jobs = [
        Happened(
            "In work",
            row["started_on"],
            row["ended_on"] or case.as_of,
            "Job or placement",
            _who(case, row),
            case.standing(row),
        )
        for row in case.of("employment")
    ]
    return paid + jobs


def _programme(case: Case) -> list[Happened]:
    held, on = case.one("cases"), eligible_on(case)
    found = (
        [Happened("Eligibility", on, None, "Eligibility first evidenced", "the family", "item 3", "eligible")]
        if on
        else []
    )
    if held is None:
        return found
    found.append(
        Happened(
            "On the programme",
            held["attached_on"],
            held["closed_on"] or case.as_of,
            "On the programme",
            "the family",
            "item 6",
            "",
        )
    )
    contact = held["first_contact_on"]
    if contact:
        found.append(
            Happened("On the programme", contact, None, "First contact", "the family", "item 6", "first contact")
        )
    return found


def _who(case: Case, row: dict[str, Any]) -> str:
    return case.who(row["person_id"])


def _span(case: Case, happened: list[Happened]) -> tuple[date, date]:
    """The days that are drawn: what happened and what was looked at, no less than a year and no more than three."""
    ends = [case.as_of, *(row["result_end"] for row in case.of("results") if row["result_end"])]
    last = max(ends)
    starts = [one.on for one in happened if one.lane not in LASTING]
    starts += [row["baseline_start"] for row in case.of("results") if row["baseline_start"]]
    first = max(min(starts, default=last), months_before(last, MOST_MONTHS))
    return min(first, months_before(last, LEAST_MONTHS)).replace(day=1), last


def _picture(case: Case, happened: list[Happened], span: tuple[date, date]) -> Picture:
    first, last = span
    drawn = [one for one in happened if (one.until or one.on) >= first and one.on <= last]
    lanes = tuple(
        _lane(name, [one for one in drawn if one.lane == name], span)
        for name in LANES
        if any(one.lane == name for one in drawn)
    )
    before = len(happened) - len(drawn)
    left = f" {many(before, 'earlier fact')} stand in the table only." if before else ""
    counted = ", ".join(f"{lane.name}: {len(lane.marks) + len(lane.bars)}" for lane in lanes)
    windows = _windows(case, span)
    shaded = "; ".join(f"{name}, {short_day(start)} to {short_day(end)}" for name, start, end in _looked_at(case))
    alt = (
        f"Time line from {day(first)} to {day(last)}. {counted}. {'Shaded: ' + shaded + '.' if shaded else ''} "
        "The table that follows says the same day by day."
    )
    caption = f"What happened from {day(first)} to {day(last)}.{left}"
    return Picture(caption, alt, lanes, ticks_of(span), windows)


def _lane(name: str, happened: list[Happened], span: tuple[date, date]) -> Lane:
    bars = dict.fromkeys(
        Bar(place_of(one.on, span), place_of(one.until, span), one.mark) for one in happened if one.until
    )
    marks = dict.fromkeys(Mark(place_of(one.on, span), one.mark) for one in happened if not one.until)
    return Lane(name, LANES[name], tuple(marks), tuple(bars))


def _looked_at(case: Case) -> list[tuple[str, date, date]]:
    """The windows that falls are counted in, each once, baseline first; terms are drawn as they are."""
    found = [
        (name, row[f"{name}_start"], row[f"{name}_end"])
        for name in ("baseline", "result")
        for row in case.of("results")
        if row["person_id"] is None and row["measure"] != "education" and row[f"{name}_start"] and row[f"{name}_end"]
    ]
    return list(dict.fromkeys(found))


def _windows(case: Case, span: tuple[date, date]) -> tuple[Bar, ...]:
    return tuple(
        Bar(place_of(start, span), place_of(end + timedelta(days=1), span), name)
        for name, start, end in _looked_at(case)
    )
