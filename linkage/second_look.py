"""Looks again at mentions that nothing was joined to: where two such are near, their chance of being one is higher.

Of two full lists of the same people, those left over are each other's. That both are alone is evidence like any
other: for each pair of sources, how often the pairs that did join would be alone without each other, over how often any
two are.
"""

from typing import NamedTuple

import numpy as np

from linkage.clustering import Limits, Links, Resolved, number_by_first, pairs_of_groups
from linkage.encode import MISSING, first_rows
from linkage.links import Weigher, is_among
from linkage.scoring import Scored, join_scored
from linkage.standardise import Standardised


DOUBT = 5.0
ROUNDS, ALL_PAIRS = 5, 50_000
JOINED = "pairs_joined_at_second_look"


class Again(NamedTuple):
    """Pairs, links and people after the second look, and the bits that each link's prior gained by it."""

    scored: Scored
    links: Links
    resolved: Resolved
    gained: np.ndarray


def look_again(
    scored: Scored, links: Links, resolved: Resolved, *, weigher: Weigher, origin: np.ndarray, limits: Limits
) -> Again:
    """Raise the prior of pairs of nodes that are alone, where they match more often than all do, and join the best.

    `origin`: each node's source (`origins`).
    """
    links, gained = links._replace(odds=links.odds.copy()), np.zeros(len(links.left), dtype=np.float32)
    for _ in range(ROUNDS):
        before = resolved.counts.get(JOINED, 0)
        left_over = np.where(np.bincount(resolved.person)[resolved.person] == 1, origin, MISSING)
        scored, links, gained = _complete(scored, links, gained, left_over, weigher)
        single = left_over != MISSING
        named = (scored.levels["forename"] > 0) | (scored.levels["surname"] > 0)
        free = named & (links.conflict == 0) & (links.sure == 0)
        rows = np.flatnonzero(single[links.left] & single[links.right] & free)
        kinds = _Kinds(origin, left_over)
        bits = np.maximum(kinds.gain(links, rows, resolved, weigher.parameters.prior_match), gained[rows])
        links.odds[rows] += bits - gained[rows]
        gained[rows] = bits
        resolved = _join_best(links.take(rows[bits > 0]), resolved, limits.accept)
        if resolved.counts[JOINED] == before:
            break
    _take_back(links, gained, resolved.person)
    return Again(scored, links, resolved, gained)


def _take_back(links: Links, gained: np.ndarray, person: np.ndarray) -> None:
    """Of two left over, one of whom has found somebody else, nothing is gained: in place."""
    alone, ends = np.bincount(person)[person] == 1, (links.left, links.right)
    still = (person[ends[0]] == person[ends[1]]) | (alone[ends[0]] & alone[ends[1]])
    links.odds[~still] -= gained[~still]
    gained[~still] = 0


def origins(standardised: Standardised) -> np.ndarray:
    """Each node's source as a code; -1 where its records are of several sources, for then it is not left over."""
    node, size = standardised.node, len(standardised.nodes)
    codes, _ = standardised.records["source"].factorize(use_na_sentinel=False)
    rows = np.flatnonzero(node >= 0)
    first = codes[rows][first_rows(node[rows], size)] if size else np.empty(0, dtype=np.int64)
    mixed = np.bincount(node[rows], weights=codes[rows] != first[node[rows]], minlength=size) > 0
    return np.where(mixed, MISSING, first)


def _complete(
    scored: Scored, links: Links, gained: np.ndarray, left_over: np.ndarray, weigher: Weigher
) -> tuple[Scored, Links, np.ndarray]:
    """With few nodes left over, every pair of them is looked at, not only those that blocking proposed."""
    nodes, size = np.flatnonzero(left_over != MISSING), len(left_over)
    if len(nodes) * (len(nodes) - 1) // 2 > ALL_PAIRS:
        return scored, links, gained
    left, right = pairs_of_groups(nodes, np.zeros(len(nodes), dtype=np.int64))
    fresh = ~is_among(left.astype(np.int64) * size + right, (links.left, links.right), size)
    found = weigher.score(left[fresh], right[fresh])
    more = weigher.links(found)
    joined = join_scored([scored, found._replace(patterns=found.patterns * 0)])
    links = Links(*(np.concatenate(both) for both in zip(links, more, strict=True)))
    return joined, links, np.append(gained, np.zeros(len(more.left), dtype=np.float32))


class _Kinds:
    """Pairs by the sources of their two nodes: how many nodes of each source there are, and how many are left over."""

    def __init__(self, origin: np.ndarray, left_over: np.ndarray) -> None:
        self.origin, self.sources = origin, int(origin.max(initial=0)) + 1
        self.all, self.alone = (
            np.bincount(codes[codes != MISSING], minlength=self.sources).astype(float) for codes in (origin, left_over)
        )
        self.share = (self.alone + DOUBT) / (self.all + DOUBT)

    def of(self, links: Links, rows: np.ndarray) -> np.ndarray:
        """The kind of each pair; -1 where a node is of several sources."""
        ends = np.sort(np.stack([self.origin[links.left[rows]], self.origin[links.right[rows]]]), axis=0)
        return np.where(ends[0] == MISSING, MISSING, ends[0] * self.sources + ends[1])

    def gain(self, links: Links, rows: np.ndarray, resolved: Resolved, prior: float) -> np.ndarray:
        """Bits for left-over pairs: what their being alone says, as far as there are enough of them to go round."""
        size = np.bincount(resolved.person)
        joined = np.flatnonzero((resolved.person[links.left] == resolved.person[links.right]) & (links.odds >= 0))
        kind, number = self.of(links, joined), self.sources**2
        joined, kind = joined[kind != MISSING], kind[kind != MISSING]
        pairs = np.bincount(kind, minlength=number)
        in_twos = np.bincount(kind, weights=size[resolved.person[links.left[joined]]] == 2, minlength=number)
        one, two = np.divmod(np.arange(number), self.sources)
        with np.errstate(divide="ignore", invalid="ignore"):
            told = in_twos / (pairs + DOUBT) / (self.share[one] * self.share[two])
            most = 1 / (np.maximum(self.alone[one], self.alone[two]) - (one == two)) / prior
            bits = np.log2(np.minimum(told, most))
        return np.maximum(np.nan_to_num(bits, nan=0.0, posinf=0.0, neginf=0.0), 0.0)[self.of(links, rows)]


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
        person=number_by_first(person), counts=resolved.counts | {JOINED: resolved.counts.get(JOINED, 0) + joined}
    )
