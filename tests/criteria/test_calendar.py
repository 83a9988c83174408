"""Windows, terms and quarters on the days where they turn: leap days, month ends, Easter, the last Friday in June."""

from datetime import date, timedelta

import pytest

from criteria import CriteriaSettings, load_framework
from criteria.calendar import (
    current_term_start,
    last_complete_terms,
    last_friday_in_june,
    months_before,
    terms_around,
    usual_terms,
)
from criteria.claims_money import financial_year, last_payment_day, paid_families, programme_start, rate_of
from criteria.quarters import last_quarter_paid, quarter_after, year_of


RULES = load_framework()


@pytest.mark.parametrize(("as_of", "months", "start"), [
    ("2013-09-30", 12, "2012-10-01"), ("2012-02-29", 12, "2011-03-01"), ("2013-02-28", 12, "2012-02-29"),
    ("2013-03-31", 1, "2013-03-01"), ("2013-01-01", 6, "2012-07-02"), ("2013-08-31", 6, "2013-03-01"),
])
def test_a_window_begins_after_the_same_day_so_many_months_ago(as_of: str, months: int, start: str) -> None:
    assert months_before(date.fromisoformat(as_of), months) == (date.fromisoformat(start), date.fromisoformat(as_of))


def test_the_usual_terms_of_a_year_turn_at_new_year_and_at_easter() -> None:
    terms = usual_terms(2012, RULES)
    assert [(term.name, term.academic_year) for term in terms] == [
        ("autumn", "2012/13"), ("spring", "2012/13"), ("summer", "2012/13")]
    assert [(str(term.start), str(term.end)) for term in terms] == [
        ("2012-09-01", "2012-12-31"), ("2013-01-01", "2013-03-31"), ("2013-04-01", "2013-07-31")]
    assert usual_terms(1999, RULES)[0].academic_year == "1999/00"
    assert terms[0].label == "the autumn term 2012/13"


def test_the_council_s_own_dates_replace_those_of_that_term_alone() -> None:
    own = {"academic_year": "2012/13", "term": "spring", "start": "2013-01-07", "end": "2013-03-22"}
    rules = load_framework(CriteriaSettings.model_validate({"terms": [own]}))
    found = {(term.academic_year, term.name): term for term in terms_around(date(2013, 9, 30), rules)}
    assert (found["2012/13", "spring"].start, found["2012/13", "spring"].end) == (date(2013, 1, 7), date(2013, 3, 22))
    assert found["2012/13", "summer"] == usual_terms(2012, RULES)[2]
    assert last_complete_terms(date(2013, 3, 22), rules)[-1].name == "spring"
    assert last_complete_terms(date(2013, 3, 21), rules)[-1].name == "autumn"


@pytest.mark.parametrize(("day", "terms", "begun"), [
    ("2013-07-30", "summer autumn spring", "2013-04-01"), ("2013-07-31", "autumn spring summer", "2013-04-01"),
    ("2013-09-01", "autumn spring summer", "2013-09-01"), ("2012-12-31", "spring summer autumn", "2012-09-01"),
    ("2013-01-01", "spring summer autumn", "2013-01-01"),
])
def test_the_last_three_terms_that_had_ended_and_the_one_that_had_begun(day: str, terms: str, begun: str) -> None:
    as_of = date.fromisoformat(day)
    found = last_complete_terms(as_of, RULES)
    assert " ".join(term.name for term in found) == terms
    assert list(found) == sorted(found, key=lambda term: term.end)
    assert str(current_term_start(as_of, RULES)) == begun


def test_terms_go_back_as_far_as_the_framework_asks() -> None:
    laid = {"education.terms": {"value": 9, "reason": "a test"}}
    rules = load_framework(CriteriaSettings.model_validate({"overlays": laid}))
    assert len(last_complete_terms(date(2013, 1, 1), rules)) == 9
    assert terms_around(date(2013, 1, 1), rules)[0].academic_year <= "2009/10"


@pytest.mark.parametrize("year", range(2008, 2020))
def test_young_people_leave_school_on_the_last_friday_in_june(year: int) -> None:
    found = last_friday_in_june(year)
    assert (found.year, found.month, found.weekday()) == (year, 6, 4)
    assert (found + timedelta(days=7)).month == 7


def test_the_financial_year_turns_on_the_first_of_april() -> None:
    assert financial_year(date(2013, 3, 31)) == "2012/13"
    assert financial_year(date(2013, 4, 1)) == "2013/14"
    assert financial_year(date(2000, 3, 31)) == "1999/00"
    assert (year_of("2013/14-Q2"), quarter_after("2013/14-Q3")) == ("2013/14", "2013/14-Q4")


def under(**overlays: object):  # type: ignore[no-untyped-def]
    laid = {key.replace("__", "."): {"value": value, "reason": "a test"} for key, value in overlays.items()}
    return load_framework(CriteriaSettings.model_validate({"overlays": laid}))


@pytest.mark.parametrize(("rounding", "paid"), [("down", [0, 1, 2, 3, 4, 5]), ("up", [1, 2, 3, 4, 5, 5]),
                                                ("nearest", [1, 2, 3, 3, 4, 5])])
def test_five_sixths_are_rounded_as_the_framework_says(rounding: str, paid: list[int]) -> None:
    rules = under(funding__rounding=rounding)
    assert [paid_families(number, rules) for number in range(1, 7)] == paid


def test_the_last_payment_falls_on_the_last_day_of_its_month() -> None:
    assert last_payment_day(under(claims__last_payment="2016-02")) == date(2016, 2, 29)
    assert last_payment_day(under(claims__last_payment="2015-12")) == date(2015, 12, 31)
    assert last_quarter_paid(under(claims__last_payment="2015-05")) == "2015/16-Q1"
    never = under(claims__last_payment="")
    assert (last_payment_day(never), last_quarter_paid(never)) == (None, None)


def test_the_rate_is_that_of_the_year_of_attachment_unless_the_framework_says_of_the_claim() -> None:
    joined, claimed = date(2013, 3, 31), date(2014, 5, 1)
    first = rate_of("b", joined, claimed, RULES)
    assert (first.amount, first.year, first.table.split(": ")[1]) == (800, "2012/13", "2012/13, the year of attachment")
    later = rate_of("b", joined, claimed, under(claims__rate_year="claimed"))
    assert (later.amount, later.year, later.table.split(": ")[1]) == (2400, "2014/15", "2014/15, the year of the claim")
    assert programme_start(RULES) == date(2012, 4, 1)
    assert rate_of("b", date(2011, 1, 1), claimed, RULES).year == "2012/13", "before the programme: its first year"
    assert rate_of("b", date(2019, 1, 1), claimed, RULES)[:2] == (None, "2018/19")
