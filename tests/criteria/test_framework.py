"""The packaged framework: every figure with its source; a council's overlay, and what a misspelt one is told."""

import json
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from criteria import CriteriaSettings, Framework, load_framework
from criteria.figures import Figure
from schemas.errors import SettingsError


def figures(rules: Framework) -> dict[str, Figure]:
    return {f"{section}.{name}": figure for section, held in rules if isinstance(held, BaseModel)
            for name, figure in held if isinstance(figure, Figure)}


def overlaid(key: str, value: object, reason: str = "agreed by the board") -> CriteriaSettings:
    return CriteriaSettings.model_validate({"overlays": {key: {"value": value, "reason": reason}}})


def test_every_figure_says_where_it_comes_from_and_how_sure_we_are():
    found = figures(load_framework())
    assert len(found) > 60
    for key, figure in found.items():
        assert len(figure.source) > 15, key
        assert figure.confidence in ("confirmed", "derived", "inferred", "background", "not_found"), key
        assert figure.confidence != "not_found" or figure.reading, f"{key} takes a reading and does not say which"
        assert "[" not in figure.source, f"{key} names its source in words"


@pytest.mark.parametrize(("key", "value"), [
    ("national.enough_alone", 3), ("national.enough_with_local", 2), ("national.local_needed", 1),
    ("crime_asb.window_months", 12), ("crime_asb.minor_below_age", 18),
    ("education.absence_percent", Decimal(15)), ("education.fixed_exclusions", 3), ("education.terms", 3),
    ("education.min_possible_sessions", 60), ("education.unauthorised_codes", ("G", "N", "O", "U")),
    ("work.benefits", ("JSA", "ESA", "IS", "IB", "SDA", "CA", "UC")),
    ("dwp.asked_when_met", ("crime_asb", "education")),
    ("funding.attachment_fee", {"2012/13": 3200, "2013/14": 2400, "2014/15": 1600}),
    ("funding.results_payment", {"2012/13": 800, "2013/14": 1600, "2014/15": 2400}),
    ("funding.paid_share", (5, 6)),
    ("results.asb_reduction_percent", Decimal(60)), ("results.offending_reduction_percent", Decimal(33)),
    ("results.employment_weeks", 13), ("results.employment_weeks_after_jsa", (26, 30)),
    ("claims.spot_check_percent", Decimal("2.1")),
])
def test_the_published_figures(key: str, value: object):
    assert figures(load_framework())[key].value == value


def test_fee_and_result_are_four_thousand_pounds_in_every_year():
    funding = load_framework().funding
    for year, fee in funding.attachment_fee.value.items():
        assert fee + funding.results_payment.value[year] == funding.paid_per_family.value


def test_an_overlay_changes_the_value_and_keeps_the_source():
    rules = load_framework(overlaid("education.absence_percent", 12.5))
    figure = rules.education.absence_percent
    assert (figure.value, figure.changed_because) == (Decimal("12.5"), "agreed by the board")
    assert figure.source == load_framework().education.absence_percent.source
    change = rules.changes[0]
    assert (change.key, change.published, change.used) == ("education.absence_percent", 15, 12.5)


def test_the_council_s_own_part_travels_with_the_framework():
    settings = CriteriaSettings.model_validate({
        "panel_size": 30, "priority": {"child": 7},
        "terms": [{"academic_year": "2012/13", "term": "autumn", "start": "2012-09-04", "end": "2012-12-20"}],
        "local_criteria": [{"code": "arson", "name": "Arson", "indicators": ["arson"]}]})
    rules = load_framework(settings)
    assert (rules.panel_size, rules.priority.child, rules.terms, rules.local_criteria) == (
        30, 7, settings.terms, settings.local_criteria)
    assert rules.name == "phase_1"


@pytest.mark.parametrize(("settings", "told"), [
    (overlaid("education.abscence_percent", 12), "did you mean 'education.absence_percent'"),
    (overlaid("zzz", 12), "known: "),
    (overlaid("education.absence_percent", "a lot"), "education.absence_percent: Input should be a valid decimal"),
    (overlaid("education.absence_percent", 115), "education.absence_percent: "),
    (overlaid("crime_asb.offence_anchor", "arrest_date"), "crime_asb.offence_anchor: "),
    (CriteriaSettings(framework="phase_2"), "did you mean 'phase_1'"),
])
def test_what_is_not_understood_is_named_with_the_nearest_known(settings: CriteriaSettings, told: str):
    with pytest.raises(SettingsError, match=told):
        load_framework(settings)


def test_a_framework_can_be_written_down_for_the_manifest_and_cannot_be_changed():
    rules = load_framework(overlaid("dwp.asked_when_met", ["education"]))
    held = json.loads(rules.model_dump_json())
    assert held["dwp"]["asked_when_met"]["value"] == ["education"]
    with pytest.raises(ValidationError):
        rules.name = "other"  # type: ignore[misc]


def test_loading_twice_gives_the_same():
    load_framework(overlaid("education.terms", 2))
    assert load_framework().education.terms.value == 3
