"""How alike two names or two lines are, worked out once for each distinct pair of values."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from linkage.encode import MISSING
from linkage.letters import count_letters
from linkage.levels import LEVELS
from linkage.names import Names, nicknames
from linkage.settings import LikenessSettings


SOMEWHAT, ALIKE = 1, 2
NAME_LEVELS = ("missing", "far", "similar", "near", "initial", "part", "variant", "exact")
FAR, LIKE, CLOSE, INITIAL, PART, VARIANT, EXACT = range(1, len(NAME_LEVELS))


class DistinctPairs(NamedTuple):
    """Distinct unordered pairs of codes, and which of them each pair is."""

    of: np.ndarray
    first: np.ndarray
    second: np.ndarray


def distinct_pairs(first: np.ndarray, second: np.ndarray, size: int) -> DistinctPairs:
    """Unordered pairs of codes below `size`."""
    low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second)
    of, values = pd.factorize(low * size + high)
    return DistinctPairs(of, *np.divmod(values, max(size, 1)))


def translate(field: str) -> np.ndarray:
    """The level code of a field (`levels.LEVELS`) for each of `NAME_LEVELS`; a field without forms has no `variant`."""
    return np.array([LEVELS[field].index(name) if name in LEVELS[field] else 0 for name in NAME_LEVELS], dtype=np.int8)


class NameLikeness:
    """Likeness of distinct names, for `cuts`; names whose letters cannot be alike are not compared by spelling."""

    def __init__(self, names: Names, cuts: LikenessSettings) -> None:
        self.names, self.cuts = names, cuts
        self.double = names.tokens[:, 1] != MISSING
        self.letters = count_letters(names.text, cuts)

    def levels(self, first: np.ndarray, second: np.ndarray, *, forms: bool) -> np.ndarray:
        """Levels of pairs of name codes (places in `NAME_LEVELS`); `forms`: nicknames count as variants."""
        result = np.zeros(len(first), dtype=np.int8)
        same = first == second
        rows = np.flatnonzero(same & (first != MISSING))
        result[rows] = np.where(self.names.length[first[rows]] > 1, EXACT, INITIAL)
        rows = np.flatnonzero(~same & (first != MISSING) & (second != MISSING))
        first, second = first[rows], second[rows]
        result[rows], unsure = self.without_spelling(first, second, forms=forms)
        rows, first, second = rows[unsure], first[unsure], second[unsure]
        pairs = distinct_pairs(first, second, len(self.names.text))
        result[rows] = self._by_spelling(pairs.first, pairs.second)[pairs.of]
        return result

    def without_spelling(self, first: np.ndarray, second: np.ndarray, *, forms: bool) -> tuple[np.ndarray, np.ndarray]:
        """Levels of pairs of different names as far as initials, forms and parts tell; the rows that spelling decides.

        Those rows are `far` here.
        """
        names = self.names
        result = np.full(len(first), FAR, dtype=np.int8)
        unsure = self.letters.may_be_alike(first, second)
        rows = np.flatnonzero(self.double[first] | self.double[second])
        rows = rows[_share_a_part(names.tokens[first[rows]], names.tokens[second[rows]])]
        result[rows] = PART
        if forms:
            result[_are_forms(names.nickname[first], names.nickname[second])] = VARIANT
        rows = np.flatnonzero(np.minimum(names.length[first], names.length[second]) == 1)
        result[rows] = np.where(names.initial[first[rows]] == names.initial[second[rows]], INITIAL, FAR)
        unsure[rows] = False
        return result, np.flatnonzero(unsure & (result == FAR))

    def _by_spelling(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Near by Jaro and Winkler, or one edit between names long enough; similar by a little less, or two edits."""
        cuts, texts = self.cuts, self.names.text
        score = alike(texts[first], texts[second], min(cuts.name_edits_from, cuts.name_similar))
        result = np.select([score >= cuts.name_near, score >= cuts.name_similar], [CLOSE, LIKE], default=FAR)
        rows = np.flatnonzero((score >= cuts.name_edits_from) & (result != CLOSE))
        first, second = first[rows], second[rows]
        edits = compare_texts(texts[first], texts[second], OSA.distance, 2)
        shorter = np.minimum(self.names.length[first], self.names.length[second])
        result[rows[(edits <= 1) & (shorter >= cuts.one_edit_letters)]] = CLOSE
        two = rows[(edits == 2) & (shorter >= cuts.two_edits_letters)]
        result[two] = np.maximum(result[two], LIKE)
        return result.astype(np.int8)


class LineLikeness:
    """Likeness of distinct lines of words, for `cuts`."""

    def __init__(self, texts: np.ndarray, cuts: LikenessSettings) -> None:
        self.texts, self.cuts = texts, cuts

    def levels(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """For pairs of codes (-1 missing): 2 where nearly the same, 1 where they have much in common."""
        known = (first != MISSING) & (second != MISSING)
        result = np.where(known & (first == second), ALIKE, 0).astype(np.int8)
        rows = np.flatnonzero(known & (first != second))
        pairs = distinct_pairs(first[rows], second[rows], len(self.texts))
        result[rows] = self._by_words(self.texts[pairs.first], self.texts[pairs.second])[pairs.of]
        return result

    def _by_words(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """By Jaro and Winkler, by the letters of their words put in order, by the words of one that the other has."""
        cuts = self.cuts
        score = alike(first, second, cuts.line_words_from)
        found = np.select([score >= cuts.line_near, score >= cuts.line_alike], [ALIKE, SOMEWHAT], default=0)
        unsure = np.flatnonzero((score > 0) & (found != ALIKE))
        first, second = first[unsure], second[unsure]
        words = compare_texts(first, second, token_sort_ratio, cuts.words_alike)
        subset = compare_texts(first, second, token_set_ratio, cuts.words_within)
        near = (words >= cuts.words_near) | (subset >= cuts.words_within)
        by_words = np.select([near, words >= cuts.words_alike], [ALIKE, SOMEWHAT], default=0)
        found[unsure] = np.maximum(found[unsure], by_words)
        return found.astype(np.int8)


def alike(first: np.ndarray, second: np.ndarray, cutoff: float) -> np.ndarray:
    """Jaro-Winkler similarity of texts, row by row; 0 below `cutoff`."""
    return compare_texts(first, second, JaroWinkler.normalized_similarity, cutoff)


def compare_texts(first: np.ndarray, second: np.ndarray, scorer: Callable[..., float], cutoff: float) -> np.ndarray:
    """What a scorer of rapidfuzz makes of texts, row by row; 0 beyond `cutoff`, one more if a distance."""
    if not len(first):
        return np.empty(0, dtype=np.float32)
    return process.cpdist(first, second, scorer=scorer, score_cutoff=cutoff, dtype=np.float32)


def _share_a_part(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether names of several parts, given by these, share one that carries meaning."""
    return ((left[:, :, None] == right[:, None, :]) & (left[:, :, None] != MISSING)).any(axis=(1, 2))


def _are_forms(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Rows where the nickname table gives two names a head in common."""
    rows = np.flatnonzero((left != MISSING) & (right != MISSING))
    return rows[nicknames().related[left[rows], right[rows]]]
