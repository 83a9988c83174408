"""Looks again at mentions that nothing was joined to: where two such are near, their chance of being one is higher.

Of two full lists of the same people, those left over are each other's: the share of matches among pairs of the left-
over is far above that among all pairs, and it can be estimated just as that one is.
"""

from typing import NamedTuple

import numpy as np

from linkage.clustering import Links, Resolved, number_by_first
from linkage.model import odds_to_probability
from linkage.parameters import Parameters


ROUNDS, STRENGTH = 20, 5.0


class Again(NamedTuple):
    """Links and people after the second look, and the bits that each link's prior gained by it."""

    links: Links
    resolved: Resolved
    gained: np.ndarray


def look_again(links: Links, resolved: Resolved, parameters: Parameters, accept: float) -> Again:
    """Raise the prior of pairs of nodes that are alone, where they match more often than all do, and join the best."""
    size = np.bincount(resolved.person)
    alone = size[resolved.person] == 1
    rows = np.flatnonzero(alone[links.left] & alone[links.right] & (links.conflict == 0) & (links.sure == 0))
    gained = np.zeros(len(links.left), dtype=np.float32)
    bits = _bits_gained(links.odds[rows], int(alone.sum()), parameters.prior_match)
    if bits <= 0:
        return Again(links, resolved, gained)
    gained[rows] = bits
    links = links._replace(odds=links.odds + gained)
    return Again(links, _join_best(links.take(rows), resolved, accept), gained)


def _bits_gained(odds: np.ndarray, alone: int, prior: float) -> float:
    """How far the share of matches among pairs of `alone` nodes lies above the share among all pairs, in bits."""
    total, share = alone * (alone - 1) / 2, prior
    for _ in range(ROUNDS):
        expected = odds_to_probability(odds + np.float32(np.log2(share / prior))).sum()
        share = float((expected + STRENGTH) / (total + STRENGTH / prior))
    return float(np.log2(share / prior))


def _join_best(links: Links, resolved: Resolved, accept: float) -> Resolved:
    """Join pairs in falling odds, each node once; a pair with a rival about as near is left."""
    person = resolved.person.copy()
    taken: set[int] = set()
    joined = 0
    order = np.lexsort((links.right, links.left, -links.odds))
    for row in order[links.odds[order] >= accept].tolist():
        left, right = int(links.left[row]), int(links.right[row])
        if not {left, right} & taken:
            person[right] = person[left]
            joined += 1
        taken |= {left, right}
    return resolved._replace(
        person=number_by_first(person), counts=resolved.counts | {"pairs_joined_at_second_look": joined}
    )
