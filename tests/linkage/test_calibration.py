"""Data of other shapes, with the truth known: people are found in all of them, and probabilities mean what they say."""

import pandas as pd
import pytest

from benchmarks.mentions import make_mentions
from linkage import link


TRUTH = ["true_person_id", "true_household_id"]
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "oxzwivnkebtsgmuhjcfraqdply")


def without(frame, column, source):
    return frame.assign(**{column: frame[column].mask(frame["source"] == source)})


def in_other_words(frame):
    """Names of a language that no table of nicknames knows; what was alike stays alike."""
    names = ("forename", "middle_names", "surname")
    return frame.assign(**{name: frame[name].str.lower().str.translate(LETTERS) for name in names})


SHAPES = {
    "as they come": (lambda frame: frame, 0.98),
    "no date of birth in one source": (lambda frame: without(frame, "date_of_birth", "benefits"), 0.96),
    "neither date of birth nor sex in one source": (
        lambda frame: without(without(frame, "date_of_birth", "housing"), "sex", "housing"),
        0.96,
    ),
    "no postcode": (lambda frame: frame.drop(columns="postcode"), 0.98),
    "no address": (lambda frame: frame.drop(columns=["address", "postcode"]), 0.94),
    "the first half of postcodes": (lambda frame: frame.assign(postcode=frame["postcode"].str.split().str[0]), 0.98),
    "one postcode for all": (lambda frame: frame.assign(postcode="ZB1 2QX"), 0.98),
    "names that no table knows": (in_other_words, 0.97),
    "names and dates of birth alone": (
        lambda frame: frame[["record_id", "forename", "surname", "date_of_birth", *TRUTH]],
        0.94,
    ),
}


@pytest.fixture(scope="module")
def mentions():
    return make_mentions(4000, seed=21)


@pytest.fixture(scope="module")
def shaped(mentions):
    """Each shape's people F1 and its pairs, linked as they come."""
    frames = {name: change(mentions) for name, (change, _) in SHAPES.items()}
    frames["noise trebled"] = make_mentions(4000, seed=21, noise=3.0)
    return {name: measure(frame) for name, frame in frames.items()}


def measure(frame):
    right = frame.set_index("record_id")["true_person_id"]
    found = link(frame.drop(columns=TRUTH))
    owner = found.person_records.set_index("record_id")["person_id"]
    table = pd.DataFrame({"found": owner, "right": right.reindex(owner.index)})
    counts = [(size * (size - 1)).sum() for size in (table.groupby(by).size() for by in (["found", "right"], "found"))]
    wanted = (right.value_counts() * (right.value_counts() - 1)).sum()
    pairs = found.pairs[["left_id", "right_id", "match_probability"]]
    is_true = pairs["left_id"].map(right).to_numpy() == pairs["right_id"].map(right).to_numpy()
    return 2 * counts[0] / (counts[1] + wanted), pairs.assign(is_true=is_true)


@pytest.mark.parametrize("shape", SHAPES)
def test_people_are_found_in_data_of_any_shape(shaped, shape):
    assert shaped[shape][0] >= SHAPES[shape][1]


def test_people_are_found_in_records_full_of_slips(shaped):
    assert shaped["noise trebled"][0] >= 0.95


def test_of_pairs_given_nine_tenths_hardly_any_is_false(shaped):
    for _, pairs in shaped.values():
        assert pairs.loc[pairs["match_probability"] >= 0.9, "is_true"].mean() >= 0.97


def test_what_is_asked_is_worth_asking(shaped):
    pairs = pd.concat([pairs for _, pairs in shaped.values()])
    asked = pairs[pairs["match_probability"].between(0.2, 0.8, inclusive="left")]
    assert 0.2 <= asked["is_true"].mean() <= 0.8


def test_namesakes_in_one_district_are_told_apart_by_their_addresses() -> None:
    """They once were by their districts alone: a name was taken for rarer than it is, and too much was asked."""
    frame = make_mentions(20_000, 5)
    _, pairs = measure(frame.assign(postcode=frame["postcode"].str.split().str[0]))
    asked = pairs[pairs["match_probability"].between(0.2, 0.8, inclusive="left")]
    assert 0.25 <= asked["is_true"].mean() <= 0.75


def test_where_no_address_is_known_relatives_under_one_postcode_are_not_taken_for_one_person() -> None:
    """They once were, where a date of birth was missing: the model took it that nobody lived with anybody."""
    frame = make_mentions(8_000, 3).assign(address=None)
    found = link(frame.drop(columns=["true_person_id", "true_household_id"]))
    assert found.model["prior"]["household"] > found.model["prior"]["match"]
    owners = found.person_records.merge(frame[["record_id", "true_person_id"]], on="record_id")
    assert (owners.groupby("person_id")["true_person_id"].nunique() > 1).mean() < 0.005
