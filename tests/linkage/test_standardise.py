"""From records to nodes: what is one mention, what is too thin to be, and what names nobody."""

import pandas as pd
import pytest

from linkage.standardise import standardise


FULL = {
    "forename": "Ann",
    "surname": "Hall",
    "date_of_birth": "1970-01-05",
    "address": "12 Weir Street",
    "postcode": "HX1 2AB",
}


def nodes_of(*rows):
    records = pd.DataFrame([{"record_id": str(number)} | row for number, row in enumerate(rows)])
    return list(standardise(records).node)


@pytest.mark.parametrize(
    "other",
    [
        FULL,
        FULL | {"forename": "ANN", "surname": "hall "},
        FULL | {"date_of_birth": "05/01/1970"},
        FULL | {"address": "12 WEIR ST", "postcode": "hx12ab"},
        FULL | {"source": "elsewhere", "observed_on": "2013-01-01"},
    ],
)
def test_one_identity_is_one_node(other):
    assert nodes_of(FULL, other) == [0, 0]


@pytest.mark.parametrize("field", ["forename", "surname", "date_of_birth", "address"])
def test_what_differs_is_another_node(field):
    other = {"forename": "Anne", "surname": "Hull", "date_of_birth": "1970-01-06", "address": "14 Weir Street"}
    assert len(set(nodes_of(FULL, FULL | {field: other[field]}))) == 2


@pytest.mark.parametrize(
    "thin",
    [
        {"forename": "A", "surname": "Hall", "address": "12 Weir Street", "postcode": "HX1 2AB"},
        {"surname": "Hall", "date_of_birth": "1970-01-05", "address": "12 Weir Street", "postcode": "HX1 2AB"},
        {"forename": "Ann", "surname": "Hall"},
        {"forename": None},
    ],
)
def test_thin_records_stand_alone(thin):
    assert len(set(nodes_of(thin, thin))) == 2


def test_a_place_alone_names_nobody():
    assert nodes_of(
        {"address": "12 Weir Street", "postcode": "HX1 2AB"}, {"surname": "Unknown", "uprn": "100012345678"}
    ) == [-1, -1]


def test_an_adult_and_a_child_of_one_name_are_two_mentions_where_no_date_tells():
    row = {"forename": "Rowan", "surname": "Hall", "address": "12 Weir Street", "postcode": "HX1 2AB"}
    assert len(set(nodes_of(row | {"role_hint": "adult"}, row | {"role_hint": "child"}))) == 2
    assert len(set(nodes_of(FULL | {"role_hint": "adult"}, FULL | {"role_hint": "child"}))) == 1


def test_a_postcode_of_another_country_is_kept():
    found = standardise(
        pd.DataFrame([{"record_id": "a", "surname": "Hall", "address": "8 Stanley Street", "postcode": 4223}])
    )
    assert list(found.places.postcodes) == ["4223"]
    assert found.places.sector[0] >= 0


def test_one_dwelling_by_uprn_where_a_key_has_one():
    home = {"address": "12 Weir Street", "postcode": "HX1 2AB"}
    rows = [{"record_id": "a", "uprn": "100012345678"} | home, {"record_id": "b"} | home]
    found = standardise(pd.DataFrame(rows))
    assert found.places.dwelling[found.place[0]] == found.places.dwelling[found.place[1]]


def test_nodes_stand_in_the_order_of_their_content():
    rows = [
        FULL | {"record_id": str(number), "forename": name} for number, name in enumerate(["Ann", "Bea", "Cat", "Dee"])
    ]
    ways = [standardise(pd.DataFrame(order)) for order in (rows, rows[::-1])]
    texts = [list(found.names.text[found.nodes["forename"]]) for found in ways]
    assert texts[0] == texts[1]
