"""Which rows are a marked person's: by what a row says, and never by more than that."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.parsing import Breach
from pipeline.intake.taking_in import Taken
from pipeline.rights.door import fits, without_rows
from pipeline.rights.marks import Effect, Mark
from pipeline.rights.traits import digests, traits_of
from schemas.columns import TEXT


KEY = b"a key for tests"
COLUMNS = ("forename", "surname", "former_surname", "preferred_surname", "date_of_birth", "postcode", "upn", "nino",
           "request_ref")
KIM = {"forename": "Kim", "surname": "Ashdown", "date_of_birth": "2001-03-14", "postcode": "SP4 1AA",
       "upn": "Y301200008001"}


def rows(*said: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame([{name: row.get(name) for name in COLUMNS} for row in said]).astype(TEXT)
    return frame.assign(date_of_birth=pd.to_datetime(frame["date_of_birth"]))


def mark_of(*said: dict[str, str]) -> Mark:
    traits = {code for person in traits_of(rows(*said), "asb") for one in person
              for code in digests(one.texts.dropna(), one.kind, KEY).values()}
    return Mark("R0000001", Effect.ERASE, frozenset(traits), {})


def is_kim(row: dict[str, str], *known: dict[str, str]) -> bool:
    (own,) = fits(rows(row), "asb", (mark_of(KIM, *known),), KEY)
    return bool(own[0])


@pytest.mark.parametrize(("row", "theirs"), [
    ({"upn": KIM["upn"]}, True),
    ({"upn": KIM["upn"].lower()}, True),
    (KIM | {"upn": ""}, True),
    ({"forename": "KIM", "surname": "ash-down", "date_of_birth": "2001-03-14"}, True),
    ({"forename": "Kím", "surname": "Ashdown", "date_of_birth": "2001-03-14"}, True),
    ({"forename": "Kim", "surname": "Other", "former_surname": "Ashdown", "date_of_birth": "2001-03-14"}, True),
    ({"forename": "Kim", "surname": "Ashdown", "postcode": "sp41aa"}, True),
    ({"forename": "Kim", "surname": "Ashdown", "postcode": "SP4 1AA", "date_of_birth": "1979-01-01"}, False),
    (KIM | {"upn": "A301200009009"}, False),
    ({"forename": "Tim", "surname": "Ashdown", "date_of_birth": "2001-03-14"}, False),
    ({"surname": "Ashdown", "date_of_birth": "2001-03-14"}, False),
    ({"forename": "Kim", "surname": "Ashdown"}, False),
    ({}, False),
])
def test_a_row_is_theirs_by_what_it_says(row: dict[str, str], theirs: bool) -> None:
    known = {"forename": "Kim", "surname": "Ashdown", "postcode": "SP4 1AA"}
    row = {name: value for name, value in row.items() if value}
    assert is_kim(row, known) is theirs


def test_an_answer_of_dwp_that_has_its_reference_alone_is_theirs() -> None:
    assert is_kim({"request_ref": "dw 12-34"}, {"request_ref": "DW1234"})
    assert not is_kim({"request_ref": "DW1235"}, {"request_ref": "DW1234"})


def test_a_contact_is_its_adult_s_and_its_child_s_each_by_their_own() -> None:
    adult = {"forename": "Sandra", "surname": "Ashdown", "date_of_birth": "1976-08-02"}
    contact = rows(adult | {"upn": KIM["upn"]}).assign(
        child_forename=pd.array(["Kim"], dtype=TEXT), child_surname=pd.array(["Ashdown"], dtype=TEXT),
        child_date_of_birth=pd.to_datetime(["2001-03-14"]))
    of_kim = [bool(found[0]) for found in fits(contact, "contacts", (mark_of(KIM),), KEY)]
    of_sandra = [bool(found[0]) for found in fits(contact, "contacts", (mark_of(adult),), KEY)]
    assert (of_kim, of_sandra) == ([False, True], [True, False])


def test_another_key_knows_nobody() -> None:
    (own,) = fits(rows(KIM), "asb", (mark_of(KIM),), b"another key")
    assert not own.any()


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), min_size=1, max_size=30))
def test_what_stays_is_what_was_there_and_what_was_said_of_it(each: list[tuple[bool, bool, int]]) -> None:
    """Each row: does it go, does it break a rule, of which file is it."""
    gone, broken, files = (np.array(column) for column in zip(*each, strict=True))
    numbers = np.arange(len(each)) + 2
    taken = Taken(
        frame=pd.DataFrame({"row": numbers}), text=pa.table({"row": numbers}), file_of=files, row_numbers=numbers,
        files=(), breaches=[Breach("no_date", None, np.flatnonzero(broken))], notes={}, dropped={})
    left = without_rows(taken, gone)
    assert left.frame["row"].tolist() == left.text["row"].to_pylist() == left.row_numbers.tolist() == [*numbers[~gone]]
    assert left.file_of.tolist() == files[~gone].tolist()
    said = [number for one in left.breaches for number in left.row_numbers[one.rows]]
    assert said == [*numbers[~gone & broken]]
