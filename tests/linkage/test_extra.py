"""Extra columns: named in the settings, compared by levels, weighed by what the records themselves show of them."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from linkage import LinkageSettings, LinkResult, link, load_model, model_of, save_model
from linkage.explain import waterfall
from linkage.extra import lay_out
from linkage.settings_parts import ExtraColumn, LikenessSettings
from schemas.errors import UsageError
from tests.linkage.neighbours import make_records


PHONE = {"phone": {"kind": "exact", "rarity": True}}


def with_phones(seed: int) -> pd.DataFrame:
    """Records with a phone of each person; some have none, and some another one."""
    records, truth = make_records(seed=seed)
    rng = np.random.default_rng(seed)
    other = rng.random(len(records))
    number = np.where(other < 0.1, rng.integers(0, 10**6, len(records)), truth.to_numpy() * 7919 % 10**6)
    phones = pd.Series([f"0{code:06d}" for code in number], dtype="object").mask(other > 0.8)
    return records.assign(phone=phones.to_numpy())


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    return with_phones(7)


@pytest.fixture(scope="module")
def plain(records: pd.DataFrame) -> LinkResult:
    return link(records)


@pytest.fixture(scope="module")
def linked(records: pd.DataFrame) -> LinkResult:
    return link(records, LinkageSettings(extra=PHONE))


def test_a_column_that_is_not_named_changes_nothing(records: pd.DataFrame, plain: LinkResult) -> None:
    without = link(records.drop(columns="phone"))
    assert without.pairs.equals(plain.pairs)
    assert "phone" not in plain.pairs
    assert plain.model["extra"] == {}


def test_its_levels_and_weights_stand_in_the_table_of_pairs_and_add_up(linked: LinkResult, plain: LinkResult) -> None:
    pairs = linked.pairs
    assert {"phone", "phone_weight"} == set(pairs.columns) - set(plain.pairs.columns)
    assert set(pairs["phone"]) == {"missing", "differs", "same"}
    assert (pairs.loc[pairs["phone"] == "missing", "phone_weight"] == 0).all()
    assert (pairs.loc[pairs["phone"] == "same", "phone_weight"] > 4).all()
    assert (pairs.loc[pairs["phone"] == "differs", "phone_weight"] < -1).all()
    weights = pairs.filter(regex="_weight$").drop(columns="match_weight").sum(axis=1)
    np.testing.assert_allclose(weights, pairs["match_weight"], atol=1e-3)


def test_the_waterfall_shows_it(linked: LinkResult) -> None:
    pair = linked.pairs[linked.pairs["phone"] == "same"].iloc[0]
    steps = waterfall(pair.to_dict())
    row = steps[steps["step"] == "phone"].iloc[0]
    assert (row["level"], row["bits"]) == ("same", pair["phone_weight"])
    assert steps["bits"].iloc[:-1].sum() == pytest.approx(steps["bits"].iloc[-1], abs=1e-3)


def test_what_it_weighs_is_learnt_from_the_pairs_themselves(linked: LinkResult) -> None:
    learnt = linked.model["extra"]["phone"]
    assert learnt["column"]["kind"] == "exact"
    assert 0.75 < learnt["m"]["same"] < 0.95
    assert learnt["u"]["same"] < 0.01
    assert learnt["h"]["same"] < 0.3


def test_a_value_that_households_share_does_not_make_them_one_person() -> None:
    records, _ = make_records(seed=7)
    shared = records.assign(line=records["address"])
    weights = link(shared, LinkageSettings(extra={"line": {"kind": "exact"}})).model["extra"]["line"]
    assert weights["h"]["same"] > 0.7


def test_agreeing_on_a_rare_value_says_more() -> None:
    records, truth = make_records(seed=9)
    towns = np.where(truth % 2 == 0, "Common", "T" + truth.astype(str))
    records = records.assign(town=towns)
    pairs = link(records, LinkageSettings(extra={"town": {"kind": "text", "rarity": True}})).pairs.merge(
        pd.DataFrame({"left_id": records["record_id"], "value": towns}), on="left_id"
    )
    same = pairs[pairs["town"] == "same"]
    common = same["value"] == "Common"
    assert same.loc[~common, "town_weight"].min() > same.loc[common, "town_weight"].max() + 2


def test_parts_may_be_weighed_in_another_process(records: pd.DataFrame, linked: LinkResult) -> None:
    def elsewhere(function: Any, parts: list[Any]) -> list[Any]:
        there = pickle.loads(pickle.dumps(function))  # noqa: S301 - of our own making
        return [there(pickle.loads(pickle.dumps(part))) for part in parts]  # noqa: S301 - of our own making

    assert link(records, LinkageSettings(extra=PHONE), map=elsewhere).pairs.equals(linked.pairs)


def test_row_order_changes_nothing(records: pd.DataFrame, linked: LinkResult) -> None:
    again = link(records.sample(frac=1, random_state=1), LinkageSettings(extra=PHONE))
    assert again.pairs.equals(linked.pairs)
    assert again.model == linked.model


def test_parts_of_another_size_change_nothing(records: pd.DataFrame, linked: LinkResult) -> None:
    assert link(records, LinkageSettings(extra=PHONE, chunk_pairs=1000)).pairs.equals(linked.pairs)


def test_it_may_bring_together_what_no_other_rule_does() -> None:
    records = with_phones(3)
    stray = {"forename": "Zebedee", "surname": "Quillfeather", "phone": "0999999"}
    two = pd.DataFrame([{"record_id": "x1", **stray}, {"record_id": "x2", **stray, "forename": "Xavier"}])
    both = pd.concat([records, two], ignore_index=True)
    alone = {"upn": {"use": True}, **{name: {"use": False} for name in LinkageSettings().blocking if name != "upn"}}
    with_block = link(both, LinkageSettings(extra={"phone": {"kind": "exact", "block": True}}, blocking=alone))
    without = link(both, LinkageSettings(extra={"phone": {"kind": "exact"}}, blocking=alone))
    assert with_block.counts["candidate_pairs"] > without.counts["candidate_pairs"]


def levels_of(kind: str, values: list[object], **bounds: float) -> list[str]:
    """The levels of the first value against each other one."""
    frame = pd.DataFrame({"x": pd.Series(values, dtype="object")})
    column = ExtraColumn(kind=kind, **bounds)
    laid = lay_out(frame, np.arange(len(frame)), {"x": column}, LikenessSettings())["x"]
    codes = laid.levels(np.zeros(len(frame) - 1, dtype=int), np.arange(1, len(frame)))
    return [column.levels[code] for code in codes]


def test_levels_by_kind() -> None:
    assert levels_of("exact", ["AB 12-c", "ab12C", "AB12D", "", None]) == ["same", "differs", "missing", "missing"]
    assert levels_of("text", ["Acme Limited", "ACME  limited.", "Acme Limted", "Bolton"]) == ["same", "near", "far"]
    assert levels_of("text", ["Acme", "Acme Ltd"], near=0.99, similar=0.8) == ["similar"]
    numbers = [10, "10.0", 11, 14, 30, "n/a"]
    assert levels_of("number", numbers, near=1, similar=5) == ["same", "near", "similar", "far", "missing"]
    days = ["2012-01-31", pd.Timestamp("2012-01-31"), "07/02/2012", "2013-01-31"]
    assert levels_of("date", days, near=10) == ["same", "near", "far"]


def test_a_node_has_the_commonest_of_its_values() -> None:
    frame = pd.DataFrame({"x": ["b", "a", "b", None]})
    laid = lay_out(frame, np.array([0, 0, 0, 1]), {"x": ExtraColumn(kind="exact")}, LikenessSettings())["x"]
    assert [laid.values[code] if code >= 0 else None for code in laid.codes] == ["B", None]


def test_a_column_that_the_records_do_not_have_is_refused(records: pd.DataFrame) -> None:
    with pytest.raises(
        UsageError, match=r"linkage\.extra\.phnoe: the records have no column phnoe\. Did you mean 'phone'"
    ):
        link(records, LinkageSettings(extra={"phnoe": {"kind": "exact"}}))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"postcode": {"kind": "exact"}}, "postcode is a column that linkage uses already"),
        ({"household": {"kind": "exact"}}, "something else in the table of pairs"),
        ({"x": {"kind": "exact", "near": 1}}, "takes neither `near` nor `similar`"),
        ({"x": {"kind": "number"}}, "a number needs `near`"),
        ({"x": {"kind": "number", "near": 5, "similar": 2}}, "`near` must lie nearer"),
        ({"x": {"kind": "text", "near": 0.8, "similar": 0.9}}, "`near` must lie nearer"),
        ({"x": {"kind": "text", "near": 8}}, "between 0 and 1"),
        ({"x": {"kind": "phonetic"}}, "'exact', 'text', 'number' or 'date'"),
    ],
)
def test_a_mistake_in_an_extra_column_is_told(extra: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match="linkage|extra") as refused:
        LinkageSettings(extra=extra)
    assert said in str(refused.value)


def test_a_saved_model_keeps_its_extra_columns(records: pd.DataFrame, linked: LinkResult, tmp_path: Path) -> None:
    save_model(model_of(json.loads(json.dumps(linked.model))), tmp_path / "x.json")
    again = link(records, LinkageSettings(extra=PHONE, model=tmp_path / "x.json"))
    assert again.pairs.equals(linked.pairs)
    with pytest.raises(ValidationError, match="the model knows no extra column shoe"):
        LinkageSettings(extra={"shoe": {"kind": "exact"}}, model=tmp_path / "x.json")
    with pytest.raises(ValidationError, match="another kind or other bounds"):
        LinkageSettings(extra={"phone": {"kind": "text"}}, model=tmp_path / "x.json")
    assert (
        link(records, LinkageSettings(model=load_model(tmp_path / "x.json"))).pairs.shape[1] + 2 == again.pairs.shape[1]
    )
