"""Twelve monthly washes: who stays keeps every id, who moves takes them along, who parts or joins is recorded."""

import numpy as np
import pandas as pd
import pytest

from linkage.household_settings import HouseholdSettings
from linkage.households import form_households
from linkage.identity import Previous, carry_identity, identify
from tests.linkage.sights import NAMES, Sights


FINE = ("forename", "surname", "date_of_birth", "address_key")
MONTHS = pd.date_range("2012-10-31", periods=12, freq="ME")
FAMILIES = 12
MOVES, PARTS, DOUBLES_UP = 0, 1, 2  # families to which something happens, from these months on
MOVED, PARTED, DOUBLED_UP = 4, 6, 8


def homes_of(family, month):
    """Where mother and child live, and where the father does."""
    home = f"{family + 10} High Street"
    if family == MOVES and month >= MOVED:
        return "99 Mill Lane", "99 Mill Lane"
    if family == PARTS and month >= PARTED:
        return home, "77 Park Road"
    if family == DOUBLES_UP and month >= DOUBLED_UP:
        return "20 High Street", "20 High Street"
    return home, home


def live(month):
    """What is known by the end of a month. Of family n, person 3 n is the mother, then father and child."""
    sights = Sights()
    for family in range(FAMILIES):
        name, other = NAMES[family], NAMES[FAMILIES + family]
        mother, father, child = sights.person(name), sights.person(other), sights.child(name)
        for past, on in enumerate(MONTHS[: month + 1].strftime("%Y-%m-%d")):
            home, his = homes_of(family, past)
            sights.terms(child, home, on).tie(mother, child, home, on).tie(father, child, his, on)
    return sights


def wash(month, previous):
    mentions, persons = live(month).tables()
    found = form_households(mentions, persons, HouseholdSettings(), as_of=MONTHS[month])
    nodes = mentions.join(persons[["forename", "date_of_birth"]], on="person")
    carried = carry_identity(identify(nodes, nodes["person"].to_numpy(), FINE), found, previous)
    members = pd.DataFrame(
        {
            "household_id": carried.household_ids.take(found.members["household"].to_numpy()).to_numpy(),
            "person_id": carried.person_ids.take(found.members["person"].to_numpy()).to_numpy(),
        }
    )
    homes = found.households.assign(household_id=carried.household_ids, family_id=carried.family_ids)
    counters = {name: count for name, count in carried.counts.items() if name.startswith("last_")}
    of_person = found.members.set_index("person")["household"].sort_index().to_numpy()
    ids = pd.DataFrame({"person": carried.person_ids, "household": carried.household_ids.take(of_person).to_numpy()})
    ids["family"] = carried.family_ids.take(of_person).to_numpy()
    return carried, ids, Previous(carried.identities, members, homes, counters)


@pytest.fixture(scope="module")
def year():
    """Per month what was carried, and every person's ids."""
    washes, previous = [], None
    for month in range(len(MONTHS)):
        carried, ids, previous = wash(month, previous)
        washes.append((carried, ids))
    return washes


def test_everybody_keeps_their_person_id(year):
    first = year[0][1]["person"]
    assert all((ids["person"] == first).all() for _, ids in year)


def test_households_to_which_nothing_happens_keep_their_ids(year):
    quiet = np.arange(3 * (DOUBLES_UP + 2), 3 * FAMILIES)
    first = year[0][1].loc[quiet]
    assert first["household"].nunique() == FAMILIES - DOUBLES_UP - 2
    assert all(ids.loc[quiet].equals(first) for _, ids in year)


def test_a_family_that_moves_takes_its_ids_along(year):
    family = slice(3 * MOVES, 3 * MOVES + 2)
    first = year[0][1].loc[family]
    assert first["household"].nunique() == 1
    assert all(ids.loc[family].equals(first) for _, ids in year)


def test_parting_is_recorded_once_and_the_ids_stay_with_the_child(year):
    before, after = year[PARTED - 1][1], year[PARTED][1]
    mother, father, child = 3 * PARTS, 3 * PARTS + 1, 3 * PARTS + 2
    assert after.loc[[mother, child], ["household", "family"]].equals(
        before.loc[[mother, child], ["household", "family"]]
    )
    assert after.loc[father, "household"] != before.loc[father, "household"]
    assert pd.isna(after.loc[father, "family"])
    row = ["household", after.loc[father, "household"], before.loc[father, "household"], "split"]
    assert row in year[PARTED][0].changes.to_numpy().tolist()
    assert all(ids.loc[father].equals(after.loc[father]) for _, ids in year[PARTED:])


def test_a_family_that_doubles_up_with_another_keeps_its_own_household(year):
    guests = slice(3 * DOUBLES_UP, 3 * DOUBLES_UP + 2)
    assert all(ids.loc[guests].equals(year[0][1].loc[guests]) for _, ids in year)


def test_nothing_else_changes_all_year(year):
    found = pd.concat([carried.changes.assign(month=month) for month, (carried, _) in enumerate(year) if month])
    told = found[found["change"] != "kept"]
    assert told[["month", "kind", "change"]].to_numpy().tolist() == [[PARTED, "household", "split"]]


def test_numbers_are_never_given_twice(year):
    for kind in ("person", "household", "family"):
        last = [carried.counts[f"last_{kind}"] for carried, _ in year]
        assert last == sorted(last)
