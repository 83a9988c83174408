"""Trains the model on the records themselves: chance from random pairs, the rest by sessions on blocks; no clock, no dice.

Each session takes pairs that agree on one thing (date of birth, full name, address) and learns from them about all others.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.blocking import block_pair_counts, pair_index
from linkage.comparison import CompareLevels
from linkage.encode import MISSING, combine_codes
from linkage.levels import LEVELS, TRAINED, level, pattern, unpack_patterns
from linkage.model import Evidence, Scores, estimate, learn, mate_probability, pattern_bits, probability, rarity_bits
from linkage.parameters import Parameters, blend, packaged
from linkage.settings import LinkageSettings


SMALLEST_POPULATION = 2_000
MATES_PER_NODE, MATCHES_PER_NODE, PRIOR_MATES, PRIOR_MATCHES = 3.0, 0.5, 2.0, 20.0
SAME_SURNAME, SAME_POSTCODE, ROUNDS = level("surname", "exact"), level("address", "postcode"), 20
RARITY_STRENGTH = 500.0
LIKELY = 0.5
SESSIONS: Sequence[tuple[tuple[str, ...], frozenset[str]]] = (
    (("address",), frozenset({"address"})),
    (("date_of_birth",), frozenset({"date_of_birth"})),
    (("forename", "surname"), frozenset({"forename", "surname"})),
)


class Trained(NamedTuple):
    """Parameters, and per name code how many bits more than an average name it says as a forename and as a surname."""

    parameters: Parameters
    forename_rarity: np.ndarray
    surname_rarity: np.ndarray
    counts: dict[str, int]


def train(nodes: pd.DataFrame, keys: pd.DataFrame, compare: CompareLevels, settings: LinkageSettings) -> Trained:
    """Learn chance, matches and household mates from `nodes` (comparable) and their blocking keys."""
    parameters = _prior(packaged(), len(nodes))
    parameters = _learn_chance(parameters, nodes, compare, settings)
    sessions: list[Evidence] = []
    counts = {}
    for columns, fixed in SESSIONS:
        left, right = sample_pairs([keys[name].to_numpy() for name in columns], settings.training_pairs)
        counts["training_pairs_" + "_".join(columns)] = len(left)
        patterns = _patterns(nodes, compare, left, right)
        mates = columns == ("address",)
        sessions.append(estimate(patterns, parameters, fixed, settings.prior_matches, households=mates))
        if mates:
            parameters = parameters._replace(household=learn(parameters, sessions, settings.prior_matches).household)
    mates_only = [session._replace(household={}) for session in sessions[1:]]
    parameters = learn(
        parameters._replace(household=packaged().household), [sessions[0], *mates_only], settings.prior_matches
    )
    rarity = [
        rarity_bits(nodes[field].to_numpy(), _vocabulary(nodes), float(parameters.random[field][-1]), RARITY_STRENGTH)
        for field in ("forename", "surname")
    ]
    return Trained(parameters, *rarity, counts)


def _vocabulary(nodes: pd.DataFrame) -> int:
    return max(int(nodes[field].max()) for field in ("forename", "surname")) + 1 if len(nodes) else 0


def _prior(parameters: Parameters, size: int) -> Parameters:
    """Shares of matches and mates among all pairs; few records are taken to be of a larger population."""
    population = max(size, SMALLEST_POPULATION)
    return parameters._replace(
        prior_match=2 * MATCHES_PER_NODE / population, prior_household=2 * MATES_PER_NODE / population
    )


def _learn_chance(
    parameters: Parameters, nodes: pd.DataFrame, compare: CompareLevels, settings: LinkageSettings
) -> Parameters:
    """Chance agreement from random pairs, those left out that look like one person."""
    left, right = random_pairs(len(nodes), settings.random_pairs)
    patterns = _patterns(nodes, compare, left, right)
    looks = probability(Scores(*(bits[patterns] for bits in pattern_bits(parameters))), parameters)
    levels = unpack_patterns(patterns[looks < LIKELY])
    random = {
        field: blend(
            np.bincount(codes, minlength=len(LEVELS[field])).astype(float),
            parameters.random[field],
            settings.prior_random,
        )
        for field, codes in levels.items()
    }
    return parameters._replace(random=random)


def _patterns(nodes: pd.DataFrame, compare: CompareLevels, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    compared = compare.compute(pair_index(nodes.index, left, right), nodes)
    return pattern({field: compared[field].to_numpy() for field in TRAINED})


def estimate_prior(scores: Scores, patterns: np.ndarray, parameters: Parameters, nodes: pd.DataFrame) -> Parameters:
    """The shares of matches and of household mates among all pairs of `nodes`, from the candidates.

    `scores` are of the candidates worth keeping: they hold nearly all matches. `patterns` counts all candidates by pattern:
    those of one surname and one postcode hold nearly all mates of that kind, from which follows how many there are of all.
    """
    start, total = _prior(parameters, len(nodes)), len(nodes) * (len(nodes) - 1) / 2
    levels = unpack_patterns(np.arange(len(patterns)))
    shared = np.flatnonzero((patterns > 0) & (levels["surname"] == SAME_SURNAME) & (levels["address"] >= SAME_POSTCODE))
    bits, counts = Scores(*(values[shared] for values in pattern_bits(parameters))), patterns[shared]
    placed = float(((nodes["postcode"] != MISSING) & (nodes["surname"] != MISSING)).mean()) if len(nodes) else 0.0
    likely = parameters.household["surname"][SAME_SURNAME] * parameters.household["address"][SAME_POSTCODE:].sum()
    seen = total * likely * placed**2
    for _ in range(ROUNDS):
        matches = float(probability(scores, parameters).sum())
        mates = float((mate_probability(bits, parameters) * counts).sum())
        share = (matches + PRIOR_MATCHES) / (total + PRIOR_MATCHES / start.prior_match)
        settled = abs(share - parameters.prior_match) < 1e-3 * share
        share_mates = (mates + PRIOR_MATES) / (seen + PRIOR_MATES / start.prior_household)
        parameters = parameters._replace(prior_match=share, prior_household=share_mates)
        if settled:
            break
    return parameters


def sample_pairs(columns: Sequence[np.ndarray], most: int) -> tuple[np.ndarray, np.ndarray]:
    """At most `most` pairs of rows that agree on all `columns` (none missing), spread evenly over all such pairs."""
    known = np.flatnonzero(np.logical_and.reduce([column != MISSING for column in columns]))
    key = combine_codes([column[known] for column in columns])
    order = np.argsort(key, kind="stable")
    earlier = block_pair_counts(key[order])
    before = np.cumsum(earlier) - earlier
    total = int(earlier.sum())
    chosen = (
        np.arange(total) if total <= most else np.sort(scatter(np.arange(most)) % np.uint64(total)).astype(np.int64)
    )
    second = np.searchsorted(before, chosen, side="right") - 1
    first = second - 1 - (chosen - before[second])
    nodes = known[order]
    return nodes[first], nodes[second]


def random_pairs(size: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """At most `most` pairs of rows by chance: all of them where there are no more."""
    if size * (size - 1) // 2 <= most:
        second = np.repeat(np.arange(size), np.arange(size))
        first = np.arange(len(second)) - second * (second - 1) // 2
        return first, second
    draws = [(scatter(np.arange(most) + offset) % np.uint64(size)).astype(np.int64) for offset in (0, most)]
    apart = draws[0] != draws[1]
    return draws[0][apart], draws[1][apart]


def scatter(numbers: np.ndarray) -> np.ndarray:
    """Numbers spread evenly over 64 bits, always the same way (splitmix64)."""
    mixed = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
