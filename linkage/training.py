"""Trains the model on the records themselves: chance from random pairs, all else by sessions on blocks; no dice.

Each session takes pairs that agree on one thing (address, date of birth, full name) and learns from them about all
others.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.comparison import CompareLevels, Sides
from linkage.conflicts import are_generations, are_twins
from linkage.encode import MISSING
from linkage.estimation import Evidence, Session, estimate, estimate_shares, learn
from linkage.extra_model import ExtraModel
from linkage.levels import LEVELS, PATTERNS, TRAINED, pattern, unpack_patterns
from linkage.model import Scores, mate_probability, pattern_bits, probability
from linkage.parameters import Parameters, blend, packaged
from linkage.priors import SAME_POSTCODE, first_prior, has_mates, prior_from_sessions
from linkage.rarity import Rarity, is_unshared, measure_rarity
from linkage.sampling import Sample, sample_agreeing, sample_random
from linkage.saved_model import SavedModel
from linkage.settings import LinkageSettings
from linkage.threads import on_threads


NAMESAKES, TOGETHER = 2.0, 3.0
AT_A_TIME = 150_000
NAMESAKE_PAIRS = 100_000
SESSIONS: Mapping[str, tuple[str, ...]] = {
    "address": ("address",),
    "date_of_birth": ("date_of_birth",),
    "names": ("forename", "surname"),
}
"""Sessions, and on what the pairs of each agree: it learns nothing about that."""
FEWEST_ADDRESSES = 0.1
"""Of nodes with a postcode; where fewer have an address, pairs of one postcode stand for those of one address."""
WHERE_KNOWN = {name: name for name in ("forename", "surname", "date_of_birth", "sex")} | {"middle_names": "middle"}
"""Trained fields, but for the address, and the column of nodes whose value shows that there is one."""


class Trained(NamedTuple):
    """Parameters, how rare the names of the nodes are, how many pairs were learnt from, and what that rarity rests on.

    `together`: how many times more often than by chance two people have both names in common. `extra`: the columns that
    the settings add, if any.
    """

    parameters: Parameters
    rarity: Rarity
    counts: dict[str, int]
    together: float
    extra: ExtraModel | None = None


def train(
    nodes: pd.DataFrame,
    keys: pd.DataFrame,
    compare: CompareLevels,
    settings: LinkageSettings,
    *,
    repeated: np.ndarray | None = None,
) -> Trained:
    """Learn chance, matches and household mates from `nodes` (comparable) and their blocking keys.

    Chance is learnt from random pairs that the model does not take for one person or one household, so it learns in
    passes, each with the model of the one before. A node of several records (`repeated`) is a match that agrees on all
    it has: without those, every match would seem to have a slip of the pen.
    """
    chance = _see(sample_random(len(nodes), settings.random_pairs), nodes, compare, ())
    namesakes = _see(sample_agreeing([nodes["forename"].to_numpy()], NAMESAKE_PAIRS), nodes, compare, ())
    unshared = is_unshared(nodes, packaged().random)
    twice = np.zeros(len(nodes), dtype=bool) if repeated is None else repeated
    keys, place = _with_places(keys, nodes)
    sessions = {}
    for name, fields in SESSIONS.items():
        columns = _agreeing(keys, name, unshared)
        seen = _see(sample_agreeing(columns, settings.training_pairs), nodes, compare, fields)
        sessions[name] = _with_repeated(seen, twice & np.logical_and.reduce([c != MISSING for c in columns]), nodes)
    parameters = first_prior(packaged(), len(nodes))
    for last in (False, False, True):
        parameters = _learn_chance(parameters, (chance, namesakes), settings)
        rules = last and has_mates(parameters)
        believed = settings.prior_matches, place != SAME_POSTCODE
        evidence = _learn_sessions(parameters, sessions, len(nodes), believed, rules=rules)
        parameters = learn(_with_chance(parameters), list(evidence.values()), settings.prior_matches)
        parameters = prior_from_sessions(parameters, sessions, evidence, len(nodes), place)
    together = _names_together(parameters, _dated(nodes, keys), nodes, (compare, settings.training_pairs))
    counts = {f"training_pairs_{name}": int(session.patterns.sum()) for name, session in sessions.items()}
    return Trained(parameters, measure_rarity(nodes, parameters.random, together), counts, together)


def recall(saved: SavedModel, nodes: pd.DataFrame) -> Trained:
    """What a model that was trained before says of `nodes`; how rare names are is measured on them."""
    parameters = saved.parameters(len(nodes))
    rarity = measure_rarity(nodes, parameters.random, saved.names_together)
    return Trained(parameters, rarity, {}, saved.names_together)


def _dated(nodes: pd.DataFrame, keys: pd.DataFrame) -> list[np.ndarray]:
    """The full names of nodes with a date of birth: of them it is clear who is a namesake."""
    known = (nodes["date_of_birth"] != MISSING).to_numpy()
    return [np.where(known, keys[key], MISSING) for key in SESSIONS["names"]]


def _names_together(
    parameters: Parameters, full_names: list[np.ndarray], nodes: pd.DataFrame, how: tuple[CompareLevels, int]
) -> float:
    """How many times more often than by chance two people have both names in common; 3 where little is known."""
    compare, most = how
    alike = _see(sample_agreeing(full_names, most), nodes, compare, SESSIONS["names"])
    namesakes = float(estimate_shares(alike, parameters)[2]) * alike.total if alike.total else 0.0
    named = int(np.logical_and.reduce([column != MISSING for column in full_names]).sum())
    by_chance = named**2 / 2 * float(np.prod([parameters.random[field][-1] for field in SESSIONS["names"]]))
    return max((namesakes + NAMESAKES) / (by_chance + NAMESAKES / TOGETHER), 1.0)


def _with_places(keys: pd.DataFrame, nodes: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The keys, with the postcode in place of the address where hardly any address is known; and the level of address
    from which on pairs of such a key agree."""
    addresses, postcodes = ((nodes[name] != MISSING).sum() for name in ("line", "postcode"))
    if addresses < FEWEST_ADDRESSES * postcodes:
        return keys.assign(address=keys["postcode"]), SAME_POSTCODE
    return keys, len(LEVELS["address"]) - 1


def _agreeing(keys: pd.DataFrame, session: str, unshared: np.ndarray) -> list[np.ndarray]:
    """The keys on which the pairs of a session agree; of names those alone that one person has."""
    columns = [keys[key].to_numpy() for key in SESSIONS[session]]
    return [np.where(unshared, columns[0], MISSING), *columns[1:]] if session == "names" else columns


def _see(sample: Sample, nodes: pd.DataFrame, compare: CompareLevels, fixed: Sequence[str]) -> Session:
    def count(start: int) -> np.ndarray:
        pairs = (side[start : start + AT_A_TIME] for side in (sample.left, sample.right))
        return np.bincount(pattern(compare.levels(Sides(nodes, *pairs), TRAINED)), minlength=PATTERNS)

    patterns = sum(on_threads(count, range(0, len(sample.left), AT_A_TIME)), np.zeros(PATTERNS, dtype=np.int64))
    return Session(patterns, sample.total, frozenset(fixed))


def _with_repeated(session: Session, repeated: np.ndarray, nodes: pd.DataFrame) -> Session:
    """The session with a pair for each of these nodes, as many of them as of the others were drawn."""
    rows = np.flatnonzero(repeated)
    levels = {field: np.full(len(rows), len(LEVELS[field]) - 1) for field in TRAINED}
    for field, name in WHERE_KNOWN.items():
        levels[field][nodes[name].to_numpy()[rows] == MISSING] = 0
    placed = (nodes[["postcode", "line"]].to_numpy()[rows] != MISSING).any(axis=1)
    levels["address"][~placed] = 0
    drawn = session.patterns.sum() / session.total if session.total else 1.0
    counts = np.bincount(pattern(levels), minlength=PATTERNS) * drawn
    return session._replace(patterns=session.patterns + counts, total=session.total + len(rows))


def _learn_chance(parameters: Parameters, chance: tuple[Session, Session], settings: LinkageSettings) -> Parameters:
    """Chance agreement, of all pairs and of those of one forename, by what strangers among them show."""
    anybody, namesakes = (_strangers(session, parameters) for session in chance)
    start = packaged()
    random = {field: blend(anybody[field], belief, settings.prior_random) for field, belief in start.random.items()}
    namesake = {
        field: blend(namesakes[field], belief, settings.prior_matches) for field, belief in start.namesake.items()
    }
    return parameters._replace(random=random, namesake=namesake)


def _with_chance(parameters: Parameters) -> Parameters:
    """The packaged beliefs with what was learnt of chance."""
    return packaged()._replace(random=parameters.random, namesake=parameters.namesake)


def _strangers(session: Session, parameters: Parameters) -> dict[str, np.ndarray]:
    """Pairs by level, per field, weighed by how likely they are neither one person nor of one household."""
    bits = Scores(*pattern_bits(parameters))
    strangers = 1 - probability(bits, parameters) - mate_probability(bits, parameters)
    weights = session.patterns * np.clip(strangers, 0, 1)
    levels = unpack_patterns(np.arange(PATTERNS))
    return {field: np.bincount(levels[field], weights=weights, minlength=len(LEVELS[field])) for field in TRAINED}


def _learn_sessions(
    parameters: Parameters, sessions: Mapping[str, Session], size: int, believed: tuple[float, bool], *, rules: bool
) -> dict[str, Evidence]:
    """What each session tells; household mates are learnt from those of one address and serve the others.

    `believed`: what beliefs are worth in pairs, and whether what mates look like is learnt: not from neighbours.
    `rules`: twins, and those born a generation apart, are two people, as they will be when people are resolved.
    """
    start, (strength, households) = _with_chance(parameters), believed
    levels = unpack_patterns(np.arange(PATTERNS))
    two_people = are_twins(levels) | are_generations(levels) if rules else None
    address = estimate(sessions["address"], start, strength, households=households, two_people=two_people)
    start = start._replace(household=learn(start, [address], strength).household)
    evidence = {"address": address}
    for name, session in sessions.items():
        if name != "address":
            known = name != "date_of_birth" or not has_mates(parameters)
            mates = _share_of_mates(session, start, parameters.prior_household * size * (size - 1) / 2)
            held = mates if known else None
            found = estimate(session, start, strength, households=False, mates=held, two_people=two_people)
            evidence[name] = found._replace(household={})
    return evidence


def _share_of_mates(session: Session, parameters: Parameters, mates: float) -> float:
    """The share of household mates in a session, if there are so many in all and they agree as mates do."""
    agreeing = float(np.prod([parameters.household[field][-1] for field in session.fixed]))
    return mates * agreeing / max(session.total, 1)
