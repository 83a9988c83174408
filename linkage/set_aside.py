"""Draws a few of the pairs that weighed too little to be asked about, so that somebody may look whether that was right.

The same records give the same pairs, in whatever order they come. Decides nothing.
"""

import numpy as np
import pandas as pd

from linkage.clustering import Links
from linkage.sampling import scatter
from linkage.standing import Standing


MOST_DRAWN = 40


def draw_set_aside(links: Links, kept: np.ndarray, person: np.ndarray, standing: Standing) -> tuple[np.ndarray, int]:
    """Rows of `links` that are not `kept` and join nobody, `MOST_DRAWN` at most; and of how many they were drawn."""
    apart = person[links.left] != person[links.right]
    rows = np.flatnonzero(~kept & apart & ~np.isnan(links.odds) & (links.conflict == 0))
    if not len(rows):
        return rows, 0
    nodes, place = np.unique(np.concatenate([links.left[rows], links.right[rows]]), return_inverse=True)
    digest = pd.util.hash_array(standing.ids(standing.of_node[nodes]).astype(object))[place]
    lot = scatter(digest[: len(rows)] + digest[len(rows) :])
    return rows[np.argsort(lot, kind="stable")[:MOST_DRAWN]], len(rows)
