"""Scored pairs as links between nodes: their odds, what forbids them and what makes them sure; joins nobody."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.clustering import Links
from linkage.comparison import CompareLevels
from linkage.conflicts import REASONS, find_conflicts, share_identifier
from linkage.judgements import Decided
from linkage.model import odds_bits
from linkage.parameters import Parameters
from linkage.priors import has_mates
from linkage.scoring import Scored, join_scored, score_part
from linkage.training import Trained


class Weigher(NamedTuple):
    """Everything that is needed to weigh any pair of nodes."""

    nodes: pd.DataFrame
    compare: CompareLevels
    trained: Trained
    parameters: Parameters
    decided: Decided
    as_of: pd.Timestamp

    def score(self, left: np.ndarray, right: np.ndarray) -> Scored:
        """Levels and bits of any pairs of nodes."""
        return score_part((left, right), nodes=self.nodes, compare=self.compare, trained=self.trained)

    def relate(self, left: np.ndarray, right: np.ndarray) -> Links:
        """Links between any pairs of nodes."""
        return self.links(self.score(left, right))

    def links(self, scored: Scored) -> Links:
        """What scored pairs amount to: rules and decisions beside the odds."""
        pairs = (scored.left, scored.right)
        conflict = find_conflicts(scored.levels, pairs, self.nodes, self.as_of, households=has_mates(self.parameters))
        sure = share_identifier(scored.levels).astype(np.int8)
        size = len(self.nodes)
        key = scored.left.astype(np.int64) * size + scored.right
        for pairs, reason in ((self.decided.tied, "tied"), (self.decided.cannot, "judgement")):
            conflict[is_among(key, pairs, size)] = REASONS.index(reason)
        sure[is_among(key, self.decided.must, size)] = 2
        odds = odds_bits(scored.scores, self.parameters)
        compared = (*scored.levels.values(), *scored.extra.values())
        odds[np.logical_and.reduce([codes == 0 for codes in compared])] = np.nan
        return Links(scored.left, scored.right, odds, conflict, sure)


def add_judged(scored: Scored, weigher: Weigher) -> Scored:
    """Scored pairs with those that were judged among them, whatever they weigh."""
    size = len(weigher.nodes)
    pairs = [left.astype(np.int64) * size + right for left, right in weigher.decided.pairs if len(left)]
    if not pairs:
        return scored
    left, right = np.divmod(np.unique(np.concatenate(pairs)), size)
    others = ~is_among(scored.left.astype(np.int64) * size + scored.right, (left, right), size)
    judged = weigher.score(left, right)
    return join_scored([scored.take(np.flatnonzero(others)), judged._replace(patterns=judged.patterns * 0)])


def is_among(key: np.ndarray, pairs: tuple[np.ndarray, np.ndarray], size: int) -> np.ndarray:
    """Whether keys (left times `size` plus right) are of these pairs."""
    wanted = np.sort(pairs[0].astype(np.int64) * size + pairs[1])
    if not len(wanted):
        return np.zeros(len(key), dtype=bool)
    place = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
    return wanted[place] == key
