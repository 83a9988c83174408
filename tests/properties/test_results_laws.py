"""Laws of results, on families that nobody thought of: each holds whatever happened to them."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from criteria import Facts, load_framework
from criteria.calendar import months_before
from criteria.facts import make_roster, place_facts
from criteria.results import judge_results
from schemas.programme import Results
from tests.criteria.town import Town
from tests.spec.results_scene import AS_OF, JOINED, TERMS_NOW, TERMS_THEN, cover, make_cases, make_members


LAW = settings(max_examples=6, derandomize=True, deadline=None, database=None,
               suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
DAYS = st.dates(JOINED - timedelta(days=250), AS_OF + timedelta(days=10)).map(str)
BORN = st.one_of(st.none(), st.sampled_from(["2001-05-05", "1997-01-01", "1995-03-03", "2009-01-01"]))
READ = ("attendance", "exclusions", "education_status", "youth_offending", "asb", "employment")
WHO = ("Kit", "Sam", "Mum")
WINDOW = months_before(AS_OF, 6)


@st.composite
def families(draw: st.DrawFn) -> tuple[Town, pd.DataFrame]:
    """A family of two children and an adult, a handful of rows in each extract, and who was at home when."""
    town = Town(AS_OF).family("H", children={"Kit": draw(BORN), "Sam": draw(BORN)}, adults=["Mum"])
    town.rows["employment"] = []
    if draw(st.booleans()):
        cover(town)
    for _ in range(draw(st.integers(0, 25))):
        add_fact(town, draw)
    flags = st.booleans()
    members = make_members([("C1", who, "adult" if who == "Mum" else "child", draw(flags), draw(flags), draw(flags))
                            for who in WHO])
    return town, members


def add_fact(town: Town, draw: st.DrawFn) -> None:
    name, day = draw(st.sampled_from(READ)), draw(DAYS)
    year, term = draw(st.sampled_from([*TERMS_THEN, *TERMS_NOW]))
    later = draw(st.one_of(st.none(), DAYS))
    values: dict[str, dict[str, Any]] = {
        "attendance": {"academic_year": year, "term": term, "sessions_possible": 120,
                       "sessions_unauthorised": draw(st.integers(0, 120))},
        "exclusions": {"category": draw(st.sampled_from(["PERM", "FIXD", "SUSP"])), "start_date": day},
        "education_status": {"status": draw(st.sampled_from(["PRU", "NOT_ON_ROLL", "EHE"])), "start_date": day,
                             "end_date": later},
        "youth_offending": {"offence_date": day, "outcome_date": later, "proven": draw(st.sampled_from("YYN"))},
        "asb": {"kind": draw(st.sampled_from(["incident", "asbo"])), "event_date": day,
                "case_ref": draw(st.sampled_from("ABC")),
                "role": draw(st.sampled_from(["perpetrator", "victim", None]))},
        "employment": {"started_on": day, "ended_on": later,
                       "prior_benefit": draw(st.sampled_from(["JSA", "ESA", None])),
                       "progress_to_work": draw(st.sampled_from(["none", "esf", None]))},
    }
    town.row(name, draw(st.sampled_from(WHO)), **values[name])


def judge(town: Town, members: pd.DataFrame, facts: Facts | None = None) -> pd.DataFrame:
    roster = make_roster(town.people(), town.as_of, 18)
    cases = make_cases([("C1", "H", JOINED, JOINED)])
    return judge_results(cases, members, place_facts(facts or town.facts(), roster), roster, load_framework())


def verdicts(results: pd.DataFrame) -> dict[str, str]:
    return results[results["person_id"].isna()].set_index("measure")["verdict"].to_dict()


@LAW
@given(families(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(made, random):
    town, members = made
    facts = town.facts()
    shuffled = Facts({name: table.sample(frac=1, random_state=random.randrange(1000)).reset_index(drop=True)
                      for name, table in facts.tables.items()})
    plain = judge(town, members, facts)
    Results.validate(plain)
    assert_frame_equal(plain, judge(town, members.sample(frac=1, random_state=1), shuffled))


@LAW
@given(families(), st.sampled_from(WHO), st.sampled_from([WINDOW.start, WINDOW.end]))
def test_another_incident_in_the_result_window_never_makes_a_fall_met(made, who, day):
    town, members = made
    before = verdicts(judge(town, members))
    worse = deepcopy(town)
    worse.row("asb", who, kind="incident", case_ref="new", event_date=str(day))
    worse.row("youth_offending", who, offence_date=str(day), outcome_date=str(day), offence="new")
    after = verdicts(judge(worse, members))
    for measure, extract in (("asb", "asb"), ("offending", "youth_offending")):
        covers = extract_covers(town, extract)
        assert not (covers and before[measure] != "met" and after[measure] == "met"), measure


def extract_covers(town: Town, extract: str) -> bool:
    """A new row may show that an extract reaches to a day; only where it did already is it nothing but one more."""
    return any(row["person_id"] == "Una" for row in town.rows[extract])


@LAW
@given(families(), st.sets(st.sampled_from(READ), min_size=1, max_size=3))
def test_an_extract_that_was_not_given_never_makes_anything_met(made, absent):
    town, members = made
    before = verdicts(judge(town, members))
    after = verdicts(judge(deepcopy(town).without(*absent), members))
    reads = {"asb": {"asb"}, "offending": {"youth_offending"}, "employment": {"employment"},
             "progress_to_work": {"employment"}}
    for measure, extracts in reads.items():
        assert after[measure] == ("unknown" if extracts & absent else before[measure])
    if absent & {"attendance", "exclusions"}:
        assert after["education"] != "met" or before["education"] == "met"


@LAW
@given(families())
def test_nothing_is_met_without_a_row_behind_it_or_a_child_who_is_tested(made):
    town, members = made
    results = judge(town, members)
    met = results[results["verdict"] == "met"]
    falls = met[met["measure"].isin(["asb", "offending", "employment", "progress_to_work"])]
    assert falls["row_numbers"].notna().all()
    if verdicts(results)["education"] == "met":
        parts = met[met["problem"] == "unauthorised_absence"]
        assert len(parts)
        assert parts["row_numbers"].notna().all()


@LAW
@given(families())
def test_on_the_day_on_which_a_fall_could_be_met_it_is_if_nothing_new_happened(made):
    town, members = made
    town.rows["asb"] = [row for row in town.rows["asb"] if row["event_date"] <= str(AS_OF)]
    results = judge(town, members)
    family = results[(results["measure"] == "asb") & results["person_id"].isna()].iloc[0]
    if pd.isna(family["could_be"]):
        return
    day = family["could_be"].date()
    for when, holds in ((day, True), (day - timedelta(days=1), False)):
        later = deepcopy(town)
        later.as_of = when
        later.row("asb", "Una", event_date=str(when))
        found = verdicts(judge(later, members))["asb"]
        assert (found in ("met", "not_applicable")) is holds or found == "unknown", (when, found)
