"""What agreeing on an extra column weighs: learnt from pairs that the model without it is sure of, and from strangers.

Each column is taken to tell apart from the others: two columns that say one thing would count it twice.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.encode import combine_codes
from linkage.extra import ExtraValues
from linkage.model import Scores, mate_probability, probability
from linkage.parameters import CLASSES, Learnt, Parameters, blend
from linkage.rarity import AVERAGE_STRENGTH
from linkage.settings_parts import ExtraColumn


SURE = 0.9
FINE = 2**20
UNSEEN = 2.0


class Sightings(NamedTuple):
    """Pairs of nodes that were drawn to learn from, and what the model without extra columns makes of them."""

    left: np.ndarray
    right: np.ndarray
    scores: Scores


class ExtraModel(NamedTuple):
    """The extra columns by name, what was learnt of each, and how much rarer than most each value is, in bits."""

    values: Mapping[str, ExtraValues]
    learnt: Mapping[str, Learnt]
    rarity: Mapping[str, np.ndarray]

    @property
    def most(self) -> float:
        """The most bits that all columns together can add to a match."""
        return sum(
            max(
                0.0,
                float(bits_of(learnt).match[:-1].max()),
                float(bits_of(learnt).match[-1] + self.rarity[name].max(initial=0)),
            )
            for name, learnt in self.learnt.items()
        )

    def weigh(self, left: np.ndarray, right: np.ndarray, scores: Scores) -> tuple[dict[str, np.ndarray], Scores]:
        """The levels of pairs of nodes by column, and their scores with what the columns weigh."""
        levels = {name: values.levels(left, right) for name, values in self.values.items()}
        for name in levels:
            rare = self._rare(name, levels[name], left)
            more = (bits[levels[name]] + rare for bits in bits_of(self.learnt[name]))
            scores = Scores(*((bits + extra).astype(np.float32) for bits, extra in zip(scores, more, strict=True)))
        return levels, scores

    def weights(self, levels: Mapping[str, np.ndarray], left: np.ndarray) -> dict[str, np.ndarray]:
        """Bits of each column for a match, of pairs on these levels."""
        return {
            name: bits_of(self.learnt[name]).match[codes] + self._rare(name, codes, left)
            for name, codes in levels.items()
        }

    def describe(self) -> dict[str, Any]:
        """The columns as plain numbers and words, for people and for JSON."""
        return {name: _describe(self.values[name].column, learnt) for name, learnt in self.learnt.items()}

    def _rare(self, name: str, levels: np.ndarray, left: np.ndarray) -> np.ndarray:
        """Of pairs that agree, how much less likely than on the average value that is."""
        values = self.values[name]
        same = levels == len(values.column.levels) - 1
        return np.where(same, self.rarity[name][values.codes[left]], 0.0)


def bits_of(learnt: Learnt) -> Scores:
    """Bits of each level for a match, and for two people of one household."""
    return Scores(np.log2(learnt.match / learnt.random), np.log2(learnt.household / learnt.random))


def learn_columns(
    values: Mapping[str, ExtraValues],
    sessions: list[Sightings],
    chance: Sightings,
    parameters: Parameters,
    strengths: tuple[float, float],
) -> dict[str, Learnt]:
    """What each level of each column tells. `strengths`: how many pairs beliefs are worth, of matches and of chance."""
    match = [_sure(probability(seen.scores, parameters)) for seen in sessions]
    mates = [_sure(mate_probability(seen.scores, parameters)) for seen in sessions]
    strangers = 1 - probability(chance.scores, parameters) - mate_probability(chance.scores, parameters)
    learnt = {}
    for name, column in values.items():
        size, belief = len(column.column.levels), beliefs(column.column)
        seen = [column.levels(pairs.left, pairs.right) for pairs in sessions]
        by_chance = column.levels(chance.left, chance.right)
        counts = [
            sum((_count(codes, weight, size) for codes, weight in zip(seen, weights, strict=True)), np.zeros(size))
            for weights in (match, mates)
        ]
        learnt[name] = Learnt(
            blend(counts[0], belief.match, strengths[0]),
            blend(counts[1], belief.household, strengths[0]),
            blend(_count(by_chance, np.clip(strangers, 0, 1), size), belief.random, strengths[1]),
        )
    return learnt


def rare_values(values: ExtraValues, nodes: pd.DataFrame, chance: float) -> np.ndarray:
    """Bits per value (and 0 for missing, last): how much rarer than `chance` it is, by people of different names.

    At most `UNSEEN` people who are not on record are taken to have it.
    """
    size = len(values.values)
    if not values.column.rarity:
        return np.zeros(size + 1)
    known = np.flatnonzero(values.codes >= 0)
    names = combine_codes([nodes["forename"].to_numpy()[known], nodes["surname"].to_numpy()[known]])
    codes = pd.DataFrame({"value": values.codes[known], "name": names}).drop_duplicates()["value"].to_numpy()
    people = np.bincount(codes, minlength=size)
    strength = min(AVERAGE_STRENGTH, UNSEEN / chance)
    share = (people + strength * chance) / (people.sum() + strength)
    return np.append(np.log2(chance / share), 0.0)


@cache
def _packaged() -> dict[str, Any]:
    text = resources.files("linkage").joinpath("parameters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["extra"]


def beliefs(column: ExtraColumn) -> Learnt:
    """What is believed of a column before any pair was seen."""
    tables = _packaged()["exact" if column.kind == "exact" else "levels"]
    return Learnt(*(np.array([1.0, *(tables[name][level] for level in column.levels[1:])]) for name in CLASSES))


def _sure(chance: np.ndarray) -> np.ndarray:
    return np.where(chance >= SURE, chance, 0.0)


def _count(codes: np.ndarray, weights: np.ndarray, size: int) -> np.ndarray:
    """Weights by level; rounded so finely that they add up to the same in whatever order the pairs come."""
    return np.bincount(codes, weights=np.round(weights * FINE), minlength=size) / FINE


def _describe(column: ExtraColumn, learnt: Learnt) -> dict[str, Any]:
    def plain(values: np.ndarray) -> dict[str, float]:
        return dict(zip(column.levels[1:], map(float, values[1:]), strict=True))

    shares = {"m": plain(learnt.match), "h": plain(learnt.household), "u": plain(learnt.random)}
    return {"column": column.model_dump(), **shares, "weights": plain(bits_of(learnt).match)}
