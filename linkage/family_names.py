"""Tells whether two surnames may be of one family: spelt nearly alike, one inside the other, or by a convention."""

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from linkage.codes import NONE, distinct_rows, join_codes


ALIKE = 0.92
PART_LETTERS = 4
CONVENTIONS = frozenset({("kaur", "singh")})
"""Pairs of surnames, in alphabetical order, that the women and men of one family bear."""


def alike_names(place: np.ndarray, name: np.ndarray, texts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Place, and the codes of two surnames borne there that may be of one family.

    Husband and wife may be Kowalski and Kowalska, or Singh and Kaur; a child Ray-Lee of Ray and Lee.
    """
    place, name = distinct_rows([place, name])
    several = np.flatnonzero(np.bincount(place)[place] > 1)
    left, right = join_codes(place[several], place[several])
    left, right = several[left[left < right]], several[right[left < right]]
    spot, first, second = place[left], name[left], name[right]
    pairs = distinct_rows([first, second])
    near = are_alike(texts[pairs[0]], texts[pairs[1]])
    size = int(name.max(initial=NONE)) + 1
    kept = np.isin(first * size + second, pairs[0][near] * size + pairs[1][near])
    return spot[kept], first[kept], second[kept]


def are_alike(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Whether the surnames of each pair, the left one the first in the alphabet, may be of one family."""
    near = cpdist(left.tolist(), right.tolist(), scorer=JaroWinkler.similarity, score_cutoff=ALIKE) > 0
    inside = [
        min(len(one), len(other)) >= PART_LETTERS and is_part(*sorted((one, other), key=len))
        for one, other in zip(left, right, strict=True)
    ]
    paired = [pair in CONVENTIONS for pair in zip(left, right, strict=True)]
    return np.asarray(near | np.array(inside, bool) | np.array(paired, bool))


def is_part(short: str, long: str) -> bool:
    """Whether the one surname is the beginning or the end of the other."""
    return long.startswith(short) or long.endswith(short)
