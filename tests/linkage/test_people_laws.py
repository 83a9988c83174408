"""Laws of people over records at random: no hard rule is ever broken, and no shape of records is too odd to link."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from linkage import LinkageSettings, link
from tests.linkage.neighbours import upn


SETTINGS = LinkageSettings(as_of="2013-09-30")
SOME = settings(derandomize=True, deadline=None, max_examples=8, phases=[Phase.generate])
UPNS = [upn(number) for number in range(1, 4)]
TEMPORARY = ["A1234567890B", "H801200001001A"]
NINOS = ["AB123456C", "AB123457C", "CE765432D"]


def maybe(*values):
    return st.sampled_from([None, *values])


RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from(["school", "police"]),
            "forename": maybe("Emily", "Emilly", "Em", "Oliver"),
            "surname": maybe("Ashdown", "Ashdon", "Birchall"),
            "date_of_birth": maybe("2001-02-03", "2001-03-02", "1975-02-03"),
            "sex": maybe("F", "M"),
            "address": maybe("1 Elm Grove", "2 Elm Grove"),
            "postcode": maybe("LS1 1AA"),
            "upn": maybe(*UPNS, *TEMPORARY),
            "nino": maybe(*NINOS),
        }
    ),
    min_size=2,
    max_size=14,
)


@SOME
@given(rows=RECORDS, data=st.data())
def test_no_person_ever_breaks_a_hard_rule(rows, data):
    records = pd.DataFrame([row | {"record_id": f"r{number:02d}"} for number, row in enumerate(rows)])
    ids = records["record_id"].tolist()
    tied = data.draw(st.lists(st.sampled_from([None, *ids]), min_size=len(ids), max_size=len(ids)))
    records["tied_to"] = [other if other != own else None for own, other in zip(ids, tied, strict=True)]
    one, two = data.draw(st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True))
    said = data.draw(st.sampled_from(["match", "no_match"]))
    judged = pd.DataFrame({"left_id": [one], "right_id": [two], "judgement": [said], "decided_by": ["a reviewer"]})
    found = link(records, SETTINGS, judgements=judged).person_records
    owner = found.set_index("record_id")["person_id"].reindex(ids)
    known = owner.notna().to_numpy()
    assert not known[[ids.index(one), ids.index(two)]].all() or (owner[one] == owner[two]) == (said == "match")
    people = records[known].assign(person=owner[known].to_numpy())
    for mentions in (group for _, group in people.groupby("person")):
        for left, right in combinations(mentions.to_dict("records"), 2):
            forced = said == "match" and owner[one] == mentions["person"].iloc[0]
            assert forced or not is_forbidden(left, right)


def is_forbidden(left, right):
    """Two permanent UPNs, two NINOs, or a child and the adult who is tied to it."""
    numbers = [(left[name], right[name]) for name in ("upn", "nino")]
    two = any(one and other and one != other and {one, other} <= {*UPNS, *NINOS} for one, other in numbers)
    return two or left["tied_to"] == right["record_id"] or right["tied_to"] == left["record_id"]


def test_a_temporary_number_says_nothing_against_the_real_one():
    row = {"forename": "Emily", "surname": "Ashdown", "date_of_birth": "2001-02-03", "address": "1 Elm Grove"}
    numbers = {"a": UPNS[0], "b": TEMPORARY[0], "c": TEMPORARY[1]}
    records = pd.DataFrame([row | {"record_id": name, "upn": number} for name, number in numbers.items()])
    assert link(records, SETTINGS).person_records["person_id"].nunique() == 1


def test_an_adult_who_says_the_same_as_the_child_is_somebody_else():
    row = {"forename": "Emily", "surname": "Ashdown", "date_of_birth": "2001-02-03", "address": "1 Elm Grove"}
    records = pd.DataFrame([row | {"record_id": name} for name in "abc"]).assign(tied_to=[None, "a", None])
    owner = link(records, SETTINGS).person_records.set_index("record_id")["person_id"]
    assert owner["a"] != owner["b"]


FAMILY = pd.DataFrame(
    {
        "forename": [
            f"{start}{end}" for start in ("Al", "Be", "Ci", "Do") for end in ("ma", "ron", "syl", "vek", "ty")
        ],
        "surname": "Ashdown",
        "date_of_birth": [f"{1960 + 2 * number}-0{1 + number % 9}-1{number % 10}" for number in range(20)],
        "address": "1 Elm Grove",
        "postcode": "LS1 1AA",
    }
)
ODD = {
    "nobody": (FAMILY.iloc[:0], 0),
    "one record": (FAMILY.iloc[:1], 1),
    "two of one family": (FAMILY.iloc[:2], 2),
    "one record twice": (FAMILY.iloc[[0, 0]], 1),
    "one record a hundred times": (FAMILY.iloc[[0] * 100], 1),
    "a huge family": (FAMILY, 20),
    "names and dates of birth alone": (FAMILY[["forename", "surname", "date_of_birth"]], 20),
    "names alone": (FAMILY[["forename", "surname"]], 20),
    "forenames alone": (FAMILY[["forename"]], 20),
    "dates of birth alone": (FAMILY[["date_of_birth"]], 20),
    "all columns empty": (FAMILY.assign(**dict.fromkeys(FAMILY.columns)), 20),
}


@pytest.mark.parametrize("name", ODD)
def test_no_shape_is_too_odd(name):
    rows, people = ODD[name]
    records = rows.assign(record_id=[f"r{number:03d}" for number in range(len(rows))], source="a")
    assert link(records).person_records["person_id"].nunique() == people
