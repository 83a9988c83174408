"""The three-class model: it learns what it should from pairs whose making is known, and says what it learnt."""

import numpy as np
import pandas as pd
import pytest

from linkage.classifier import ThreeClassModel
from linkage.estimation import Session, estimate
from linkage.levels import LEVELS, PATTERNS, TRAINED, level, pattern
from linkage.model import Scores, describe, odds_bits, pattern_bits
from linkage.parameters import CLASSES, packaged
from linkage.rarity import Rarity, agreed_rarity, measure_rarity


def draw(parameters, sizes, seed=1):
    """Levels of pairs drawn from each class, and which are matches."""
    rng = np.random.default_rng(seed)
    parts = {field: [] for field in TRAINED}
    for name, size in zip(CLASSES, sizes, strict=True):
        for field in TRAINED:
            chances = parameters.of(name)[field][1:]
            parts[field].append(rng.choice(np.arange(1, len(chances) + 1), size, p=chances / chances.sum()))
    levels = {field: np.concatenate(drawn).astype(np.int8) for field, drawn in parts.items()}
    return levels, np.arange(sum(sizes)) < sizes[0]


@pytest.fixture(scope="module")
def drawn():
    return draw(packaged(), (4000, 6000, 20000))


def test_it_tells_matches_from_mates_and_strangers(drawn):
    levels, match = drawn
    vectors = pd.DataFrame({field: levels[field] for field in TRAINED})
    model = ThreeClassModel(packaged()._replace(prior_match=4 / 30, prior_household=6 / 30))
    model.fit(vectors)
    probability = model.prob(vectors).to_numpy()
    assert probability[match].mean() > 0.97
    assert probability[~match].mean() < 0.01
    assert list(model.predict(vectors)) == list(np.flatnonzero(probability >= 0.5))


def test_estimation_finds_what_the_pairs_were_made_from(drawn):
    levels, _ = drawn
    session = Session(np.bincount(pattern(levels), minlength=PATTERNS), 30000, frozenset())
    start = packaged()
    skewed = start._replace(match={field: _flatten(values) for field, values in start.match.items()})
    found = estimate(session, skewed, 50.0, households=True)
    assert found.shares == pytest.approx([4 / 30, 6 / 30, 20 / 30], abs=0.01)
    for field in ("forename", "surname", "date_of_birth", "address"):
        counted = found.match[field][1:] / found.match[field][1:].sum()
        assert counted[-1] == pytest.approx(start.match[field][-1], abs=0.03)


def _flatten(values):
    mixed = 0.7 * values[1:] + 0.3 / (len(values) - 1)
    return np.append(1.0, mixed / mixed.sum())


def test_few_pairs_hardly_move_beliefs():
    levels, _ = draw(packaged(), (0, 0, 5))
    session = Session(np.bincount(pattern(levels), minlength=PATTERNS), 5, frozenset())
    found = estimate(session, packaged(), 200.0, households=True)
    assert found.match["forename"].sum() < 5


def test_what_is_missing_says_nothing():
    bits = pattern_bits(packaged())
    nothing = pattern({field: np.array([0]) for field in TRAINED})
    assert bits.match[nothing] == 0
    assert bits.household[nothing] == 0


def test_a_surname_and_an_address_in_common_are_no_match():
    family = {
        "forename": "far",
        "surname": "exact",
        "date_of_birth": "far",
        "address": "same",
        "sex": "same",
        "middle_names": "missing",
    }
    one = family | {"forename": "exact", "date_of_birth": "exact"}
    codes = [
        pattern({field: np.array([level(field, name)]) for field, name in pair.items()})[0] for pair in (family, one)
    ]
    bits = pattern_bits(packaged())
    odds = odds_bits(Scores(bits.match[codes], bits.household[codes]), packaged())
    assert odds[0] < -6
    assert odds[1] > 6


def test_a_swap_weighs_what_the_name_weighs():
    weights = describe(packaged())["weights"]
    for field in ("forename", "surname"):
        assert weights[field]["swapped"] == weights[field]["exact"]


def test_the_packaged_beliefs_add_up():
    for name in CLASSES:
        for field in TRAINED:
            values = packaged().of(name)[field]
            assert len(values) == len(LEVELS[field])
            assert values[1:].sum() == pytest.approx(1)
            assert (values > 0).all()


def test_a_rare_name_says_more_and_a_shared_one_less():
    forename = np.array([0] * 500 + [1] * 2 + [2] * 498, dtype=np.int32)
    born = np.array([0x19700101 + 0x10000 * (row % 40) for row in range(1000)])
    nodes = pd.DataFrame(
        {"forename": forename, "surname": forename, "date_of_birth": born, "abode": np.arange(1000) % 50}
    )
    random = {"forename": np.array([1, 0.005]), "surname": np.array([1, 0.005])}
    rarity = measure_rarity(nodes, random, together=1.0)
    assert rarity.forename[500] > rarity.forename[0]
    assert rarity.both[0] < 0


def test_swapped_names_are_as_rare_as_the_commoner_way_round_whichever_side_it_stands_on():
    common, odd = 0, 1
    rarity = Rarity(*(np.array(values, dtype=np.float32) for values in ([-1, 6], [-2, 5], [-3, 1])))
    swapped = {field: np.array([level(field, "swapped")] * 2) for field in ("forename", "surname")}
    sides = np.array([common, odd]), np.array([odd, common])
    forename, surname = agreed_rarity(rarity, swapped, *sides)
    assert forename.tolist() == [-1, -1]
    assert surname.tolist() == [-5, -5]
    exact = {field: np.array([level(field, "exact")] * 2) for field in ("forename", "surname")}
    forename, surname = agreed_rarity(rarity, exact, sides[0], sides[0])
    assert forename.tolist() == [-1, 6]
    assert surname.tolist() == [-5, 6]
