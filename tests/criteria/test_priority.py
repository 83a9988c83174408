"""The order of the list: what gives points, and what is said of them."""

import pandas as pd
import pytest

from criteria import CriteriaSettings, Framework, assess, load_framework
from criteria.priority import Known, months_waited
from schemas.columns import TEXT, empty_table
from schemas.programme import Services
from tests.criteria.test_families import listed
from tests.criteria.town import Town


def rules(**weights: object) -> Framework:
    return load_framework(CriteriaSettings.model_validate({"priority": weights}))


def ranked(town: Town, using: Framework | None = None, **known: object) -> pd.DataFrame:
    done = assess(town.people(), town.facts(), using or rules(), as_of=town.as_of, known=Known(**known))
    return done.families.set_index("family_id")


def since(**days: str) -> pd.Series:
    return pd.Series(pd.to_datetime(list(days.values())), index=pd.Index(list(days), dtype=TEXT)).astype(
        "datetime64[ns]")


def test_severity_counts_each_kind_of_fact_once_the_most_severe_first():
    town = listed(listed(Town(), "A"), "B")
    for day in ("2013-04-01", "2013-06-01"):
        town.row("asb", "Mum of B", kind="eviction", event_date=day)
    families = ranked(town)
    assert list(families.index) == ["FB", "FA"]
    assert "severity: eviction 4, asbo 3, domestic abuse 3, out of work benefit 1 (11 points)" in (
        families.loc["FB", "rank_reasons"])
    assert "severity: asbo 3, domestic abuse 3, out of work benefit 1 (7 points)" in families.loc["FA", "rank_reasons"]


def test_a_council_s_severity_is_laid_over_ours_and_a_kind_that_it_does_not_name_keeps_its_points():
    town = listed(Town(), "A").row("local_indicators", "Mum of A", indicator="gang", start_date="2013-05-01")
    own = {"code": "gang", "name": "Gang", "indicators": ["gang"]}
    other = {"code": "domestic_abuse", "name": "Domestic abuse", "indicators": ["domestic_abuse"]}
    using = load_framework(CriteriaSettings.model_validate({
        "priority": {"severity": {"asbo": 9}, "severity_otherwise": 2}, "local_criteria": [own, other]}))
    assert "severity: asbo 9, domestic abuse 3, gang 2, out of work benefit 1 (15 points)" in (
        ranked(town, using).loc["FA", "rank_reasons"])


def test_a_family_that_has_waited_longer_comes_first_up_to_a_year():
    town = listed(listed(listed(Town(), "A"), "B"), "C")
    families = ranked(town, listed=since(FA="2011-01-31", FB="2012-09-30", FC="2013-08-31"))
    assert list(families.index) == ["FA", "FB", "FC"]
    assert [reason.split("; ")[-1] for reason in families["rank_reasons"]] == [
        "months waiting: 12 (12 points)", "months waiting: 12 (12 points)", "months waiting: 1 (1 points)"]
    assert "waiting" not in ranked(town)["rank_reasons"].str.cat()


@pytest.mark.parametrize(("listed_on", "as_of", "months"), [
    ("2013-08-31", "2013-09-30", 1), ("2013-08-31", "2013-09-29", 0), ("2013-09-30", "2013-10-31", 1),
    ("2013-09-15", "2013-10-14", 0), ("2013-09-15", "2013-10-15", 1), ("2012-02-29", "2013-02-28", 12),
    (None, "2013-09-30", 0), ("2013-10-31", "2013-09-30", 0),
])
def test_months_are_whole_and_from_a_month_s_end_to_another_s(listed_on: str | None, as_of: str, months: int):
    days = pd.Series(pd.to_datetime([listed_on])).astype("datetime64[ns]")
    assert months_waited(days, pd.Timestamp(as_of)).tolist() == [months]


def test_agencies_of_forms_and_of_open_cases_are_involved_too_and_each_is_one_whatever_its_spelling():
    town = listed(listed(Town(), "A"), "B").row("caseload", "Mum of B", lead_agency="Early Help")
    told = pd.DataFrame({"family_id": ["FB", "FB"], "agency": ["health ", "School nurses"], "source": "form",
                         "leads": False, "since": pd.NaT, "service": None}).astype(empty_table(Services).dtypes)
    families = ranked(town, services=told)
    assert "agencies: 3 (6 points)" in families.loc["FA", "rank_reasons"]
    assert "agencies: 5 (10 points)" in families.loc["FB", "rank_reasons"]
