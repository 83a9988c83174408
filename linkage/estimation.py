"""Estimates what matches and household mates look like by expectation-maximisation over counts of patterns."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from linkage.levels import LEVELS, TRAINED, level, unpack_patterns
from linkage.parameters import CLASSES, Beliefs, Parameters, blend


TOGETHER = 0.88
VARIANT = level("forename", "variant")
ROUNDS, CLOSE_ENOUGH = 60, 1e-5
FIRST_SHARES = (0.3, 0.3, 0.4)


class Session(NamedTuple):
    """Pairs counted by pattern, of how many in all they were drawn, and the fields on which they agree by design."""

    patterns: np.ndarray
    total: int
    fixed: frozenset[str]


class Evidence(NamedTuple):
    """What a training session counted: expected pairs by level, per field, for matches and for household mates."""

    match: Mapping[str, np.ndarray]
    household: Mapping[str, np.ndarray]
    shares: np.ndarray


def estimate(
    session: Session,
    start: Parameters,
    strength: float,
    *,
    households: bool,
    mates: float | None = None,
    two_people: np.ndarray | None = None,
) -> Evidence:
    """Expectation-maximisation over the pairs of one session; it learns nothing of what they agree on by design.

    `random` stays as it is; so does `household` unless `households`. Beliefs count as `strength` pairs. `mates` is the
    share of household mates where it is known. `two_people`: of each pattern whether a rule forbids it to be one
    person.
    """
    present = np.flatnonzero(session.patterns)
    counts = session.patterns[present].astype(float)
    forbidden = np.zeros(len(present), dtype=bool) if two_people is None else two_people[present]
    levels, namesake = unpack_patterns(present), start.namesake
    free = [field for field in TRAINED if field not in session.fixed]
    beliefs = {name: dict(start.of(name)) for name in CLASSES}
    shares = _hold(np.array(FIRST_SHARES), mates)
    evidence = Evidence({}, {}, shares)
    for _ in range(ROUNDS):
        evidence = _tally(levels, free, _expect(levels, free, (beliefs, namesake), shares, forbidden) * counts)
        before, shares = shares, _hold(evidence.shares, mates)
        _maximise(beliefs, evidence, start, strength, households=households)
        if np.abs(shares - before).max() < CLOSE_ENOUGH:
            break
    return evidence._replace(shares=shares)


def estimate_shares(session: Session, parameters: Parameters) -> np.ndarray:
    """The share of each class in a session, what the classes look like being known."""
    present = np.flatnonzero(session.patterns)
    counts, levels = session.patterns[present].astype(float), unpack_patterns(present)
    free = [field for field in TRAINED if field not in session.fixed]
    beliefs = {name: parameters.of(name) for name in CLASSES}
    nothing, shares = np.zeros(len(present), dtype=bool), np.array(FIRST_SHARES)
    for _ in range(ROUNDS):
        belonging = _expect(levels, free, (beliefs, parameters.namesake), shares, nothing)
        shares = _tally(levels, free, belonging * counts).shares
    return shares


def learn(start: Parameters, sessions: Sequence[Evidence], strength: float) -> Parameters:
    """Parameters after training: the evidence of all sessions together, against beliefs worth `strength` pairs."""
    learnt: dict[str, dict[str, np.ndarray]] = {}
    for name in ("match", "household"):
        learnt[name] = {
            field: blend(_add_up(field, [getattr(session, name) for session in sessions]), belief, strength)
            for field, belief in start.of(name).items()
        }
    learnt["household"]["address"] = mates_address(learnt["match"]["address"], start.random["address"])
    return start._replace(match=learnt["match"], household=learnt["household"])


def mates_address(match: np.ndarray, random: np.ndarray) -> np.ndarray:
    """Where two of one household are recorded: as two records of one person are, but for some that are apart."""
    return TOGETHER * match + (1 - TOGETHER) * random


def _hold(shares: np.ndarray, mates: float | None) -> np.ndarray:
    """Shares of the classes with that of household mates held where it is known."""
    if mates is None:
        return shares
    held = min(max(mates, 1e-9), 0.9)
    others = shares[0] + shares[2]
    return np.array([shares[0] / others * (1 - held), held, shares[2] / others * (1 - held)])


def _expect(
    levels: Mapping[str, np.ndarray],
    free: Sequence[str],
    beliefs: tuple[Mapping[str, Beliefs], Beliefs],
    shares: np.ndarray,
    forbidden: np.ndarray,
) -> np.ndarray:
    """The probability of each class for each pattern, a row per class; `beliefs` end with those of namesakes."""
    classes, namesake = beliefs
    shared = levels["forename"] >= VARIANT
    logs = []
    for name, share in zip(CLASSES, shares, strict=True):
        total = np.full(len(shared), np.log(share + 1e-12))
        for field in free:
            likely = classes[name][field][levels[field]]
            if name != "match" and field in namesake:
                likely = np.where(shared, namesake[field][levels[field]], likely)
            total += np.log(likely + 1e-12)
        logs.append(total)
    stacked = np.stack(logs)
    stacked[0, forbidden] = -np.inf
    likely = np.exp(stacked - stacked.max(axis=0))
    return likely / likely.sum(axis=0)


def _tally(levels: Mapping[str, np.ndarray], free: Sequence[str], belonging: np.ndarray) -> Evidence:
    """Expected pairs per field and level, and the share of each class (never quite nothing)."""
    tallies = [
        {field: np.bincount(levels[field], weights=row, minlength=len(LEVELS[field])) for field in free}
        for row in belonging[:2]
    ]
    totals = belonging.sum(axis=1) + 1.0
    return Evidence(tallies[0], tallies[1], totals / totals.sum())


def _maximise(
    beliefs: dict[str, dict[str, np.ndarray]],
    evidence: Evidence,
    start: Parameters,
    strength: float,
    *,
    households: bool,
) -> None:
    """Move the beliefs in place to what the evidence says."""
    for field in evidence.match:
        beliefs["match"][field] = blend(evidence.match[field], start.match[field], strength)
        if households:
            beliefs["household"][field] = blend(evidence.household[field], start.household[field], strength)
    beliefs["household"]["address"] = mates_address(beliefs["match"]["address"], beliefs["random"]["address"])


def _add_up(field: str, tallies: Sequence[Mapping[str, np.ndarray]]) -> np.ndarray:
    return sum((tally[field] for tally in tallies if field in tally), np.zeros(len(LEVELS[field])))
