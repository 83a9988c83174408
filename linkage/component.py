"""Resolves one group of nodes that hang together into people, pair by pair; decides what is too close to call."""

from typing import NamedTuple

import numpy as np


MARGIN = 3.0
MOST_ODDS = 10.0
WHY_HELD = {
    "bridge": "joins two groups that are each sure, by less than their other pairs support",
    "rival": "somebody who cannot be the same person is about as near",
}


class Component(NamedTuple):
    """All pairs of the nodes of one group; fields as in `clustering.Links`."""

    left: np.ndarray
    right: np.ndarray
    odds: np.ndarray
    conflict: np.ndarray
    sure: np.ndarray


class Held(NamedTuple):
    """A pair that weighs enough but was not joined: the nodes, its odds (log2), and why (`bridge` or `rival`)."""

    left: int
    right: int
    odds: float
    why: str


class _Groups:
    """The groups so far: who is in which, over square tables of odds and of pairs that are forbidden."""

    def __init__(self, odds: np.ndarray, forbidden: np.ndarray) -> None:
        self.odds, self.forbidden = odds, forbidden
        self.of = list(range(len(odds)))
        self.members = [[place] for place in range(len(odds))]

    def join(self, one: int, two: int) -> None:
        keep, lose = sorted((one, two))
        for member in self.members[lose]:
            self.of[member] = keep
        self.members[keep] += self.members[lose]
        self.members[lose] = []

    def forbids(self, one: int, two: int) -> bool:
        return bool(self.forbidden[np.ix_(self.members[one], self.members[two])].any())

    def together(self, one: int, two: int) -> float:
        """The mean odds between two groups; no one pair counts for more than `MOST_ODDS` either way."""
        between = self.odds[np.ix_(self.members[one], self.members[two])]
        known = between[~np.isnan(between)]
        return float(np.clip(known, -MOST_ODDS, MOST_ODDS).mean())

    def has_rival(self, one: int, two: int, odds: float) -> bool:
        """Whether somebody who cannot be of group `two` is about as near to group `one` as group `two` is."""
        near = np.fmax.reduce(self.odds[self.members[one]]) >= odds - MARGIN
        forbidden = self.forbidden[self.members[two]].any(axis=0)
        rivals = near & forbidden
        rivals[self.members[one]] = False
        return bool(rivals.any())


def resolve_component(component: Component, accept: float, bridge: float) -> tuple[np.ndarray, np.ndarray, list[Held]]:
    """Nodes (sorted), the number of each one's person within the group, and the pairs held for review.

    Judgements join first, then identifiers, then pairs in falling odds. Two groups join unless a rule forbids a pair
    between them, or their pairs taken together fall below `bridge`, or a rival who cannot be of the other group is as
    near.
    """
    nodes = np.union1d(component.left, component.right)
    left, right = np.searchsorted(nodes, component.left), np.searchsorted(nodes, component.right)
    odds = np.full((len(nodes), len(nodes)), -np.inf)
    forbidden = np.zeros(odds.shape, dtype=bool)
    odds[left, right] = odds[right, left] = component.odds
    decided = component.sure == 2
    forbidden[left, right] = forbidden[right, left] = (component.conflict > 0) & ~decided
    groups, held = _Groups(odds, forbidden), []
    order = np.lexsort((right, left, -component.odds, -component.sure))
    for row in order[(component.sure[order] > 0) | (component.odds[order] >= accept)]:
        one, two = groups.of[left[row]], groups.of[right[row]]
        why = "" if one == two else _objection(groups, (one, two), component, row, bridge)
        if not why and one != two:
            groups.join(one, two)
        elif why in ("bridge", "rival"):
            held.append(Held(int(nodes[left[row]]), int(nodes[right[row]]), float(component.odds[row]), why))
    number = np.searchsorted(np.unique(groups.of), groups.of)
    return nodes, number, [pair for pair in held if _still_apart(pair, nodes, number)]


def _objection(groups: _Groups, pair: tuple[int, int], component: Component, row: int, bridge: float) -> str:
    if component.sure[row] == 2:
        return ""
    if groups.forbids(*pair):
        return "forbidden"
    if component.sure[row]:
        return ""
    odds = float(component.odds[row])
    one, two = pair
    if groups.has_rival(one, two, odds) or groups.has_rival(two, one, odds):
        return "rival"
    return "bridge" if groups.together(*pair) < bridge else ""


def _still_apart(pair: Held, nodes: np.ndarray, number: np.ndarray) -> bool:
    left, right = np.searchsorted(nodes, (pair.left, pair.right))
    return bool(number[left] != number[right])
