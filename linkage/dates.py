"""Levels of agreement of dates of birth, by arithmetic on their packed digits (`encode.packed_date`)."""

import numpy as np

from linkage.encode import MISSING
from linkage.levels import level


ONES = 0x11111111
NEW_YEAR = 0x0101
GENERATION = 12


def date_levels(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Levels (`levels.LEVELS["date_of_birth"]`) of pairs of packed dates."""
    result = np.zeros(len(first), dtype=np.int8)
    known = (first != MISSING) & (second != MISSING)
    result[known] = level("date_of_birth", "exact")
    rows = np.flatnonzero(known & (first != second))
    result[rows] = _levels_of_different(first[rows].astype(np.int64), second[rows].astype(np.int64))
    return result


def _levels_of_different(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    differing = first ^ second
    year, month, day = differing >> 16 == 0, differing >> 8 & 0xFF == 0, differing & 0xFF == 0
    new_year = (first & 0xFFFF == NEW_YEAR) | (second & 0xFFFF == NEW_YEAR)
    swapped = second == (first & 0xFFFF0000) | (first & 0xFF) << 8 | (first >> 8 & 0xFF)
    digits = np.bitwise_count((differing | differing >> 1 | differing >> 2 | differing >> 3) & ONES)
    part = (year.astype(np.int8) + month + day >= 2) | (year & new_year)
    off = (digits == 1) | ((digits == 2) & _neighbours_changed(first, second))
    apart = np.abs(year_of(first) - year_of(second)) >= GENERATION
    names = ("swapped", "digit", "part", "apart")
    codes = [level("date_of_birth", name) for name in names]
    return np.select([swapped, off, part, apart], codes, default=level("date_of_birth", "far")).astype(np.int8)


def _neighbours_changed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Whether exchanging two neighbouring digits of `first` gives `second`."""
    found = np.zeros(len(first), dtype=bool)
    for shift in range(0, 28, 4):
        low, high = first >> shift & 15, first >> (shift + 4) & 15
        exchanged = first & ~np.int64(0xFF << shift) | low << (shift + 4) | high << shift
        found |= exchanged == second
    return found


def year_of(packed: np.ndarray) -> np.ndarray:
    """The year of packed dates; meaningless where missing."""
    digits = [packed >> shift & 15 for shift in (28, 24, 20, 16)]
    return digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]


def pack_day(year: int, month: int, day: int) -> int:
    """A day as packed digits, for comparing with packed dates: later days are larger."""
    return int(f"{year:04d}{month:02d}{day:02d}", 16)
