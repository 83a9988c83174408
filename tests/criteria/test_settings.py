"""What a council may set, and what it is told when it sets something else."""

from datetime import date

import pytest
from pydantic import ValidationError

from criteria import CriteriaSettings, load_framework
from criteria.settings import LocalCriterion, TermDates


def test_the_usual_local_criteria_are_the_twelve_each_met_by_its_own_code():
    usual = load_framework().local_criteria
    assert [one.code for one in usual] == [
        "child_in_need", "child_protection", "looked_after", "domestic_abuse", "mental_health", "substance_misuse",
        "police_callouts", "adult_offending", "eviction_risk", "homelessness", "teenage_parent", "missing_child"]
    assert all(one.met_by == (one.code,) and one.window_months == 12 for one in usual)
    assert {one.code for one in usual if one.kind == "state"} == {
        "child_in_need", "child_protection", "looked_after"}


def test_a_local_criterion_is_in_force_on_its_first_and_last_day():
    given = {"code": "arson", "name": "Arson", "indicators": ["arson"], "from": "2013-04-01", "until": "2014-03-31"}
    criterion = LocalCriterion.model_validate(given)
    held = [criterion.is_in_force(date(*day)) for day in ((2013, 3, 31), (2013, 4, 1), (2014, 3, 31), (2014, 4, 1))]
    assert held == [False, True, True, False]


@pytest.mark.parametrize(("given", "told"), [
    ({"framwork": "phase_1"}, "framwork"),
    ({"overlays": {"education.terms": {"value": 2}}}, "reason"),
    ({"overlays": {"education.terms": {"value": 2, "reason": ""}}}, "reason"),
    ({"local_criteria": [{"code": "Two words", "name": "x", "indicators": ["x"]}]}, "code"),
    ({"local_criteria": [{"code": "x", "name": "x", "indicators": []}]}, "indicators"),
    ({"local_criteria": [{"code": "x", "name": "x", "indicators": ["x"], "kind": "thing"}]}, "kind"),
    ({"local_criteria": [{"code": "x", "name": "x", "indicators": ["x"]}] * 2}, "a local criterion is given twice: x"),
    ({"terms": [{"academic_year": "2012", "term": "autumn", "start": "2012-09-01", "end": "2012-12-20"}]}, "year"),
    ({"terms": [{"academic_year": "2012/13", "term": "autumn", "start": "2012-09-01", "end": "2012-08-20"}]},
     "a term ends after it starts"),
    ({"terms": [{"academic_year": "2012/13", "term": "autumn", "start": "2012-09-01", "end": "2012-12-20"}] * 2},
     "a term is given twice: autumn 2012/13"),
    ({"panel_size": 0}, "panel_size"),
    ({"allocation": {"by_year": {"2013/15": 3}}}, "no financial year"),
    ({"allocation": {"indicative_number": 0}}, "indicative_number"),
])
def test_a_setting_that_makes_no_sense_is_named(given: dict, told: str):
    with pytest.raises(ValidationError, match=told):
        CriteriaSettings.model_validate(given)


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        CriteriaSettings().panel_size = 3  # type: ignore[misc]


def test_a_term_says_when_it_is():
    term = TermDates(academic_year="2012/13", term="spring", start=date(2013, 1, 7), end=date(2013, 3, 28))
    assert (term.end - term.start).days == 80
