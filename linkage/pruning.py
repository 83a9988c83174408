"""Which candidate pairs cannot weigh enough, however their names and lines are spelt; compares no text."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.blocks import Pairs
from linkage.comparison import CompareLevels, Sides
from linkage.dates import date_levels
from linkage.encode import MISSING
from linkage.levels import level
from linkage.likeness import NAME_LEVELS
from linkage.model import level_bits, namesake_bits
from linkage.parameters import Beliefs
from linkage.rarity import Rarity
from linkage.training import Trained


SLACK = 0.01
FAR = NAME_LEVELS.index("far")
TOLD_APART = ("forename", "surname", "middle", "dwelling", "postcode", "upn", "nino")
FRACTIONS = ("both_bits", "forename_bits", "surname_bits")
COLUMNS = {
    name: place
    for place, name in enumerate(
        (*TOLD_APART, "date_of_birth", "sex", "number", "initials", "initials_crossed", "plain", *FRACTIONS)
    )
}
"""What is kept of each node, side by side: one look into memory fetches it all."""
PLAIN = {"forename": 1, "surname": 2}


class Reach(NamedTuple):
    """Pairs of nodes, and the most bits that the address may add to the rest; infinite where no bound is drawn."""

    left: np.ndarray
    right: np.ndarray
    by_address: np.ndarray


class Bounds:
    """The most bits that pairs of nodes may weigh, from whole values and from letters that names have in common.

    A bound is never below what `scoring.Scorer` gives. None is drawn for pairs with an identifier in common, or a
    forename that is the other's surname, nor for those of one surname and postcode: they tell of household mates.
    """

    def __init__(self, nodes: pd.DataFrame, compare: CompareLevels, trained: Trained) -> None:
        bits, namesake = level_bits(trained.parameters, "match"), namesake_bits(trained.parameters)
        self.bits = {**bits, **{field: np.maximum(bits[field], told) for field, told in namesake.items()}}
        self.names = compare.names
        codes = {name: nodes[name].to_numpy() for name in (*TOLD_APART, "date_of_birth", "sex", "number")}
        others = nodes[["former", "preferred"]].to_numpy().max(axis=1, initial=MISSING)
        columns = codes | {name: _apart(codes[name]) for name in TOLD_APART}
        columns |= _names_of(codes, others, compare) | _bits_of_names(self.bits, trained.rarity)
        self.table = _side_by_side(columns)
        self.by_address, self.by_sex = _most_by_address(self.bits), _most_by_sex(self.bits)

    def sides(self, pairs: Pairs) -> Sides:
        """What is known of either side of pairs."""
        known = self.table.take(pairs.nodes, axis=0).T.copy()
        columns = {name: known[place] for name, place in COLUMNS.items()}
        columns |= {name: columns[name].view(np.float32) for name in FRACTIONS}
        return Sides(columns, pairs.first, pairs.second)

    def may_reach(self, pairs: Pairs, least: float) -> "Reach":
        """The pairs that may weigh `least` bits."""
        sides = self.sides(pairs)
        unbounded, by_address = self._unbounded(sides), self._of_address(sides)
        most = self._of_names(sides) + self._of_others(sides) + by_address
        reach = most >= least - SLACK
        rows = np.flatnonzero(reach & ~unbounded)
        sides = sides.take(rows)
        for name in ("forename", "surname"):
            most[rows[self._are_far(name, sides)]] += self.bits[name][FAR] - _other(self.bits, name)
        reach[rows] = most[rows] >= least - SLACK
        rows = np.flatnonzero(reach | unbounded)
        near = pairs.take(rows)
        return Reach(near.left, near.right, np.where(unbounded, np.float32(np.inf), by_address)[rows])

    def _unbounded(self, sides: Sides) -> np.ndarray:
        """Which pairs no bound is drawn for."""
        same = {name: np.equal(*sides[name]) for name in ("upn", "nino", "surname", "postcode", "dwelling")}
        crossed = (sides["forename"][0] == sides["surname"][1]) | (sides["surname"][0] == sides["forename"][1])
        return same["upn"] | same["nino"] | crossed | same["surname"] & (same["postcode"] | same["dwelling"])

    def _of_address(self, sides: Sides) -> np.ndarray:
        """The most bits of the address: nearly the same where the numbers are, the same where the dwellings are."""
        first, second = sides["number"]
        near = (first == second) | (first == MISSING) | (second == MISSING)
        return self.by_address[_join_bits(np.equal(*sides["dwelling"]), near, np.equal(*sides["postcode"]))]

    def _of_names(self, sides: Sides) -> np.ndarray:
        same = {name: np.equal(*sides[name]) for name in ("forename", "surname")}
        total = np.where(same["forename"] & same["surname"], sides.left("both_bits"), np.float32(0))
        for name, alike in same.items():
            total += np.where(alike, sides.left(f"{name}_bits"), _other(self.bits, name))
        return total

    def _of_others(self, sides: Sides) -> np.ndarray:
        """Date of birth, sex and middle names."""
        first, second = sides["middle"]
        middle = _join_bits((first >= 0) & (second >= 0), first == second)
        sex = (sides["sex"][0] + 1) * 3 + sides["sex"][1] + 1
        by_middle = np.array([0, 0, _other(self.bits, "middle_names"), self.bits["middle_names"].max()], np.float32)
        born = self.bits["date_of_birth"][date_levels(*sides["date_of_birth"], self.names.cuts.generation_years)]
        return born + self.by_sex[sex] + by_middle[middle]

    def _are_far(self, name: str, sides: Sides) -> np.ndarray:
        """Rows of pairs whose names have nothing in common, in the right place or the other, by their letters."""
        first, second = sides[name]
        plain = np.bitwise_and(*sides["plain"]) & PLAIN[name] > 0
        rows = np.flatnonzero(plain & (first != second) & (sides.left("initials") != sides.right("initials_crossed")))
        found, unsure = self.names.without_spelling(first[rows], second[rows], forms=name == "forename")
        found[unsure] = MISSING
        return rows[found == FAR]


def _side_by_side(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """A row per node of `COLUMNS`; fractions keep their bits."""
    table = np.empty((len(columns["forename"]), len(COLUMNS)), dtype=np.int32)
    for name, place in COLUMNS.items():
        values = columns[name]
        table[:, place] = values.astype(np.float32).view(np.int32) if name in FRACTIONS else values
    return table


def _bits_of_names(bits: Beliefs, rarity: Rarity) -> dict[str, np.ndarray]:
    """The most bits of each node's names where the other one's are the same."""
    found = {"both_bits": rarity.both}
    for name, extra in (("forename", rarity.forename), ("surname", rarity.surname)):
        initial = max(float(bits[name][level(name, "initial")]), 0.0)
        found[f"{name}_bits"] = np.maximum(bits[name][-1] + extra, np.float32(initial))
    return found


def _names_of(codes: dict[str, np.ndarray], others: np.ndarray, compare: CompareLevels) -> dict[str, np.ndarray]:
    """Which names of nodes stand for themselves alone, and the initials of both names, both ways."""
    initial = np.append(compare.names.names.initial, MISSING)
    forename, surname = codes["forename"], codes["surname"]
    one, two = (initial[name].astype(np.int32) + 1 for name in (forename, surname))
    span = int(initial.max(initial=0)) + 2
    known = (forename != MISSING) & (surname != MISSING)
    return {
        "plain": (known & (codes["middle"] == MISSING)) * PLAIN["forename"]
        | (known & (others == MISSING)) * PLAIN["surname"],
        "initials": one * span + two,
        "initials_crossed": two * span + one,
    }


def _apart(codes: np.ndarray) -> np.ndarray:
    """Codes in which a missing one is like no other: -2, -3 and so on by row."""
    return np.where(codes == MISSING, -2 - np.arange(len(codes)), codes).astype(np.int32)


def _join_bits(*flags: np.ndarray) -> np.ndarray:
    """Numbers of which each flag is a bit, the first the highest."""
    total = flags[0].view(np.int8)
    for flag in flags[1:]:
        total = total * np.int8(2) + flag.view(np.int8)
    return total


def _other(bits: Beliefs, field: str) -> np.float32:
    """The most bits that values which are not the same may have."""
    return _best(bits, field, "swapped" if field in ("forename", "surname") else "same")


def _best(bits: Beliefs, field: str, below: str) -> np.float32:
    """The most bits of any level below one, or of none."""
    return np.float32(max(float(bits[field][: level(field, below)].max()), 0.0))


def _most_by_sex(bits: Beliefs) -> np.ndarray:
    """Bits by both sexes, each missing or one of two."""
    missing, differs, same = bits["sex"]
    table = np.array([[0, 0, 0], [0, max(same, 0), differs], [0, differs, max(same, 0)]], dtype=np.float32)
    return table.ravel()


def _most_by_address(bits: Beliefs) -> np.ndarray:
    """Bits by whether the dwellings are the same, the numbers may be, the postcodes are."""
    area, postcode = (_best(bits, "address", name) for name in ("postcode", "alike"))
    near, same = _best(bits, "address", "same"), max(float(bits["address"].max()), 0.0)
    return np.array([area, postcode, near, near, same, same, same, same], dtype=np.float32)
