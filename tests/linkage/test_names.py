"""Standardising names: what counts as one name, and which names are forms of another."""

import pandas as pd
import pyarrow as pa
import pytest

from linkage.identifiers import are_ninos, are_upns, clean_ninos
from linkage.name_columns import code_names
from linkage.names import clean_name, index_names, nicknames, part_forename


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("  SMITH ", "smith"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("Mc Donald", "mcdonald"),
        ("Zoë", "zoe"),
        ("Wójcik-Łuczak", "wojcik luczak"),
        ("Dr. Ann", "ann"),
        ("Hall Jnr", "hall"),
        ("Master", "master"),
        ("UNKNOWN", ""),
        ("Not Known", ""),
        ("Baby", ""),
        ("?", ""),
        ("李", "李"),
    ],
)
def test_clean_name(given, cleaned):
    assert clean_name(given) == cleaned


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("John Peter", ("john", "peter")),
        ("Anne-Marie", ("anne marie", "")),
        ("Mr John", ("john", "")),
        ("Al Hassan", ("al hassan", "")),
        ("Olivia Grace Ann", ("olivia", "grace ann")),
        ("", ("", "")),
    ],
)
def test_part_forename(given, parts):
    assert part_forename(given) == parts


def test_names_that_differ_in_spaces_alone_are_one():
    names, codes = index_names(pa.array(["smith jones", "smithjones", "lee", ""]))
    assert list(names.text) == ["lee", "smithjones"]
    assert codes.tolist() == [1, 1, 0, -1]
    assert (names.tokens[1, :2] >= 0).all()


@pytest.mark.parametrize(
    ("one", "two", "related"),
    [("bob", "robert", True), ("bill", "liam", True), ("kate", "catherine", True), ("john", "mary", False)],
)
def test_forms_of_a_forename(one, two, related):
    table = nicknames()
    assert table.related[table.number[one], table.number[two]] == related


def test_all_forenames_of_a_row_are_used_once():
    rows = {"forename": ["John Peter", "John"], "middle_names": [None, "Peter"], "surname": ["Hall", "HALL"]}
    columns, names, _ = code_names(pd.DataFrame(rows), lambda frame, name: frame.get(name, pd.Series([None, None])))
    for field in ("forename", "middle", "surname"):
        assert columns[field][0] == columns[field][1] >= 0
    assert (columns["former"] == -1).all()
    assert names.text[columns["middle"][0]] == "peter"


def test_identifiers_that_may_decide():
    assert list(are_upns(pa.array(["A123456789012", "B123456789012", "A12345678901", None]))) == [
        True,
        False,
        False,
        False,
    ]
    assert list(are_ninos(clean_ninos(pa.array(["ab 12 34 56 c", "TN123456", "AB12345"])))) == [True, False, False]
