"""Attendance rows: mismatches, duplicates, and who sent what."""

import numpy as np
import pandas as pd
import pytest

from criteria.attendance import no_mismatches, percent_text
from schemas.published import Coverage
from schemas.working import AttendanceMismatches
from tests.criteria.town import Town


def test_a_row_whose_reasons_do_not_add_up_is_listed():
    town = Town().family(children={"Ann": "2001-01-01"})
    good = {"reason_g": 1, "reason_n": 2, "reason_o": 3, "reason_u": 4}
    town.row("attendance", "Ann", sessions_unauthorised=10, **good)
    town.row("attendance", "Ann", term="spring", sessions_unauthorised=9, **good)
    town.row("attendance", "Ann", term="summer", sessions_unauthorised=9, reason_g=1)
    town.row("attendance", "someone else", sessions_unauthorised=0, reason_o=5)
    town.row("attendance", None, sessions_unauthorised=11, **good)
    town.row("attendance", "Ann", academic_year="2010/11", sessions_unauthorised=9, **good)
    found = town.assess()
    AttendanceMismatches.validate(found.mismatches)
    assert found.mismatches["record_id"].str.split(":").str[-1].tolist() == ["3", "5", "6"]
    assert found.mismatches["person_id"].fillna("").tolist() == ["Ann", "someone else", ""]
    assert found.mismatches[["unauthorised", "reasons"]].to_numpy().tolist() == [[9, 10], [0, 5], [11, 10]]
    assert found.counts["attendance_mismatches"] == 3
    pd.testing.assert_frame_equal(no_mismatches(), found.mismatches.iloc[:0])


def test_duplicates_and_dual_registrations_are_counted():
    town = Town().family().attends("Kit").row("attendance", "Kit").row("attendance", "Kit", file="again.csv")
    town.row("attendance", "Kit", school_urn="PRU", enrolment_status="S")
    town.row("attendance", None).row("attendance", None)
    counts = town.assess().counts
    assert (counts["attendance_duplicates"], counts["attendance_subsidiary_dropped"]) == (2, 1)


MAIN, OTHER = {"enrolment_status": "M"}, {"enrolment_status": "S"}


@pytest.mark.parametrize(("kept", "spare"), [
    pytest.param(MAIN | {"sessions_possible": 50}, OTHER, id="the main registration, though it has fewer sessions"),
    pytest.param({"sessions_unauthorised": 20}, {"sessions_possible": 119, "sessions_unauthorised": 60}, id="fuller"),
    pytest.param({"sessions_unauthorised": 20}, {"sessions_unauthorised": 19}, id="as full, and more was missed"),
    pytest.param({"file": "a.csv"}, {"file": "b.csv"}, id="alike in every count, the file of the lower digest"),
])
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_rows_for_a_child_a_school_and_a_term_one_counts_wherever_it_stands(kept, spare, turned):
    town = Town().family(children={"Ann": "2001-01-01", "Bo": "2002-01-01"})
    for child in ("Bo", "Ann"):
        for values in (spare, kept) if turned else (kept, spare):
            town.row("attendance", child, **values)
    found = town.assess()
    possible, missed = kept.get("sessions_possible", 120), kept.get("sessions_unauthorised", 0)
    assert found.evidence["detail"].tolist() == [f"{missed} of {possible} sessions"] * 2
    assert sorted(found.evidence["row_numbers"]) == (["3", "5"] if turned else ["2", "4"])
    assert found.counts["attendance_duplicates"] == 2


def test_the_second_of_two_rows_alike_in_one_file_is_spare_and_rows_of_nobody_known_all_stay():
    town = Town().family().row("attendance", "Kit").row("attendance", "Kit")
    found = town.row("attendance", None).row("attendance", None).assess()
    assert found.evidence["row_numbers"].tolist() == ["2"]
    assert found.coverage.loc[0, "pupils"] == 3


@pytest.mark.parametrize(("main", "detail"), [("M", "0 of 120 sessions"), ("C", "0 of 120 sessions"),
                                              ("G", "30 of 240 sessions")])
def test_a_subsidiary_registration_is_dropped_beside_a_main_or_single_one(main, detail):
    town = Town().family().row("attendance", "Kit", enrolment_status=main)
    town.row("attendance", "Kit", school_urn="PRU", enrolment_status="S", sessions_unauthorised=30)
    assert town.assess().evidence["detail"].tolist() == [detail]


def test_a_subsidiary_registration_counts_where_the_main_one_is_of_another_term_or_child():
    town = Town().family(children={"Ann": "2001-01-01", "Bo": "2002-01-01"})
    town.row("attendance", "Ann", enrolment_status="S", sessions_unauthorised=30).row("attendance", "Bo", **MAIN)
    town.row("attendance", "Ann", term="spring", school_urn="2", **MAIN)
    assert sorted(town.assess().evidence["detail"]) == ["0 of 120 sessions", "30 of 240 sessions"]


def test_a_percentage_is_cut_off_and_never_rounded_up():
    assert percent_text(np.array([1499, 14999, 15, 1, 0]), np.array([10000, 100000, 100, 3, 7])).tolist() == [
        "14.99%", "14.99%", "15.00%", "33.33%", "0.00%"]


def test_coverage_has_a_row_for_every_school_and_term():
    town = Town().family().row("attendance", "Kit", sessions_unauthorised=8, reason_n=2)
    town.row("attendance", None, sessions_unauthorised=12, reason_n=3).row("attendance", "Kit")
    town.row("attendance", "Kit", term="spring", school_urn="2", school_name=None, academic_year="2010/11")
    town.row("schools", school_urn="3", school_name="Silent Academy").row("schools", school_name="Hill (listed)")
    coverage = town.assess().coverage
    Coverage.validate(coverage)
    assert coverage["school_urn"].tolist() == ["100001"] * 3 + ["2"] * 3 + ["3"] * 3
    assert coverage["term"].tolist() == ["autumn", "spring", "summer"] * 3
    assert coverage["returned"].tolist() == [True] + [False] * 8
    assert coverage.loc[0, ["school_name", "pupils", "sessions_possible"]].tolist() == ["Hill (listed)", 2, 240]
    assert coverage.loc[0, "share_reason_n"] == 0.25
    assert coverage["share_reason_n"].isna().sum() == 8
    assert coverage.loc[[3, 6], "school_name"].astype(object).where(lambda names: names.notna(), None).tolist() == [
        None, "Silent Academy"]


@pytest.mark.parametrize(("rows", "share"), [
    pytest.param([{"sessions_unauthorised": 4}], None, id="no reasons were sent"),
    pytest.param([{"reason_n": 0}], None, id="nothing was missed"),
    pytest.param([{"sessions_unauthorised": 4, "reason_n": 0}], 0.0, id="a reason for all of it"),
    pytest.param([{"sessions_unauthorised": 4, "reason_n": 5}], 1.0, id="more under N than was missed"),
    pytest.param([{"sessions_unauthorised": 4, "reason_n": 1}, {"sessions_unauthorised": 6}], 0.25,
                 id="a row without reasons takes no part"),
])
def test_the_share_under_reason_n_is_of_what_reasons_were_sent_for(rows, share):
    town = Town().family(children={"Ann": "2001-01-01", "Bo": "2002-01-01"})
    for child, values in zip(("Ann", "Bo"), rows, strict=False):
        town.row("attendance", child, **values)
    found = town.assess().coverage["share_reason_n"].iloc[0]
    assert (None if pd.isna(found) else found) == share


def test_coverage_without_attendance_lists_the_schools_that_should_return():
    coverage = Town().family().without("attendance").row("schools").assess().coverage
    Coverage.validate(coverage)
    assert coverage["returned"].tolist() == [False] * 3


def test_a_child_who_is_grown_has_no_attendance_evidence():
    town = Town().family(children={"Kit": "1995-09-30"}).attends("Kit", 120, 60)
    assert town.assess().evidence.empty


def test_no_attendance_of_the_last_three_terms_at_all():
    town = Town().family().row("attendance", "Kit", academic_year="2009/10")
    found = town.assess()
    assert found.verdicts.query("criterion == 'education'")["missing"].tolist() == [
        "attendance of 1 child whom no school sent"]
    assert isinstance(found.mismatches, pd.DataFrame)


def test_several_children_and_several_terms_are_named_together():
    town = Town().family(children={"Ann": "2001-01-01", "Bo": "2002-01-01", "Cy": None, "Di": None})
    town.row("attendance", "Ann", term="autumn").row("attendance", None, term="spring", school_urn="elsewhere")
    missing = town.assess().verdicts.query("criterion == 'education'")["missing"].iloc[0]
    assert missing == (
        "attendance from Hill School for the spring term 2012/13; attendance from Hill School for the summer term "
        "2012/13; attendance of 1 child whom no school sent; the dates of birth of 2 children, "
        "or a school's attendance")
