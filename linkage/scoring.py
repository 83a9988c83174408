"""Scores candidate pairs in parts of equal size; keeps those worth a decision, with their levels and weights."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.blocking import pair_index
from linkage.comparison import CompareLevels
from linkage.levels import LEVELS, PATTERNS, pattern
from linkage.model import Scores, pattern_bits, with_identifiers
from linkage.pruning import Bounds
from linkage.rarity import apply_rarity
from linkage.training import Trained


class Scored(NamedTuple):
    """Pairs of nodes (left < right), the code of each field's level, and bits of evidence before the prior.

    `patterns` counts by pattern of levels all pairs that were compared, those not kept too.
    """

    left: np.ndarray
    right: np.ndarray
    levels: dict[str, np.ndarray]
    scores: Scores
    patterns: np.ndarray

    def take(self, rows: np.ndarray) -> "Scored":
        """These pairs alone."""
        levels = {field: codes[rows] for field, codes in self.levels.items()}
        return Scored(
            self.left[rows], self.right[rows], levels, Scores(*(bits[rows] for bits in self.scores)), self.patterns
        )


def score_pairs(
    pairs: pd.MultiIndex,
    nodes: pd.DataFrame,
    compare: CompareLevels,
    trained: Trained,
    *,
    chunk: int,
    least: float,
    map: Callable[..., Iterable[Any]] = map,  # noqa: A002
) -> Scored:
    """Score pairs, part by part through `map`, and keep those with at least `least` bits for a match.

    Pairs that cannot have them, whatever their strings are like, are not compared.
    """
    left, right = (np.asarray(codes) for codes in pairs.codes)
    bounds = Bounds(nodes, trained)
    starts = range(0, len(left), chunk)
    parts = [(left[start : start + chunk], right[start : start + chunk]) for start in starts]
    score = partial(score_part, nodes=nodes, compare=compare, trained=trained, least=least, bounds=bounds)
    return join_scored(list(map(score, parts)))


def score_part(
    part: tuple[np.ndarray, np.ndarray],
    *,
    nodes: pd.DataFrame,
    compare: CompareLevels,
    trained: Trained,
    least: float = -np.inf,
    bounds: Bounds | None = None,
) -> Scored:
    """Compare and score the pairs of one part: those that may reach `least` where there are `bounds`, else all."""
    left, right = part
    if bounds is not None:
        rows = bounds.may_reach(left, right, least)
        left, right = left[rows], right[rows]
    compared = compare.compute(pair_index(nodes.index, left, right), nodes)
    levels = {field: compared[field].to_numpy() for field in LEVELS}
    found = pattern(levels)
    scores = Scores(
        *(apply_rarity(bits[found], trained.rarity, levels, left) for bits in pattern_bits(trained.parameters))
    )
    scores = with_identifiers(scores, levels["identifier"])
    scored = Scored(left, right, levels, scores, np.bincount(found, minlength=PATTERNS))
    return scored.take(np.flatnonzero((scores.match >= least) | (levels["identifier"] > 0)))


def join_scored(parts: list[Scored]) -> Scored:
    """Parts in their order, as one."""
    if not parts:
        nothing = np.empty(0, dtype=np.int64)
        levels = {field: nothing.astype(np.int8) for field in LEVELS}
        return Scored(
            nothing, nothing, levels, Scores(*(nothing.astype(np.float32),) * 2), np.zeros(PATTERNS, dtype=np.int64)
        )
    return Scored(
        np.concatenate([part.left for part in parts]),
        np.concatenate([part.right for part in parts]),
        {field: np.concatenate([part.levels[field] for part in parts]) for field in LEVELS},
        Scores(*(np.concatenate(bits) for bits in zip(*(part.scores for part in parts), strict=True))),
        np.sum([part.patterns for part in parts], axis=0),
    )
