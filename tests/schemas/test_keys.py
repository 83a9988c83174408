"""Rows of one table found by the keys of another."""

import pandas as pd
import pytest

from schemas.columns import TEXT
from schemas.keys import among, look_up, positions


KNOWN = ["b", "a", None, "c", "a", "d"]


def texts(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype=TEXT)


@pytest.mark.parametrize(
    ("sought", "places"),
    [
        ((), []),
        (("a",), [1]),
        (("x", None), [-1, -1]),
        (("d", "a", "a", "b"), [5, 1, 1, 0]),
        (("d", "a", "x", None, "b", "c", "a", "d"), [5, 1, -1, -1, 0, 3, 1, 5]),
    ],
    ids=["none", "one", "unknown and empty", "fewer than are known", "more than are known"],
)
def test_a_value_is_found_where_it_first_stands(sought, places):
    assert positions(texts(*sought), texts(*KNOWN)).tolist() == places
    assert among(texts(*sought), texts(*KNOWN)).tolist() == [place >= 0 for place in places]


def test_nothing_is_found_where_nothing_is_known():
    assert positions(texts("a", None), texts()).tolist() == [-1, -1]


def test_the_row_beside_a_value_keeps_the_index_of_who_asks():
    asked = pd.Series(["c", "x"], index=[7, 9], dtype=TEXT)
    found = look_up(asked, texts(*KNOWN), texts(*"uvwxyz"))
    assert found.index.tolist() == [7, 9]
    assert found.iloc[0] == "x" and pd.isna(found.iloc[1])
