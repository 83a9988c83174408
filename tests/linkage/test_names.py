"""Standardising names: what counts as one name, and which names are forms of another."""

import pandas as pd
import pyarrow as pa
import pytest

from linkage.identifiers import are_ninos, are_upns, clean_ninos
from linkage.name_columns import code_names
from linkage.names import clean_name, index_names, nicknames, part_forename, part_full_name


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


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("SMITH, John", ("john", "", "smith")),
        ("Smith, John Paul", ("john", "paul", "smith")),
        ("John Smith", ("john", "", "smith")),
        ("Mr John Paul SMITH", ("john", "paul", "smith")),
        ("Smith John", ("john", "", "smith")),
        ("John de Souza", ("john", "", "de souza")),
        ("John Paul de Souza", ("john", "paul", "de souza")),
        ("Garcia Lopez", None),
        ("John-Smith", None),
        ("Smith", None),
        ("Smith,", None),
        ("", None),
    ],
)
def test_part_full_name(given, parts):
    assert part_full_name(given, {"john", "paul"}) == parts


def written_as(frame, rows, write):
    """The frame with whole names in the field of the surname at some rows."""
    whole = pd.Series([write(*names) for names in frame[["forename", "surname"]].to_numpy()], index=frame.index)
    return frame.assign(surname=frame["surname"].mask(rows, whole), forename=frame["forename"].mask(rows))


@pytest.mark.parametrize("write", [lambda first, last: f"{first} {last}", lambda first, last: f"{last}, {first}"])
def test_where_one_source_writes_whole_names_in_one_field_they_are_parted(write):
    frame = pd.DataFrame({"forename": ["John", "Maria", "Li"] * 20, "surname": ["Smith", "Ray", "Orr"] * 20})
    parted = written_as(frame, frame.index >= 40, write)
    columns, names, _ = code_names(parted, lambda records, name: records.get(name, pd.Series(None, records.index)))
    for field in ("forename", "surname"):
        assert list(names.text[columns[field]]) == list(frame[field].str.lower())


def test_a_double_surname_of_one_whose_forename_is_missing_stays_whole():
    surnames = ["John Ray", *["Garcia Lopez"] * 3, *["Smith"] * 6]
    columns, names, _ = code_names(
        pd.DataFrame({"surname": surnames}), lambda records, name: records.get(name, pd.Series(None, records.index))
    )
    assert (columns["forename"] == -1).all()
    assert list(names.text[columns["surname"]]) == ["johnray", *["garcialopez"] * 3, *["smith"] * 6]


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
