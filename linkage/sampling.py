"""Draws pairs of nodes to learn from, by counting and hashing: the same pairs every time, and no dice."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from linkage.blocks import pairs_before
from linkage.encode import MISSING, combine_codes


class Sample(NamedTuple):
    """Pairs of nodes, and of how many pairs in all they were drawn."""

    left: np.ndarray
    right: np.ndarray
    total: int


def sample_agreeing(columns: Sequence[np.ndarray], most: int) -> Sample:
    """At most `most` pairs of rows that agree on all `columns` (none missing), spread evenly over all such pairs."""
    known = np.flatnonzero(np.logical_and.reduce([column != MISSING for column in columns]))
    key = combine_codes([column[known] for column in columns])
    nodes, key = _in_order(known, key)
    earlier = pairs_before(key)
    before = np.cumsum(earlier) - earlier
    total = int(earlier.sum())
    chosen = np.arange(min(total, most))
    if total > most:
        chosen = np.sort(scatter(chosen) % np.uint64(total)).astype(np.int64)
    second = np.searchsorted(before, chosen, side="right") - 1
    first = second - 1 - (chosen - before[second])
    return Sample(nodes[first], nodes[second], total)


def _in_order(nodes: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and their keys in order of key, then node; at once where both go into one number."""
    bits = int(nodes.max(initial=0)).bit_length()
    if int(key.max(initial=0)).bit_length() + bits < 63:
        packed = np.sort(key << bits | nodes)
        return packed & (1 << bits) - 1, packed >> bits
    order = np.argsort(key, kind="stable")
    return nodes[order], key[order]


def sample_random(size: int, most: int) -> Sample:
    """At most `most` pairs of rows by chance: all of them where there are no more."""
    total = size * (size - 1) // 2
    if total <= most:
        second = np.repeat(np.arange(size), np.arange(size))
        first = np.arange(len(second)) - second * (second - 1) // 2
        return Sample(first, second, total)
    draws = [(scatter(np.arange(most) + offset) % np.uint64(size)).astype(np.int64) for offset in (0, most)]
    apart = draws[0] != draws[1]
    return Sample(draws[0][apart], draws[1][apart], total)


def scatter(numbers: np.ndarray) -> np.ndarray:
    """Numbers spread evenly over 64 bits, always the same way (splitmix64)."""
    mixed = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
