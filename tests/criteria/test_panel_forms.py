"""Forms that agencies and the panel filled in, read as one; what cannot be taken as it stands is listed."""

from typing import Any

import pandas as pd
import pytest

from criteria.panel import record_decisions
from criteria.panel_forms import FormsRead, carry_answers, read_forms, with_unreadable, without_contradictions
from criteria.settings import Panel
from schemas.columns import TEXT, empty_table
from schemas.programme import PanelAnswers, PanelFormIssues, PanelHistory
from tests.criteria.forms import forms, ids


AS_OF = pd.Timestamp("2013-10-31")
KNOWN = ids("ABC")


def read(*rows: dict[str, Any], known=KNOWN) -> FormsRead:
    found = read_forms(forms(*rows), known, AS_OF)
    PanelAnswers.validate(found.answers)
    PanelFormIssues.validate(found.issues)
    return found


def issues(found: FormsRead) -> list[tuple[str, str]]:
    return list(zip(found.issues["family_id"], found.issues["issue"], strict=True))


def test_without_a_form_nothing_is_said():
    found = read_forms(None, KNOWN, AS_OF)
    assert (len(found.answers), len(found.decisions), len(found.issues), found.counts) == (0, 0, 0, {})


def test_rows_that_nobody_filled_in_are_counted_and_nothing_else():
    found = read({"family_id": "A", "agency": "Health"}, {"family_id": "A", "agency": "Panel"})
    assert found.counts == {"panel_form_rows": 2, "panel_form_rows_not_filled_in": 2, "panel_form_answers": 0,
                            "panel_decisions": 0, "panel_form_issues": 0}


def test_copies_of_several_agencies_are_one_form():
    health = {"family_id": "A", "agency": "Health", "known_to_us": "Y", "service": "Health visitor", "view": "offer"}
    housing = {"family_id": "A", "agency": "Housing", "we_would_lead": "Y", "file": "panel_form - housing.xlsx"}
    found = read(health, {"family_id": "A", "agency": "Housing"}, {**housing, "row_number": 3},
                 {**health, "file": "panel_form - housing.xlsx", "row_number": 2})
    assert found.answers[["agency", "known_to_us", "service", "we_would_lead", "view"]].fillna("").to_numpy(
        ).tolist() == [["Health", "Y", "Health visitor", "", "offer"], ["Housing", "", "", "Y", ""]]
    assert issues(found) == []


def test_an_agency_may_have_several_services_and_notes_with_a_family():
    found = read({"family_id": "A", "agency": "Health", "service": "Health visitor", "note": "weekly"},
                 {"family_id": "A", "agency": "HEALTH", "service": "School nurse"})
    assert found.answers[["service", "note"]].to_numpy().tolist() == [["Health visitor; School nurse", "weekly"]]


@pytest.mark.parametrize(("column", "one", "other"), [
    ("known_to_us", "Y", "N"), ("we_would_lead", "Y", "N"), ("view", "offer", "wait"),
    ("working_since", "2013-01-01", "2013-02-01")])
def test_what_copies_answer_differently_is_left_out_and_listed(column: str, one: str, other: str):
    found = read({"family_id": "A", "agency": "Health", column: one, "service": "Nurse"},
                 {"family_id": "A", "agency": "Health", column: other, "file": "panel_form-2.xlsx"})
    assert found.answers[column].isna().all()
    assert found.answers["service"].tolist() == ["Nurse"]
    assert issues(found) == [("A", "answers_differ")] * 2
    assert found.issues["what_to_do"].str.contains(column).all()


def test_an_older_form_that_lies_beside_a_newer_one_does_not_contradict_it():
    found = read({"family_id": "A", "agency": "Health", "view": "wait", "put_on": "2013-08-31"},
                 {"family_id": "A", "agency": "Health", "view": "offer", "put_on": "2013-09-30"})
    assert (found.answers["view"].tolist(), issues(found)) == (["offer"], [])


def test_an_id_that_no_wash_gave_is_listed_with_its_file_and_row():
    found = read({"family_id": "a", "agency": "Health", "view": "offer"},
                 {"family_id": "X", "agency": "Health", "view": "offer", "row_number": 9},
                 {"family_id": "X", "decision": "offer", "row_number": 10})
    assert found.answers["family_id"].tolist() == ["A"]
    assert found.issues[["file", "row_number", "family_id", "issue"]].to_numpy().tolist() == [
        ["panel_form.xlsx", 9, "X", "unknown_family"], ["panel_form.xlsx", 10, "X", "unknown_family"]]


def test_an_id_that_has_merged_since_is_followed():
    known = ids("AB", became={"OLD": "B"})
    found = read({"family_id": "OLD", "agency": "Health", "view": "offer"}, {"family_id": "OLD", "decision": "defer"},
                 known=known)
    assert found.answers["family_id"].tolist() == ["B"]
    assert found.decisions[["family_id", "put_as"]].to_numpy().tolist() == [["B", "OLD"]]
    assert issues(found) == []


def test_a_family_that_split_since_its_form_was_written_is_taken_and_listed():
    known = ids("ABZ", A="Z 2013-10-31", B="Z 2013-08-31")
    found = read({"family_id": "A", "decision": "offer"}, {"family_id": "B", "decision": "offer"}, known=known)
    assert found.decisions["family_id"].tolist() == ["A", "B"]
    assert issues(found) == [("A", "family_split")]
    assert "Z" in found.issues["what_to_do"].iloc[0]


def test_answers_need_an_agency():
    found = read({"family_id": "A", "view": "offer"}, {"family_id": "A", "agency": "panel", "view": "offer"})
    assert issues(found) == [("A", "no_agency")] * 2


def decisions(found: FormsRead) -> list[str]:
    return found.decisions["decision"].tolist()


def test_a_decision_that_forms_differ_about_is_not_taken():
    found = read({"family_id": "A", "decision": "offer", "decided_on": "2013-10-09"},
                 {"family_id": "A", "decision": "decline", "decided_on": "2013-10-09"},
                 {"family_id": "B", "decision": "defer", "come_back_on": "2014-01-01"},
                 {"family_id": "B", "decision": "defer", "come_back_on": "2014-02-01"},
                 {"family_id": "C", "decision": "offer"})
    assert found.decisions["family_id"].tolist() == ["C"]
    assert issues(found) == [("A", "decisions_differ")] * 2 + [("B", "decisions_differ")] * 2


def test_the_same_decision_in_every_copy_is_one_and_of_two_days_the_later_counts():
    same = {"family_id": "A", "agency": "Panel", "decision": "offer", "decided_on": "2013-10-09"}
    found = read(same, {**same, "file": "panel_form-2.xlsx"}, {**same, "decided_on": None},
                 {"family_id": "B", "decision": "decline", "decided_on": "2013-10-09"},
                 {"family_id": "B", "decision": "offer", "decided_on": "2013-10-23"})
    assert (decisions(found), issues(found)) == (["offer", "offer"], [])
    assert found.decisions["decided_on"].astype(str).tolist() == ["2013-10-09", "2013-10-23"]


def test_a_decision_after_the_as_of_date_and_a_day_without_one_are_listed():
    found = read({"family_id": "A", "decision": "offer", "decided_on": "2013-11-01"},
                 {"family_id": "B", "decided_on": "2013-10-09"})
    assert decisions(found) == []
    assert issues(found) == [("A", "decided_after_as_of"), ("B", "day_without_decision")]


def test_the_order_of_rows_and_files_changes_nothing():
    rows = [{"family_id": name, "agency": agency, "service": agency, "note": str(number), "row_number": number}
            for number, (name, agency) in enumerate([("A", "Health"), ("A", "health"), ("B", "Police"), ("X", "Y")], 2)]
    one, other = read(*rows), read(*rows[::-1])
    for left, right in zip(one[:3], other[:3], strict=True):
        pd.testing.assert_frame_equal(left, right)


def test_answers_are_carried_until_a_newer_form_says_otherwise():
    before = read({"family_id": "A", "agency": "Health", "view": "wait"},
                  {"family_id": "OLD", "agency": "Police", "view": "wait"}, known=ids("A", {"OLD": "OLD"})._replace(
                      known=frozenset({"A", "OLD"}))).answers
    now = read({"family_id": "A", "agency": "health", "view": "offer", "put_on": "2013-10-31"},
               {"family_id": "B", "agency": "Police", "view": "decline", "put_on": "2013-08-31"}).answers
    carried = carry_answers(before, now, {"OLD": "B"})
    PanelAnswers.validate(carried)
    assert carried[["family_id", "agency", "view"]].to_numpy().tolist() == [
        ["A", "health", "offer"], ["B", "Police", "wait"]]


def test_an_agency_s_newer_answers_take_the_place_of_its_older_ones_and_of_no_other_s():
    first = read({"family_id": "A", "agency": "Health", "view": "wait", "put_on": "2013-08-31"},
                 {"family_id": "A", "agency": "Police", "view": "wait", "put_on": "2013-08-31"},
                 {"family_id": "B", "agency": "Health", "view": "wait", "put_on": None}).answers
    now = read({"family_id": "A", "agency": "Health ", "view": "offer", "put_on": "2013-08-31"},
               {"family_id": "B", "agency": "Health", "view": "offer", "put_on": None}).answers
    carried = carry_answers(first, now, {})
    assert carried[["family_id", "agency", "view"]].to_numpy().tolist() == [
        ["A", "Health ", "offer"], ["A", "Police", "wait"], ["B", "Health", "offer"]]
    assert list(carried.columns) == list(now.columns)
    older = carry_answers(now, first, {})
    assert older.loc[older["family_id"] == "A", "view"].tolist() == ["wait"] * 2, "the form that came now"


def decided(*rows: dict[str, Any]) -> FormsRead:
    return read(*({"family_id": "A", "agency": "Panel", "decision": "offer", **row} for row in rows))


@pytest.mark.parametrize(("now", "stands"), [
    ({"decision": "decline"}, False),
    ({"decision": "decline", "decided_on": "2013-10-09"}, False),
    ({"decision": "decline", "decided_on": "2013-10-16"}, True),
    ({"decision": "offer"}, True),
    ({"decision": "decline", "put_on": "2013-08-31"}, True),
])
def test_a_panel_that_changed_its_mind_says_on_which_day(now: dict[str, Any], stands: bool):
    before = decided({"decided_on": "2013-10-09"})
    history = record_decisions(empty_table(PanelHistory), before.decisions, Panel())
    other = {"family_id": "B", "decision": "defer", "row_number": 9}
    found = without_contradictions(decided(now, other), history)
    assert found.decisions["family_id"].tolist() == (["A", "B"] if stands else ["B"])
    assert issues(found) == ([] if stands else [("A", "decided_otherwise")])
    assert found.counts["panel_form_issues"] == len(found.issues)
    assert found.counts["panel_form_rows"] == 2
    if not stands:
        assert found.issues[["file", "row_number", "agency"]].to_numpy().tolist() == [["panel_form.xlsx", 2, "Panel"]]
        assert "give the day on which it did" in found.issues["what_to_do"].iloc[0]


def test_without_forms_nothing_contradicts_and_nothing_is_counted():
    history = record_decisions(empty_table(PanelHistory), decided({}).decisions, Panel())
    found = without_contradictions(read_forms(None, KNOWN, AS_OF), history)
    assert (found.counts, len(found.issues)) == ({}, 0)


def test_rows_that_could_not_be_read_are_among_the_issues_with_what_to_do():
    forms_read = read({"family_id": "X", "agency": "Health", "view": "offer"})
    rejected = pd.DataFrame({"file": ["panel_form.xlsx"], "row_number": [7], "rule": ["date_unreadable"],
                             "message": ["The date cannot be read"]}).astype({"file": TEXT, "rule": TEXT})
    found = with_unreadable(forms_read, rejected)
    PanelFormIssues.validate(found.issues)
    assert found.issues[["row_number", "issue"]].to_numpy().tolist() == [[2, "unknown_family"], [7, "date_unreadable"]]
    assert found.issues["what_to_do"].iloc[1] == "The date cannot be read. Mend it, and send the form again."
    assert found.issues["file"].tolist() == ["panel_form.xlsx"] * 2
    assert found.issues.index.tolist() == [0, 1]
    assert (found.counts["panel_form_issues"], found.counts["panel_form_rows"]) == (2, 1)
    assert with_unreadable(forms_read, None) is forms_read
    assert with_unreadable(forms_read, rejected.iloc[:0]) is forms_read
