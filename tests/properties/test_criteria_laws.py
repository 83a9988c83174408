"""Laws of the criteria, on towns that nobody thought of: each holds whatever the facts are."""

from copy import deepcopy
from datetime import date, timedelta
from functools import cache

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from criteria import Assessment, CriteriaSettings, Facts, Framework, People, assess, load_framework
from tests.criteria.town import AS_OF, READ, TERMS, Town


LAW = settings(max_examples=6, derandomize=True, deadline=None, database=None,
               suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
OPTIONAL = ("exclusions", "education_status", "youth_offending", "asb", "dwp_benefits", "local_indicators")
DAYS = st.dates(AS_OF - timedelta(days=500), AS_OF + timedelta(days=20)).map(str)
BORN = st.one_of(st.none(), st.dates(date(1994, 1, 1), date(2012, 12, 31)).map(str))
SESSIONS = st.integers(0, 130)


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """One to four households of up to three children and two adults, and a handful of rows in each extract."""
    town = Town()
    for number in range(draw(st.integers(1, 4))):
        children = {f"child {number}{letter}": draw(BORN) for letter in "abc"[: draw(st.integers(0, 3))]}
        town.family(f"H{number}", children=children, adults=[f"adult {number}{letter}" for letter in "ab"[:draw(
            st.integers(0, 2))]])
    people = [member["person_id"] for member in town.members] or ["nobody"]
    who = st.sampled_from([*people, "a stranger", None])
    for _ in range(draw(st.integers(0, 12))):
        add_attendance(town, draw, draw(who))
    for _ in range(draw(st.integers(0, 14))):
        add_fact(town, draw, draw(who))
    for name in draw(st.sets(st.sampled_from(OPTIONAL), max_size=2)):
        town.without(name)
    return town


def add_attendance(town: Town, draw: st.DrawFn, person: str | None) -> None:
    year, term = draw(st.sampled_from(TERMS))
    possible = draw(SESSIONS)
    reasons = {f"reason_{code}": draw(st.one_of(st.none(), st.integers(0, 20))) for code in "gnou"}
    town.row("attendance", person, academic_year=year, term=term, school_urn=draw(st.sampled_from("AB")),
             enrolment_status=draw(st.sampled_from(["C", "M", "S", None])), sessions_possible=possible,
             sessions_unauthorised=draw(st.integers(0, possible)), **reasons)


def add_fact(town: Town, draw: st.DrawFn, person: str | None) -> None:
    name = draw(st.sampled_from(OPTIONAL))
    day, later = draw(DAYS), draw(st.one_of(st.none(), DAYS))
    values = {
        "exclusions": {"category": draw(st.sampled_from(["PERM", "FIXD", "SUSP", "LNCH"])), "start_date": day},
        "education_status": {"status": draw(st.sampled_from(["PRU", "AP", "NOT_ON_ROLL", "EHE"])), "start_date": day,
                             "end_date": later, "because_excluded": draw(st.sampled_from(["Y", "N", None]))},
        "youth_offending": {"offence_date": day, "outcome_date": later, "proven": draw(st.sampled_from("YN"))},
        "asb": {"kind": draw(st.sampled_from(["incident", "asbo", "nosp"])), "event_date": day,
                "role": draw(st.sampled_from(["perpetrator", "victim", None]))},
        "dwp_benefits": {"status": draw(st.sampled_from(["on_benefit", "not_on_benefit", "not_traced"])),
                         "benefit": draw(st.sampled_from(["JSA", "CA", None])), "as_at": day, "end_date": later},
        "local_indicators": {"indicator": draw(st.sampled_from(["child_in_need", "police_callouts", "strange"])),
                             "start_date": day, "end_date": later},
    }[name]
    home = draw(st.sampled_from([home["household_id"] for home in town.households])) if person is None else None
    town.row(name, person, at=home if name in ("asb", "local_indicators") else None, **values)


@cache
def rules() -> Framework:
    return load_framework()


def with_figures(**figures: object) -> Framework:
    overlays = {key.replace("__", "."): {"value": value, "reason": "to try"} for key, value in figures.items()}
    return load_framework(CriteriaSettings.model_validate({"overlays": overlays}))


def met(found: Assessment) -> set[tuple[str, str]]:
    rows = found.verdicts[found.verdicts["verdict"] == "met"]
    return set(zip(rows["household_id"], rows["criterion"], strict=True))


@LAW
@given(towns())
def test_every_met_criterion_has_evidence_and_everything_else_has_none(town: Town):
    found = town.assess(rules())
    facts = found.evidence[found.evidence["met"].fillna(False)]
    assert set(zip(facts["household_id"], facts["criterion"], strict=True)) == met(found)
    assert len(found.verdicts) == 4 * len(town.households)
    unknown = found.verdicts["verdict"] == "unknown"
    assert found.verdicts.loc[unknown, "missing"].str.len().gt(0).all()
    assert found.verdicts.loc[~unknown, "missing"].isna().all()


@LAW
@given(towns())
def test_a_family_is_listed_undetermined_or_neither_and_the_list_follows_from_the_verdicts(town: Town):
    found = town.assess(rules())
    listed, open_still = set(found.families["household_id"]), set(found.undetermined["household_id"])
    assert not listed & open_still
    for row in found.families.to_dict("records"):
        national = [row[name] for name in ("crime_asb", "education", "work")].count("met")
        assert national == 3 or (national == 2 and row["local"] == "met")
        assert row["rule"] == ("3_of_3" if national == 3 else "2_plus_local")
    for row in found.undetermined.to_dict("records"):
        assert "unknown" in row.values() or "date" in row["would_settle"]
    grounds = {home for home, criterion in met(found) if criterion in ("crime_asb", "education")}
    assert set(found.dwp_people["household_id"]) <= grounds
    told = found.evidence[found.evidence["criterion"] == "work"]
    assert set(told["person_id"]) <= set(found.dwp_people["person_id"])


ADVERSE = (
    ("youth_offending", {"offence_date": "2013-05-01"}, "child"), ("asb", {}, "any"),
    ("exclusions", {"category": "PERM"}, "child"), ("exclusions", {"start_date": "2013-06-11"}, "child"),
    ("education_status", {}, "child"), ("education_status", {"status": "NOT_ON_ROLL"}, "child"),
    ("local_indicators", {}, "any"), ("dwp_benefits", {"as_at": str(AS_OF)}, "adult"),
)


@LAW
@given(towns(), st.data())
def test_adding_a_fact_never_unmeets_a_criterion(town: Town, data: st.DataObject):
    before = met(town.assess(rules()))
    more = deepcopy(town)
    people = list(town.members)
    for extract, values, role in data.draw(st.lists(st.sampled_from(ADVERSE), min_size=1, max_size=4)):
        fit = [member["person_id"] for member in people if role in ("any", member["role"])]
        if fit:
            more.row(extract, data.draw(st.sampled_from(fit)), **values)
    assert before <= met(more.assess(rules()))


@LAW
@given(towns(), st.sampled_from(READ))
def test_taking_an_extract_away_makes_nothing_met_and_leaves_no_not_met_that_rested_on_it(town: Town, name: str):
    less = deepcopy(town)
    less.rows.pop(name, None)
    before, after = town.assess(rules()), less.assess(rules())
    assert met(after) <= met(before)
    criterion = {"youth_offending": "crime_asb", "asb": "crime_asb", "local_indicators": "local"}.get(name)
    if criterion:
        left = after.verdicts[after.verdicts["criterion"] == criterion]
        assert "not_met" not in left["verdict"].tolist()


@LAW
@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(town: Town, chance):
    def shuffled(table: pd.DataFrame) -> pd.DataFrame:
        return table.sample(frac=1, random_state=chance.randrange(2**32)).reset_index(drop=True)

    people, facts = town.people(), town.facts()
    mixed = Facts({name: shuffled(facts.tables[name]) for name in sorted(facts.tables, reverse=True)})
    one = assess(people, facts, rules(), as_of=AS_OF)
    other = assess(People(*map(shuffled, people)), mixed, rules(), as_of=AS_OF)
    for left, right in zip(one[:-1], other[:-1], strict=True):
        assert_frame_equal(left, right)
    assert one.counts == other.counts


STRICTER = (
    {"education__absence_percent": 40}, {"education__fixed_exclusions": 5}, {"crime_asb__window_months": 3},
    {"national__local_needed": 2}, {"national__enough_with_local": 3}, {"national__enough_alone": 4},
    {"work__benefits": ["JSA"]}, {"crime_asb__sanctions": ["nosp"]}, {"education__min_possible_sessions": 200},
    {"crime_asb__minor_below_age": 12}, {"local__dependent_counts": False}, {"education__fixed_categories": []},
)


@settings(LAW, max_examples=10)
@given(towns(), st.sampled_from(STRICTER))
def test_a_stricter_figure_never_adds_a_family(town: Town, figures: dict):
    before, after = town.assess(rules()), town.assess(with_figures(**figures))
    assert set(after.families["family_id"]) <= set(before.families["family_id"])


@LAW
@given(towns())
def test_more_unauthorised_absence_never_unmeets_education(town: Town):
    worse = deepcopy(town)
    for row in worse.rows["attendance"]:
        row["sessions_unauthorised"] = row["sessions_possible"]
    assert met(town.assess(rules())) <= met(worse.assess(rules()))
