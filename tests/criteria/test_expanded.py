"""The expanded framework as data: what it takes over, what a council may add, and what a mistake is told."""

import pytest

from criteria import CriteriaSettings, Framework, load_framework
from criteria.signs import measures_with_signs, signs_of
from schemas.errors import SettingsError
from schemas.words import Criterion
from tests.criteria.test_framework import figures
from tests.criteria.town import Town


def expanded(**given: object) -> Framework:
    return load_framework(CriteriaSettings.model_validate({"framework": "expanded", **given}))


def measure(problem: str = "health", **given: object) -> dict[str, object]:
    return {"problem": problem, "kind": "none_new", "source": "Outcomes Plan, page 4", **given}


@pytest.mark.parametrize(("key", "value"), [
    ("national.enough_alone", 2), ("education.absence_percent", 10), ("education.absence_counted", "all"),
    ("funding.paid_per_family", 1800), ("funding.assumed_cost", None), ("results.absence_below_percent", 10),
    ("national.criteria", ("crime_asb", "education", "children_who_need_help", "work", "domestic_abuse", "health")),
])
def test_the_figures_of_the_programme(key: str, value: object):
    assert figures(expanded())[key].value == value


def test_every_year_pays_a_thousand_pounds_and_eight_hundred():
    funding = expanded().funding
    assert set(funding.attachment_fee.value.values()) == {1000}
    assert set(funding.results_payment.value.values()) == {800}
    assert list(funding.attachment_fee.value) == list(funding.results_payment.value) == [
        "2014/15", "2015/16", "2016/17", "2017/18", "2018/19", "2019/20"]


def test_what_is_taken_over_from_phase_1_says_so_and_is_inferred_at_best():
    first, own = figures(load_framework()), figures(expanded())
    taken = {key: figure for key, figure in own.items() if figure.taken_over_from}
    assert "education.terms" in taken
    assert "education.absence_percent" not in taken
    for key, figure in taken.items():
        assert figure.value == first[key].value, key
        assert figure.confidence not in ("confirmed", "derived"), key
    assert not own["calendar.autumn_ends"].taken_over_from
    assert not any(figure.taken_over_from for figure in first.values())


def test_every_figure_of_its_own_says_where_it_comes_from_and_which_reading_was_taken():
    for key, figure in figures(expanded()).items():
        assert len(figure.source) > 15, key
        assert figure.confidence != "not_found" or figure.reading, key
    for problem, figure in (expanded().problems | expanded().outcomes_plan).items():
        assert len(figure.source) > 15, problem


def test_the_version_is_named_with_the_rates():
    assert (load_framework().rate_table, expanded().rate_table) == ("phase_1 1", "expanded 1")
    changed = {"funding.results_payment": {"value": {"2015/16": 900}, "reason": "a letter of the department"}}
    assert expanded(overlays=changed).rate_table == "expanded 1, as changed by the council"


def test_phase_1_has_no_problems_and_no_plan():
    rules = load_framework()
    assert not rules.problems
    assert not rules.outcomes_plan
    assert [len(rules.indicators_of(name)) for name in Criterion] == [0] * len(Criterion)


def test_every_sign_of_every_problem_has_one_measure():
    rules = expanded()
    for problem in rules.national.criteria.value:
        measured = [sign for asked in measures_with_signs(problem, rules) for sign in asked.signs]
        assert sorted(measured) == sorted(signs_of(problem, rules)), problem


def test_a_council_s_own_list_of_signs_replaces_the_framework_s():
    only = {"problems.health": {"value": [{"code": "asthma", "name": "Asthma"}], "reason": "to try"}}
    town = Town().family("A").family("B", children={"Kay": "2001-05-05"})
    town.row("local_indicators", "Kit", indicator="asthma").row("local_indicators", "Kay", indicator="mental_health")
    found = town.assess(expanded(overlays=only))
    health = found.verdicts[found.verdicts["criterion"] == "health"]
    assert dict(zip(health["household_id"], health["verdict"], strict=True)) == {"A": "met", "B": "not_met"}
    assert found.counts["local_rows_of_no_criterion"] == 1


def test_a_problem_that_is_not_met_says_which_signs_were_looked_for():
    only = {"problems.health": {"value": [{"code": "asthma", "name": "Asthma"}], "reason": "to try"}}
    found = Town().family("A").assess(expanded(overlays=only)).verdicts.set_index("criterion")
    assert found.loc["health", "verdict"] == "not_met"
    assert found.loc["health", "reason"] == "none of its indicators in their windows (asthma)"


def test_a_local_criterion_is_shown_and_makes_no_family_eligible():
    own = [{"code": "arson", "name": "Arson", "indicators": ["arson"]}]
    town = Town().family(adults=["Mum"]).attends("Kit", sessions_authorised=0)
    town.row("local_indicators", "Mum", indicator="arson").row("local_indicators", "Mum")
    town.row("dwp_benefits", "Mum", status="not_on_benefit", benefit=None)
    rules = expanded(local_criteria=own)
    assert town.verdict("local", rules=rules) == "met"
    found = town.assess(rules)
    assert (len(found.families), len(found.undetermined)) == (0, 0)


def test_dwp_is_asked_about_a_household_with_any_other_problem_and_about_nobody_else():
    town = Town().family("A", adults=["Mum"]).family("B", children={"Kay": "2001-05-05"}, adults=["Dad"])
    town.row("local_indicators", "Mum").attends("Kay", sessions_authorised=0).row("dwp_benefits", "Dad")
    found = town.assess(expanded())
    assert found.dwp_people["person_id"].tolist() == ["Mum"]
    assert found.counts["dwp_rows_not_asked"] == 1


@pytest.mark.parametrize(("given", "told"), [
    ({"problem_indicators": [{"problem": "helth", "code": "x", "name": "x"}]}, "did you mean 'health'"),
    ({"problem_indicators": [{"problem": "work", "code": "domestic_abuse", "name": "x"}]},
     "'domestic_abuse' is listed for work.domestic_abuse and for domestic_abuse.domestic_abuse"),
    ({"overlays": {"national.criteria": {"value": ["health", "local"], "reason": "to try"}}},
     "'local' cannot be named there"),
    ({"overlays": {"dwp.asked_when_met": {"value": ["work"], "reason": "to try"}}}, "'work' cannot be named there"),
    ({"outcomes_plan": [measure("heath")]}, "did you mean 'health'"),
    ({"outcomes_plan": [measure(indicators=["mental_helth"])]}, "did you mean 'mental_health'"),
    ({"outcomes_plan": [measure(indicators=["mental_health"])]}, "nothing measures substance_misuse"),
    ({"outcomes_plan": [measure(), measure(sustained_months=9)]}, "two measures name no indicators"),
    ({"outcomes_plan": [measure(indicators=["mental_health"]), measure(indicators=["mental_health"]), measure()]},
     "'mental_health' is in two measures"),
    ({"outcomes_plan": [measure("work")]}, "'out_of_work_benefit' is measured by 'employment'"),
    ({"outcomes_plan": [measure("education")]}, "is measured by 'attendance'"),
    ({"outcomes_plan": [measure(kind="employment")]}, "'employment' measures none of its signs"),
])
def test_what_does_not_hold_together_is_said_with_the_nearest_known(given: dict, told: str):
    with pytest.raises(SettingsError, match=told):
        expanded(**given)


def test_phase_1_takes_no_outcomes_plan():
    with pytest.raises(SettingsError, match="phase_1 has no outcomes plan"):
        load_framework(CriteriaSettings.model_validate({"outcomes_plan": [measure()]}))


@pytest.mark.parametrize(("given", "told"), [
    (measure(kind="fall"), "a fall needs a percent"),
    (measure(percent=20), "percent says nothing of none_new"),
    (measure(terms=3), "terms says nothing of none_new"),
    (measure(sustained_months=0), "sustained_months"),
    ({"problem": "health", "kind": "none_new"}, "source"),
])
def test_a_measure_that_makes_no_sense_is_named(given: dict, told: str):
    with pytest.raises(ValueError, match=told):
        CriteriaSettings.model_validate({"framework": "expanded", "outcomes_plan": [given]})
