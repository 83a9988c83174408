"""Levels of agreement of dates of birth, by arithmetic on their packed digits (`encode.packed_date`)."""

import numpy as np

from linkage.encode import MISSING, year_of
from linkage.levels import level


ONES = 0x11111111
NEW_YEAR = 0x0101
GENERATION = 12
SIGNS = ("far", "apart", "part", "digit", "swapped")
BY_SIGNS = np.array([level("date_of_birth", SIGNS[signs.bit_length()]) for signs in range(16)], dtype=np.int8)
"""Levels of different dates by a bit each for all signs but the first; the highest decides."""


def date_levels(first: np.ndarray, second: np.ndarray, generation: int = GENERATION) -> np.ndarray:
    """Levels (`levels.LEVELS["date_of_birth"]`) of pairs of packed dates; `generation` years apart are `apart`."""
    result = np.full(len(first), level("date_of_birth", "exact"), dtype=np.int8)
    result[(first == MISSING) | (second == MISSING)] = level("date_of_birth", "missing")
    rows = np.flatnonzero((first != second) & (result > 0))
    result[rows] = _levels_of_different(first[rows].astype(np.int32), second[rows].astype(np.int32), generation)
    return result


def _levels_of_different(first: np.ndarray, second: np.ndarray, generation: int) -> np.ndarray:
    differing = first ^ second
    year, month, day = differing < 1 << 16, differing & 0xFF00 == 0, differing & 0xFF == 0
    new_year = (first & 0xFFFF == NEW_YEAR) | (second & 0xFFFF == NEW_YEAR)
    swapped = second == (first & ~0xFFFF) | (first & 0xFF) << 8 | (first >> 8 & 0xFF)
    digits = np.bitwise_count((differing | differing >> 1 | differing >> 2 | differing >> 3) & ONES)
    off = digits == 1
    rows = np.flatnonzero(digits == 2)
    off[rows] = _neighbours_changed(first[rows], second[rows])
    part = year & (month | day | new_year) | month & day
    apart = np.abs(year_of(first) - year_of(second)) >= generation
    return BY_SIGNS[apart | part.view(np.int8) << 1 | off.view(np.int8) << 2 | swapped.view(np.int8) << 3]


def _neighbours_changed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Whether exchanging two neighbouring digits of `first` gives `second`."""
    found = np.zeros(len(first), dtype=bool)
    for shift in range(0, 28, 4):
        low, high = first >> shift & 15, first >> (shift + 4) & 15
        exchanged = first & (0x7FFFFFFF & ~(0xFF << shift)) | low << (shift + 4) | high << shift
        found |= exchanged == second
    return found


def pack_day(year: int, month: int, day: int) -> int:
    """A day as packed digits, for comparing with packed dates: later days are larger."""
    return int(f"{year:04d}{month:02d}{day:02d}", 16)
