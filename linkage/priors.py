"""How many of all pairs are one person, and how many two of one household; few records are taken for part of many."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from linkage.encode import MISSING
from linkage.estimation import Evidence, Session
from linkage.levels import level, unpack_patterns
from linkage.model import Scores, mate_probability, pattern_bits, probability
from linkage.parameters import Parameters


SMALLEST_POPULATION = 2_000
MATES_PER_NODE, MATCHES_PER_NODE, PRIOR_MATES, PRIOR_MATCHES = 3.0, 0.5, 2.0, 20.0
SAME_SURNAME, SAME_POSTCODE, ROUNDS = level("surname", "exact"), level("address", "postcode"), 20
FEWEST_MATES, NO_MATES = 0.1, 1e-4


def first_prior(parameters: Parameters, size: int) -> Parameters:
    """Shares of matches and mates among all pairs of `size` nodes, before any was looked at."""
    population = max(size, SMALLEST_POPULATION)
    return with_prior(parameters, 2 * MATCHES_PER_NODE / population, 2 * MATES_PER_NODE / population)


def with_prior(parameters: Parameters, match: float, household: float) -> Parameters:
    """Parameters with these shares.

    Records of households have mates in plenty; a few pairs that look like it are matches with several slips of the pen,
    and then there are none.
    """
    mates = household if household >= FEWEST_MATES * match else NO_MATES * match
    return parameters._replace(prior_match=match, prior_household=mates)


def has_mates(parameters: Parameters) -> bool:
    """Whether the records are of households at all."""
    return parameters.prior_household >= FEWEST_MATES * parameters.prior_match


def prior_from_sessions(
    parameters: Parameters, sessions: Mapping[str, Session], evidence: Mapping[str, Evidence], size: int, place: int
) -> Parameters:
    """The shares as training sees them: most matches are of one date of birth, most mates of one address.

    `place` is the level of address from which on the pairs of its session agree.
    """
    start, total = first_prior(parameters, size), size * (size - 1) / 2
    born, address = (evidence[name].shares * sessions[name].total for name in ("date_of_birth", "address"))
    matches = float(born[0] / parameters.match["date_of_birth"][-1])
    mates = float(address[1] / parameters.household["address"][place:].sum())
    match = (matches + PRIOR_MATCHES) / (total + PRIOR_MATCHES / start.prior_match)
    return with_prior(parameters, match, (mates + PRIOR_MATES) / (total + PRIOR_MATES / start.prior_household))


def estimate_prior(
    scores: Scores, patterns: np.ndarray, parameters: Parameters, nodes: pd.DataFrame, repeated: int = 0
) -> Parameters:
    """The shares of matches and of household mates among all pairs of `nodes`, from the candidates.

    `scores` are of the candidates worth keeping: they hold nearly all matches. `patterns` counts all candidates by
    pattern: those of one surname and one postcode hold nearly all mates of that kind, from which follows how many there
    are of all. `repeated`: how many nodes stand for several records, each one match more (`training.train`).
    """
    start, total = first_prior(parameters, len(nodes)), len(nodes) * (len(nodes) - 1) / 2
    levels = unpack_patterns(np.arange(len(patterns)))
    shared = np.flatnonzero((patterns > 0) & (levels["surname"] == SAME_SURNAME) & (levels["address"] >= SAME_POSTCODE))
    bits, counts = Scores(*(values[shared] for values in pattern_bits(parameters))), patterns[shared]
    somewhere = (nodes[["postcode", "line"]] != MISSING).any(axis=1)
    placed = float((somewhere & (nodes["surname"] != MISSING)).mean()) if len(nodes) else 0.0
    likely = parameters.household["surname"][SAME_SURNAME] * parameters.household["address"][SAME_POSTCODE:].sum()
    seen = total * likely * placed**2
    for _ in range(ROUNDS):
        matches = float(probability(scores, parameters).sum()) + repeated
        mates = float((mate_probability(bits, parameters) * counts).sum())
        share = (matches + PRIOR_MATCHES) / (total + PRIOR_MATCHES / start.prior_match)
        settled = abs(share - parameters.prior_match) < 1e-3 * share
        parameters = with_prior(parameters, share, (mates + PRIOR_MATES) / (seen + PRIOR_MATES / start.prior_household))
        if settled:
            break
    return parameters
