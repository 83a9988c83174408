"""Levels of agreement, field by field, on records as they come."""

import numpy as np
import pandas as pd
import pytest
from recordlinkage import Compare

from linkage.blocking import pair_index
from linkage.comparison import comparable, make_compare
from linkage.levels import LEVELS, pattern, unpack_patterns
from linkage.settings import LinkageSettings
from linkage.standardise import standardise


HOME = {"address": "12 Weir Street", "postcode": "HX1 2AB"}
FLAT = {"address": "Flat 1, 12 Weir Street", "postcode": "HX1 2AB"}
UPNS = ("A123456789012", "R823200109001")


def level_of(field, one, two):
    person = {"date_of_birth": "1970-01-05"} if field != "date_of_birth" else {"forename": "Ann"}
    records = pd.DataFrame([{"record_id": "a"} | person | one, {"record_id": "b"} | person | two])
    found = standardise(records, apart=frozenset("ab"))
    nodes = comparable(found)
    pairs = pair_index(nodes.index, np.array([0, 1]), np.array([1, 0]))
    codes = make_compare(found, LinkageSettings().likeness).compute(pairs, nodes)[field].tolist()
    assert codes[0] == codes[1], "which side is left does not matter"
    return LEVELS[field][codes[0]]


def name(forename, surname="Hall", **more):
    return {"forename": forename, "surname": surname} | more


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (name("Robert"), name("ROBERT"), "exact"),
        (name("Robert"), name("Bob"), "variant"),
        (name("Mohammed"), name("Muhammad"), "variant"),
        (name("Anne-Marie"), name("Marie"), "part"),
        (name("Arthur", middle_names="Leonard"), name("Leonard"), "part"),
        (name("Robert"), name("R"), "initial"),
        (name("R"), name("R"), "initial"),
        (name("Jayden"), name("Jaydon"), "near"),
        (name("Shanice"), name("Shaniqua"), "similar"),
        (name("Robert"), name("Sally"), "far"),
        (name("Dembele", "Ousmane"), name("Ousmane", "Dembele"), "swapped"),
        (name("Dembele", "Ousmane"), name("Ousmane", "Dembelle"), "near"),
        (name("Dembele", "Ousmane"), name("Ousmane", "Traore"), "crossed"),
        (name(None), name("Robert"), "missing"),
    ],
)
def test_forenames(one, two, expected):
    assert level_of("forename", one, two) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (name("Ann", "O'Brien"), name("Ann", "OBRIEN"), "exact"),
        (name("Ann", "Smith-Jones"), name("Ann", "Jones"), "part"),
        (name("Ann", "Hall", former_surname="Crabtree"), name("Ann", "Crabtree"), "other"),
        (name("Ann", "Hall", preferred_surname="Oddy"), name("Ann", "Wood", former_surname="Oddy"), "other"),
        (name("Ann", "Sutcliffe"), name("Ann", "Sutclife"), "near"),
        (name("Ann", "Hall"), name("Ann", "Oddy"), "far"),
        (name("Ann", "De Souza"), name("Ann", "De Vries"), "far"),
        (name("Ann", "Hall"), name("Ann", None), "missing"),
    ],
)
def test_surnames(one, two, expected):
    assert level_of("surname", one, two) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (HOME, HOME | {"address": "12 WEIR ST"}, "same"),
        ({"uprn": "100012345678"}, HOME | {"uprn": "100012345678"}, "same"),
        (HOME, HOME | {"address": "12 Wier Street"}, "near"),
        (HOME, {"address": "12 Weir Street", "postcode": "HX1 2AD"}, "alike"),
        (HOME, {"address": "12 Weir Street"}, "alike"),
        (FLAT, FLAT | {"address": "Flat 2, 12 Weir Street"}, "street"),
        (HOME, HOME | {"address": "14 Weir Street"}, "street"),
        (HOME, HOME | {"address": "Mill Cottage, 14 Weir Street"}, "street"),
        (HOME, HOME | {"address": "12 Moss Lane"}, "postcode"),
        (HOME, {"address": "9 Moss Lane", "postcode": "HX1 2ZZ"}, "area"),
        (HOME, {"address": "9 Moss Lane", "postcode": "HX1 2BA"}, "area"),
        (HOME, {"address": "9 Moss Lane", "postcode": "WF8 1AA"}, "different"),
        (HOME | {"uprn": "100012345678"}, HOME | {"uprn": "100012345679"}, "street"),
        (HOME, {}, "missing"),
        (
            {"postcode": "4223", "address": "stanley street miami"},
            {"postcode": "4223", "address": "stanly street miami"},
            "near",
        ),
    ],
)
def test_addresses(one, two, expected):
    assert level_of("address", name("Ann") | one, name("Ann") | two) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ({"upn": UPNS[0]}, {"upn": UPNS[0].lower()}, "same"),
        ({"upn": UPNS[0]}, {"upn": "B123456789012"}, "missing"),
        ({"upn": "B123456789012"}, {"upn": "B123456789012"}, "alike"),
        ({"nino": "AB123456C"}, {"nino": "AB 12 34 56 D"}, "same"),
        ({"nino": "AB123456C"}, {"nino": "AB123457C"}, "differs"),
        ({"upn": UPNS[0], "nino": "AB123456C"}, {"upn": UPNS[0], "nino": "AB123457C"}, "differs"),
    ],
)
def test_identifiers(one, two, expected):
    assert level_of("identifier", name("Ann") | one, name("Ann") | two) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"), [("M", "male", "same"), ("M", "F", "differs"), ("M", "U", "missing"), (1, 2, "differs")]
)
def test_sex(one, two, expected):
    assert level_of("sex", name("Ann", sex=one), name("Ann", sex=two)) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Jane", "Jane", "same"),
        ("Jane", "J", "part"),
        ("Jane Ann", "Ann", "part"),
        ("Jane", "Rose", "differs"),
        ("Jane", None, "missing"),
    ],
)
def test_middle_names(one, two, expected):
    assert level_of("middle_names", name("Ann", middle_names=one), name("Ann", middle_names=two)) == expected


def test_it_is_a_compare_of_recordlinkage():
    assert isinstance(
        make_compare(standardise(pd.DataFrame({"record_id": ["a"]})), LinkageSettings().likeness), Compare
    )


def test_patterns_hold_all_levels():
    levels = {field: np.array([0, len(names) - 1]) for field, names in LEVELS.items() if field != "identifier"}
    for field, codes in unpack_patterns(pattern(levels)).items():
        assert list(codes) == list(levels[field])
