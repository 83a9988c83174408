"""How much more, or less, than an average name agreeing on this name says; a name is common by its people, not its mentions.

Forename and surname go together (Zainab with Omar, not with Jones), so agreeing on both says less than their parts do.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.encode import MISSING, combine_codes
from linkage.levels import level


FORENAME_SWAPPED, SURNAME_SWAPPED = level("forename", "swapped"), level("surname", "swapped")
AVERAGE_STRENGTH = 500.0
TOGETHER, TOGETHER_STRENGTH, SPREAD = 3.0, 2.0, 0.2


class Rarity(NamedTuple):
    """Bits per node, over an average name: for its forename, for its surname, and for both together."""

    forename: np.ndarray
    surname: np.ndarray
    both: np.ndarray


def measure_rarity(nodes: pd.DataFrame, random: Mapping[str, np.ndarray], namesakes: float) -> Rarity:
    """Rarity of the names of `nodes`; `random` holds how often two people agree on a forename and on a surname.

    `namesakes`: how many pairs of nodes share their full name and are not one person.

    People of one full name are told apart by year of birth and postcode, where both differ. What few records cannot tell is taken to be average.
    """
    forename, surname, born = (nodes[name].to_numpy() for name in ("forename", "surname", "date_of_birth"))
    year = np.where(born == MISSING, MISSING, born >> 16)
    full, people, first = _count_people(combine_codes([forename, surname]), year, nodes["postcode"].to_numpy())
    chance = tuple(float(random[field][-1]) for field in ("forename", "surname"))
    shares = [_share(codes[first], people, average) for codes, average in zip((forename, surname), chance, strict=True)]
    apart = len(nodes) ** 2 / 2 * chance[0] * chance[1]
    together = max((namesakes + TOGETHER_STRENGTH) / (apart + TOGETHER_STRENGTH / TOGETHER), 1.0)
    both = _together(people, shares[0] * shares[1], together)
    known = (forename != MISSING) & (surname != MISSING)
    bits = [np.log2(average / share) for average, share in zip(chance, shares, strict=True)]
    per_node = [np.where(codes == MISSING, 0, bit[full]) for codes, bit in zip((forename, surname), bits, strict=True)]
    return Rarity(*(values.astype(np.float32) for values in (*per_node, np.where(known, both[full], 0))))


def apply_rarity(bits: np.ndarray, rarity: Rarity, levels: dict[str, np.ndarray], left: np.ndarray) -> np.ndarray:
    """Bits of pairs with the rarity of the names on which they agree."""
    by_forename, by_surname = agree_on_names(levels)
    extra = np.where(by_forename, rarity.forename[left], 0) + np.where(by_surname, rarity.surname[left], 0)
    return bits + extra + np.where(by_forename & by_surname, rarity.both[left], 0)


def agree_on_names(levels: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Whether pairs agree exactly, or swapped, on the forename and on the surname."""
    return levels["forename"] >= FORENAME_SWAPPED, levels["surname"] >= SURNAME_SWAPPED


def _count_people(
    name: np.ndarray, year: np.ndarray, postcode: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each node's full name, and per full name how many people have it (at least one) and a node that has it."""
    full, values = pd.factorize(name)
    people = _count_distinct(full, year, len(values))
    if (postcode != MISSING).any():
        people = np.minimum(people, _count_distinct(full, postcode, len(values)))
    first = np.empty(len(values), dtype=np.int64)
    first[full[::-1]] = np.arange(len(full) - 1, -1, -1)
    return full, np.maximum(people, 1), first


def _count_distinct(group: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """How many known values each group has."""
    known = np.flatnonzero(values != MISSING)
    distinct = np.sort(group[known].astype(np.int64) << 32 | values[known])
    return np.bincount(distinct[np.flatnonzero(np.diff(distinct, prepend=-1))] >> 32, minlength=size)


def _share(codes: np.ndarray, people: np.ndarray, average: float) -> np.ndarray:
    """The share of people with the name of each full name, blended with the average one."""
    named = np.where(codes == MISSING, 0, people)
    counts = np.bincount(codes + 1, weights=named)
    return (counts[codes + 1] + AVERAGE_STRENGTH * average) / (named.sum() + AVERAGE_STRENGTH)


def _together(people: np.ndarray, chance: np.ndarray, together: float) -> np.ndarray:
    """Bits to take off where both names agree: how many people there are of the full name, against chance.

    Others of that name are a sign of more: a gamma prior of shape `SPREAD` around what chance, times how much names go
    `together` here, would give.
    """
    apart = float(people.sum()) * chance
    rate = (people - 1 + SPREAD) / (1 + SPREAD / (apart * together))
    return np.clip(-np.log2(rate / apart), -12.0, 1.0)
