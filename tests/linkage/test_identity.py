"""Ids from run to run: kept, new, merged, split, and never given twice."""

import numpy as np
import pandas as pd

from linkage.households import Households
from linkage.identities import write_hex
from linkage.identity import Previous, carry_identity, identify
from schemas.columns import TEXT


FINE = ("forename", "surname", "date_of_birth", "address_key")


def run(people, homes, previous=None, children=()):
    """`people`: per person a list of (forename, surname, birth, address); `homes`: per household its person codes."""
    rows = [(*mention, code) for code, mentions in enumerate(people) for mention in mentions]
    nodes = pd.DataFrame(rows, columns=[*FINE, "person"])
    nodes[list(FINE)] = nodes[list(FINE)].astype(TEXT)
    identities = identify(nodes, nodes["person"].to_numpy(), FINE)
    members = pd.DataFrame(
        [(home, person) for home, group in enumerate(homes) for person in group], columns=["household", "person"]
    )
    members["role"] = pd.Series(np.where(members["person"].isin(children), "child", "adult"), dtype=TEXT)
    households = pd.DataFrame({"household": range(len(homes))})
    for name in ("address", "postcode", "uprn"):
        households[name] = pd.Series(None, index=households.index, dtype=TEXT)
    empty = pd.DataFrame()
    return carry_identity(identities, Households(households, members, empty, empty, {}), previous), members


def remember(carried, members):
    """What the next run is given."""
    households = pd.DataFrame({"household_id": carried.household_ids, "family_id": carried.family_ids})
    kept = pd.DataFrame(
        {
            "household_id": carried.household_ids.take(members["household"]).to_numpy(),
            "person_id": carried.person_ids.take(members["person"]).to_numpy(),
        },
        dtype=TEXT,
    )
    counters = {name: value for name, value in carried.counts.items() if name.startswith("last_")}
    return Previous(carried.identities, kept, households, counters, carried.origins)


def changes(carried, kind):
    table = carried.changes[carried.changes["kind"] == kind]
    return {
        tuple(None if pd.isna(value) else value for value in row)
        for row in table[["id", "previous_id", "change"]].to_numpy()
    }


ANN = [("ann", "lee", "1980-01-01", "1 HIGH ST")]
BOB = [("bob", "lee", "1979-05-05", "1 HIGH ST")]
KIT = [("kit", "lee", "2005-03-03", "1 HIGH ST")]
SAM = [("sam", "lee", "2007-04-04", "1 HIGH ST")]
ZOE = [("zoe", "ray", "1990-09-09", "2 HIGH ST")]


def test_a_first_run_numbers_everybody_from_one_and_all_are_new():
    carried, _ = run([ANN, KIT, ZOE], [[0, 1], [2]], children=[1])
    assert sorted(carried.person_ids) == ["P0000001", "P0000002", "P0000003"]
    assert sorted(carried.household_ids) == ["H0000001", "H0000002"]
    assert carried.family_ids.dropna().tolist() == ["F0000001"]
    assert set(carried.changes["change"]) == {"new"}


def test_the_order_of_people_does_not_matter():
    carried, _ = run([ANN, KIT, ZOE], [[0, 1], [2]], children=[1])
    other, _ = run([ZOE, KIT, ANN], [[0], [2, 1]], children=[1])
    assert carried.person_ids.tolist() == other.person_ids.tolist()[::-1]
    assert carried.household_ids.tolist() == other.household_ids.tolist()[::-1]
    pd.testing.assert_frame_equal(carried.identities, other.identities)
    pd.testing.assert_frame_equal(carried.changes, other.changes)


def test_an_unchanged_run_keeps_every_id():
    first = run([ANN, KIT, ZOE], [[0, 1], [2]], children=[1])
    again, _ = run([ZOE, ANN, KIT], [[0], [1, 2]], remember(*first), children=[2])
    assert again.person_ids.tolist() == first[0].person_ids.take([2, 0, 1]).tolist()
    assert again.household_ids.tolist() == first[0].household_ids.take([1, 0]).tolist()
    assert set(again.changes["change"]) == {"kept"}
    assert again.counts["last_person"] == 3


def test_a_person_whose_mentions_all_changed_is_known_by_name_and_birth():
    first = run([ANN, KIT], [[0, 1]], children=[1])
    moved = [[(*mention[0][:3], "9 FAR ROAD")] for mention in (ANN, KIT)]
    again, _ = run(moved, [[0, 1]], remember(*first), children=[1])
    assert again.person_ids.tolist() == first[0].person_ids.tolist()
    assert again.family_ids.tolist() == first[0].family_ids.tolist()


def test_a_newcomer_numbers_on():
    first = run([ANN], [[0]])
    again, _ = run([ZOE, ANN], [[0], [1]], remember(*first))
    assert again.person_ids.tolist() == ["P0000002", "P0000001"]
    assert changes(again, "person") == {("P0000001", "P0000001", "kept"), ("P0000002", None, "new")}


def test_an_id_is_never_given_to_another_and_finds_its_person_again():
    first = run([ANN, ZOE], [[0], [1]])
    gone = run([ANN], [[0]], remember(*first))
    kit = run([ANN, KIT], [[0], [1]], remember(*gone), children=[1])
    assert set(kit[0].person_ids).isdisjoint({first[0].person_ids[1]})
    assert set(kit[0].household_ids).isdisjoint({first[0].household_ids[1]})
    back, _ = run([ANN, KIT, ZOE], [[0], [1], [2]], remember(*kit), children=[1])
    assert back.person_ids[2] == first[0].person_ids[1]


def test_two_people_found_to_be_one_are_merged():
    ann_at_work = [("annie", "lee", "1980-01-01", "7 MILL LANE")]
    first = run([[*ANN, *KIT], ann_at_work], [[0], [1]])
    again, _ = run([[*ANN, *KIT, *ann_at_work]], [[0]], remember(*first))
    kept, lost = first[0].person_ids
    assert changes(again, "person") == {(kept, kept, "kept"), (kept, lost, "merged")}


def test_one_person_found_to_be_two_is_split():
    first = run([[*ANN, *BOB, *ZOE]], [[0]])
    again, _ = run([[*ANN, *BOB], ZOE], [[0], [1]], remember(*first))
    assert changes(again, "person") == {("P0000001", "P0000001", "kept"), ("P0000002", "P0000001", "split")}


def test_a_separated_family_keeps_its_ids_where_the_children_are():
    first = run([ANN, BOB, KIT, SAM], [[0, 1, 2, 3]], children=[2, 3])
    again, _ = run([BOB, ANN, KIT, SAM], [[0], [1, 2, 3]], remember(*first), children=[2, 3])
    assert again.household_ids.tolist() == ["H0000002", "H0000001"]
    assert again.family_ids[1] == "F0000001"
    assert pd.isna(again.family_ids[0])
    assert changes(again, "household") == {("H0000001", "H0000001", "kept"), ("H0000002", "H0000001", "split")}


def move_one_by_one(last, *homes):
    """The runs in which these four, two of them children, are found at their new address one after the other."""
    for home in homes:
        last = run([ANN, BOB, KIT, SAM], home, remember(*last), children=[2, 3])
    return last[0]


def test_a_family_found_at_its_new_address_one_after_the_other_ends_under_its_first_ids():
    first = run([ANN, BOB, KIT, SAM], [[0, 1, 2, 3]], children=[2, 3])
    parted = run([ANN, BOB, KIT, SAM], [[0, 1, 2], [3]], remember(*first), children=[2, 3])
    assert parted[0].family_ids.tolist() == ["F0000001", "F0000002"]
    back = move_one_by_one(parted, [[1, 2], [0, 3]], [[1], [0, 2, 3]])
    assert back.family_ids.dropna().tolist() == ["F0000001"]
    assert changes(back, "family") == {("F0000001", "F0000001", "kept"), ("F0000001", "F0000002", "merged")}
    whole = move_one_by_one(parted, [[1, 2], [0, 3]], [[1], [0, 2, 3]], [[0, 1, 2, 3]])
    assert whole.household_ids.tolist() == ["H0000001"]
    assert not len(whole.origins)


def test_what_came_of_a_part_came_of_the_whole():
    first = run([ANN, BOB, KIT, SAM], [[0, 1, 2, 3]], children=[0, 1, 2, 3])
    last = first
    for homes in ([[0, 1], [2, 3]], [[0], [1], [2, 3]], [[0], [1], [2], [3]]):
        last = run([ANN, BOB, KIT, SAM], homes, remember(*last), children=[0, 1, 2, 3])
    origins = last[0].origins.query("kind == 'family'")[["id", "origin_id"]].to_numpy().tolist()
    kept = first[0].family_ids[0]
    assert {one for one, other in origins if other == kept} == set(last[0].family_ids) - {kept}
    again, _ = run([ANN, BOB, KIT, SAM], [[0, 1, 2, 3]], remember(*last), children=[0, 1, 2, 3])
    assert again.family_ids.tolist() == [kept]


def test_a_part_that_joins_a_family_of_others_does_not_bring_its_first_id_along():
    ray = [[("lil", "ray", f"200{number}-01-01", "2 HIGH ST")] for number in range(3)]
    people, children = [ANN, KIT, SAM, *ray], [1, 2, 3, 4, 5]
    first = run(people, [[0, 1, 2], [3, 4, 5]], children=children)
    lee, ray_id = first[0].family_ids
    parted = run(people, [[0, 1], [2], [3, 4, 5]], remember(*first), children=children)
    joined, _ = run(people, [[0, 1], [2, 3, 4, 5]], remember(*parted), children=children)
    assert joined.family_ids.tolist() == [lee, ray_id]
    all_of_them, _ = run(people, [[0, 1, 2, 3, 4, 5]], remember(*parted), children=children)
    assert all_of_them.family_ids.tolist() == [ray_id]


def test_a_run_that_did_not_say_what_was_split_off_is_followed_all_the_same():
    first = run([ANN, BOB, KIT, SAM], [[0, 1, 2, 3]], children=[2, 3])
    parted = run([ANN, BOB, KIT, SAM], [[0, 1, 2], [3]], remember(*first), children=[2, 3])
    before = remember(*parted)._replace(origins=None)
    again, _ = run([ANN, BOB, KIT, SAM], [[0, 1, 2], [3]], before, children=[2, 3])
    assert again.family_ids.tolist() == parted[0].family_ids.tolist()
    assert not len(again.origins)


def test_the_children_outweigh_any_number_of_adults():
    first = run([ANN, BOB, ZOE, KIT], [[0, 1, 2, 3]], children=[3])
    again, _ = run([ANN, BOB, ZOE, KIT], [[0, 1, 2], [3]], remember(*first), children=[3])
    assert again.household_ids.tolist() == ["H0000002", "H0000001"]


def test_two_households_that_become_one_are_merged():
    first = run([ANN, KIT, ZOE], [[0, 1], [2]], children=[1])
    again, _ = run([ANN, KIT, ZOE], [[0, 1, 2]], remember(*first), children=[1])
    family, lone = first[0].household_ids
    assert changes(again, "household") == {(family, family, "kept"), (family, lone, "merged")}


def test_a_household_gains_a_family_id_with_its_first_child_and_loses_it_with_its_last():
    first = run([ANN, ZOE], [[0], [1]])
    assert first[0].family_ids.isna().all()
    second = run([ANN, KIT, ZOE], [[0, 1], [2]], remember(*first), children=[1])
    assert second[0].family_ids[0] == "F0000001"
    third = run([ANN, KIT, ZOE], [[0, 1], [2]], remember(*second))
    assert third[0].family_ids.isna().all()
    fourth, _ = run([ANN, KIT, ZOE, SAM], [[0, 1, 3], [2]], remember(*third), children=[3])
    assert fourth.family_ids[0] == "F0000002"


def test_an_identity_does_not_confuse_null_with_empty_nor_one_column_with_the_next():
    nodes = pd.DataFrame({"a": ["x", "xy", None, ""], "b": ["yz", "z", "q", "q"]}, dtype=TEXT)
    assert identify(nodes, np.arange(4), ("a", "b"), ())["identity"].nunique() == 4


def test_identities_are_sixteen_hex_digits_and_depend_on_content_alone():
    nodes = pd.DataFrame({"a": ["x", "y"], "b": ["1", "2"]}, dtype=TEXT)
    table = identify(nodes, np.array([5, 6]), ("a", "b"), (("a",),))
    other = identify(nodes[::-1].astype("category"), np.array([6, 5]), ("a", "b"), (("a",),))
    pd.testing.assert_frame_equal(table, other)
    assert write_hex(table["identity"].to_numpy()).str.fullmatch("[0-9a-f]{16}").all()
    assert table["is_fine"].tolist().count(False) == 2


def test_twelve_washes_of_an_unchanged_borough_change_nothing():
    people = [[(f"f{number}", f"s{number % 7}", f"19{number:02d}-01-01", f"{number // 3}")] for number in range(60)]
    homes = [[3 * home, 3 * home + 1, 3 * home + 2] for home in range(20)]
    children = [3 * home + 2 for home in range(20)]
    first = run(people, homes, children=children)
    last = first
    for _ in range(12):
        last = run(people, homes, remember(*last), children=children)
        assert set(last[0].changes["change"]) == {"kept"}
    assert last[0].person_ids.tolist() == first[0].person_ids.tolist()
    assert last[0].family_ids.tolist() == first[0].family_ids.tolist()
