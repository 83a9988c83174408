"""Cases of the caseload: whose they are, since when, what evidences that they were eligible, and what to look at."""

from datetime import date

import pandas as pd
import pytest

from criteria.case_flags import flag_cases
from criteria.entry import entry_evidence
from criteria.history import History, trace_lineage
from schemas.programme import CaseMembers, Cases, FamilyEvents, SnapshotEvidence, Snapshots
from tests.criteria.months import eligible, october, qualify, wash
from tests.criteria.town import Town


def test_a_case_is_attached_by_its_earliest_row_and_led_by_the_one_attached_last():
    town = eligible(Town(), "A")
    kit = {"attached_on": "2013-03-01", "tier": "light", "lead_agency": "YOT", "first_contact_on": "2013-04-02"}
    town.row("caseload", "Kit of A", **kit).row("caseload", "Mum of A", first_contact_on="2013-03-20")
    town.row("caseload", "Mum of A", attached_on="2013-10-01", tier="super_light", lead_agency="Not yet known")
    case = wash(town).case()
    assert [str(case[name].date()) for name in ("attached_on", "first_contact_on")] == ["2013-03-01", "2013-03-20"]
    assert (case["tier"], case["lead_agency"], case["family_id"]) == ("intensive", "Early Help", "FA")


@pytest.mark.parametrize(("first", "second", "closed"), [
    ("2013-08-01", None, None), ("2013-08-01", "2013-09-01", "2013-09-01"), ("2013-08-01", "2013-10-01", None)])
def test_a_case_is_closed_when_every_row_is_and_on_the_latest_day(first, second, closed):
    town = eligible(Town(), "A").row("caseload", "Kit of A", closed_on=first)
    found = wash(town.row("caseload", "Mum of A", closed_on=second)).case()["closed_on"]
    assert (None if pd.isna(found) else str(found.date())) == closed


def test_the_family_of_a_case_is_the_home_of_most_of_its_people():
    town = eligible(eligible(Town(), "B"), "A")
    for person in ("Mum of A", "Kit of B", "Mum of B"):
        town.row("caseload", person)
    case = wash(town).case()
    assert (case["household_id"], "several_households" in case["flags"]) == ("B", True)


def test_of_two_homes_with_as_many_people_it_is_the_lower_id():
    town = eligible(eligible(Town(), "B"), "A").row("caseload", "Kit of B").row("caseload", "Kit of A")
    assert wash(town).case()["household_id"] == "A"


def test_a_family_that_met_the_test_when_attached_is_evidenced_by_looking_again():
    found = wash(eligible(Town(), "A").row("caseload", "Kit of A", attached_on="2013-03-04"))
    case = found.case()
    assert (case["eligible_at_attachment"], case["evidenced_by"], case["rule"]) == ("met", "attachment", "3_of_3")
    assert case["eligible_on"] == pd.Timestamp("2013-03-04") and case["flags"] == ["no_first_contact"]
    behind = found.followed.snapshot_evidence
    behind = behind[(behind["eligible_on"] == pd.Timestamp("2013-03-04")) & behind["met"]]
    assert set(behind["criterion"]) == {"crime_asb", "education", "work"}
    assert behind["window_end"].eq(pd.Timestamp("2013-03-04")).all()


def test_why_a_case_cannot_be_claimed_for_is_kept_with_it():
    found = wash(eligible(Town(), "A").row("caseload", "Kit of A", attached_on="2013-03-04")).followed
    assert found.tables()["claim_blocks"] is found.claim_blocks
    assert set(found.claim_blocks["family_ref"]) == {"C1"}
    assert "no_first_contact" in set(found.claim_blocks["block"])


def test_a_family_that_did_not_meet_the_test_when_attached_is_flagged_and_evidenced_from_its_first_list():
    case = wash(eligible(Town(), "A").row("caseload", "Kit of A", attached_on="2013-01-07")).case()
    assert (case["eligible_at_attachment"], case["evidenced_by"]) == ("not_met", "wash")
    assert case["eligible_on"] == pd.Timestamp("2013-09-30")
    assert case["flags"][0] == "not_eligible_at_attachment"


def test_what_cannot_be_told_of_the_day_of_attachment_is_not_called_not_eligible():
    town = Town().family("A", children={"Kit": "2001-05-05"}, adults=["Mum"]).row("caseload", "Kit")
    town.row("asb", "Kit", event_date="2013-02-01").row("education_status", "Kit", start_date="2013-02-01")
    case = wash(town).case()
    assert (case["eligible_at_attachment"], case["flags"][0]) == ("unknown", "eligibility_at_attachment_unknown")
    assert pd.isna(case["eligible_on"]) and pd.isna(case["snapshot_of"])


@pytest.mark.parametrize(("start", "end", "said"), [
    ("2012-01-02", None, "met"), ("2013-04-15", None, "unknown"), ("2012-01-02", "2013-03-01", "unknown")])
def test_a_benefit_that_dwp_tells_of_later_counts_if_it_ran_on_the_day_of_attachment(start, end, said):
    town = Town().family("A", children={"Kit": "2001-05-05"}, adults=["Mum"])
    town.row("caseload", "Kit", attached_on="2013-04-02").row("asb", "Kit", event_date="2013-02-01")
    town.row("education_status", "Kit", start_date="2013-02-01")
    town.row("dwp_benefits", "Mum", start_date=start, end_date=end, as_at="2013-09-01")
    assert wash(town).case()["eligible_at_attachment"] == said


def test_a_family_on_the_list_by_the_day_it_is_attached_is_not_looked_at_again():
    september = wash(eligible(Town(), "A"))
    later = wash(october("A").row("caseload", "Kit of A", attached_on="2013-10-21"), september)
    assert later.followed.counts["cases_looked_at_again"] == 0
    assert later.case()["eligible_on"] == pd.Timestamp("2013-09-30") and later.case()["evidenced_by"] == "wash"


def test_a_case_once_evidenced_stays_so_when_its_evidence_has_lapsed():
    attached = {"attached_on": "2013-03-04"}
    september = wash(eligible(Town(), "A").row("caseload", "Kit of A", **attached))
    town = Town(date(2014, 9, 30)).family("A", children={"Kit of A": "2001-05-05"}, adults=["Mum of A"])
    later = wash(town.row("caseload", "Kit of A", **attached), september)
    assert later.listed.families.empty and later.followed.counts["cases_looked_at_again"] == 0
    assert later.case()["eligible_on"] == pd.Timestamp("2013-03-04")
    pd.testing.assert_frame_equal(later.followed.snapshots, september.followed.snapshots)
    pd.testing.assert_frame_equal(later.followed.snapshot_evidence, september.followed.snapshot_evidence)


def test_what_was_followed_is_handed_on_table_by_table_and_the_counts_apart():
    followed = wash(eligible(Town(), "A").row("caseload", "Kit of A")).followed
    assert set(followed.tables()) == set(followed._fields) - {"counts"}
    assert followed.tables()["cases"] is followed.cases


def test_a_day_of_attachment_that_is_put_earlier_is_looked_at_anew():
    september = wash(eligible(Town(), "A").row("caseload", "Kit of A", attached_on="2013-03-04"))
    later = wash(october("A").row("caseload", "Kit of A", attached_on="2012-12-03"), september)
    assert later.case()["eligible_at_attachment"] == "not_met"
    assert later.case()["eligible_on"] == pd.Timestamp("2013-03-04")


def test_members_are_those_named_those_of_the_snapshot_and_those_at_home_today():
    september = wash(eligible(Town(), "A"))
    town = Town(date(2013, 10, 31)).family("A", children={"Kit of A": "2001-05-05", "Tot": "2013-10-02"})
    town.family("Z", children={}, adults=["Mum of A"]).row("caseload", "Kit of A", attached_on="2013-10-07")
    found = wash(qualify(town, "Kit of A", "Mum of A"), september)
    members = found.followed.case_members.set_index("person_id")[["role", "named", "then", "now"]]
    assert members.to_dict("split")["data"] == [
        ["child", True, True, True], ["adult", False, True, False], ["child", False, False, True]]
    assert "members_changed" in found.case()["flags"]


def test_a_person_in_two_cases_and_two_cases_of_one_household_are_flagged():
    town = eligible(Town(), "A").row("caseload", "Kit of A").row("caseload", "Kit of A", family_ref="C2")
    town = eligible(town, "B").row("caseload", "Kit of B", family_ref="C3")
    found = wash(town)
    for ref in ("C1", "C2"):
        assert {"person_in_two_cases", "household_in_two_cases"} <= set(found.case(ref)["flags"])
    assert not {"person_in_two_cases", "household_in_two_cases"} & set(found.case("C3")["flags"])


def test_a_case_whose_people_nobody_knows_is_not_found_and_not_judged():
    case = wash(eligible(Town(), "A").row("caseload", "Stranger").row("caseload", None)).case()
    assert pd.isna(case["family_id"]) and case["eligible_at_attachment"] == "unknown" and "not_found" in case["flags"]


def test_a_case_of_a_family_whose_child_is_grown_keeps_its_evidence():
    september = wash(eligible(Town(), "A").row("caseload", "Kit of A"))
    town = Town(date(2013, 10, 31)).family("A", children={}, adults=["Kit of A", "Mum of A"])
    case = wash(town.row("caseload", "Kit of A"), september).case()
    assert pd.isna(case["family_id"]) and case["snapshot_of"] == "FA"
    assert "no_child" in case["flags"] and "family_changed" not in case["flags"]


def test_a_family_that_was_not_seen_for_a_while_and_has_a_new_id_keeps_its_snapshot():
    september = wash(eligible(Town(), "A"))
    away = wash(Town(date(2013, 10, 31)), september)
    town = Town(date(2013, 11, 30)).family("N", children={"Kit of A": "2001-05-05"}, adults=["Mum of A"])
    found = wash(town.row("caseload", "Kit of A", attached_on="2013-11-04"), away).case()
    assert (found["family_id"], found["snapshot_of"]) == ("FN", "FA")
    assert found["eligible_on"] == pd.Timestamp("2013-09-30")


def test_a_case_of_two_months_with_other_people_has_another_family():
    september = wash(eligible(eligible(Town(), "A"), "B").row("caseload", "Kit of A"))
    later = wash(october("A", "B").row("caseload", "Kit of B"), september)
    assert later.case()["family_id"] == "FB" and "family_changed" in later.case()["flags"]
    assert later.case()["snapshot_of"] == "FB"


def test_without_a_caseload_there_are_no_cases_and_every_table_has_its_shape():
    for town in (Town(), eligible(Town(), "A")):
        done = wash(town).followed
        assert done.cases.empty and done.case_members.empty
        for table, model in ((done.cases, Cases), (done.case_members, CaseMembers), (done.snapshots, Snapshots),
                             (done.snapshot_evidence, SnapshotEvidence), (done.family_events, FamilyEvents)):
            model.validate(table)


def test_everything_has_its_shape_when_there_is_something():
    town = eligible(Town(), "A").row("caseload", "Kit of A", attached_on="2013-03-04", first_contact_on="2013-03-05")
    done = wash(town, claims=[("K1", "2013-06-01", "C1")]).followed
    for table, model in ((done.cases, Cases), (done.case_members, CaseMembers), (done.snapshots, Snapshots),
                         (done.snapshot_evidence, SnapshotEvidence), (done.family_events, FamilyEvents)):
        assert len(table)
        model.validate(table)


@pytest.mark.parametrize("places", [[0, 1, 2], [2, 0, 1], [1]])
def test_each_case_has_its_own_flags_whatever_the_order_and_number_of_cases(places):
    town = eligible(eligible(Town(), "A"), "B").row("caseload", "Kit of A").row("caseload", "Stranger", family_ref="C2")
    town.row("caseload", "Kit of B", family_ref="C3", first_contact_on="2013-05-02")
    done = wash(town).followed
    cases = done.cases.assign(homes=1).iloc[places]
    found = flag_cases(cases, done.case_members, trace_lineage(History()), History().cases)
    pd.testing.assert_series_equal(found, cases["flags"], check_names=False)


def test_what_could_not_be_told_or_was_not_met_is_no_evidence_of_entry():
    town = eligible(Town(), "A", Ann="2002-01-01", Bo="2003-01-01").row("caseload", "Kit of A")
    done = wash(town.row("attendance", "Ann", sessions_possible=2).row("attendance", "Bo")).followed
    behind = done.snapshot_evidence
    said = behind[behind["indicator"] == "unauthorised_absence"]["met"]
    assert said.isna().any() and (said == False).any()  # noqa: E712
    found = entry_evidence(done.cases, behind, trace_lineage(History()))
    assert set(found["criterion"]) == {"crime_asb", "education", "work"}
    assert "unauthorised_absence" not in set(found["indicator"])
