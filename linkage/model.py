"""Weighs compared pairs by Fellegi and Sunter's model with a third class, household mates; decides nobody's fate.

Besides one person and two strangers, a pair may be two people of one household: they share surname and address without
being one, which a model of two classes must take for evidence.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from linkage.levels import LEVELS, PATTERNS, TRAINED, level, unpack_patterns
from linkage.parameters import Beliefs, Parameters, identifier_bits


PARTED_NAMES = ("forename", "surname")
TOP = {field: level(field, "exact") for field in PARTED_NAMES}
SWAPPED = {field: level(field, "swapped") for field in PARTED_NAMES}


class Scores(NamedTuple):
    """Bits of evidence, over chance, that a pair is one person and that it is two people of one household."""

    match: np.ndarray
    household: np.ndarray


def pattern_bits(parameters: Parameters) -> Scores:
    """For every pattern of levels, the bits of evidence, with names taken as equally common."""
    levels = unpack_patterns(np.arange(PATTERNS))
    totals = [sum(field_bits(parameters, name, levels).values()) for name in ("match", "household")]
    return Scores(*(np.asarray(total, dtype=np.float32) for total in totals))


def field_bits(parameters: Parameters, name: str, levels: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Bits of each trained field for pairs with these levels.

    Those of one forename are of one sex, and a forename of two parts leaves its second among the middle names: there,
    what a match says of these fields is held against strangers of one forename, and kin are no nearer than they.
    """
    weights, bits = level_bits(parameters, name), namesake_bits(parameters)
    shared = levels["forename"] >= level("forename", "variant")
    found = {field: weights[field][levels[field]] for field in TRAINED}
    for field, told in bits.items():
        among = told[levels[field]] if name == "match" else np.float32(0)
        found[field] = np.where(shared, among, found[field])
    return found


def namesake_bits(parameters: Parameters) -> Beliefs:
    """Bits for a match per level of the fields that go with the forename, over strangers of one forename."""
    return {
        field: np.log2(parameters.match[field] / chance).astype(np.float32)
        for field, chance in parameters.namesake.items()
    }


def level_bits(parameters: Parameters, name: str) -> Beliefs:
    """Bits per field and level: log2 of the class's probability over chance.

    A swap is as likely by chance as the name the right way round is, so it weighs what the exact name weighs.
    """
    likely, chance = parameters.of(name), parameters.random
    bits = {field: np.log2(likely[field] / chance[field]).astype(np.float32) for field in TRAINED}
    for field in PARTED_NAMES:
        bits[field][SWAPPED[field]] = bits[field][TOP[field]]
    return bits


def probability(scores: Scores, parameters: Parameters) -> np.ndarray:
    """The probability that a pair is one person."""
    return odds_to_probability(odds_bits(scores, parameters))


def odds_to_probability(odds: np.ndarray) -> np.ndarray:
    """Probabilities for odds in bits."""
    return 1.0 / (1.0 + np.exp2(-np.clip(odds.astype(np.float64), -500, 500)))


def odds_bits(scores: Scores, parameters: Parameters) -> np.ndarray:
    """log2 of the odds of one person against two, strangers or of one household."""
    mates = np.logaddexp2(scores.household + np.log2(parameters.prior_household), 0.0)
    return scores.match + np.log2(parameters.prior_match) - mates


def mate_probability(scores: Scores, parameters: Parameters) -> np.ndarray:
    """The probability that a pair is two people of one household."""
    match = scores.match.astype(np.float64) + np.log2(parameters.prior_match)
    household = scores.household.astype(np.float64) + np.log2(parameters.prior_household)
    return np.exp2(household - np.logaddexp2(np.logaddexp2(match, household), 0.0))


def with_identifiers(scores: Scores, identifier: np.ndarray) -> Scores:
    """Scores with the evidence of UPN and NINO."""
    return scores._replace(match=scores.match + identifier_bits()[identifier])


def describe(parameters: Parameters) -> dict[str, Any]:
    """The parameters and their weights as plain numbers by field and level, for people and for JSON."""
    weights = {name: level_bits(parameters, name) for name in ("match", "household")}
    return {
        "m": _plain(parameters.match),
        "h": _plain(parameters.household),
        "u": _plain(parameters.random),
        "namesake": _plain(parameters.namesake),
        "weights": _plain(weights["match"]),
        "household_weights": _plain(weights["household"]),
        "identifier_weights": dict(zip(LEVELS["identifier"], identifier_bits().tolist(), strict=True)),
        "prior": describe_prior(parameters),
    }


def describe_prior(parameters: Parameters) -> dict[str, float]:
    """The shares of matches and of household mates as plain numbers."""
    return {"match": float(parameters.prior_match), "household": float(parameters.prior_household)}


def _plain(beliefs: Beliefs) -> dict[str, dict[str, float]]:
    return {
        field: {name: float(value) for name, value in zip(LEVELS[field][1:], values[1:], strict=True)}
        for field, values in beliefs.items()
    }
