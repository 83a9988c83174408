"""Laws of days: leap-day births, 29 February, month ends, days on which clocks change; each against plain counting."""

import os
from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from criteria import load_framework
from criteria.calendar import last_complete_terms, months_before, terms_around
from criteria.facts import age_on, number_of
from tests.criteria.town import Town


LONG = "DATAWASH_LAWS" in os.environ
RULES = load_framework()
FIRST, LAST = date(2011, 1, 1), date(2016, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
ODD_DAYS = [
    *(date(2012, 2, 29), date(2013, 2, 28), date(2013, 3, 1), date(2014, 2, 28), date(2014, 3, 1)),
    *(date(2016, 2, 29), date(2016, 3, 1)),
    *(date(2013, 3, 31), date(2013, 10, 27), date(2012, 12, 31), date(2013, 1, 1), date(2013, 7, 31), date(2013, 8, 1)),
]
BIRTHS = [date(1996, 2, 29), date(1995, 2, 28), date(1995, 3, 1), date(1996, 3, 1), date(1995, 12, 31)]


def earlier(day: date, months: int) -> date:
    """The same day so many months before, counted out; the month's last where it has no such day."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def birthdays(born: date, until: date) -> int:
    """How many birthdays somebody has had, counted one by one; one of 29 February has it on 1 March elsewhere."""
    had = 0
    for year in range(born.year + 1, until.year + 1):
        leap = monthrange(year, 2)[1] == 29
        day = date(year, 3, 1) if (born.month, born.day) == (2, 29) and not leap else date(year, born.month, born.day)
        had += day <= until
    return had


@pytest.mark.parametrize("months", [1, 3, 6, 12, 24])
def test_windows_are_as_counted_out_move_on_and_leave_no_day_between_them(months: int) -> None:
    starts = [months_before(day, months).start for day in EVERY_DAY]
    assert starts == [earlier(day, months) + timedelta(days=1) for day in EVERY_DAY]
    assert starts == sorted(starts)
    steps = {(after - before).days for before, after in zip(starts, starts[1:], strict=False)}
    assert steps <= {0, 1, 2, 3, 4}, "a window jumps over at most the end of a short month"
    assert [months_before(day, months).end for day in EVERY_DAY] == EVERY_DAY


def test_ages_are_birthdays_counted_out_on_every_day() -> None:
    days = np.array([number_of(day) for day in EVERY_DAY])
    for born in BIRTHS:
        found = age_on(np.full(len(days), number_of(born)), days)
        assert found.tolist() == [birthdays(born, day) for day in EVERY_DAY], born


def test_the_last_terms_are_over_follow_each_other_and_only_move_on() -> None:
    before = last_complete_terms(FIRST, RULES)
    for day in EVERY_DAY:
        found = last_complete_terms(day, RULES)
        assert len(found) == 3
        over = [term for term in terms_around(day, RULES) if term.end <= day]
        assert list(found) == over[-3:]
        assert found[-1].end >= before[-1].end
        before = found


@pytest.mark.parametrize("day", EVERY_DAY[::29] if LONG else ODD_DAYS, ids=str)
def test_on_odd_days_too_evidence_lies_within_its_window_and_children_are_of_their_age(day: date) -> None:
    start, leap = months_before(day, 12).start, date(1996, 2, 29)
    dates = [start - timedelta(days=1), start, day, day + timedelta(days=1)]
    town = Town(day).family(children={"Leap": str(leap), "Kit": "2004-05-05"}, adults=["Jo"])
    for number, event in enumerate(dates):
        town.row("asb", "Kit", case_ref=f"A{number}", kind="incident", event_date=str(event))
        town.row("youth_offending", "Leap", yot_ref=f"Y{number}", offence_date=str(event), outcome_date=str(event))
        town.row("local_indicators", "Jo", indicator="domestic_abuse", start_date=str(event), end_date=str(event))
    found = town.assess(RULES).evidence
    events = found.dropna(subset=["event_date"])
    first, last = pd.to_datetime(events["window_start"]), pd.to_datetime(events["window_end"])
    of = pd.to_datetime(events["event_date"])
    assert ((of >= first) & (of <= last)).all()
    asb = events.loc[events["extract"] == "asb", "event_date"]
    assert {pd.Timestamp(one).date() for one in asb} == {start, day}
    offences = events[events["extract"] == "youth_offending"]
    met = {pd.Timestamp(one).date(): met for one, met in zip(offences["event_date"], offences["met"], strict=True)}
    assert met == {one: birthdays(leap, one) < 18 for one in (start, day)}
