"""Settings of linkage are data: packaged figures have sources, a council's tables are laid over them, key by key."""

import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from linkage.blocking import blocking_keys
from linkage.defaults import figures
from linkage.settings import BLOCKING, LinkageSettings
from linkage.settings_parts import BLOCKING_KEYS, BlockingRule
from linkage.standardise import standardise
from pipeline.config import parse_settings
from schemas.errors import SettingsError
from tests.linkage.neighbours import make_records


def settings(text: str) -> LinkageSettings:
    return parse_settings(tomllib.loads(text), "wash.toml").linkage


def refusal(text: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings(text)
    return str(refused.value)


def keys_of(values: dict[str, Any], place: str = "") -> set[str]:
    inner = {f"{place}{name}.": value for name, value in values.items() if isinstance(value, dict)}
    plain = {f"{place}{name}" for name, value in values.items() if not isinstance(value, dict)}
    return plain.union(*(keys_of(value, name) for name, value in inner.items()))


def test_every_packaged_figure_is_a_setting_and_says_where_it_comes_from() -> None:
    rules = {f"blocking.{rule.name}" for rule in BLOCKING}
    told = {key for key in figures() if key not in rules}
    assert rules < set(figures())
    assert told <= keys_of(LinkageSettings().model_dump(exclude={"blocking"}))
    assert all(figure.source and figure.confidence for figure in figures().values())


def test_a_rule_of_the_packaged_ones_is_changed_and_keeps_the_rest() -> None:
    usual = LinkageSettings().blocking
    changed = settings('[linkage.blocking."surname+date_of_birth"]\npairs_per_record = 1.5').blocking
    assert list(changed) == list(usual)
    assert changed["surname+date_of_birth"] == usual["surname+date_of_birth"].model_copy(
        update={"pairs_per_record": 1.5}
    )
    assert changed["postcode"] == usual["postcode"]


def test_a_rule_is_added_and_one_taken_away() -> None:
    text = '[linkage.blocking.siblings]\nkeys = ["surname", "postcode_area"]\n[linkage.blocking.street]\nuse = false'
    found = settings(text).blocking
    assert set(found) == {rule.name for rule in BLOCKING} - {"street"} | {"siblings"}
    assert found["siblings"] == BlockingRule(name="siblings", keys=("surname", "postcode_area"))


def test_a_list_of_rules_replaces_the_packaged_ones() -> None:
    assert list(
        settings('[[linkage.blocking]]\nkeys = ["upn"]\n[[linkage.blocking]]\nname = "b"\nkeys = ["nino"]').blocking
    ) == ["upn", "b"]
    assert list(LinkageSettings(blocking=BLOCKING[:2]).blocking) == ["upn", "nino"]


def test_thresholds_are_laid_over_one_by_one() -> None:
    found = settings(
        "[linkage]\naccept = 0.9\n[linkage.likeness]\nname_near = 0.95\n[linkage.households]\nadult_age = 16"
    )
    assert (found.accept, found.likeness.name_near, found.households.adult_age) == (0.9, 0.95, 16)
    assert (found.review, found.likeness.name_similar) == (
        LinkageSettings().review,
        LinkageSettings().likeness.name_similar,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[linkage.blocking.mine]\nkeys = ["post_code"]', ("linkage.blocking.mine", "mean 'postcode'", "street")),
        ("[linkage.blocking.mine]\npairs_per_record = 1", ("'mine'", "no packaged rule", "surname+date_of_birth")),
        ("[linkage.blocking.surnme]\nuse = false", ("'surnme'", "did you mean 'surname'")),
        ("[linkage.blocking.surname]\nkyes = []", ("linkage.blocking.surname.kyes", "'keys'")),
        ("[linkage.likeness]\nname_neer = 0.9", ("linkage.likeness.name_neer", "'name_near'")),
        ("[linkage.likeness]\nname_near = 0.5", ("linkage.likeness", "`name_similar` must not lie above `name_near`")),
        ("[linkage.likeness]\nname_near = 92", ("linkage.likeness.name_near", "less than or equal to 1")),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_remedy(text: str, said: tuple[str, ...]) -> None:
    message = refusal(text)
    assert message.startswith("wash.toml: ")
    assert [words for words in said if words not in message] == []


def test_no_rule_left_is_refused() -> None:
    with pytest.raises(ValidationError, match="no rule is left in use"):
        LinkageSettings(blocking={rule.name: {"use": False} for rule in BLOCKING})


def test_a_rule_may_name_every_key_that_there_is() -> None:
    keys = blocking_keys(standardise(make_records(seed=1, households=5)[0]))
    assert set(keys.columns) == set(BLOCKING_KEYS)
