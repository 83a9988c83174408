"""Carries ids from run to run by largest overlap, and records what is new, kept, merged or split.

A person overlaps by identities of mentions, a household or family by its people, children first. Ids are numbered in
the order of content, and a number once given is never given to another.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from linkage.addresses import as_strings
from linkage.households import Households
from linkage.identities import identify, order_people, read_hex, write_hex
from linkage.lineage import GROUPS, list_origins, read_origins, take_back, write_origins
from linkage.overlap import CHANGES, Numbered, count_shared, id_keys, number_groups, read_ids, write_ids
from linkage.text_order import sort_pairs
from schemas.columns import TEXT
from schemas.words import Role


__all__ = ["Carried", "Previous", "carry_identity", "identify"]
HOME_COLUMNS = ("address", "postcode", "uprn")
LETTERS = {"person": "P"} | GROUPS


class Previous(NamedTuple):
    """What the previous run knew: whose each identity was, and who lived with whom.

    `identities` (identity, person_id), `members` (household_id, person_id), `households` (household_id, family_id;
    address, postcode and uprn where known), `counters` (last_person, last_household, last_family: the largest number
    ever given, from the previous run's counts), `origins` (kind, id, origin_id: what was once split off from what;
    None where the run did not say).
    """

    identities: pd.DataFrame
    members: pd.DataFrame
    households: pd.DataFrame
    counters: Mapping[str, int] = MappingProxyType({})
    origins: pd.DataFrame | None = None


class Carried(NamedTuple):
    """Ids by code (text; no family's where a household has no child), what the next run is to know, and counts.

    `keys` are numbers by code, of people and households, that order as their ids do.
    """

    person_ids: pd.Series
    household_ids: pd.Series
    family_ids: pd.Series
    identities: pd.DataFrame
    changes: pd.DataFrame
    origins: pd.DataFrame
    counts: dict[str, int]
    keys: dict[str, np.ndarray]


class Earlier(NamedTuple):
    """The previous run in numbers: identities with their person's number, and members with all they belonged to."""

    identities: pd.DataFrame  # identity (uint64), person
    members: pd.DataFrame  # person, household, family, home (row of homes)
    homes: pd.DataFrame  # address, postcode, uprn
    last: dict[str, int]
    origins: dict[str, pd.DataFrame]  # of a kind of group: number, origin


def carry_identity(identities: pd.DataFrame, households: Households, previous: Previous | None) -> Carried:
    """Give people, households and families their ids: those of the previous run by largest overlap, else new ones.

    `identities` as `identify` returns them; `households` as `form_households` does. The identities of people of earlier
    runs who are in no record now are kept, so that they find their id again.
    """
    earlier = read_previous(previous)
    members = households.members
    order = order_people(identities, len(members))
    people, into = carry_people(identities, order, earlier)
    shared = share_people(households, into, earlier)
    home_order = order_homes(members, order)
    homes = carry_groups(shared, "household", home_order, earlier)
    families = carry_groups(shared, "family", with_child(home_order, members), earlier)
    numbered = {"person": people, "household": homes, "family": families}
    family_numbers = np.zeros(len(households.households), np.int64)
    family_numbers[: len(families.numbers)] = families.numbers
    return Carried(
        write_ids("P", people.numbers),
        write_ids("H", homes.numbers),
        write_ids("F", family_numbers),
        keep_identities(identities, people.numbers, into, earlier),
        write_changes(numbered),
        write_origins({kind: list_origins(numbered[kind].changes, known) for kind, known in earlier.origins.items()}),
        count_changes(numbered),
        {"person": id_keys(people.numbers), "household": id_keys(homes.numbers)},
    )


def read_previous(previous: Previous | None) -> Earlier:
    """The previous run's tables with numbers in place of texts; empty ones when there is no previous run."""
    empty = pd.DataFrame(columns=["identity", "person_id", "household_id", "family_id"], dtype=TEXT)
    tables = previous or Previous(empty, empty, empty)
    known = tables.identities
    identity = read_hex(as_strings(known["identity"].astype(TEXT)))
    households = tables.households.reset_index(drop=True)
    homes = pd.DataFrame(
        {name: households.get(name, pd.Series(None, households.index, dtype=TEXT)) for name in HOME_COLUMNS}
    )
    numbers = pd.DataFrame(
        {"household": read_ids(households["household_id"]), "family": read_ids(households["family_id"])}
    )
    numbers["home"] = np.arange(len(numbers))
    members = pd.DataFrame({name: read_ids(tables.members[f"{name}_id"]) for name in ("household", "person")})
    members = members.merge(numbers, on="household")
    people = read_ids(known["person_id"])
    seen = {"person": people, "household": numbers["household"].to_numpy(), "family": numbers["family"].to_numpy()}
    last = {
        kind: max(int(values.max(initial=0)), tables.counters.get(f"last_{kind}", 0)) for kind, values in seen.items()
    }
    origins = read_origins(tables.origins)
    return Earlier(pd.DataFrame({"identity": identity, "person": people}), members, homes, last, origins)


def carry_people(identities: pd.DataFrame, order: np.ndarray, earlier: Earlier) -> tuple[Numbered, pd.Series]:
    """Number people by the identities they share with earlier ones; and, by earlier number, where each lives on."""
    before, then = codes_of(earlier.identities["person"].to_numpy())
    known = earlier.identities.assign(before=then)
    shared = known[["identity", "before"]].merge(identities, on="identity")
    fine = shared["is_fine"].to_numpy()
    edges = count_shared(shared["before"].to_numpy(), shared["person"].to_numpy(), fine=fine, coarse=~fine)
    edges["is_certain"] = edges["fine"] > 0
    numbered = number_groups(edges, before, order, earlier.last["person"])
    return numbered, pd.Series(numbered.into, index=before)


def share_people(now: Households, into: pd.Series, earlier: Earlier) -> pd.DataFrame:
    """Earlier members who are still here: what they belonged to then, their household and role now."""
    then = earlier.members.assign(code=earlier.members["person"].map(into).fillna(-1).astype("int64"))
    here, person = now.members["household"].to_numpy(), now.members["person"].to_numpy()
    household, child = np.empty(len(person), np.int64), np.empty(len(person), bool)
    household[person], child[person] = here, are_children(now.members)
    shared = then[then["code"] >= 0].drop_duplicates(["household", "code"])
    codes = shared["code"].to_numpy()
    shared = shared.assign(now=household[codes], is_child=child[codes])
    present = now.households.set_index("household")
    same_uprn = is_same(earlier.homes["uprn"], present["uprn"], shared)
    same_line = is_same(earlier.homes["address"], present["address"], shared)
    same_code = is_same(earlier.homes["postcode"], present["postcode"], shared)
    return shared.assign(same_place=same_uprn | (same_line & same_code))


def is_same(then: pd.Series, now: pd.Series, shared: pd.DataFrame) -> np.ndarray:
    """Whether a household's text is what it was, where both runs have one."""
    left, right = as_strings(then).take(shared["home"].to_numpy()), as_strings(now).take(shared["now"].to_numpy())
    return pc.fill_null(pc.equal(left, right), False).to_numpy(zero_copy_only=False)


def carry_groups(shared: pd.DataFrame, kind: str, order: np.ndarray, earlier: Earlier) -> Numbered:
    """Number households, or families (households with a child), by the people they share, children first."""
    rows = shared[(shared[kind] > 0) & np.isin(shared["now"], order)]
    before, then = codes_of(rows[kind].to_numpy())
    child = rows["is_child"].to_numpy()
    edges = count_shared(
        then, rows["now"].to_numpy(), children=child, adults=~child, same_place=rows["same_place"].to_numpy()
    )
    if kind == "family":
        has_children = edges.groupby("before")["children"].transform("max") > 0
        edges = edges[(edges["children"] > 0) | ~has_children]
    edges = take_back(edges, before, earlier.origins[kind])
    return number_groups(edges.assign(is_certain=True), before, order, earlier.last[kind])


def codes_of(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct numbers in order, and each row's code among them."""
    codes, values = pd.factorize(numbers, sort=True)
    return np.asarray(values, np.int64), codes


def order_homes(members: pd.DataFrame, order: np.ndarray) -> np.ndarray:
    """Households in the order of content: by their first person."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    homes = members["household"].to_numpy()
    first = np.full(int(homes.max(initial=-1)) + 1, len(order))
    np.minimum.at(first, homes, place[members["person"].to_numpy()])
    return np.argsort(first, kind="stable")


def with_child(order: np.ndarray, members: pd.DataFrame) -> np.ndarray:
    """Those of the households in `order` that have a child."""
    has_child = np.zeros(len(order), bool)
    has_child[members["household"].to_numpy()[are_children(members)]] = True
    return order[has_child[order]]


def are_children(members: pd.DataFrame) -> np.ndarray:
    """Which members are children."""
    return pc.equal(as_strings(members["role"]), str(Role.CHILD)).to_numpy(zero_copy_only=False)


def keep_identities(identities: pd.DataFrame, people: np.ndarray, into: pd.Series, earlier: Earlier) -> pd.DataFrame:
    """Identities of the people of this run, and of those of earlier runs who are in no record now."""
    known = earlier.identities
    absent = known["person"].isin(into.index[into < 0]).to_numpy()
    identity = np.concatenate([identities["identity"].to_numpy(), known["identity"].to_numpy()[absent]])
    person = np.concatenate([people[identities["person"].to_numpy()], known["person"].to_numpy()[absent]])
    order = sort_pairs(identity, person)
    return pd.DataFrame({"identity": write_hex(identity[order]), "person_id": write_ids("P", person[order])})


def write_changes(numbered: Mapping[str, Numbered]) -> pd.DataFrame:
    """All changes with ids in place of numbers, people first."""
    words = pd.array(CHANGES, dtype=TEXT)
    tables = [
        pd.DataFrame(
            {
                "kind": pd.Series(kind, index=found.changes.index, dtype=TEXT),
                "id": write_ids(LETTERS[kind], found.changes["number"].to_numpy()),
                "previous_id": write_ids(LETTERS[kind], found.changes["previous"].to_numpy()),
                "change": words[found.changes["change"].to_numpy()],
            }
        )
        for kind, found in numbered.items()
    ]
    return pd.concat(tables, ignore_index=True)


def count_changes(numbered: Mapping[str, Numbered]) -> dict[str, int]:
    """The last number of each kind, and how many of each are new, kept, merged and split."""
    counts = {f"last_{kind}": found.last for kind, found in numbered.items()}
    for kind, found in numbered.items():
        change = found.changes["change"].to_numpy()
        counts |= {f"{kind}_{name}": int((change == code).sum()) for code, name in enumerate(CHANGES)}
    return counts
