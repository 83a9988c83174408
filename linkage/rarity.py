"""How much more, or less, than an average name agreeing on this one says; its people make it common, not its mentions.

Forename and surname go together (Zainab with Omar, not with Jones), so agreeing on both says less than their parts do.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.encode import MISSING, combine_codes
from linkage.levels import level


FIELDS = ("forename", "surname")
FORENAME_SWAPPED, SURNAME_SWAPPED = level("forename", "swapped"), level("surname", "swapped")
AVERAGE_STRENGTH = 500.0
RARE = 0.2
SPREAD = 0.2


class Rarity(NamedTuple):
    """Bits per node, over an average name: for its forename, for its surname, and for both together."""

    forename: np.ndarray
    surname: np.ndarray
    both: np.ndarray


def measure_rarity(nodes: pd.DataFrame, random: Mapping[str, np.ndarray], together: float) -> Rarity:
    """Rarity of the names of `nodes`; `random` holds how often two people agree on a forename and on a surname.

    `together`: how many times more often than by chance two people have both names in common. What few records cannot
    tell is taken to be average.
    """
    chance = [float(random[field][-1]) for field in FIELDS]
    names = _count_people(nodes)
    shares = _shares(nodes, names, chance)
    both = _together(names.people, shares[0] * shares[1], together)
    bits = [np.log2(average / share) for average, share in zip(chance, shares, strict=True)]
    known = [(nodes[field] != MISSING).to_numpy() for field in FIELDS]
    values = (bits[0], known[0]), (bits[1], known[1]), (both, known[0] & known[1])
    return Rarity(*(np.where(has, value[names.of], 0).astype(np.float32) for value, has in values))


def is_unshared(nodes: pd.DataFrame, random: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether each node's full name is rare by its parts, and nothing shows that two people have it."""
    names = _count_people(nodes)
    shares = _shares(nodes, names, [float(random[field][-1]) for field in FIELDS])
    expected = names.people.sum() * shares[0] * shares[1]
    return ((expected < RARE) & (names.people <= 1))[names.of]


def agreed_rarity(
    rarity: Rarity, levels: dict[str, np.ndarray], left: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The bits of pairs for the rarity of the forename and of the surname on which they agree, exactly or swapped.

    Of swapped names nobody knows which way round is right: those are taken as they are commoner.
    """
    by_forename, by_surname = levels["forename"] >= FORENAME_SWAPPED, levels["surname"] >= SURNAME_SWAPPED
    swapped = np.flatnonzero((levels["forename"] == FORENAME_SWAPPED) & by_surname)
    one, two = (np.sum([values[nodes[swapped]] for values in rarity], axis=0) for nodes in (left, right))
    side = left.copy()
    side[swapped[two < one]] = right[swapped[two < one]]
    together = np.where(by_forename & by_surname, rarity.both[side], 0)
    forename = np.where(by_forename, rarity.forename[side], 0)
    return forename, np.where(by_surname, rarity.surname[side], 0) + together


class _FullNames(NamedTuple):
    """Each node's full name; per full name its people (at least one) and a node that has it."""

    of: np.ndarray
    people: np.ndarray
    first: np.ndarray


def _count_people(nodes: pd.DataFrame) -> _FullNames:
    """People of one full name are told apart by year of birth and abode, where both differ.

    Of mentions without a date of birth only the abode tells: those in other homes are other people as often as they are
    among mentions with one.
    """
    born, abode = nodes["date_of_birth"].to_numpy(), nodes["abode"].to_numpy()
    full, values = pd.factorize(combine_codes([nodes[field].to_numpy() for field in FIELDS]))
    years = _count_distinct(full, np.where(born == MISSING, MISSING, born >> 16), len(values))
    homes = _count_distinct(full, abode, len(values))
    dated = _count_distinct(full, np.where(born == MISSING, MISSING, abode), len(values))
    told = np.where((years > 0) & (dated > 0), np.minimum(years, dated), np.maximum(years, dated))
    several = dated > 1
    moved = float((told[several] - 1).sum() + 1) / float((dated[several] - 1).sum() + 1)
    people = np.maximum(told, 1) + moved * (homes - np.maximum(dated, np.minimum(homes, 1)))
    first = np.empty(len(values), dtype=np.int64)
    first[full[::-1]] = np.arange(len(full) - 1, -1, -1)
    return _FullNames(full, people, first)


def _shares(nodes: pd.DataFrame, names: _FullNames, chance: Sequence[float]) -> list[np.ndarray]:
    """Per full name the share of people with its forename, and with its surname."""
    codes = [nodes[field].to_numpy()[names.first] for field in FIELDS]
    return [_share(code, names.people, average) for code, average in zip(codes, chance, strict=True)]


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
