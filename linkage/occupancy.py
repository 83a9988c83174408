"""Splits the people of each place into households; decides what a place is: a home, shared homes, an institution.

People of one kin are one household. Different kins are one too, unless the place is an institution or has too many
unrelated adults (an HMO), or a kin left before others came, or two kins each have adult and child.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.codes import NONE, distinct_rows, join_codes, sums
from linkage.company import Ages, list_ages, share_strangers
from linkage.household_settings import HouseholdSettings
from linkage.residence import Residence
from linkage.sightings import MONTH


class Occupants(NamedTuple):
    """Per person: household code, how likely they live with the others in it, and flags (boolean arrays by name)."""

    code: np.ndarray
    share: np.ndarray
    flags: dict[str, np.ndarray]


def leave_crowds(person: np.ndarray, place: np.ndarray, most: int) -> np.ndarray:
    """The place of each sighting (-1 for none), with none where more than `most` people were ever seen: no dwelling."""
    often = np.bincount(place[place >= 0]) > most
    rows = np.flatnonzero((person >= 0) & (place >= 0))
    rows = rows[often[place[rows]]]
    crowded = np.bincount(distinct_rows([place[rows], person[rows]])[0], minlength=len(often) + 1) > most
    return np.where(crowded[place], NONE, place)


def split_occupants(home: Residence, kin: np.ndarray, people: pd.DataFrame, settings: HouseholdSettings) -> Occupants:
    """Split each place's people into households.

    `kin` numbers groups of people of one place; `people` says of each person age (NaN unknown), is_child, has_child (of
    theirs, though the child has no place), is_named (the address reads as an institution) and arrived (came here from
    elsewhere). People without a place are households of their own kin.
    """
    kins = describe_kins(home, kin, people)
    kins = kins.assign(**describe_places(kins))
    housed = kins["place"] >= 0
    is_institution = housed & (kins["named"] | (kins["place_people"] > settings.household_people))
    flags = {
        "institution": is_institution,
        "hmo": housed & ~is_institution & (kins["place_lone_kins"] > settings.household_kins),
        "childrens_home": housed & (kins["place_adults"] == 0) & (kins["place_kins"] > 2),
        "former_occupant": housed & find_gone(kins, settings),
        "shared_address": housed & (kins["family_rank"] > 0) & kins["is_family"],
    }
    apart = np.logical_or.reduce([~housed, *flags.values()])
    code = np.where(apart, len(kins) + kins.index.to_numpy(), kins["place_code"])
    ages = list_ages(kin, people["age"].to_numpy(), people["is_child"].to_numpy(bool))
    company = keep_company(code, kins["place"].to_numpy(), ages, settings)
    flags["shared_address"] = flags["shared_address"] | company.parted
    return Occupants(number(company.code[kin]), company.share[kin], {n: np.asarray(f)[kin] for n, f in flags.items()})


class Company(NamedTuple):
    """By kin: household code, how likely it lives with the others there, and whether it was parted from any."""

    code: np.ndarray
    share: np.ndarray
    parted: np.ndarray


def keep_company(code: np.ndarray, place: np.ndarray, ages: Ages, settings: HouseholdSettings) -> Company:
    """Part the kins of one household code who more likely than not are strangers."""
    size = len(code)
    order = np.argsort(code, kind="stable")
    several = order[(np.bincount(code)[code] > 1)[order]]
    left, right = join_codes(code[several], code[several])
    left, right = several[left], several[right]
    left, right = left[left < right], right[left < right]
    strangers = share_strangers((left, right), place, ages, settings)
    parted, share = np.zeros(size, bool), np.ones(size)
    together = strangers <= settings.strangers_share
    graph = coo_array((np.ones(int(together.sum()), np.int8), (left[together], right[together])), shape=(size, size))
    group = connected_components(graph, directed=False)[1]
    for ends in (left, right):
        parted[ends[group[left] != group[right]]] = True
    near = group[left] == group[right]
    nearest = np.full(size, np.inf)
    for ends in (left, right):
        np.minimum.at(nearest, ends[near], strangers[near])
    share = np.where(np.isinf(nearest), share, 1 - nearest)
    return Company(group.astype(np.int64), share, parted)


def number(labels: np.ndarray) -> np.ndarray:
    """Labels renumbered from nought in the order in which they are first met."""
    return pd.factorize(labels)[0].astype(np.int64)


def describe_kins(home: Residence, kin: np.ndarray, people: pd.DataFrame) -> pd.DataFrame:
    """One row per kin: place, first and last day, people, their ages in all, children, adults, and whether a family."""
    size = int(kin.max(initial=-1)) + 1
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(first, kin, home.first)
    np.maximum.at(last, kin, home.last)
    place = np.full(size, -1, np.int64)
    place[kin] = home.place
    people = people.assign(age=people["age"].fillna(0))
    total = {name: sums(kin, people[name].to_numpy(), size) for name in people}
    table = pd.DataFrame({"place": place, "first": first, "last": last, "people": np.bincount(kin, minlength=size)})
    table["age"], table["children"] = total["age"], total["is_child"]
    table["adults"] = table["people"] - table["children"]
    table["named"], table["arrived"] = total["is_named"] > 0, total["arrived"] > 0
    table["is_family"] = (table["adults"] > 0) & ((table["children"] > 0) | (total["has_child"] > 0))
    return table


def describe_places(kins: pd.DataFrame) -> dict[str, np.ndarray]:
    """Per kin, what is true of its place: people, adults, kins, lone kins, and its rank among the families there."""
    place = np.where(kins["place"] >= 0, kins["place"], -2 - kins.index.to_numpy())
    code = number(place)
    size = int(code.max(initial=-1)) + 1
    count = np.bincount(code, minlength=size)
    lone = ((kins["children"] == 0) & (kins["people"] <= 2)).to_numpy()
    return {
        "place_code": code,
        "place_people": sums(code, kins["people"].to_numpy(), size)[code],
        "place_adults": sums(code, kins["adults"].to_numpy(), size)[code],
        "place_kins": count[code],
        "place_lone_kins": sums(code, lone, size)[code],
        "family_rank": rank_families(kins, code, np.flatnonzero(count[code] > 1)),
    }


def rank_families(kins: pd.DataFrame, code: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The rank of each kin at its place, families first, then those seen last; 0 but for `rows`, who share it."""
    keys = ("age", "first", "people", "last", "is_family")
    signs = (1, 1, -1, -1, -1)
    columns = [kins[key].to_numpy()[rows].astype(np.int64) * sign for key, sign in zip(keys, signs, strict=True)]
    order = rows[np.lexsort((*columns, code[rows]))]
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    rank = np.zeros(len(kins), np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return rank


def find_gone(kins: pd.DataFrame, settings: HouseholdSettings) -> np.ndarray:
    """Kins who left: last seen before another kin of their place was first seen, and either

    that one came from elsewhere; or it came long after; or they have children, whom schools see, and it outlived them.
    Gone too are adults whom another kin outlived by `unseen_months`, whenever that one came.
    """
    shared = np.flatnonzero(((kins["place"] >= 0) & (kins["place_kins"] > 1)).to_numpy())
    shared = shared[np.argsort(kins["place"].to_numpy()[shared], kind="stable")]
    place = kins["place"].to_numpy()[shared]
    left, right = join_codes(place, place)
    old, new = shared[left], shared[right]
    first, last, has_children = (kins[name].to_numpy() for name in ("first", "last", "children"))
    before = last[old] < first[new]
    late = first[new] - last[old] > settings.gone_months * MONTH
    outlived = (last[new] - last[old]) / MONTH
    families = (has_children[old] > 0) & (outlived > settings.gone_families_months)
    adults = (has_children[old] == 0) & (outlived > settings.unseen_months)
    gone = np.zeros(len(kins), bool)
    gone[old[(before & (late | families | kins["arrived"].to_numpy()[new])) | adults]] = True
    return gone
