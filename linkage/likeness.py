"""How alike two names or two lines are, worked out once for each distinct pair of values."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from linkage.encode import MISSING
from linkage.levels import LEVELS
from linkage.names import Names, nicknames


NEAR, SIMILAR, FOR_EDITS = 0.92, 0.84, 0.70
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


def name_levels(first: np.ndarray, second: np.ndarray, names: Names, *, forms: bool) -> np.ndarray:
    """Levels of pairs of name codes (places in `NAME_LEVELS`); `forms`: nicknames count as variants."""
    result = np.zeros(len(first), dtype=np.int8)
    known = (first != MISSING) & (second != MISSING)
    same = known & (first == second)
    result[same] = np.where(names.length[first[same]] > 1, EXACT, INITIAL)
    rows = np.flatnonzero(known & ~same)
    pairs = distinct_pairs(first[rows], second[rows], len(names.text))
    result[rows] = _distinct_levels(pairs.first, pairs.second, names, forms=forms)[pairs.of]
    return result


def _distinct_levels(first: np.ndarray, second: np.ndarray, names: Names, *, forms: bool) -> np.ndarray:
    short = np.minimum(names.length[first], names.length[second]) == 1
    initial = short & (names.initial[first] == names.initial[second])
    part = _share_a_part(first, second, names)
    variant = _are_forms(first, second, names) if forms else np.zeros(len(first), dtype=bool)
    result = np.select([initial, short, variant, part], [INITIAL, FAR, VARIANT, PART], default=0).astype(np.int8)
    rest = np.flatnonzero(result == 0)
    result[rest] = _spelling_levels(names.text[first[rest]], names.text[second[rest]])
    return result


def _spelling_levels(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Near: Jaro-Winkler of 0.92, or one edit in four letters or more; similar: 0.84, or two edits in seven."""
    score = alike(first, second, FOR_EDITS)
    result = np.select([score >= NEAR, score >= SIMILAR], [CLOSE, LIKE], default=FAR).astype(np.int8)
    rows = np.flatnonzero((score > 0) & (result != CLOSE))
    edits = process.cpdist(first[rows], second[rows], scorer=OSA.distance, score_cutoff=2, dtype=np.int32, workers=-1)
    shorter = np.minimum(*(np.array([len(text) for text in texts[rows]], dtype=np.int32) for texts in (first, second)))
    result[rows[(edits <= 1) & (shorter >= 4)]] = CLOSE
    result[rows[(edits == 2) & (shorter >= 7)]] = np.maximum(result[rows[(edits == 2) & (shorter >= 7)]], LIKE)
    return result


def alike(first: np.ndarray, second: np.ndarray, cutoff: float) -> np.ndarray:
    """Jaro-Winkler similarity of texts, row by row; 0 below `cutoff`."""
    if not len(first):
        return np.empty(0, dtype=np.float32)
    scorer = JaroWinkler.normalized_similarity
    return process.cpdist(first, second, scorer=scorer, score_cutoff=cutoff, dtype=np.float32, workers=-1)


def lines_alike(first: np.ndarray, second: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """For pairs of codes (-1 missing) of lines of words: 2 where nearly the same, 1 where they have much in common.

    Nearly: Jaro-Winkler of 0.92, or 0.84 of their letters when the words are put in order, or all words of the shorter.
    Much: 0.8, or 0.66.
    """
    result = np.where((first != MISSING) & (first == second), ALIKE, 0).astype(np.int8)
    rows = np.flatnonzero((first != MISSING) & (second != MISSING) & (result == 0))
    pairs = distinct_pairs(first[rows], second[rows], len(texts))
    left, right = texts[pairs.first], texts[pairs.second]
    score = alike(left, right, 0.6)
    found = np.select([score >= 0.92, score >= 0.8], [ALIKE, SOMEWHAT], default=0).astype(np.int8)
    unsure = np.flatnonzero((score > 0) & (found != ALIKE))
    words, subset = (
        process.cpdist(left[unsure], right[unsure], scorer=scorer, score_cutoff=cut, dtype=np.float32, workers=-1)
        for scorer, cut in ((token_sort_ratio, 66), (token_set_ratio, 97))
    )
    by_words = np.select([(words >= 84) | (subset >= 97), words >= 66], [ALIKE, SOMEWHAT], default=0)
    found[unsure] = np.maximum(found[unsure], by_words)
    result[rows] = found[pairs.of]
    return result


def _share_a_part(first: np.ndarray, second: np.ndarray, names: Names) -> np.ndarray:
    """Whether two names, one of them double, share a part that carries meaning."""
    shared = np.zeros(len(first), dtype=bool)
    double = (names.tokens[first, 1] != MISSING) | (names.tokens[second, 1] != MISSING)
    rows = np.flatnonzero(double)
    left, right = names.tokens[first[rows]], names.tokens[second[rows]]
    equal = (left[:, :, None] == right[:, None, :]) & (left[:, :, None] != MISSING)
    shared[rows] = equal.any(axis=(1, 2))
    return shared


def _are_forms(first: np.ndarray, second: np.ndarray, names: Names) -> np.ndarray:
    """Whether the nickname table gives two names a head in common."""
    left, right = names.nickname[first], names.nickname[second]
    return (left != MISSING) & (right != MISSING) & nicknames().related[left, right]
