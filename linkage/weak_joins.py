"""Finds people who hold together by a link that is not sure, so that somebody may be asked; takes nobody apart."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from linkage.clustering import Links


DOUBTED = float(np.log2(0.95 / 0.05))
"""A link likelier than 19 to 1 is left alone: of twenty such questions nineteen would be asked for nothing."""

SURE = 100.0
WHY = "joined, but by a link that is not sure"


def find_parts(links: Links, person: np.ndarray) -> np.ndarray:
    """For each node the part of its person that holds together surely; a number for each."""
    inside = (person[links.left] == person[links.right]) & ((links.odds >= DOUBTED) | (links.sure > 0))
    ends = (links.left[inside], links.right[inside])
    graph = coo_array((np.ones(int(inside.sum()), dtype=np.int8), ends), shape=(len(person), len(person)))
    return np.asarray(connected_components(graph, directed=False)[1])


def find_weak_joins(links: Links, person: np.ndarray, part: np.ndarray) -> np.ndarray:
    """The rows of the strongest links that hold the parts of each person together."""
    apart = (person[links.left] == person[links.right]) & (part[links.left] != part[links.right])
    rows = np.flatnonzero(apart & (links.conflict == 0) & ~np.isnan(links.odds))
    low = np.minimum(part[links.left[rows]], part[links.right[rows]])
    high = np.maximum(part[links.left[rows]], part[links.right[rows]])
    order = np.lexsort((links.right[rows], links.left[rows], -links.odds[rows], high, low))
    rows, low, high = rows[order], low[order], high[order]
    first = np.flatnonzero((np.diff(low, prepend=-1) != 0) | (np.diff(high, prepend=-1) != 0))
    rows, low, high = rows[first], low[first], high[first]
    codes, names = pd.factorize(np.concatenate([low, high]))
    cost = SURE - np.minimum(links.odds[rows], DOUBTED)
    graph = coo_array((cost.astype(np.float64), (codes[: len(low)], codes[len(low) :])), shape=(len(names), len(names)))
    kept = minimum_spanning_tree(graph.tocsr()).tocoo()
    ends = np.sort(np.stack([names[kept.row], names[kept.col]]), axis=0)
    size = len(person) + 1
    return rows[np.isin(low.astype(np.int64) * size + high, ends[0].astype(np.int64) * size + ends[1])]
