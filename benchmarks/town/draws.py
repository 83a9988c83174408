"""Random draws: one stream for each part of the borough, so that a change in one leaves the others as they were."""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray


Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Rng = np.random.Generator


def stream(seed: int, part: str) -> Rng:
    """The generator of one named part; the same seed and name give the same draws on every machine."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(part.encode())])))


def weighted(rng: Rng, weights: Any, size: int) -> Ints:
    """`size` positions, each drawn with a chance in proportion to its weight."""
    steps = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(steps, rng.random(size) * steps[-1], side="right").astype(np.int64)


def chance(rng: Rng, share: Any, size: int) -> Bools:
    """True with chance `share` (one number, or one for each)."""
    return rng.random(size) < share


def pick(rng: Rng, pool: Ints, count: int) -> Ints:
    """`count` different members of `pool` (all of it, shuffled, if it is smaller)."""
    return rng.permutation(pool)[:count]


def place_in_group(groups: Ints) -> Ints:
    """The position of each row within its group; `groups` must be sorted."""
    if len(groups) == 0:
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    sizes = np.diff(np.r_[starts, len(groups)])
    return (np.arange(len(groups)) - np.repeat(starts, sizes)).astype(np.int64)


def only(keep: Any, values: Any) -> Texts:
    """The values where `keep` is true, nothing elsewhere."""
    out = np.full(len(keep), None, dtype=object)
    chosen = np.asarray(keep, dtype=bool)
    out[chosen] = np.asarray(values, dtype=object)[chosen] if np.ndim(values) else values
    return out


def sigmoid(x: Floats) -> Floats:
    """The logistic curve."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
