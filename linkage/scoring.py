"""Scores candidate pairs in parts of equal size; keeps those worth a decision, with their levels and weights."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.blocks import Blocks, Part, pairs_of
from linkage.comparison import CompareLevels, Sides, compared_columns
from linkage.extra_model import ExtraModel
from linkage.levels import LEVELS, PATTERNS, pattern
from linkage.model import Scores, pattern_bits, with_identifiers
from linkage.pruning import SLACK, Bounds, Reach
from linkage.rarity import Rarity, agreed_rarity
from linkage.threads import on_threads
from linkage.training import Trained


WITHOUT_ADDRESS = tuple(field for field in LEVELS if field != "address")


class Scored(NamedTuple):
    """Pairs of nodes (left < right), the code of each field's level, and bits of evidence before the prior.

    `patterns` counts by pattern of levels all pairs that were compared, those not kept too; `candidates` counts all
    that blocking gave. `extra`: the codes of the levels of extra columns, by name.
    """

    left: np.ndarray
    right: np.ndarray
    levels: dict[str, np.ndarray]
    scores: Scores
    patterns: np.ndarray
    candidates: int = 0
    extra: dict[str, np.ndarray] = {}  # noqa: RUF012 - never changed

    def take(self, rows: np.ndarray) -> "Scored":
        """These pairs alone."""
        levels, extra = ({name: codes[rows] for name, codes in held.items()} for held in (self.levels, self.extra))
        scores = Scores(*(bits[rows] for bits in self.scores))
        return self._replace(left=self.left[rows], right=self.right[rows], levels=levels, scores=scores, extra=extra)


class Scorer:
    """Gives the pairs of a part and scores them: everything that takes, the same for all parts.

    Pairs that cannot have `least` bits for a match, whatever their texts are like, are not compared, and those that
    have not are not kept. A function of one part, to be sent to other processes once.
    """

    def __init__(
        self, blocks: Blocks, nodes: pd.DataFrame, compare: CompareLevels, trained: Trained, *, least: float
    ) -> None:
        self.membership, self.compare, self.least = blocks.membership, compare, least
        self.weights = weights_of(trained)
        self.floor = least - (trained.extra.most if trained.extra else 0.0)
        self.bounds = Bounds(nodes, compare, trained)
        self.columns = {name: nodes[name].to_numpy() for name in sorted(compared_columns(compare))}

    def __call__(self, part: Part) -> Scored:
        """The pairs of a part that are worth keeping."""
        reached, candidates = [Reach(*(np.empty(0, dtype=kind) for kind in (np.int32, np.int32, np.float32)))], 0
        for pairs in pairs_of(part, self.membership):
            candidates += len(pairs.first)
            reached.append(self.bounds.may_reach(pairs, self.floor))
        scored = self._compare(Reach(*(np.concatenate(values) for values in zip(*reached, strict=True))))
        kept = (scored.scores.match >= self.least) | (scored.levels["identifier"] > 0)
        return scored.take(np.flatnonzero(kept))._replace(candidates=candidates)

    def _compare(self, reach: Reach) -> Scored:
        """Compare pairs, the addresses last, and only where the rest leaves a chance."""
        left, right, by_address = reach
        levels = self.compare.levels(Sides(self.columns, left, right), WITHOUT_ADDRESS)
        levels["address"] = np.zeros(len(left), dtype=np.int8)
        rows = np.flatnonzero(self.weights.match_bits(left, right, levels) + by_address >= self.floor - SLACK)
        left, right = left[rows], right[rows]
        levels = {field: levels[field][rows] for field in LEVELS}
        levels |= self.compare.levels(Sides(self.columns, left, right), ("address",))
        return self.weights.score(left, right, levels)


class Weights(NamedTuple):
    """Bits by pattern for a match and for household mates, how rare names are, and what extra columns weigh."""

    match: np.ndarray
    household: np.ndarray
    rarity: Rarity
    extra: ExtraModel | None

    def match_bits(self, left: np.ndarray, right: np.ndarray, levels: dict[str, np.ndarray]) -> np.ndarray:
        """Bits for a match by the levels of pairs."""
        bits = self.match[pattern(levels)] + sum(agreed_rarity(self.rarity, levels, left, right))
        return with_identifiers(Scores(bits, bits), levels["identifier"]).match

    def score(self, left: np.ndarray, right: np.ndarray, levels: dict[str, np.ndarray]) -> Scored:
        """Scores of pairs by their levels."""
        found = pattern(levels)
        rare = sum(agreed_rarity(self.rarity, levels, left, right))
        bits = (table[found] + rare for table in (self.match, self.household))
        scores = with_identifiers(Scores(*bits), levels["identifier"])
        patterns = np.bincount(found, minlength=PATTERNS)
        if self.extra is None:
            return Scored(left, right, levels, scores, patterns)
        extra, scores = self.extra.weigh(left, right, scores)
        return Scored(left, right, levels, scores, patterns, extra=extra)


def weights_of(trained: Trained) -> Weights:
    """What a trained model weighs."""
    return Weights(*pattern_bits(trained.parameters), trained.rarity, trained.extra)


def score_blocks(scorer: Scorer, parts: Sequence[Part], map: Callable[..., Iterable[Any]] | None = None) -> Scored:  # noqa: A002
    """Score all parts, through `map`, else on threads of its own; the result does not depend on either."""
    scored = join_scored(list((map or on_threads)(scorer, parts)))
    size = int(scored.left.max(initial=0)) + 1
    return scored.take(np.argsort(scored.right.astype(np.int64) * size + scored.left))


def score_part(
    part: tuple[np.ndarray, np.ndarray], *, nodes: pd.DataFrame, compare: CompareLevels, trained: Trained
) -> Scored:
    """Compare and score any pairs of nodes, and keep them all."""
    return weights_of(trained).score(*part, compare.levels(Sides(nodes, *part)))


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
        sum(part.candidates for part in parts),
        {name: np.concatenate([part.extra[name] for part in parts]) for name in parts[0].extra},
    )
