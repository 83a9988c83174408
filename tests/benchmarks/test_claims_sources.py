"""The months of an invented borough: what is sent on a day was known then, and the programme changes the rest."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from benchmarks.borough import make_borough
from benchmarks.claims.cases import Case, caseload_extract
from benchmarks.claims.eligible import eligible_on
from benchmarks.claims.fates import family_on, improve, live, may_leave_one_truant
from benchmarks.claims.lives import Job, Lives
from benchmarks.claims.sources import days, dwp_answers, employment_extract, sent_by
from benchmarks.claims.truth import events_by, of_school_age, why_not
from benchmarks.town.terms import day_of
from benchmarks.town.writing import canonical_columns
from schemas.extracts import EXTRACTS


LAST, EARLIER = date(2013, 12, 31), date(2012, 9, 30)


@pytest.fixture(scope="module")
def lives() -> Lives:
    return Lives(make_borough(2000, seed=3, as_of=LAST, terms=8, lift=1.2))


@pytest.fixture
def own(lives: Lives) -> Lives:
    """The same borough, to be changed."""
    return Lives(lives.borough)


def troubled(lives: Lives) -> int:
    """A household whose people offend after the earlier day."""
    offences = lives.town.trouble.offences
    late = offences[offences["day"] > day_of(EARLIER) + 30]
    return int(lives.town.people["household"].iloc[int(late["person"].iloc[0])])


@pytest.mark.parametrize(
    ("name", "column"),
    [("youth_offending", "offence_date"), ("asb", "event_date"), ("exclusions", "start_date"),
     ("local_indicators", "start_date"), ("education_status", "start_date")],
)  # fmt: skip
def test_nothing_is_sent_before_it_happened(lives: Lives, name: str, column: str) -> None:
    sent, every = sent_by(lives, {}, EARLIER), sent_by(lives, {}, LAST)
    assert (days(sent[name][column]) <= day_of(EARLIER)).all()
    assert len(sent[name]) < len(every[name])


def test_an_outcome_still_to_come_leaves_an_offence_unproven(lives: Lives) -> None:
    sent = sent_by(lives, {}, EARLIER)["youth_offending"]
    pending = sent["outcome_date"].isna()
    assert (days(sent["outcome_date"]) <= day_of(EARLIER)).all()
    assert (sent.loc[pending, "proven"] == "N").all()
    assert (sent["proven"] == "Y").any()


def test_attendance_is_of_terms_that_had_ended(lives: Lives) -> None:
    sent = sent_by(lives, {}, EARLIER)["attendance"]
    told = {(term.academic_year, term.name) for term in lives.terms if term.end <= day_of(EARLIER)}
    assert set(zip(sent["academic_year"], sent["term"], strict=True)) == told


def test_columns_are_those_of_the_contract(lives: Lives) -> None:
    own = Lives(lives.borough, jobs=[Job(5, day_of(EARLIER) - 60, -1, "ESA", "none")])
    case = Case("TF1", 3, day_of(EARLIER) - 20, day_of(EARLIER) - 10, [5, 6])
    written = {"caseload": caseload_extract(own, [case], day_of(EARLIER))}
    for name, frame in sent_by(own, written, EARLIER).items():
        assert canonical_columns(frame) == list(EXTRACTS[name].columns), name


def test_what_was_sent_does_not_change_with_what_comes_later(lives: Lives, own: Lives) -> None:
    before = sent_by(lives, {}, EARLIER)
    family = family_on(own, troubled(own), day_of(EARLIER) + 5)
    live(own, family, "relapses")
    own.move_in(0, troubled(own), day_of(EARLIER) + 40)
    for name, frame in sent_by(own, {}, EARLIER).items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_a_family_that_improves_is_quiet_from_then_on(own: Lives) -> None:
    family = family_on(own, troubled(own), day_of(EARLIER) + 5)
    improve(own, family)
    sent = sent_by(own, {}, LAST)
    for name, column in (("youth_offending", "offence_date"), ("exclusions", "start_date")):
        rows = sent[name]
        theirs = rows[rows["true_person"].isin(family.people) & (days(rows[column]) >= family.day + 10)]
        assert theirs.empty, name
    rows = own.attendance()
    late = [number for number, term in enumerate(own.terms) if term.start > family.day]
    theirs = rows[rows["person"].isin(family.pupils) & rows["term"].isin(late)]
    assert (theirs["unauthorised"] * 100 <= theirs["possible"] * 3).all()
    told = sent["attendance"]
    told = told[told["true_person"].isin(family.pupils) & (told["academic_year"] == "2012/13")]
    told = told[told["term"] != "autumn"].astype({"sessions_unauthorised": int, "sessions_possible": int})
    assert (told["sessions_unauthorised"] * 100 <= told["sessions_possible"] * 3).all()


def test_the_extracts_and_the_truth_tell_one_story(own: Lives) -> None:
    live(own, family_on(own, troubled(own), day_of(EARLIER) + 5), "relapses")
    sent, town = sent_by(own, {}, LAST), own.town_on(LAST)
    assert len(sent["youth_offending"]) == len(town.trouble.offences)
    assert len(sent["asb"]) == len(town.trouble.asb)
    assert (sent["youth_offending"]["proven"] == "Y").sum() == town.trouble.offences["proven"].sum()


def test_a_job_ends_the_benefit_and_its_end_brings_it_back(own: Lives) -> None:
    day = day_of(EARLIER)
    rows = own.benefits_on(day + 200)
    person = int(rows["person"].iloc[0])
    own.jobs.append(Job(person, day + 10, day + 70, "ESA", "none"))
    on = {offset: person in own.benefits_on(day + offset)["person"].tolist() for offset in (5, 40, 90)}
    assert on == {5: person in own.town.trouble.benefits["person"].tolist(), 40: False, 90: True}


def test_the_council_hears_of_a_job_three_weeks_on(own: Lives) -> None:
    own.jobs.append(Job(4, day_of(EARLIER) - 21, day_of(EARLIER) + 9, "JSA", "none"))
    own.jobs.append(Job(5, day_of(EARLIER) - 20, -1, "JSA", "none"))
    sent = employment_extract(own, EARLIER)
    assert sent["true_person"].tolist() == [4]
    assert sent["ended_on"].isna().all()


def test_dwp_answers_as_of_the_day(own: Lives) -> None:
    people = own.borough.truth["people"]
    person = int(own.benefits_on(day_of(EARLIER))["person"].iloc[0])
    asked = people.iloc[[person]].assign(request_ref="R1", address=None, postcode=None)
    first = dwp_answers(own, asked, EARLIER)["status"].iloc[0]
    own.jobs.append(Job(person, day_of(EARLIER) + 1, -1, "ESA", "none"))
    after = dwp_answers(own, asked, LAST)["status"].iloc[0]
    assert (first, after) in (("on_benefit", "not_on_benefit"), (first, first))
    assert first == "not_traced" or after != "on_benefit"


def test_eligible_households_have_what_makes_them_so(lives: Lives) -> None:
    now, possible = eligible_on(lives, sent_by(lives, {}, LAST), LAST)
    truly = lives.borough.truth["eligible"]
    listed = {int(name[1:]) - 1 for name in truly.loc[truly["eligible"], "household_id"]}
    found = set(np.flatnonzero(now).tolist())
    assert len(found & listed) >= 0.85 * len(found)
    assert (possible | ~now).all()


def test_school_age_ends_on_a_friday_in_june() -> None:
    born = day_of(date(1997, 5, 10))
    assert of_school_age(born, day_of(date(2013, 6, 28)))
    assert not of_school_age(born, day_of(date(2013, 6, 29)))


def test_the_truth_of_a_job_is_its_length_its_start_and_who_was_met(own: Lives) -> None:
    day = day_of(date(2013, 1, 10))
    home = next(home for home in range(own.town.households)
                if len(family_on(own, home, day).pupils) and len(family_on(own, home, day).people) > 2)
    family = family_on(own, home, day)
    adult = int(max(family.people, key=lambda one: -own.town.people["birth"].iloc[one]))
    case = Case("TF1", home, day, day + 9, family.people.tolist(), listed=day - 5)
    own.jobs.append(Job(adult, day + 20, -1, "ESA", "none"))
    told = {name: why_not(events_by(own, on), one, [one], one.listed)["b"] for name, on, one in (
        ("too soon", date(2013, 4, 1), case),
        ("long enough", date(2013, 6, 30), case),
        ("never met", date(2013, 6, 30), Case("TF1", home, day, -1, family.people.tolist(), listed=day - 5)),
        ("met too late", date(2013, 6, 30), Case("TF1", home, day, day + 130, family.people.tolist(), listed=day - 5)),
        ("never listed", date(2013, 6, 30), Case("TF1", home, day, day + 9, family.people.tolist())),
    )}  # fmt: skip
    unsettled = ["dwp_not_settled"] if events_by(own, LAST).untraced[adult] else []
    assert told["too soon"] == [*unsettled, "job_too_short"]
    assert told["long enough"] == unsettled
    assert "no_first_contact" in told["never met"]
    assert "first_contact_after_result" in told["met too late"]
    assert "never_eligible" in told["never listed"]


def test_a_leaver_and_a_truant_are_planted_only_where_there_are_both(own: Lives) -> None:
    day = day_of(EARLIER)
    families = [family_on(own, home, day) for home in range(60, 400)]
    both = [family for family in families if may_leave_one_truant(own, family)]
    assert both
    assert all(len(family.pupils) > 1 for family in both)
