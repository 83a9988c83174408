"""Precision, recall and F1 over pairs, thresholds, calibration: sums over the truth; knows no tool."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.agreement import Score, pair_score, score


BINS = (0.0, 0.2, 0.8, 0.9, 1.0)
"""Where the bins of the calibration begin and end."""
THRESHOLDS = (
    *(0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95),
    *(0.97, 0.98, 0.99, 0.993, 0.995, 0.998, 0.999, 0.9995, 0.9999),
)
"""What a best threshold is looked for among."""


class Pairs(NamedTuple):
    """Scored pairs of records by their places, and whether each is truly one person."""

    left: np.ndarray
    right: np.ndarray
    probability: np.ndarray
    right_one: np.ndarray


class Best(NamedTuple):
    """The threshold with the highest F1, and what it gives."""

    threshold: float
    score: Score


def mark(pairs: pd.DataFrame, truth: np.ndarray) -> Pairs:
    """`left, right, probability` (places of records) with the truth beside them; pairs of unknown people left out."""
    left, right = (pairs[side].to_numpy(dtype=np.int64) for side in ("left", "right"))
    known = (truth[left] >= 0) & (truth[right] >= 0)
    left, right = left[known], right[known]
    return Pairs(left, right, pairs["probability"].to_numpy()[known], truth[left] == truth[right])


def people_score(found: np.ndarray, truth: np.ndarray, source: np.ndarray | None = None) -> Score:
    """Records placed together against records that belong together (-1: nobody knows whose it is).

    With `source`, only pairs of records from different sources count.
    """
    known = truth >= 0
    whole = pair_score(pd.Series(found[known]), pd.Series(truth[known]))
    if source is None:
        return whole
    within = [_within(source[known], codes[known]) for codes in (_both(found, truth), found, truth)]
    return score(*(all_pairs - inside for all_pairs, inside in zip(whole.counts, within, strict=True)))


def _both(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    return pd.factorize(found.astype(np.int64) * (int(truth.max(initial=0)) + 2) + truth + 1)[0]


def _within(source: np.ndarray, codes: np.ndarray) -> int:
    sizes = pd.DataFrame({"source": source, "code": codes}).groupby(["source", "code"]).size()
    return int((sizes * (sizes - 1) // 2).sum())


def true_pairs(truth: np.ndarray, source: np.ndarray | None = None) -> int:
    """How many pairs belong together."""
    return people_score(truth, truth, source).counts[2]


def pairs_at(pairs: Pairs, threshold: float, total: int) -> Score:
    """Pairs from a threshold on against all that belong together."""
    said = pairs.probability >= threshold
    return score(int(np.count_nonzero(said & pairs.right_one)), int(np.count_nonzero(said)), total)


def clusters_at(pairs: Pairs, threshold: float, size: int) -> np.ndarray:
    """The connected component of each of `size` records, joined by pairs from a threshold on."""
    said = pairs.probability >= threshold
    ones = np.ones(int(np.count_nonzero(said)), dtype=np.int8)
    graph = coo_matrix((ones, (pairs.left[said], pairs.right[said])), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1])


def best_pairs(pairs: Pairs, total: int, thresholds: Sequence[float] = THRESHOLDS) -> Best:
    """The best threshold for pairs taken one by one."""
    return _best([Best(at, pairs_at(pairs, at, total)) for at in thresholds])


def best_clusters(
    pairs: Pairs, truth: np.ndarray, source: np.ndarray | None = None, thresholds: Sequence[float] = THRESHOLDS
) -> Best:
    """The best threshold for clusters."""
    return _best(
        [Best(at, people_score(clusters_at(pairs, at, len(truth)), truth, source)) for at in thresholds]
    )


def _best(found: list[Best]) -> Best:
    """The highest F1; of equals the lowest threshold."""
    return max(found, key=lambda best: (best.score.f1, -best.threshold))


def calibration(pairs: Pairs, bins: Sequence[float] = BINS) -> list[dict[str, Any]]:
    """For each bin of probability (from, to; the last one with its end): how many pairs, how many are right."""
    at = np.clip(np.digitize(pairs.probability, bins) - 1, 0, len(bins) - 2)
    counts = np.bincount(at, minlength=len(bins) - 1)
    right = np.bincount(at, weights=pairs.right_one, minlength=len(bins) - 1)
    rows = zip(bins[:-1], bins[1:], counts, right, strict=True)
    return [{"from": low, "to": high, "pairs": int(n), "right": int(k)} for low, high, n, k in rows]


def as_figures(found: Score) -> dict[str, float]:
    """Precision, recall and F1 by name."""
    return {"precision": round(found.precision, 5), "recall": round(found.recall, 5), "f1": round(found.f1, 5)}


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and most."""
    return {"median": float(np.median(values)), "least": float(min(values)), "most": float(max(values))}
