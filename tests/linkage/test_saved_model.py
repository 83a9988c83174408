"""A trained model is data: saved as JSON, read back, refused where it is of other levels, used instead of training."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linkage import LinkageSettings, LinkResult, link, load_model, model_of, save_model
from schemas.errors import SettingsError
from tests.linkage.neighbours import make_records


@pytest.fixture(scope="module")
def linked() -> LinkResult:
    return link(make_records(seed=3)[0])


@pytest.fixture()
def saved(linked: LinkResult, tmp_path: Path) -> Path:
    save_model(model_of(json.loads(json.dumps(linked.model))), tmp_path / "march.json")
    return tmp_path / "march.json"


def test_a_saved_model_comes_back_as_it_was(linked: LinkResult, saved: Path) -> None:
    assert load_model(saved) == model_of(linked.model)


def test_the_same_records_and_their_own_model_give_the_same_people(linked: LinkResult, saved: Path) -> None:
    again = link(make_records(seed=3)[0], LinkageSettings(model=saved))
    assert again.person_records.equals(linked.person_records)
    assert again.pairs.equals(linked.pairs)
    assert {name: again.model[name] for name in ("m", "h", "u", "prior")} == {
        name: linked.model[name] for name in ("m", "h", "u", "prior")
    }


def test_a_model_is_used_and_not_trained_anew(linked: LinkResult) -> None:
    trusting = json.loads(json.dumps(linked.model))
    trusting["m"]["surname"] |= {
        "far": 0.3,
        "exact": linked.model["m"]["surname"]["exact"] + linked.model["m"]["surname"]["far"] - 0.3,
    }
    other = link(make_records(seed=4)[0], LinkageSettings(model=model_of(trusting)))
    assert other.model["m"] == trusting["m"]
    assert "training_pairs_names" not in other.counts
    assert len(other.people) > 0


def without_a_level(model: dict[str, Any]) -> None:
    model["m"]["surname"].pop("near")


def with_a_field(model: dict[str, Any]) -> None:
    model["u"]["shoe_size"] = {"same": 1.0}


def of_another_format(model: dict[str, Any]) -> None:
    model["format"] = 99


def of_an_older_version(model: dict[str, Any]) -> None:
    del model["likeness"]


def not_adding_up(model: dict[str, Any]) -> None:
    model["h"]["sex"]["same"] = 0.9


def with_an_unknown_key(model: dict[str, Any]) -> None:
    model["mention"] = 3


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without_a_level, ("march.json: m", "levels of surname", "without near", "train a new model")),
        (with_a_field, ("march.json: u", "fields", "with shoe_size")),
        (of_another_format, ("march.json: format", "reads format 1")),
        (of_an_older_version, ("march.json: likeness: not there", "another version of Data Wash")),
        (not_adding_up, ("march.json: h", "sex do not add up to 1")),
        (with_an_unknown_key, ("march.json: mention is not part of a model", "'mentions'")),
    ],
)
def test_a_model_of_other_levels_is_refused(
    saved: Path, spoil: Callable[[dict[str, Any]], None], said: tuple[str, ...]
) -> None:
    content = json.loads(saved.read_text())
    spoil(content)
    saved.write_text(json.dumps(content))
    with pytest.raises(SettingsError) as refused:
        LinkageSettings(model=str(saved))
    assert [words for words in said if words not in str(refused.value)] == []


@pytest.mark.parametrize("content", [b"\xff\xfe not json", b"[1, 2]", b""])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(SettingsError, match=r"x\.json is not a model"):
        load_model(tmp_path / "x.json")
    with pytest.raises(SettingsError, match=r"no model file y\.json"):
        load_model(tmp_path / "y.json")


def test_a_model_goes_with_the_cut_offs_it_was_trained_by(saved: Path) -> None:
    with pytest.raises(ValueError, match=r"other cut-offs \(name_near 0\.92\)"):
        LinkageSettings(model=saved, likeness={"name_near": 0.95})


def test_of_more_mentions_a_smaller_share_of_pairs_is_one_person(saved: Path) -> None:
    model = load_model(saved)
    assert model.parameters(model.mentions * 2).prior_match == pytest.approx(model.trained_prior.match / 2)
