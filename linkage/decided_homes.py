"""Applies what people decided about who lives together; they prevail over what was worked out.

Those who live together go where the better placed of them lives. Of two who live apart the worse placed goes where they
may live otherwise, or is a household of their own. That rulings do not contradict each other is settled before.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.codes import NONE
from linkage.residence import Residence


class Rulings(NamedTuple):
    """Pairs of people who live together and pairs who live apart (each an array of two columns); `unit` by person.

    People of one unit live together.
    """

    together: np.ndarray
    apart: np.ndarray
    unit: np.ndarray


def read_rulings(decided: pd.DataFrame | None, people: int) -> Rulings:
    """Rulings from left, right (people) and together; without any, everybody is a unit."""
    if decided is None or not len(decided):
        nobody = np.empty((0, 2), np.int64)
        return Rulings(nobody, nobody, np.arange(people))
    pairs, is_together = decided[["left", "right"]].to_numpy(np.int64), decided["together"].to_numpy(bool)
    together = pairs[is_together]
    graph = coo_array((np.ones(len(together), np.int8), (together[:, 0], together[:, 1])), shape=(people, people))
    unit = connected_components(graph, directed=False)[1].astype(np.int64)
    return Rulings(together, pairs[~is_together], unit)


def move_people(home: Residence, rulings: Rulings) -> Residence:
    """Move those who live together to one place, and those who live apart to two where there is another."""
    if not len(rulings.together) and not len(rulings.apart):
        return home
    home = Residence(*(column.copy() for column in home))
    rank = rank_placed(home)
    for left, right in rulings.apart[np.lexsort(np.sort(rank[rulings.apart], axis=1).T)]:
        if home.place[left] == home.place[right] != NONE:
            movable = [person for person in (left, right) if home.rival[person] != NONE]
            for person in sorted(movable, key=lambda person: -rank[person])[:1]:
                home.place[person] = home.rival[person]
                settle(home, person)
        for person, other in ((left, right), (right, left)):
            if home.rival[person] == home.place[other] != NONE:
                settle(home, person)
    people = np.unique(rulings.together)
    order = people[np.lexsort((rank[people], rulings.unit[people]))]
    unit = rulings.unit[order]
    leader = order[np.searchsorted(unit, unit)]
    for column in (home.place, home.first, home.last):
        column[order] = column[leader]
    home.surety[order], home.rival[order] = np.where(home.place[order] >= 0, 1.0, 0.0), NONE
    return home


def settle(home: Residence, person: int) -> None:
    """Leave no doubt about the home of a person."""
    home.rival[person], home.surety[person] = NONE, 1.0


def rank_placed(home: Residence) -> np.ndarray:
    """The rank of each person by how well placed they are; 0 is best."""
    order = np.lexsort((home.first, home.place, -home.last, -np.round(home.surety, 9), home.place < 0))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def hold_rulings(code: np.ndarray, home: Residence, rulings: Rulings) -> np.ndarray:
    """Household codes that keep every ruling: units whole, and no two who live apart in one."""
    code, rank = code.copy(), rank_placed(home)
    people = np.unique(rulings.together)
    order = people[np.lexsort((rank[people], rulings.unit[people]))]
    unit = rulings.unit[order]
    code[order] = code[order[np.searchsorted(unit, unit)]]
    foes: dict[int, set[int]] = {}
    for left, right in rulings.unit[rulings.apart].tolist():
        foes.setdefault(left, set()).add(right)
        foes.setdefault(right, set()).add(left)
    crowded = {int(one) for one, other in rulings.apart if code[one] == code[other]}
    crowded |= {int(other) for one, other in rulings.apart if code[one] == code[other]}
    fresh = int(code.max(initial=NONE)) + 1
    taken: dict[int, list[set[int]]] = {}
    for person in sorted(crowded, key=lambda person: int(rank[person])):
        own = int(rulings.unit[person])
        bins = taken.setdefault(int(code[person]), [])
        if any(own in held for held in bins):
            continue
        free = [number for number, held in enumerate(bins) if not held & foes[own]]
        if not free:
            bins.append(set())
        bins[free[0] if free else -1].add(own)
    for bins in taken.values():
        for held in bins[1:]:
            code[np.isin(rulings.unit, list(held))] = fresh
            fresh += 1
    return code
