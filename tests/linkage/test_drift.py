"""Drift: two models side by side give a row for every figure, and a warning where the change is more than chance."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from linkage import LinkResult, compare_models, link
from linkage.drift import COLUMNS, count_matches
from linkage.levels import LEVELS, TRAINED
from linkage.settings_parts import DriftSettings
from tests.linkage.neighbours import make_records


Model = dict[str, Any]


@pytest.fixture(scope="module")
def linked() -> LinkResult:
    return link(make_records(seed=5)[0])


@pytest.fixture()
def model(linked: LinkResult) -> Model:
    return json.loads(json.dumps(linked.model))


def test_a_model_beside_itself_has_not_drifted(model: Model) -> None:
    found = compare_models(model, model, DriftSettings())
    levels = sum(len(LEVELS[field]) - 1 for field in TRAINED)
    assert list(found.table.columns) == list(COLUMNS)
    assert (found.table["change"] == 0).all()
    assert not found.table["warned"].any()
    assert found.warnings == ()
    kinds = found.table["statistic"].value_counts()
    assert kinds[["m", "u", "weight"]].tolist() == [levels] * 3
    assert kinds[["m_stability", "u_stability"]].tolist() == [len(TRAINED)] * 2


def test_the_matches_that_are_counted_are_those_of_the_tables(linked: LinkResult) -> None:
    counts, owners = linked.model["matches"], linked.person_records["person_id"]
    assert counts["mentions"] == len(owners)
    assert counts["linked"] == owners.isin(owners[owners.duplicated()]).sum()
    assert counts["matched_pairs"] == (linked.pairs["judgement"] == "match").sum()
    assert sum(source["mentions"] for source in counts["sources"].values()) == counts["mentions"]


def test_a_source_is_linked_where_its_people_have_mentions_of_another() -> None:
    person = np.array([0, 0, 1, 2, 2, -1])
    found = count_matches(
        pd.Series(["a", "b", "a", "a", "a", "b"], dtype="string"), person, pd.Series([], dtype="string")
    )
    assert (found["mentions"], found["linked"]) == (5, 4)
    assert found["sources"] == {"a": {"mentions": 4, "linked": 1}, "b": {"mentions": 1, "linked": 1}}


@pytest.mark.parametrize("kind", ["object", "category"])
def test_records_of_no_named_source_are_counted_as_one_source(kind: str) -> None:
    source = pd.Series(["b", None, "", "a"]).astype(kind)
    found = count_matches(source, np.array([0, 0, 1, -1]), pd.Series([], dtype=object))
    nameless, alone = {"mentions": 2, "linked": 1}, {"mentions": 0, "linked": 0}
    assert found["sources"] == {"": nameless, "a": alone, "b": {"mentions": 1, "linked": 1}}


def test_a_field_that_agrees_otherwise_is_warned_of(model: Model) -> None:
    now = json.loads(json.dumps(model))
    moved = 0.5 * now["m"]["surname"]["exact"]
    now["m"]["surname"]["exact"] -= moved
    now["m"]["surname"]["far"] += moved
    found = compare_models(model, now, DriftSettings())
    row = found.table.query("statistic == 'm_stability' and field == 'surname'").iloc[0]
    shares = [(now["m"]["surname"][level], model["m"]["surname"][level]) for level in now["m"]["surname"]]
    assert row["change"] == pytest.approx(sum((one - two) * np.log(one / two) for one, two in shares))
    assert row["warned"]
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith("surname: pairs of one person agree on it otherwise")
    assert compare_models(model, now, DriftSettings(stability=10)).warnings == ()


def test_a_weight_of_a_common_level_that_changed_is_warned_of_and_a_rare_one_is_not(model: Model) -> None:
    now = json.loads(json.dumps(model))
    now["weights"]["address"]["same"] -= 3
    now["weights"]["surname"]["initial"] -= 3
    assert model["m"]["surname"]["initial"] < DriftSettings().common_level
    warnings = compare_models(model, now, DriftSettings()).warnings
    assert [warning.split(" weighs")[0] for warning in warnings] == ["address: same"]


def test_an_extra_column_that_both_compare_is_a_field_like_the_others(model: Model) -> None:
    shares = {"m": {"differs": 0.2, "same": 0.8}, "u": {"differs": 0.9, "same": 0.1}}
    column = {"column": {"kind": "exact"}, **shares, "weights": {"differs": -2.2, "same": 3.0}}
    other = column | {"weights": {"differs": -2.2, "same": 6.0}}
    before, now = (
        model | {"extra": {"phone": column, "gone": column}},
        model | {"extra": {"phone": other, "new": column}},
    )
    found = compare_models(before, now, DriftSettings())
    assert set(found.table["field"]) == {*TRAINED, "phone", "matches"}
    assert [warning.split(" weighs")[0] for warning in found.warnings] == ["phone: same"]


def of_a_thousand(linked: int, review: int = 10, mentions: int = 1000) -> dict[str, Any]:
    source = {"mentions": mentions, "linked": linked}
    return source | {"matched_pairs": 300, "pairs_to_review": review, "sources": {"asb": source}}


@pytest.mark.parametrize(
    ("before", "now", "warned"),
    [
        (of_a_thousand(800), of_a_thousand(780), []),
        (of_a_thousand(800), of_a_thousand(700), ["mentions linked to another", "mentions of asb linked"]),
        (of_a_thousand(800, review=10), of_a_thousand(800, review=40), ["pairs to review"]),
        (of_a_thousand(800, review=1), of_a_thousand(800, review=3), []),
    ],
    ids=["a little less", "an extract went wrong", "much more to ask", "chance"],
)
def test_match_rates_warn_beyond_the_threshold_and_beyond_chance(
    model: Model, before: dict[str, Any], now: dict[str, Any], warned: list[str]
) -> None:
    found = compare_models(model | {"matches": before}, model | {"matches": now}, DriftSettings())
    assert len(found.warnings) == len(warned)
    assert all(said.startswith(start) for said, start in zip(found.warnings, warned, strict=True))


def test_few_mentions_warn_of_nothing_that_chance_gives(model: Model) -> None:
    before, now = of_a_thousand(8, mentions=10), of_a_thousand(6, mentions=10)
    found = compare_models(model | {"matches": before}, model | {"matches": now}, DriftSettings())
    assert not [said for said in found.warnings if "linked" in said]


def without_matches(model: Model) -> None:
    model.pop("matches")


def of_other_levels(model: Model) -> None:
    model["m"]["sex"]["unsure"] = 0.1


def of_other_cut_offs(model: Model) -> None:
    model["likeness"]["name_near"] = 0.9


@pytest.mark.parametrize("change", [without_matches, of_other_levels, of_other_cut_offs], ids=lambda x: x.__name__)
def test_models_of_another_kind_are_not_compared_and_that_is_said(model: Model, change: Any) -> None:
    before = json.loads(json.dumps(model))
    change(before)
    found = compare_models(before, model, DriftSettings())
    assert found.unlike.startswith("the previous run's model")
    assert found.warnings == ()
    assert len(found.table) == 0
