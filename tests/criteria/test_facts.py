"""People and rows by position: ages, who is a child, and where a row's fact is laid."""

from datetime import date

import pandas as pd
import pytest

from criteria.facts import age_on, day_number, make_roster, number_of, place_facts
from tests.criteria.town import AS_OF, Town


@pytest.mark.parametrize(("born", "on", "age"), [
    ("1995-09-30", "2013-09-30", 18), ("1995-10-01", "2013-09-30", 17), ("2000-02-29", "2013-02-28", 12),
    ("2000-02-29", "2013-03-01", 13), ("2013-09-30", "2013-09-30", 0), ("2013-10-01", "2013-09-30", -1),
    (None, "2013-09-30", -1), ("2000-01-01", None, -1), ("1899-12-31", "2013-09-30", 113)])
def test_age_is_in_whole_years_on_the_day(born: str | None, on: str | None, age: int):
    days = [day_number(pd.Series([day], dtype="datetime64[ns]")) for day in (born, on)]
    assert age_on(*days).tolist() == [age]


def test_a_day_as_a_number():
    days = pd.Series(["2013-09-30", None, "1969-12-31", "2012-02-29"], dtype="datetime64[ns]")
    assert day_number(days).tolist() == [20130930, 0, 19691231, 20120229]
    assert number_of(AS_OF) == 20130930


def test_the_date_of_birth_says_who_is_a_child_and_without_one_the_role():
    town = Town().family("H", children={"Ann": "1990-01-01", "Bo": None}, adults={"Cy": "2000-01-01", "Di": None})
    roster = make_roster(town.people(), AS_OF, 18)
    child = dict(zip(roster.person_id, roster.child.tolist(), strict=True))
    assert child == {"Ann": False, "Bo": True, "Cy": True, "Di": False}


def test_rows_are_laid_at_the_household_of_the_person_or_of_the_address():
    town = Town().family("H0").family("H1", children={"Ada": "2003-03-03"})
    town.row("asb", "Ada").row("asb", at="H1").row("asb", "a stranger").row("asb").row("asb", "a stranger", at="H1")
    placed = place_facts(town.facts(), make_roster(town.people(), AS_OF, 18))
    rows = placed.rows("asb", ("kind",))
    assert rows["household"].tolist() == [1, 1, -1, -1, -1]
    assert (rows["member"] >= 0).tolist() == [True, False, False, False, False]
    assert placed.rows("referrals", ()) is None


def test_a_person_whose_household_is_not_known_is_left_out():
    town = Town().family("H")
    town.members.append({"household_id": "gone", "person_id": "Ghost", "role": "child", "born": "2001-01-01"})
    found = town.row("asb", "Ghost").assess()
    assert found.verdicts["household_id"].unique().tolist() == ["H"]
    assert found.counts["rows_of_no_household"] == 1


def test_no_extract_at_all_leaves_everything_unknown():
    town = Town().family("H", adults=["Mum"])
    town.rows = {}
    found = town.assess()
    assert found.verdicts["verdict"].tolist() == ["unknown"] * 4
    assert found.undetermined["would_settle"].tolist() == [
        "the youth_offending extract; the asb extract; the attendance extract; the exclusions extract; "
        "the education_status extract; DWP's answer for 1 adult, not yet asked about; the local_indicators extract"]
    assert found.mismatches.empty
    assert found.coverage.empty
    assert found.counts["attendance_duplicates"] == 0


def test_as_of_decides_and_not_the_clock():
    town = Town(date(2020, 1, 1)).family("H").row("asb", "Kit")
    assert town.verdict("crime_asb") == "not_met"
