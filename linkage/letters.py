"""Tells from their letters and lengths alone that two names cannot be alike; never that they are."""

from typing import NamedTuple

import numpy as np

from linkage.settings import LikenessSettings


LONGEST = 32
FURTHER, INITIAL = 5, 10
SLACK = 1e-4


class Letters(NamedTuple):
    """Per name: which letters it has once and twice (`bits`), and its `shape`: length, further letters, the first one.

    `possible` tells whether names of two lengths may be alike, by the letters they have in common and whether they
    begin alike.
    """

    bits: np.ndarray
    shape: np.ndarray
    possible: np.ndarray

    def may_be_alike(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Whether pairs of names may be more than far from each other, whatever the order of their letters is."""
        one, two = self.shape[first], self.shape[second]
        common = np.bitwise_count(self.bits[first] & self.bits[second]).astype(np.int32)
        common += np.minimum(one >> FURTHER & LONGEST - 1, two >> FURTHER & LONGEST - 1)
        place = (one & LONGEST - 1) * LONGEST + (two & LONGEST - 1)
        place = place * LONGEST + np.minimum(common, LONGEST - 1)
        return self.possible[place * 2 + ((one ^ two) < 1 << INITIAL)]


def count_letters(texts: np.ndarray, cuts: LikenessSettings) -> Letters:
    """The letters of distinct names."""
    marks = texts.astype(f"U{LONGEST}").view(np.uint32).reshape(len(texts), LONGEST)
    once, twice = np.zeros((2, len(texts)), dtype=np.uint64)
    more = np.zeros(len(texts), dtype=np.int32)
    for column in marks.T:
        bit = np.where(column > 0, np.uint64(1) << (column % 32).astype(np.uint64), np.uint64(0))
        more += (twice & bit) > 0
        twice |= once & bit
        once |= bit
    length = np.minimum(np.count_nonzero(marks, axis=1), LONGEST - 1).astype(np.int32)
    shape = length | np.minimum(more, LONGEST - 1) << FURTHER | marks[:, 0].astype(np.int32) << INITIAL
    return Letters(once | twice << np.uint64(32), shape, _possible(cuts))


def _possible(cuts: LikenessSettings) -> np.ndarray:
    """By first and second length, letters in common and whether both begin alike: the names may be alike.

    Jaro's likeness is highest where all letters in common stand in order, Winkler's where the first four agree.
    Lengths of the last place stand for all longer names, of which nothing is said.
    """
    grid = np.indices((LONGEST, LONGEST, LONGEST, 2))
    first, second, common, begins = (np.maximum(grid[0], 1), np.maximum(grid[1], 1), grid[2], grid[3])
    jaro = np.where(common > 0, (common / first + common / second + 1) / 3, 0.0)
    most = jaro + np.where(begins > 0, 0.4 * (1 - np.minimum(jaro, 1.0)), 0.0) + SLACK
    shorter, longer = np.minimum(first, second), np.maximum(first, second)
    one = (common >= longer - 1) & (shorter >= cuts.one_edit_letters)
    two = (common >= longer - 2) & (shorter >= cuts.two_edits_letters)
    alike = (most >= cuts.name_similar) | ((most >= cuts.name_edits_from) & (one | two))
    return (alike | (longer == LONGEST - 1)).ravel()
