"""Who became whom over all the washes."""

import pandas as pd
import pytest

from criteria.history import History, trace_lineage
from schemas.columns import empty_table
from schemas.programme import FamilyEvents


def events(*rows):
    """Events of earlier washes: (family_id, event, detail, seen_on, person_id)."""
    kinds = empty_table(FamilyEvents).dtypes
    table = pd.DataFrame(rows, columns=["family_id", "event", "detail", "seen_on", "person_id"])
    table["seen_on"] = pd.to_datetime(table["seen_on"])
    return table.reindex(columns=list(kinds.index)).astype(kinds)


def changes(*rows):
    return pd.DataFrame(rows, columns=["kind", "id", "previous_id", "change"]).astype("string[pyarrow]")


def trace(told=(), now=()):
    return trace_lineage(History(family_events=events(*told), changes=changes(*now)))


def merged(old, new, day="2013-05-01"):
    return (old, "merged", new, day, None)


def test_nobody_became_anybody():
    found = trace()
    assert (found.people, found.families, found.parents) == ({}, {}, {})


def test_a_family_lives_on_under_the_last_id_on_its_way():
    found = trace([merged("F1", "F2"), merged("F2", "F3", "2013-06-01")], [("family", "F4", "F3", "merged")])
    assert found.families == {"F1": "F4", "F2": "F4", "F3": "F4"}
    assert found.parents == {"F2": ("F1",), "F3": ("F2", "F1"), "F4": ("F3", "F2", "F1")}


def test_what_is_said_of_people_is_not_said_of_families():
    found = trace([("F1", "same_person", "P2", "2013-05-01", "P1")], [("person", "P3", "P2", "merged"),
                                                                     ("household", "H2", "H1", "merged")])
    assert (found.people, found.families, found.parents) == ({"P1": "P3", "P2": "P3"}, {}, {})


def test_a_family_that_was_split_off_has_its_old_one_for_a_parent_and_the_old_one_keeps_its_id():
    found = trace([("F1", "split", "F7", "2013-05-01", None)], [("family", "F8", "F1", "split")])
    assert found.families == {}
    assert found.parents == {"F7": ("F1",), "F8": ("F1",)}


def test_of_two_tellings_the_later_counts_and_what_this_run_says_most():
    told = [merged("F1", "F3", "2013-07-01"), merged("F1", "F2", "2013-05-01")]
    assert trace(told).families == {"F1": "F3"}
    assert trace(told, [("family", "F4", "F1", "merged")]).families == {"F1": "F4"}


def test_the_nearest_parents_come_first_and_each_once():
    told = [merged("F1", "F3"), merged("F2", "F3"), merged("F0", "F1"), merged("F0", "F2", "2013-04-01")]
    found = trace(told, [("family", "F3", "F9", "split")])
    assert found.parents["F3"] == ("F1", "F2", "F9", "F0")


@pytest.mark.parametrize("ring", [[("F1", "F2"), ("F2", "F1")], [("F1", "F2"), ("F2", "F3"), ("F3", "F1")]])
def test_ids_that_were_given_up_in_a_ring_come_to_an_end(ring):
    found = trace([merged(*step) for step in ring])
    assert set(found.families) == {old for old, _ in ring}
    assert all(set(parents) == set(found.families) - {family} for family, parents in found.parents.items())
