"""Weighs compared pairs by Fellegi and Sunter's model with a third class, household mates; decides nothing about people.

Besides one person and two strangers, a pair may be two people of one household: they share surname and address without being
one, which a model of two classes must take for evidence (LINKAGE.md, "household mate", measured).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from recordlinkage.base import BaseClassifier

from linkage.encode import MISSING
from linkage.levels import LEVELS, PATTERNS, TRAINED, level, pattern, unpack_patterns
from linkage.parameters import CLASSES, Beliefs, Parameters, blend, identifier_bits, packaged


ROUNDS, CLOSE_ENOUGH = 60, 1e-5
PARTED_NAMES = ("forename", "surname")
TOP = {field: level(field, "exact") for field in PARTED_NAMES}
SWAPPED = {field: level(field, "swapped") for field in PARTED_NAMES}


class Evidence(NamedTuple):
    """What a training session counted: expected pairs by level, per field, for matches and for household mates."""

    match: Mapping[str, np.ndarray]
    household: Mapping[str, np.ndarray]
    shares: np.ndarray


class Scores(NamedTuple):
    """Bits of evidence, over chance, that a pair is one person and that it is two people of one household."""

    match: np.ndarray
    household: np.ndarray


class ThreeClassModel(BaseClassifier):
    """Fellegi-Sunter weights as a recordlinkage classifier over columns of level codes (`levels.TRAINED`, in that order).

    `parameters` start as the packaged ones. `fit` trains on comparison vectors; `prob` gives the probability of a match,
    `predict` 1 where it reaches `threshold`. Names count here as equally common; `score` knows better.
    """

    def __init__(
        self, parameters: Parameters | None = None, *, strength: float = 200.0, threshold: float = 0.5
    ) -> None:
        self.parameters = parameters or packaged()
        self.strength, self.threshold = strength, threshold

    def _fit(self, vectors: np.ndarray, matches: np.ndarray | None = None) -> None:
        found = pattern(dict(zip(TRAINED, vectors.T, strict=True)))
        evidence = estimate(found, self.parameters, frozenset(), self.strength, households=True)
        self.parameters = learn(self.parameters, [evidence], self.strength)

    def _predict(self, vectors: np.ndarray) -> np.ndarray:
        return (self._prob_match(vectors) >= self.threshold).astype(int)

    def _prob_match(self, vectors: np.ndarray) -> np.ndarray:
        found = pattern(dict(zip(TRAINED, vectors.T, strict=True)))
        return probability(Scores(*(bits[found] for bits in pattern_bits(self.parameters))), self.parameters)


def estimate(
    patterns: np.ndarray, start: Parameters, fixed: frozenset[str], strength: float, *, households: bool
) -> Evidence:
    """Expectation-maximisation over pattern counts of one session, whose pairs agree by design on the `fixed` fields.

    `random` stays as it is; so does `household` unless `households`. Beliefs count as `strength` pairs.
    """
    present, counts = _count(patterns)
    levels = unpack_patterns(present)
    free = [field for field in TRAINED if field not in fixed]
    beliefs = {name: dict(start.of(name)) for name in CLASSES}
    shares = np.array([0.3, 0.3, 0.4])
    evidence = Evidence({}, {}, shares)
    for _ in range(ROUNDS):
        belonging = _expect(levels, free, beliefs, shares) * counts
        evidence = _tally(levels, free, belonging)
        moved = np.abs(evidence.shares - shares).max()
        shares = evidence.shares
        for field in free:
            beliefs["match"][field] = blend(evidence.match[field], start.match[field], strength)
            if households:
                beliefs["household"][field] = blend(evidence.household[field], start.household[field], strength)
        if moved < CLOSE_ENOUGH:
            break
    return evidence


def _count(patterns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    counts = np.bincount(patterns, minlength=PATTERNS)
    present = np.flatnonzero(counts)
    return present, counts[present].astype(float)


def _expect(
    levels: Mapping[str, np.ndarray], free: list[str], beliefs: Mapping[str, Beliefs], shares: np.ndarray
) -> np.ndarray:
    """The probability of each class for each pattern, a row per class."""
    logs = [
        np.log(share + 1e-12) + sum(np.log(beliefs[name][field] + 1e-12)[levels[field]] for field in free)
        for name, share in zip(CLASSES, shares, strict=True)
    ]
    stacked = np.stack(logs)
    likely = np.exp(stacked - stacked.max(axis=0))
    return likely / likely.sum(axis=0)


def _tally(levels: Mapping[str, np.ndarray], free: list[str], belonging: np.ndarray) -> Evidence:
    """Expected pairs per field and level, and the share of each class (never quite nothing)."""
    tallies = [
        {field: np.bincount(levels[field], weights=row, minlength=len(LEVELS[field])) for field in free}
        for row in belonging[:2]
    ]
    totals = belonging.sum(axis=1) + 1.0
    return Evidence(*tallies, totals / totals.sum())


def learn(start: Parameters, sessions: list[Evidence], strength: float) -> Parameters:
    """Parameters after training: the evidence of all sessions together, against beliefs worth `strength` pairs."""
    learnt: dict[str, dict[str, np.ndarray]] = {}
    for name in ("match", "household"):
        tallies = [getattr(session, name) for session in sessions]
        learnt[name] = {
            field: blend(
                sum((tally[field] for tally in tallies if field in tally), np.zeros(len(LEVELS[field]))),
                belief,
                strength,
            )
            for field, belief in start.of(name).items()
        }
    return start._replace(**learnt)


def pattern_bits(parameters: Parameters) -> Scores:
    """For every pattern of levels, the bits of evidence, with names taken as equally common."""
    levels = unpack_patterns(np.arange(PATTERNS))
    totals = [
        sum(weights[field][levels[field]] for field in TRAINED)
        for weights in (level_bits(parameters, "match"), level_bits(parameters, "household"))
    ]
    return Scores(*(np.asarray(total, dtype=np.float32) for total in totals))


def level_bits(parameters: Parameters, name: str) -> Beliefs:
    """Bits per field and level: log2 of the class's probability over chance.

    A swap is as likely by chance as the name the right way round is, so it weighs what the exact name weighs.
    """
    likely, chance = parameters.of(name), parameters.random
    bits = {field: np.log2(likely[field] / chance[field]).astype(np.float32) for field in TRAINED}
    for field in PARTED_NAMES:
        bits[field][SWAPPED[field]] = bits[field][TOP[field]]
    return bits


def rarity_bits(codes: np.ndarray, size: int, chance: float, strength: float) -> np.ndarray:
    """Per name code, the bits that agreeing on it says more (or less) than agreeing on an average name.

    Its frequency among `codes` is blended with the average one, worth `strength` mentions; the last value, for -1, is 0.
    """
    known = codes[codes != MISSING]
    counts = np.bincount(known, minlength=size)
    frequency = (counts + strength * chance) / (len(known) + strength)
    return np.append(np.log2(chance / frequency), 0.0).astype(np.float32)


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
        "weights": _plain(weights["match"]),
        "household_weights": _plain(weights["household"]),
        "identifier_weights": dict(zip(LEVELS["identifier"], identifier_bits().tolist(), strict=True)),
        "prior": {"match": parameters.prior_match, "household": parameters.prior_household},
    }


def _plain(beliefs: Beliefs) -> dict[str, dict[str, float]]:
    return {
        field: {name: float(value) for name, value in zip(LEVELS[field][1:], values[1:], strict=True)}
        for field, values in beliefs.items()
    }
