"""Blocks of nodes that share the keys of a rule; gives their pairs part by part, each pair once; weighs none.

A pair that several rules give belongs to the first of them, and in a rule with several keys per node to the first
block: so parts need not know of each other.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np


PIECE = 32_768
WORD = 8
NO_BLOCK = np.iinfo(np.int32).max


class RuleBlocks(NamedTuple):
    """The nodes in the blocks of one rule, in order of block and node, and the block of each."""

    nodes: np.ndarray
    block: np.ndarray


class Segment(NamedTuple):
    """Nodes of one rule, block after block; from place `start` on each is paired with those before it in its block."""

    rule: int
    nodes: np.ndarray
    block: np.ndarray
    start: int


Part = tuple[Segment, ...]


class Pairs(NamedTuple):
    """Pairs as places in a few `nodes`, so that what is known of these need be looked up but once for each."""

    nodes: np.ndarray
    first: np.ndarray
    second: np.ndarray

    def take(self, rows: np.ndarray) -> "Pairs":
        """These pairs alone."""
        return Pairs(self.nodes, self.first[rows], self.second[rows])

    @property
    def left(self) -> np.ndarray:
        """The first node of each pair."""
        return self.nodes[self.first]

    @property
    def right(self) -> np.ndarray:
        """The second node of each pair."""
        return self.nodes[self.second]


class Membership(NamedTuple):
    """The block of each node (row) in each rule (column); a node in no block has a negative number of its own.

    `more`: per rule further blocks of nodes that stand in several; `several` tells of each node whether it does.
    """

    block: np.ndarray
    more: dict[int, np.ndarray]
    several: np.ndarray

    def given_here(self, pairs: Pairs, block: np.ndarray, rule: int) -> Pairs:
        """The pairs of a rule that no earlier rule gives, nor an earlier block; `block` is of `pairs.nodes`."""
        stands = self.block.take(pairs.nodes, axis=0)
        same = stands.take(pairs.first, axis=0) == stands.take(pairs.second, axis=0)
        given = np.zeros(len(same), dtype=bool)
        for place, mask in enumerate((np.arange(same.shape[1]) < rule).view(np.uint64)):
            if mask:
                given |= (same.view(np.uint64)[:, place] & mask) != 0
        pairs = pairs.take(np.flatnonzero(~given))
        if not self.more:
            return pairs
        several = self.several[pairs.nodes]
        rows = np.flatnonzero(several[pairs.first] | several[pairs.second])
        given = np.zeros(len(pairs.first), dtype=bool)
        given[rows] = self._given_elsewhere(pairs.take(rows), block, rule)
        return pairs.take(np.flatnonzero(~given))

    def _given_elsewhere(self, pairs: Pairs, block: np.ndarray, rule: int) -> np.ndarray:
        """The same for nodes that stand in several blocks of a rule."""
        given = np.zeros(len(pairs.first), dtype=bool)
        for earlier in self.more:
            if earlier < rule:
                given |= self._first_shared(pairs, earlier) != NO_BLOCK
        return given | (self._first_shared(pairs, rule) < block[pairs.first]) if rule in self.more else given

    def _first_shared(self, pairs: Pairs, rule: int) -> np.ndarray:
        """The lowest block of a rule in which both nodes stand."""
        one, two = ([self.block[nodes, rule], *self.more[rule][:, nodes]] for nodes in (pairs.left, pairs.right))
        return np.minimum.reduce([np.where(left == right, left, NO_BLOCK) for left in one for right in two])


class Blocks(NamedTuple):
    """The blocks of all rules, and in which of them each node stands."""

    rules: tuple[RuleBlocks, ...]
    membership: Membership

    def parts(self, most: int) -> list[Part]:
        """All pairs in parts of about `most` at most, in the order of rules and blocks."""
        parts: list[list[Segment]] = [[]]
        room = most
        for rule, blocks in enumerate(self.rules):
            before = pairs_before(blocks.block)
            reached = np.append(0, np.cumsum(before))
            start = 0
            while start < len(before):
                if room <= 0:
                    parts.append([])
                    room = most
                stop = max(int(np.searchsorted(reached, reached[start] + room, side="right")) - 1, start + 1)
                parts[-1].append(_segment(rule, blocks, int(before[start]), (start, stop)))
                room = room - int(reached[stop] - reached[start]) if stop == len(before) else 0
                start = stop
        return [tuple(part) for part in parts if part]


def join_rules(rules: Sequence[RuleBlocks], size: int) -> Blocks:
    """Blocks of all rules for `size` nodes."""
    width = -(-max(len(rules), 1) // WORD) * WORD
    block = np.repeat(-2 - np.arange(size, dtype=np.int32), width).reshape(size, width)
    more: dict[int, np.ndarray] = {}
    several = np.zeros(size, dtype=bool)
    for rule, found in enumerate(rules):
        block[found.nodes, rule] = found.block
        rows = np.flatnonzero(block[found.nodes, rule] != found.block)
        several[found.nodes[rows]] = True
        if len(rows):
            more[rule] = _further_blocks(found.nodes[rows], found.block[rows], size)
    return Blocks(tuple(rules), Membership(block, more, several))


def pairs_of(part: Part, membership: Membership) -> Iterator[Pairs]:
    """The pairs of a part that no earlier rule gives (left below right), in pieces."""
    for segment in part:
        for pairs, block in _all_pairs(segment):
            yield membership.given_here(pairs, block, segment.rule)


def as_pairs(left: np.ndarray, right: np.ndarray) -> Pairs:
    """Any pairs of nodes."""
    size = len(left)
    return Pairs(np.concatenate([left, right]), np.arange(size), np.arange(size, 2 * size))


def pairs_before(block: np.ndarray) -> np.ndarray:
    """For sorted blocks, how many earlier rows share each row's block."""
    starts = np.flatnonzero(np.diff(block, prepend=block[0] - 1)) if len(block) else np.empty(0, np.int64)
    sizes = np.diff(np.append(starts, len(block)))
    return np.arange(len(block)) - np.repeat(starts, sizes)


def _further_blocks(nodes: np.ndarray, block: np.ndarray, size: int) -> np.ndarray:
    """Columns of blocks that nodes stand in beside those already known."""
    columns = []
    while len(nodes):
        column = -2 - np.arange(size, dtype=np.int32)
        column[nodes] = block
        columns.append(column)
        rows = column[nodes] != block
        nodes, block = nodes[rows], block[rows]
    return np.stack(columns)


def _segment(rule: int, blocks: RuleBlocks, before: int, rows: tuple[int, int]) -> Segment:
    """Rows of a rule, with those `before` the first of them in its block."""
    start, stop = rows
    return Segment(rule, blocks.nodes[start - before : stop], blocks.block[start - before : stop], before)


def _all_pairs(segment: Segment) -> Iterator[tuple[Pairs, np.ndarray]]:
    """All pairs of a segment in pieces of about `PIECE`, and the blocks of their nodes."""
    before = pairs_before(segment.block)
    before[: segment.start] = 0
    reached = np.append(0, np.cumsum(before))
    start = segment.start
    while start < len(before):
        stop = max(int(np.searchsorted(reached, reached[start] + PIECE, side="right")) - 1, start + 1)
        count, low = before[start:stop], start - int(before[start])
        shift = np.arange(start - low, stop - low) - count - (reached[start:stop] - reached[start])
        first = np.arange(int(reached[stop] - reached[start])) + np.repeat(shift, count)
        second = np.repeat(np.arange(start - low, stop - low), count)
        yield Pairs(segment.nodes[low:stop], first, second), segment.block[low:stop]
        start = stop
