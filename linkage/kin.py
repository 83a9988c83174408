"""Finds who may be kin of whom, by ties, surnames and having been seen together; decides no homes."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.codes import is_in, number_rows, rank_rows
from linkage.family_names import alike_names
from linkage.household_settings import HouseholdSettings
from linkage.namesakes import chance_to_be_one
from linkage.residence import Residence
from linkage.sightings import Persons


PARENT, CHILD, PEER = 0, 1, 2
MISSED_DAYS = 60
PEER_YEARS = 15


def list_kin(home: Residence, options: pd.DataFrame, persons: Persons, crowd: int) -> pd.DataFrame:
    """Rows of person, kin, bond (what the kin is to the person) and is_tied, each pair both ways.

    Beside the tied these are people seen at one place at one time: a child with anybody, or two of one surname and
    generation. Only places matter that someone has left, or where someone lives apart from their tied kin, and only
    those with at most `crowd` people.
    """
    met = meet(choose_seen(home, options, persons, crowd), persons.surnames)
    met = met.loc[is_family(met, persons), ["person", "kin"]]
    tied = pd.DataFrame({"person": persons.ties["adult"], "kin": persons.ties["child"], "is_tied": True})
    one_way = pd.concat([tied, met.assign(is_tied=False)], ignore_index=True)
    both = pd.concat([one_way, one_way.rename(columns={"person": "kin", "kin": "person"})], ignore_index=True)
    both = both.sort_values("is_tied", ascending=False, kind="stable").drop_duplicates(["person", "kin"])
    mine, theirs = persons.is_child[both["person"].to_numpy()], persons.is_child[both["kin"].to_numpy()]
    return both.assign(bond=np.select([mine & ~theirs, ~mine & theirs], [PARENT, CHILD], PEER))


def choose_seen(home: Residence, options: pd.DataFrame, persons: Persons, crowd: int) -> pd.DataFrame:
    """The options of the places that matter to who lives with whom."""
    left = options.loc[options["place"].to_numpy() != home.place[options["person"].to_numpy()], "place"].to_numpy()
    adults = home.place[persons.ties["adult"].to_numpy()]
    children = home.place[persons.ties["child"].to_numpy()]
    parted = adults != children
    spots = np.concatenate([left, adults[parted], children[parted]])
    seen = options.loc[options["place"].isin(spots), ["person", "place", "first", "last"]]
    people = seen.groupby("place")["person"].transform("size")
    return seen[(people > 1) & (people <= crowd)]


def meet(seen: pd.DataFrame, surnames: pd.DataFrame) -> pd.DataFrame:
    """Distinct pairs of people who were at one place at one time, and whether they share a surname.

    Times of one surname may miss each other by a little. Without it one must have come before the other was last seen,
    and left after the other was first seen.
    """
    pairs = seen.merge(seen, on="place", suffixes=("", "_kin")).rename(columns={"person_kin": "kin"})
    pairs = pairs[pairs["person"] < pairs["kin"]]
    named = pairs[["person", "kin"]].merge(surnames, on="person")
    named = named.merge(surnames.rename(columns={"person": "kin"}), on=["kin", "surname"])
    has_name = is_in(
        (pairs["person"].to_numpy(), pairs["kin"].to_numpy()), (named["person"].to_numpy(), named["kin"].to_numpy())
    )
    first, last = pairs[["first", "first_kin"]].to_numpy(), pairs[["last", "last_kin"]].to_numpy()
    shared = last.min(axis=1) - first.max(axis=1)
    is_moment = (shared == 0) & (first == last).any(axis=1)
    inside = is_moment & (first.min(axis=1) < first.max(axis=1)) & (last.max(axis=1) > last.min(axis=1))
    together = np.where(has_name, shared >= -MISSED_DAYS, (shared > 0) | inside)
    met = pairs.assign(has_name=has_name).loc[together, ["person", "kin", "has_name"]]
    return met.groupby(["person", "kin"], as_index=False)["has_name"].max()


def is_family(met: pd.DataFrame, persons: Persons) -> np.ndarray:
    """Whether of two people who met one is a child, or they share a surname and a generation."""
    left, right = met["person"].to_numpy(), met["kin"].to_numpy()
    near = np.abs(persons.age[left] - persons.age[right]) < PEER_YEARS
    return np.asarray(persons.is_child[left] | persons.is_child[right] | (met["has_name"] & near))


def group_kin(
    home: np.ndarray, options: pd.DataFrame, persons: Persons, together: np.ndarray, settings: HouseholdSettings
) -> np.ndarray:
    """Number the kin groups: people of one home who are tied, share a surname or one alike, or were seen at another
    place together.

    Two adults tied to one child are kin wherever the child is, as are those who are said to live `together` (pairs).
    `home` is a place per person; those at -1 are kin of nobody else. Where more than `household_people` live, a surname
    makes kin if chance hardly brought it there twice. Groups are numbered by their first person.
    """
    surnames = telling_surnames(home, persons.surnames, settings)
    adult, child = persons.ties["adult"].to_numpy(), persons.ties["child"].to_numpy()
    parents = (home[adult] == home[child]) & (home[adult] >= 0)
    elsewhere = options[options["place"].to_numpy() != home[options["person"].to_numpy()]]
    left, right, size = [adult[parents], together[:, 0]], [child[parents], together[:, 1]], len(home)
    tables = (
        (surnames, ["person", "surname"]),
        (elsewhere, ["person", "place"]),
        (persons.ties, ["adult", "child"]),
    )
    for table, columns in tables:
        person, hub = number_hubs(home, *(table[name].to_numpy() for name in columns))
        left.append(person)
        right.append(size + hub)
        if table is surnames:
            mine, theirs = alike_hubs(home, table, hub, persons.names)
            left.append(size + mine)
            right.append(size + theirs)
        size += int(hub.max(initial=-1)) + 1
    ends = np.concatenate(left), np.concatenate(right)
    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(size, size))
    labels = connected_components(graph, directed=False)[1][: len(home)]
    return pd.factorize(labels)[0].astype(np.int64)


def telling_surnames(home: np.ndarray, surnames: pd.DataFrame, settings: HouseholdSettings) -> pd.DataFrame:
    """The surnames of people, less those of large places that others there may bear by chance."""
    person = surnames["person"].to_numpy()
    spot = home[person]
    large = spot >= 0
    people = np.bincount(home[home >= 0], minlength=1)
    large[large] = people[spot[large]] > settings.household_people
    if not large.any():
        return surnames
    named = surnames.assign(spot=np.where(spot >= 0, spot, spot.max() + 1 + person))
    families = number_rows([named["spot"].to_numpy(), named["surname"].to_numpy()])
    told = chance_to_be_one(named, families, settings)[families] >= settings.namesake_share
    return surnames[~large | told]


def alike_hubs(
    home: np.ndarray, surnames: pd.DataFrame, hub: np.ndarray, texts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of hubs of one home whose surnames are alike."""
    person, name = surnames["person"].to_numpy(), surnames["surname"].to_numpy()
    place, name = home[person][home[person] >= 0], name[home[person] >= 0]
    spot, first, second = alike_names(place, name, texts)
    number = rank_rows([np.concatenate([place, spot, spot]), np.concatenate([name, first, second])])
    hub_of = np.full(int(number.max(initial=-1)) + 1, -1, np.int64)
    hub_of[number[: len(hub)]] = hub
    mine, theirs = number[len(hub) :].reshape(2, -1)
    return hub_of[mine], hub_of[theirs]


def number_hubs(home: np.ndarray, person: np.ndarray, trait: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People with a home, and the number of what they share there: the trait at that home."""
    housed = home[person] >= 0
    person, trait = person[housed], trait[housed]
    return person, number_rows([home[person], trait])
