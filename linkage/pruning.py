"""Which candidate pairs cannot weigh enough whatever their strings are like, so that these need not be compared."""

import numpy as np
import pandas as pd

from linkage.dates import date_levels
from linkage.encode import MISSING
from linkage.levels import level
from linkage.model import level_bits, namesake_bits
from linkage.parameters import Beliefs
from linkage.training import Trained


SLACK = 0.01


class Bounds:
    """The most bits that pairs of nodes may weigh, from whole values alone: names and addresses that are equal or not.

    A bound is never below what `scoring.score_part` gives. None is drawn for pairs with an identifier in common, or a
    forename that is the other's surname, nor for those of one surname and postcode: they tell of household mates.
    """

    def __init__(self, nodes: pd.DataFrame, trained: Trained) -> None:
        names = (
            "forename",
            "surname",
            "middle",
            "date_of_birth",
            "sex",
            "number",
            "dwelling",
            "postcode",
            "upn",
            "nino",
        )
        self.columns = {name: nodes[name].to_numpy() for name in names}
        self.bits, self.rarity = level_bits(trained.parameters, "match"), trained.rarity
        self.namesake = namesake_bits(trained.parameters)

    def may_reach(self, left: np.ndarray, right: np.ndarray, least: float) -> np.ndarray:
        """Whether pairs may weigh `least` bits, as places in `left` and `right`."""
        sides = {name: (values[left], values[right]) for name, values in self.columns.items()}
        most = self.bits["date_of_birth"][date_levels(*sides["date_of_birth"])] + self._of_address(sides)
        most += self._of_names(sides, left)
        for field, name in (("sex", "sex"), ("middle_names", "middle")):
            top = max(self.bits[field].max(), self.namesake[field].max(), 0.0)
            most += np.where(_both_known(*sides[name]), top, 0.0)
        free = _same(*sides["upn"]) | _same(*sides["nino"]) | _cross(sides)
        mates = _same(*sides["surname"]) & (_same(*sides["postcode"]) | _same(*sides["dwelling"]))
        return np.flatnonzero(free | mates | (most >= least - SLACK))

    def _of_names(self, sides: dict[str, tuple[np.ndarray, np.ndarray]], left: np.ndarray) -> np.ndarray:
        same = {name: _same(*sides[name]) for name in ("forename", "surname")}
        total = np.where(same["forename"] & same["surname"], self.rarity.both[left], 0.0)
        for name, rarity in (("forename", self.rarity.forename), ("surname", self.rarity.surname)):
            initial = max(float(self.bits[name][level(name, "initial")]), 0.0)
            other = np.where(_any_known(*sides[name]), _best(self.bits, name, level(name, "swapped")), 0.0)
            total += np.where(same[name], np.maximum(self.bits[name][-1] + rarity[left], initial), other)
        return total

    def _of_address(self, sides: dict[str, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """An address may be nearly the same where the numbers are; the same where the dwellings are."""
        first, second = sides["number"]
        near = (first == second) | (first == MISSING) | (second == MISSING)
        steps = [_same(*sides["dwelling"]), near, _same(*sides["postcode"])]
        tops = [
            _best(self.bits, "address", level("address", name) + 1) for name in ("same", "near", "postcode", "area")
        ]
        return np.select(steps, tops[:3], default=tops[3])


def _best(bits: Beliefs, field: str, below: int) -> float:
    """The most bits of any level below a code, or of none."""
    return max(float(bits[field][:below].max()), 0.0)


def _same(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first == second) & (first != MISSING)


def _both_known(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first != MISSING) & (second != MISSING)


def _any_known(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first != MISSING) | (second != MISSING)


def _cross(sides: dict[str, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Whether a forename is the other's surname."""
    (forename, forename_2), (surname, surname_2) = sides["forename"], sides["surname"]
    return _same(forename, surname_2) | _same(surname, forename_2)
