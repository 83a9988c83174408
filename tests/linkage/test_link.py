"""The public call: what comes in as it comes, and what goes out in the published shape."""

import json

import numpy as np
import pandas as pd
import pytest

from linkage import LinkageSettings, link
from linkage.explain import waterfall
from schemas.columns import TEXT
from schemas.errors import UsageError
from schemas.linked import Households, Members, Pairs, People, ReviewQueue
from tests.linkage.neighbours import make_records


SETTINGS = LinkageSettings(as_of="2013-09-30")
PUBLISHED = {
    "people": People,
    "households": Households,
    "members": Members,
    "pairs": Pairs,
    "review_queue": ReviewQueue,
}


@pytest.fixture(scope="module")
def neighbours():
    return make_records(seed=1)


@pytest.fixture(scope="module")
def linked(neighbours):
    return link(neighbours[0], SETTINGS)


def one(**columns):
    return pd.DataFrame({name: [value] for name, value in columns.items()})


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_tables_keep_their_contract(linked, name):
    table = getattr(linked, name)
    assert PUBLISHED[name].validate(table).equals(table)


def test_most_people_are_found_and_hardly_any_are_mixed(neighbours, linked):
    owner = linked.person_records.set_index("record_id")["person_id"]
    table = pd.DataFrame({"found": owner, "truth": neighbours[1]}).dropna()
    size = table.groupby(["found", "truth"]).size()
    both = (size * (size - 1)).sum()
    found, right = (
        (count * (count - 1)).sum() for count in (table[name].value_counts() for name in ("found", "truth"))
    )
    assert both / found >= 0.99
    assert both / right >= 0.95


def test_every_record_of_a_person_has_one_owner_and_a_rule(neighbours, linked):
    records = linked.person_records
    assert sorted(records["record_id"]) == sorted(neighbours[0]["record_id"])
    assert list(records.columns) == ["record_id", "person_id", "match_weight", "match_probability", "rule"]
    assert set(records["rule"]) <= {"model", "identifier", "judgement", "identical", "alone"}
    assert linked.people["records"].sum() == len(records)


def test_everyone_lives_in_one_household(linked):
    assert sorted(linked.members["person_id"]) == sorted(linked.people["person_id"])


def test_every_pair_worth_a_look_is_explained(linked):
    assert (linked.pairs["match_probability"] >= SETTINGS.review).mean() > 0.9
    for pair in linked.pairs.to_dict("records"):
        steps = waterfall(pair)
        assert steps["bits"].iloc[:-1].sum() == pytest.approx(pair["match_weight"], abs=1e-3)
        assert pair["reason"]


def test_what_is_asked_is_explained_too(linked):
    asked = linked.review_queue[linked.review_queue["kind"] == "pair"]
    known = set(zip(linked.pairs["left_id"], linked.pairs["right_id"], strict=True))
    assert set(zip(asked["left_id"], asked["right_id"], strict=True)) <= known


def test_the_model_is_plain_and_complete(linked):
    model = json.loads(json.dumps(linked.model))
    assert {"m", "h", "u", "weights", "prior", "thresholds", "counts"} <= set(model)
    for part in ("m", "h", "u"):
        for levels in model[part].values():
            assert sum(levels.values()) == pytest.approx(1)


def test_two_records_of_one_person():
    rows = [("a", "Saffron", "Ingham", "2000-12-01"), ("b", "saffron", "INGHAM", "01/12/2000")]
    records = pd.DataFrame(rows, columns=["record_id", "forename", "surname", "date_of_birth"])
    assert len(link(records).people) == 1


def test_no_records_at_all():
    result = link(pd.DataFrame({"record_id": pd.Series([], dtype=TEXT)}), SETTINGS)
    assert [len(frame) for frame in (result.people, result.households, result.pairs, result.review_queue)] == [
        0,
        0,
        0,
        0,
    ]


def test_a_record_that_says_nothing_is_a_person_of_its_own():
    result = link(pd.DataFrame({"record_id": ["a", "b"]}), SETTINGS)
    assert len(result.people) == 2


def test_an_address_alone_is_no_person_and_is_placed_at_a_household():
    home = {"address": "12 Weir Street", "postcode": "HX1 2AB"}
    person = one(record_id="a", forename="Ann", surname="Hall", date_of_birth="1970-01-05", **home)
    result = link(pd.concat([person, one(record_id="b", **home)], ignore_index=True), SETTINGS)
    assert list(result.person_records["record_id"]) == ["a"]
    assert list(result.address_records["record_id"]) == ["b"]
    assert result.address_records["household_id"].iloc[0] == result.members["household_id"].iloc[0]


@pytest.mark.parametrize("column", ["date_of_birth", "postcode", "address", "forename", "sex", "upn", "observed_on"])
def test_any_column_may_be_missing_or_empty(neighbours, column):
    records = neighbours[0].head(60)
    missing, empty = link(records.drop(columns=column), SETTINGS), link(records.assign(**{column: None}), SETTINGS)
    pd.testing.assert_frame_equal(missing.people, empty.people)
    pd.testing.assert_frame_equal(missing.pairs, empty.pairs)


def test_record_ids_must_be_there_and_differ():
    with pytest.raises(UsageError, match="record_id"):
        link(pd.DataFrame({"forename": ["Ann"]}))
    with pytest.raises(UsageError, match="twice"):
        link(pd.DataFrame({"record_id": ["a", "a"]}))


def test_numbers_read_as_numbers_are_the_same_as_text():
    texts = pd.DataFrame({"record_id": ["1", "2"], "surname": ["Oddy"] * 2, "uprn": ["100012345678", None]})
    numbers = texts.assign(record_id=[1, 2], uprn=[100012345678.0, np.nan])
    left, right = link(texts, SETTINGS), link(numbers, SETTINGS)
    pd.testing.assert_frame_equal(left.households, right.households)
    pd.testing.assert_frame_equal(left.person_records, right.person_records)


def test_the_best_attested_value_describes_a_person():
    rows = [
        ("a", "J", "HINDLE", "1980-04-03"),
        ("b", "Joanna", "Hindle", "1980-04-03"),
        ("c", "Joanna", "Hindle", "1980-04-03"),
        ("d", "Joanna", "Hindel", "1980-03-04"),
    ]
    records = pd.DataFrame(rows, columns=["record_id", "forename", "surname", "date_of_birth"])
    person = link(records.assign(address="8 Weir Street", postcode="HX1 2AB"), SETTINGS).people.iloc[0]
    assert (person["forename"], person["surname"], person["records"]) == ("Joanna", "Hindle", 4)
    assert person["date_of_birth"] == pd.Timestamp("1980-04-03")


def test_parts_may_be_scored_by_any_map(neighbours, linked):
    def backwards(function, parts):
        return reversed([function(part) for part in reversed(list(parts))])

    chunked = LinkageSettings(as_of="2013-09-30", chunk_pairs=1000)
    result = link(neighbours[0], chunked, map=backwards)
    pd.testing.assert_frame_equal(result.person_records, linked.person_records)
    pd.testing.assert_frame_equal(result.pairs, linked.pairs)


def test_a_record_of_a_upn_alone_does_not_keep_others_from_its_person():
    pupil = {"forename": "Kim", "surname": "Ashdown", "date_of_birth": "2001-03-14", "address": "1 Acacia Road"}
    records = pd.DataFrame(
        [
            {"record_id": "school", "source": "attendance", "upn": "H801200001001", **pupil},
            {"record_id": "contact", "source": "contacts", "upn": "H801200001001"},
            {"record_id": "offence", "source": "youth_offending", **pupil},
        ]
    )
    assert link(records).person_records["person_id"].nunique() == 1
