"""What counts as an id that stayed."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from benchmarks.linkage.stability import count_stayed, is_child_on
from benchmarks.town.terms import day_of


HOMES = pd.Series({"a": 1, "b": 1, "c": 1, "d": 2})


@pytest.mark.parametrize(("before", "after", "stayed"), [
    ({"a": "F1", "b": "F1", "d": "F2"}, {"a": "F1", "b": "F1", "d": "F2"}, (2, 2)),
    ({"a": "F1", "b": "F1", "d": "F2"}, {"a": "F1", "b": "F1", "d": "F3"}, (1, 2)),
    ({"a": "F1", "b": "F1"}, {"a": "F1", "b": "F2"}, (1, 1)),
    ({"a": "F2", "b": "F2"}, {"a": "F2", "b": "F1"}, (1, 1)),
    ({"a": "F1", "b": "F1", "c": "F1"}, {"a": "F1", "b": "F2", "c": "F2"}, (0, 1)),
])
def test_an_id_stays_where_most_of_its_people_keep_it(before: dict, after: dict, stayed: tuple[int, int]) -> None:
    assert count_stayed(pd.Series(before), pd.Series(after), HOMES) == stayed


def test_the_id_of_a_family_is_where_its_children_are() -> None:
    before, after = dict.fromkeys("abc", "F2"), {"a": "F1", "b": "F1", "c": "F2"}
    assert count_stayed(pd.Series(before), pd.Series(after), HOMES, children={"c"}) == (1, 1)
    assert count_stayed(pd.Series(before), pd.Series(after), HOMES, children={"a"}) == (0, 1)


def test_of_two_ids_that_a_family_had_one_has_to_stay() -> None:
    before = {"a": "F1", "b": "F2"}
    assert count_stayed(pd.Series(before), pd.Series({"a": "F2", "b": "F2"}), HOMES) == (1, 1)
    assert count_stayed(pd.Series(before), pd.Series({"a": "F2", "b": "F1"}), HOMES) == (0, 1)


def test_adults_do_not_outvote_a_child_of_a_family_of_two_ids() -> None:
    before = pd.Series({"a": "F1", "b": "F2", "c": "F2"})
    for kept in ("F1", "F2"):
        assert count_stayed(before, pd.Series(dict.fromkeys("abc", kept)), HOMES, children={"a", "b"}) == (1, 1)
    assert count_stayed(before, pd.Series(dict.fromkeys("abc", "F3")), HOMES, children={"a", "b"}) == (0, 1)


def test_a_child_is_one_until_its_eighteenth_birthday() -> None:
    days = pd.to_datetime(["1995-10-01", "1995-09-30", "2004-02-29", "1950-01-01"]) - pd.Timestamp(0)
    town = SimpleNamespace(people=pd.DataFrame({"birth": days.days}))
    last = day_of(date(2013, 9, 30))
    assert is_child_on(SimpleNamespace(town=town), last).tolist() == [True, False, True, False]


def test_who_is_first_found_or_no_longer_known_in_between_is_no_change() -> None:
    before, after = {"a": "F2", "b": "F1"}, {"a": "F2", "b": None}
    assert count_stayed(pd.Series(before), pd.Series(after), HOMES) == (1, 1)
    assert count_stayed(pd.Series({"a": "F2"}), pd.Series({"a": "F2", "b": "F1", "c": "F1"}), HOMES) == (1, 1)
