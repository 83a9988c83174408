"""Resolves people: joins pairs in falling weight under hard rules, never by mere connection; holds back bridges."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.component import Component, Held, resolve_component


class Links(NamedTuple):
    """Pairs of nodes: the odds of one person (log2), the rule that forbids it (0 none), and whether they are sure.

    A pair is `sure` by a judgement (2) or an identifier (1); then no weight is asked for.
    """

    left: np.ndarray
    right: np.ndarray
    odds: np.ndarray
    conflict: np.ndarray
    sure: np.ndarray

    def take(self, rows: np.ndarray) -> "Links":
        """These pairs alone."""
        return Links(*(values[rows] for values in self))


class Resolved(NamedTuple):
    """Each node's person (numbered in the order of their first nodes), pairs held for review, and counts."""

    person: np.ndarray
    held: list[Held]
    counts: dict[str, int]


class Limits(NamedTuple):
    """Odds (log2): from `accept` on pairs join, below `bridge` taken together two groups do not."""

    accept: float
    bridge: float


LARGEST = 1000
STEP = 4.0
Relate = Callable[[np.ndarray, np.ndarray], Links]


def resolve(size: int, links: Links, limits: Limits, relate: Relate) -> Resolved:
    """Join `size` nodes into people.

    `links` are the candidates; `relate` gives the links between any nodes, so that within what hangs together every
    pair is looked at, not only those that blocking proposed. Groups in which every pair may be one person are people;
    the others are resolved pair by pair (`component.resolve_component`).
    """
    strong = links.take(np.flatnonzero(((links.odds >= limits.accept) & (links.conflict == 0)) | (links.sure > 0)))
    label, strong = _hanging_together(size, strong)
    inner = _all_within(label, strong, relate)
    of = label[inner.left]
    unclear = (inner.conflict > 0) | (inner.odds < limits.bridge)
    person = label.copy()
    held: list[Held] = []
    troubled = np.zeros(label.max(initial=-1) + 1, dtype=bool)
    troubled[of[unclear]] = True
    rows = np.flatnonzero(troubled[of])
    rows = rows[np.argsort(of[rows], kind="stable")]
    inner, of = inner.take(rows), of[rows]
    bounds = np.append(np.flatnonzero(np.diff(of, prepend=-1)), len(of))
    next_free = label.max(initial=-1) + 1
    for start, stop in pairwise(bounds):
        nodes, group, found = resolve_component(Component(*(values[start:stop] for values in inner)), *limits)
        person[nodes] = next_free + group
        next_free += int(group.max()) + 1
        held += found
    counts = {"groups_resolved_pair_by_pair": len(bounds) - 1, "pairs_held": len(held)}
    return Resolved(number_by_first(person), held, counts)


def number_by_first(labels: np.ndarray) -> np.ndarray:
    """Labels renumbered in the order in which they are first met."""
    return pd.factorize(labels)[0]


def _hanging_together(size: int, strong: Links) -> tuple[np.ndarray, Links]:
    """Connected groups of nodes; one beyond all reason is taken apart by asking more and more of its links."""
    label = _components(size, strong)
    least = strong.odds.min(initial=0.0)
    while len(strong.left) and np.bincount(label).max() > LARGEST and least < 2**7:
        least += STEP
        large = np.bincount(label)[label[strong.left]] > LARGEST
        strong = strong.take(np.flatnonzero(~large | (strong.odds >= least) | (strong.sure > 0)))
        label = _components(size, strong)
    return label, strong


def _components(size: int, links: Links) -> np.ndarray:
    graph = coo_array((np.ones(len(links.left), dtype=np.int8), (links.left, links.right)), shape=(size, size))
    return connected_components(graph, directed=False)[1]


def _all_within(label: np.ndarray, strong: Links, relate: Relate) -> Links:
    """Every pair of nodes that hang together; of two alone the link is known already."""
    sizes = np.bincount(label)
    in_pairs = strong.take(np.flatnonzero(sizes[label[strong.left]] == 2))
    nodes = np.flatnonzero(sizes[label] > 2)
    nodes = nodes[np.argsort(label[nodes], kind="stable")]
    left, right = pairs_of_groups(nodes, label[nodes])
    known = strong.take(np.flatnonzero((sizes[label[strong.left]] > 2) & (strong.sure > 0)))
    within = _mark_sure(relate(left, right), known)
    return Links(*(np.concatenate(both) for both in zip(in_pairs, within, strict=True)))


def pairs_of_groups(nodes: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of nodes of one group; `group` is sorted."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    sizes = np.diff(np.append(starts, len(group)))
    earlier = np.arange(len(group)) - np.repeat(starts, sizes)
    second = np.repeat(np.arange(len(group)), earlier)
    offset = np.arange(len(second)) - np.repeat(np.cumsum(earlier) - earlier, earlier)
    one, two = nodes[second - 1 - offset], nodes[second]
    return np.minimum(one, two), np.maximum(one, two)


def _mark_sure(links: Links, known: Links) -> Links:
    """What was sure of a pair stays sure."""
    if not len(known.left):
        return links
    span = max(int(links.right.max(initial=0)), int(known.right.max(initial=0))) + 1
    key, wanted = links.left.astype(np.int64) * span + links.right, known.left.astype(np.int64) * span + known.right
    order = np.argsort(key, kind="stable")
    place = order[np.searchsorted(key, wanted, sorter=order)]
    sure = links.sure.copy()
    sure[place] = np.maximum(sure[place], known.sure)
    return links._replace(sure=sure)
