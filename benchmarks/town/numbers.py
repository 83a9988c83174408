"""Numbers that identify: UPNs with their check letters, NINOs that are nobody's."""

import numpy as np

from benchmarks.town.draws import Ints, Rng, Texts


CHECK = np.array(list("ABCDEFGHJKLMNPQRTUVWXYZ"), dtype=object)
LOCAL_AUTHORITY = 999
"""No authority has this number."""
NINO_PREFIXES = ("XA", "XB", "XC", "XE", "XG", "XH")
"""Prefixes of the right form that stand on no published list of those in use."""


def upns(school: Ints, year: Ints, serial: Ints) -> Texts:
    """Unique pupil numbers of the school (four digits), the year (two) and the serial (three), with check letters."""
    body = [
        f"{LOCAL_AUTHORITY}{a:04d}{b:02d}{c:03d}"
        for a, b, c in zip(school.tolist(), (year % 100).tolist(), (serial % 1000).tolist(), strict=True)
    ]
    return _with_check(body)


def temporary(upn: Texts) -> Texts:
    """Temporary numbers in place of these: a letter where the last digit was, and the check letter to fit."""
    body = [u[1:-1] + CHECK[(int(u[-3:]) * 7) % 23] for u in upn]
    return _with_check(body)


def _with_check(body: list[str]) -> Texts:
    if not body:
        return np.empty(0, dtype=object)
    value = {str(d): d for d in range(10)} | {letter: i for i, letter in enumerate(CHECK)}
    digits = np.array([[value[c] for c in text] for text in body])
    letters = CHECK[(digits @ np.arange(2, 14)) % 23]
    return np.array([letter + text for letter, text in zip(letters, body, strict=True)], dtype=object)


def ninos(rng: Rng, count: int) -> Texts:
    """`count` different numbers of the form of a NINO."""
    if count > 900_000 * len(NINO_PREFIXES):
        raise ValueError("there are not enough prefixes for so many numbers")
    number = rng.permutation(900_000 * len(NINO_PREFIXES))[:count]
    suffix = rng.integers(0, 4, count)
    return np.array(
        [
            f"{NINO_PREFIXES[n // 900_000]}{100_000 + n % 900_000}{'ABCD'[s]}"
            for n, s in zip(number, suffix, strict=True)
        ],
        dtype=object,
    )
