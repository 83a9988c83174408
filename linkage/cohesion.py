"""Measures how surely each person's mentions hang together; joins nobody and takes nobody apart."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from linkage.clustering import Links
from linkage.model import odds_to_probability


MOST_ODDS = 64.0
DECIMALS = 4


def measure_cohesion(links: Links, person: np.ndarray, size: int) -> np.ndarray:
    """For each of `size` people the probability of the weakest link that it takes to hold all mentions together.

    The strongest links that do so are taken. `person` is each node's person. One mention coheres (1), so do those that
    an identifier or a judgement joins; where the links do not reach all of a person's mentions, it is not known (NaN).
    """
    rows = np.flatnonzero((person[links.left] == person[links.right]) & ((links.sure > 0) | ~np.isnan(links.odds)))
    odds = np.where(links.sure[rows] > 0, MOST_ODDS, np.clip(links.odds[rows], -MOST_ODDS, MOST_ODDS))
    ends = (links.left[rows], links.right[rows])
    cost = 1 + MOST_ODDS - odds.astype(np.float64)
    tree = minimum_spanning_tree(coo_array((cost, ends), shape=(len(person), len(person))).tocsr()).tocoo()
    owner = person[tree.row]
    weakest = np.full(size, 1.0)
    np.maximum.at(weakest, owner, tree.data)
    probability = np.where(weakest > 1, odds_to_probability(1 + MOST_ODDS - weakest), 1.0)
    reached = np.bincount(owner, minlength=size) == np.bincount(person, minlength=size) - 1
    return np.where(reached, np.round(probability, DECIMALS), np.nan)
