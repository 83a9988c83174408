"""Results as a table: who has a row, what stands behind it, and that one family's facts are never another's."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria import CriteriaSettings, Framework, load_framework
from criteria.calendar import months_before
from criteria.facts import make_roster, place_facts
from criteria.results import judge_employment, judge_results
from criteria.results_weeks import Wanted, days_worked, first_reached, merge_spells, most_weeks
from schemas.columns import TEXT
from schemas.programme import Results
from tests.criteria.town import Town, table_of
from tests.spec.results_scene import AS_OF, JOINED, cover, make_cases, make_members


WHOLE = (True, True, True)
CASES = make_cases([("C1", "H", JOINED, JOINED)])
MEMBERS = make_members([("C1", "Kit", "child", *WHOLE), ("C1", "Mum", "adult", *WHOLE)])


def town() -> Town:
    made = Town(AS_OF).family("H", adults=["Mum"])
    made.rows["employment"] = []
    cover(made)
    return made


def judge(
    made: Town, cases: pd.DataFrame = CASES, members: pd.DataFrame = MEMBERS, *, entry: pd.DataFrame | None = None,
    rules: Framework | None = None,
) -> pd.DataFrame:
    rules = rules or load_framework()
    roster = make_roster(made.people(), made.as_of, 18)
    return judge_results(cases, members, place_facts(made.facts(), roster), roster, rules, entry=entry)


def of(results: pd.DataFrame, measure: str, person: str | None = None, ref: str = "C1") -> pd.DataFrame:
    rows = results[(results["family_ref"] == ref) & (results["measure"] == measure)]
    return rows[rows["person_id"].isna() if person is None else rows["person_id"] == person]


def incidents(made: Town, person: str, *days: str) -> None:
    for number, day in enumerate(days):
        made.row("asb", person, kind="incident", case_ref=f"{person} {number}", event_date=day)


def test_a_family_without_any_fact_has_a_row_for_each_measure_and_the_table_is_as_the_schema_says():
    results = judge(town())
    Results.validate(results)
    family = results[results["person_id"].isna()].set_index("measure")
    assert family["route"].to_dict() == {"asb": "a", "education": "a", "offending": "a",
                                         "progress_to_work": "a_progress", "employment": "b"}
    assert family.loc[["asb", "offending"], "verdict"].eq("not_applicable").all()
    assert family.loc["education", "verdict"] == "unknown"


def test_no_case_gives_no_row():
    results = judge(town(), CASES.iloc[:0], MEMBERS.iloc[:0])
    Results.validate(results)
    assert results.empty


def test_an_extract_that_was_not_given_hides_no_other():
    made = town().without("attendance", "exclusions")
    incidents(made, "Kit", "2011-12-01", "2012-01-01", "2013-06-01")
    family = of(judge(made), "asb").iloc[0]
    assert (family["baseline_count"], family["result_count"]) == (2, 1)


def test_each_person_with_an_incident_has_a_part_and_the_rows_behind_it():
    made = town()
    incidents(made, "Kit", "2011-12-01", "2012-01-01")
    incidents(made, "Mum", "2011-12-05", "2013-06-01")
    results = judge(made)
    family, kit, mum = (of(results, "asb", who).iloc[0] for who in (None, "Kit", "Mum"))
    assert (family["baseline_count"], family["result_count"]) == (3, 1)
    assert (kit["baseline_count"], kit["result_count"], mum["baseline_count"], mum["result_count"]) == (2, 0, 1, 1)
    assert family["row_numbers"] == "4;5;6;7"
    assert kit["row_numbers"] == "4;5"
    assert family["extract"] == "asb"
    assert len(family["file_sha256"]) == 64


def test_rows_of_two_files_are_each_told_with_their_file():
    made = town()
    made.row("asb", "Kit", kind="incident", case_ref="A", event_date="2011-12-01", file="later.csv")
    made.row("asb", "Kit", kind="incident", case_ref="B", event_date="2011-12-02")
    family = of(judge(made), "asb").iloc[0]
    digests, numbers = family["file_sha256"].split(";"), family["row_numbers"].split(";")
    assert len(set(digests)) == 2
    assert digests == sorted(digests)
    assert sorted(numbers) == ["4", "5"]


def test_a_person_in_two_cases_counts_in_both():
    made = town().family("G", children={"Sam": "2001-05-05"})
    incidents(made, "Kit", "2011-12-01")
    others = make_members([("C2", "Sam", "child", *WHOLE), ("C2", "Kit", "child", True, False, False)])
    members = pd.concat([MEMBERS, others])
    results = judge(made, make_cases([("C1", "H", JOINED, JOINED), ("C2", "G", JOINED, JOINED)]), members)
    assert of(results, "asb", ref="C1")["baseline_count"].iloc[0] == 1
    assert of(results, "asb", ref="C2")["baseline_count"].iloc[0] == 1
    assert of(results, "asb", "Sam", "C2").empty


def test_what_others_do_in_the_same_home_or_town_is_not_the_familys():
    made = town().family("G", children={"Sam": "2001-05-05"})
    incidents(made, "Sam", "2011-12-01", "2013-06-01")
    assert of(judge(made), "asb")["verdict"].iloc[0] == "not_applicable"


def test_a_member_whom_this_wash_does_not_know_leaves_education_unknown_and_is_named():
    made = town()
    made.attends("Kit")
    members = pd.concat([MEMBERS, make_members([("C1", "Gone", "child", False, True, False)])])
    results = judge(made, members=members)
    assert of(results, "education")["verdict"].iloc[0] == "unknown"
    assert "unknown" in set(of(results, "education", "Gone")["verdict"])


def entry(*people: str) -> pd.DataFrame:
    return pd.DataFrame({"family_ref": "C1", "criterion": "education", "person_id": list(people)}).astype(TEXT)


@pytest.mark.parametrize(("problem", "verdict"), [(("Kit",), "met"), ((), "not_applicable")])
def test_the_evidence_of_eligibility_says_who_had_a_problem_even_where_the_terms_before_do_not(problem, verdict):
    made = town()
    made.attends("Kit")
    for year, term in (("2010/11", "summer"), ("2011/12", "autumn"), ("2011/12", "spring")):
        made.row("attendance", "Kit", academic_year=year, term=term)
    assert of(judge(made, entry=entry(*problem)), "education")["verdict"].iloc[0] == verdict


def test_a_child_with_two_tests_has_a_row_for_each_and_one_not_tested_says_why():
    made = Town(AS_OF).family("H", children={"Kit": "2001-05-05", "Lee": "1997-01-01", "Baby": "2012-06-01"})
    made.rows["employment"] = []
    cover(made)
    made.attends("Kit", unauthorised=10)
    members = make_members([("C1", who, "child", *WHOLE) for who in ("Kit", "Lee", "Baby")])
    results = judge(made, members=members)
    kit = of(results, "education", "Kit").set_index("problem")
    assert kit["verdict"].to_dict() == {"fixed_exclusions": "met", "unauthorised_absence": "met"}
    assert kit.loc["unauthorised_absence", "result_count"] == 30
    assert kit.loc["unauthorised_absence", "arithmetic"] == (
        "30 of 360 sessions missed without leave in autumn 2012/13 to summer 2012/13: 8.33%, under 15% is wanted")
    assert of(results, "education", "Lee")["verdict"].to_list() == ["neutral"]
    assert of(results, "education", "Baby")["reason"].to_list() == ["below school age"]


def test_counts_are_empty_and_not_nought_where_a_window_is_not_covered():
    made = Town(AS_OF).family("H", adults=["Mum"])
    incidents(made, "Kit", "2013-06-01")
    row = of(judge(made.without("youth_offending")), "asb").iloc[0]
    assert row["verdict"] == "unknown"
    assert pd.isna(row["baseline_count"])
    assert pd.isna(row["result_count"])


def test_the_best_of_the_adults_is_the_familys():
    made = town()
    members = pd.concat([MEMBERS, make_members([("C1", "Dad", "adult", *WHOLE)])])
    made.members.append({"household_id": "H", "person_id": "Dad", "role": "adult", "born": "1970-01-01"})
    made.row("employment", "Mum", started_on="2013-09-01", prior_benefit="ESA", progress_to_work="none")
    made.row("employment", "Dad", started_on="2013-03-01", prior_benefit="ESA", progress_to_work="none",
             evidence="payslip")
    results = judge(made, members=members)
    family = of(results, "employment").iloc[0]
    assert (family["verdict"], family["row_numbers"]) == ("met", "3")
    assert "evidence: payslip" in family["arithmetic"]
    assert of(results, "employment", "Mum")["could_be"].iloc[0] == pd.Timestamp("2013-11-30")


def test_employment_alone_has_the_rows_of_route_b_and_progress():
    made = town()
    roster = make_roster(made.people(), made.as_of, 18)
    found = judge_employment(CASES, MEMBERS, place_facts(made.facts(), roster), roster, load_framework())
    assert set(found["measure"]) == {"employment", "progress_to_work"}


def test_under_the_expanded_programme_route_a_is_the_plans():
    rules = load_framework(CriteriaSettings(framework="expanded"))
    assert set(judge(town(), rules=rules)["route"]) == {"b"}


def test_the_same_row_in_the_extract_twice_is_one_offence():
    made = town()
    for _ in range(2):
        made.row("youth_offending", "Kit", offence_date="2011-12-01", outcome_date="2012-01-10", offence="Theft")
    assert of(judge(made), "offending")["baseline_count"].iloc[0] == 1


@pytest.mark.parametrize(("spells", "merged"), [
    ([(date(2013, 1, 1), date(2013, 1, 4)), (date(2013, 1, 7), date.max)], [(date(2013, 1, 1), date.max)]),
    ([(date(2013, 1, 1), date.max), (date(2013, 1, 7), date(2013, 2, 1))], [(date(2013, 1, 1), date.max)]),
    ([(date(2013, 1, 8), date(2013, 2, 1)), (date(2013, 1, 1), date(2013, 1, 4))],
     [(date(2013, 1, 1), date(2013, 1, 4)), (date(2013, 1, 8), date(2013, 2, 1))]),
])
def test_spells_join_where_there_is_no_break(spells, merged):
    assert merge_spells(spells, 3) == merged


def test_weeks_are_reached_on_the_day_that_completes_them_and_never_where_work_has_ended():
    thirteen, going_on = Wanted(13, 13), [(date(2013, 1, 1), date.max)]
    day = first_reached(going_on, thirteen, date(2013, 1, 15))
    assert day == date(2013, 4, 1)
    assert days_worked(going_on, day, 91) == 91
    assert first_reached([(date(2013, 1, 1), date(2013, 2, 1))], thirteen, date(2013, 1, 15)) is None


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 300)), min_size=1, max_size=4))
@settings(max_examples=100, derandomize=True, deadline=None, database=None)
def test_the_most_weeks_are_those_of_the_best_day_of_the_window(jobs):
    first = date(2012, 6, 1)
    spells = merge_spells([(first + timedelta(start), first + timedelta(start + days)) for start, days in jobs], 3)
    window, wanted = months_before(AS_OF, 6), Wanted(26, 30)
    days = [window.start + timedelta(at) for at in range((window.end - window.start).days + 1)]
    assert most_weeks(spells, wanted, window) == max(days_worked(spells, day, 210) for day in days) // 7


def test_a_table_of_jobs_may_hold_people_who_are_nobody():
    made = town()
    made.row("employment", None, started_on="2013-01-01")
    assert table_of("employment", made.rows["employment"])["person_id"].isna().all()
    assert of(judge(made), "employment")["verdict"].iloc[0] == "not_met"
