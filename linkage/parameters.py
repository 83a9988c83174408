"""What the model believes: per class, field and level a probability; reads the packaged beliefs, scores no pair."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from linkage.levels import LEVELS, TRAINED


CLASSES = ("match", "household", "random")
NAMESAKE = ("sex", "middle_names")
Beliefs = Mapping[str, np.ndarray]


class Learnt(NamedTuple):
    """Of one extra column, how likely each level is for pairs of one person, of one household, and of strangers."""

    match: np.ndarray
    household: np.ndarray
    random: np.ndarray


class Parameters(NamedTuple):
    """Probabilities per field by level code (`missing`, code 0, is 1: it says nothing) for each class of pair.

    `match`: one person. `household`: two people of one household. `random`: two people who have nothing to do with each
    other. `prior_match` and `prior_household`: the shares of all pairs of nodes. `namesake`: what two people of one
    forename have in common by chance, for the fields that go with it (`NAMESAKE`).
    """

    match: Beliefs
    household: Beliefs
    random: Beliefs
    prior_match: float
    prior_household: float
    namesake: Beliefs

    def of(self, name: str) -> Beliefs:
        """The probabilities of one of `CLASSES`."""
        return {"match": self.match, "household": self.household, "random": self.random}[name]


@cache
def packaged() -> Parameters:
    """The packaged beliefs, and a prior for a population of a thousand."""
    tables = tomllib.loads(resources.files("linkage").joinpath("parameters.toml").read_text(encoding="utf-8"))
    match, household, random = ({field: _vector(field, tables[name][field]) for field in TRAINED} for name in CLASSES)
    namesake = {field: _vector(field, tables["namesake"][field]) for field in NAMESAKE}
    return Parameters(match, household, random, prior_match=1e-3, prior_household=3e-3, namesake=namesake)


@cache
def identifier_bits() -> np.ndarray:
    """Bits of evidence for a match by level of `identifier`; a contradiction is no weight but a rule."""
    table = tomllib.loads(resources.files("linkage").joinpath("parameters.toml").read_text(encoding="utf-8"))[
        "identifier"
    ]
    return np.array([table.get(name, 0.0) for name in LEVELS["identifier"]], dtype=np.float32)


def _vector(field: str, table: Mapping[str, float]) -> np.ndarray:
    values = np.array([1.0, *(table[name] for name in LEVELS[field][1:])])
    if abs(values[1:].sum() - 1) > 1e-6:
        raise ValueError(f"The probabilities of {field} do not add up to 1.")
    return values


def blend(counts: np.ndarray, belief: np.ndarray, strength: float) -> np.ndarray:
    """Level probabilities from expected counts and a belief that is worth `strength` pairs."""
    seen = counts[1:] + strength * belief[1:]
    return np.append(1.0, seen / seen.sum())
