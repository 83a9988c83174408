"""The rows of the list: who is in the family, what is behind it, how it came, and where it ranks."""

import pandas as pd
import pytest

from criteria import CriteriaSettings, load_framework
from schemas.published import Undetermined
from schemas.working import FAMILIES
from tests.criteria.town import Town


def listed(town: Town, name: str = "H", **children: str | None) -> Town:
    """A family on the list: an order, an indicator, a benefit."""
    town.family(name, children=children or {f"Kit of {name}": "2001-05-05"}, adults=[f"Mum of {name}"])
    town.row("asb", f"Mum of {name}").row("local_indicators", f"Mum of {name}", agency="Health")
    return town.row("dwp_benefits", f"Mum of {name}")


def test_a_family_s_row_says_who_and_what():
    town = listed(Town(), Kit="2001-05-05", Tot="2010-01-01", Bub=None)
    town.row("local_indicators", "Kit", indicator="missing_child", agency=None, start_date="2013-09-10")
    town.row("local_indicators", "Tot", indicator="domestic_abuse", agency="Health", start_date="2013-09-10")
    found = town.assess()
    FAMILIES.validate(found.families)
    row = found.families.iloc[0]
    assert (row["rule"], row["local_criteria"]) == ("2_plus_local", "domestic_abuse;missing_child")
    assert (row["children"], row["adults"], row["link_confidence"]) == (3, 1, 0.9)
    assert row["agencies"] == "DWP;Health;Police;local indicators"
    assert (row["freshest_evidence"], row["stalest_evidence"]) == (
        pd.Timestamp("2013-09-10"), pd.Timestamp("2013-05-01"))
    assert row[["crime_asb", "education", "work", "local"]].tolist() == ["met", "unknown", "met", "met"]


def test_the_route_is_both_where_a_member_was_referred():
    town = listed(listed(listed(Town(), "A"), "B"), "C").row("referrals", "Kit of A")
    town.row("referrals", "Kit of B", referred_on="2013-10-01")
    assert town.assess().families.set_index("family_id")["route"].to_dict() == {
        "FA": "both", "FB": "wash", "FC": "wash"}


def test_families_rank_by_points_then_freshness_then_family():
    town = listed(listed(listed(listed(Town(), "D"), "C"), "B"), "A", Kit="2001-05-05", Tot="2010-01-01")
    town.row("local_indicators", "Mum of B", agency="Health", start_date="2013-09-20")
    town.row("dwp_benefits", "Mum of D", as_at="2013-09-02")
    families = town.assess().families
    assert families["rank"].tolist() == [1, 2, 3, 4]
    assert families["family_id"].tolist() == ["FA", "FB", "FD", "FC"]
    assert families["rank_reasons"].iloc[0] == (
        "47 points; national criteria: 2 (20 points); severity: asbo 3, domestic abuse 3, out of work benefit 1 "
        "(7 points); local criteria: 1 (3 points); evidence of the last 90 days: 1 (5 points); children under five: 1 "
        "(4 points); children: 2 (2 points); agencies: 3 (6 points)")


def test_a_council_s_weights_decide_the_order():
    weights = {"national_criterion": 0, "local_criterion": 0, "fresh_evidence": 0, "child_under_five": 0, "agency": 0}
    harmless = dict.fromkeys(("asbo", "domestic_abuse", "out_of_work_benefit"), 0)
    rules = load_framework(CriteriaSettings.model_validate({"priority": {**weights, "severity": harmless}}))
    town = listed(listed(Town(), "A"), "B", Ann="2001-01-01", Bo="2002-02-02")
    families = town.assess(rules).families
    assert families["family_id"].tolist() == ["FB", "FA"]
    assert families["rank_reasons"].tolist() == ["2 points; children: 2 (2 points)", "1 points; children: 1 (1 points)"]


def test_dwp_is_asked_about_the_adults_of_households_that_meet_crime_or_education_and_nobody_else():
    town = Town().family("Crime", adults=["Ann", "Bo"]).row("asb", "Ann")
    town.family("Excluded", children={"Cy": "2002-02-02"}, adults=["Di"]).row("exclusions", "Cy", category="PERM")
    town.family("Neither", children={"Ed": "2002-02-02"}, adults=["Flo"]).row("local_indicators", "Flo")
    town.family("Toddler", children={"Gus": "2011-01-01"}, adults=["Hal"]).row("asb", "Hal")
    town.family("No child", children={}, adults=["Ida"]).row("asb", "Ida")
    town.row("dwp_benefits", "Ann").row("dwp_benefits", "Flo").row("dwp_benefits", "Cy").row("dwp_benefits", None)
    town.row("dwp_benefits", "Bo", as_at="2013-10-05")
    found = town.assess()
    assert found.dwp_people.to_numpy().tolist() == [["Crime", "Ann"], ["Crime", "Bo"], ["Excluded", "Di"]]
    assert found.evidence.query("criterion == 'work'")["person_id"].tolist() == ["Ann"]
    assert (found.counts["dwp_rows_not_asked"], found.counts["dwp_rows_after_as_of"]) == (3, 1)
    reasons = found.verdicts.query("criterion == 'work'").set_index("household_id")["reason"].to_dict()
    assert reasons["Neither"] == "not asked: neither crime_asb nor education is met"
    assert reasons["Toddler"] == "not asked: no child of school age or older"
    assert reasons["Excluded"] == "DWP's answers do not settle it"


def test_the_undetermined_are_told_what_would_settle_it():
    town = Town().family("H", adults=["Mum", "Dad"]).row("asb", "Mum").row("exclusions", "Kit", category="PERM")
    found = town.without("local_indicators").assess()
    Undetermined.validate(found.undetermined)
    assert found.undetermined["would_settle"].tolist() == [
        "DWP's answer for 2 adults; the local_indicators extract"]
    assert found.families.empty


def test_a_child_of_unknown_age_keeps_a_family_undetermined():
    town = listed(Town(), Bub=None, Sib=None)
    assert town.assess().undetermined["would_settle"].str.endswith("the dates of birth of 2 children").all()
    seen = listed(Town(), Bub=None).row("attendance", "Bub")
    assert seen.assess().families["family_id"].tolist() == ["FH"]


def test_a_local_fact_that_mirrors_a_national_one_is_marked_and_counted():
    town = Town().family("H", adults=["Mum"]).row("asb", "Mum").row("dwp_benefits", "Mum")
    town.row("local_indicators", "Mum", indicator="police_callouts")
    found = town.assess()
    assert found.evidence.query("criterion == 'local'")["detail"].tolist() == [
        "from 2013-05-01 with no end date; not independent of crime_asb"]
    assert found.counts["eligible_on_dependent_local_alone"] == 1
    found = town.row("local_indicators", "Mum").assess()
    assert found.counts["eligible_on_dependent_local_alone"] == 0


@pytest.mark.parametrize(("benefits", "alone"), [(["CA"], 1), (["CA", "JSA"], 0), (["JSA"], 0)])
def test_households_on_carer_s_allowance_alone_are_counted(benefits: list[str], alone: int):
    town = Town().family("H", adults=["Mum"]).row("asb", "Mum").row("local_indicators", "Mum")
    for benefit in benefits:
        town.row("dwp_benefits", "Mum", benefit=benefit)
    counts = town.assess().counts
    assert counts["work_met_on_doubtful_benefit_alone"] == alone
    assert counts["eligible_on_doubtful_benefit_alone"] == alone


def test_the_counts_tell_the_way_to_the_list():
    town = listed(listed(Town(), "A"), "B").row("exclusions", "Kit of B", category="PERM")
    town.family("Toddler", children={"Gus": "2011-01-01"}, adults=["Hal"]).row("asb", "Hal")
    town.family("Quiet", children={"Ida": "2001-01-01"}).attends("Ida").row("local_indicators", "Ida", indicator="odd")
    counts = town.assess().counts
    expected = {
        "households": 4, "households_with_school_age_child": 3, "households_of_unknown_ages": 0,
        "households_asked_about": 2, "crime_asb_met": 2, "education_met": 1, "work_met": 2, "local_met": 2,
        "crime_asb_or_education_met": 2, "criterion_met_but_no_school_age_child": 1, "eligible": 2, "undetermined": 0,
        "eligible_3_of_3": 1, "eligible_2_plus_local": 1, "eligible_by_crime_asb+work": 1,
        "eligible_by_crime_asb+education+work": 1, "eligible_by_education+work": 0, "local_rows_of_no_criterion": 1,
        "education_unknown": 1, "work_unknown": 1}
    assert {name: counts[name] for name in expected} == expected
