"""Which pairs can never be one person: each rule alone, on the edge where it begins to hold."""

import numpy as np
import pandas as pd
import pytest

from linkage.conflicts import REASONS, find_conflicts, share_identifier
from linkage.levels import LEVELS, level


AS_OF = pd.Timestamp("2013-09-30")
ADULT, CHILD, UNSAID = 0, 1, -1
TWINS = {"date_of_birth": "exact", "surname": "exact", "address": "same", "forename": "far"}
SAME_NUMBER = {"identifier": "same", "forename": "exact", "date_of_birth": "exact"}


def packed(born):
    return -1 if born is None else int(born.replace("-", ""), 16)


def reason(levels, one=(UNSAID, None), other=(UNSAID, None), households=True):
    """What forbids one pair of these levels (the others missing) and these roles and dates of birth, either way."""
    codes = {field: np.array([level(field, levels.get(field, "missing"))]) for field in LEVELS}
    roles, born = zip(one, other, strict=True)
    nodes = pd.DataFrame({"role": roles, "date_of_birth": [packed(date) for date in born]})
    first, second = np.array([0]), np.array([1])
    found = {
        int(find_conflicts(codes, pairs, nodes, AS_OF, households=households)[0])
        for pairs in ((first, second), (second, first))
    }
    assert len(found) == 1, "a rule holds whichever of the two comes first"
    return REASONS[found.pop()]


@pytest.mark.parametrize(
    ("differently", "forbidden"),
    [
        ({}, "twins"),
        ({"surname": "near"}, "twins"),
        ({"surname": "similar"}, ""),
        ({"address": "near"}, "twins"),
        ({"address": "alike"}, ""),
        ({"date_of_birth": "swapped"}, ""),
        ({"forename": "crossed"}, ""),
        ({"forename": "similar"}, ""),
        ({"forename": "similar", "sex": "same"}, ""),
        ({"forename": "similar", "sex": "differs"}, "twins"),
        ({"forename": "near", "sex": "differs"}, ""),
        ({"forename": "missing"}, ""),
    ],
)
def test_twins_share_day_surname_and_address_but_no_forename(differently, forbidden):
    assert reason(TWINS | differently) == forbidden


@pytest.mark.parametrize(("born", "forbidden"), [("apart", "generations"), ("far", ""), ("missing", "")])
def test_father_and_son_of_one_name_are_two(born, forbidden):
    assert reason({"forename": "exact", "surname": "exact", "date_of_birth": born}) == forbidden


def test_among_records_of_one_member_each_twins_and_generations_are_slips_of_the_pen():
    assert reason(TWINS, households=False) == ""
    assert reason({"date_of_birth": "apart"}, households=False) == ""
    assert reason({"identifier": "differs"}, households=False) == "identifiers"


@pytest.mark.parametrize(
    ("levels", "forbidden"),
    [
        ({"identifier": "differs"}, "identifiers"),
        ({"identifier": "alike"}, ""),
        (SAME_NUMBER, ""),
        (SAME_NUMBER | {"date_of_birth": "far", "forename": "far"}, "identifiers"),
        (SAME_NUMBER | {"date_of_birth": "far", "forename": "crossed"}, "identifiers"),
        (SAME_NUMBER | {"date_of_birth": "far", "forename": "similar"}, ""),
        (SAME_NUMBER | {"date_of_birth": "far", "forename": "missing"}, ""),
        (SAME_NUMBER | {"date_of_birth": "part", "forename": "far"}, ""),
        (SAME_NUMBER | {"date_of_birth": "missing", "forename": "far"}, ""),
    ],
)
def test_a_number_tells_people_apart_unless_it_is_one_that_name_and_birth_both_deny(levels, forbidden):
    assert reason(levels) == forbidden
    codes = {field: np.array([level(field, levels.get(field, "missing"))]) for field in LEVELS}
    assert share_identifier(codes).tolist() == [levels["identifier"] == "same" and not forbidden]


def test_one_number_outweighs_twins_and_generations():
    assert reason(TWINS | {"identifier": "same"}) == ""
    assert reason({"date_of_birth": "apart", "forename": "exact", "identifier": "same"}) == ""


@pytest.mark.parametrize(
    ("one", "other", "forbidden"),
    [
        ((ADULT, None), (CHILD, None), "roles"),
        ((ADULT, None), (UNSAID, "1997-10-01"), "roles"),  # fifteen on the day
        ((ADULT, None), (UNSAID, "1997-09-30"), ""),  # sixteen on the day
        ((CHILD, None), (UNSAID, "1983-09-29"), "roles"),  # past thirty
        ((CHILD, None), (UNSAID, "1983-09-30"), ""),  # thirty on the day
        ((CHILD, None), (UNSAID, None), ""),
        ((ADULT, None), (UNSAID, None), ""),
        ((ADULT, None), (ADULT, None), ""),
        ((UNSAID, "1970-01-01"), (UNSAID, "2005-01-01"), ""),  # nobody said what either is
        ((ADULT, "2005-01-01"), (CHILD, "2005-01-01"), "roles"),
    ],
)
def test_an_adult_is_not_somebody_who_is_a_child(one, other, forbidden):
    assert reason({}, one, other) == forbidden


def test_what_weighs_most_is_named():
    assert reason(TWINS | {"identifier": "differs"}, (ADULT, None), (CHILD, None)) == "identifiers"
    assert reason({"date_of_birth": "apart"}, (ADULT, None), (CHILD, None)) == "generations"
    assert reason(TWINS, (ADULT, None), (CHILD, None)) == "twins"
