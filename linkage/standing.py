"""Names, for each node, the record that stands for it where a pair is shown: the first by its id; decides nothing else.

Records are known here by their place in the order of ids, so that no text is compared, nor held for each node.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Standing(NamedTuple):
    """Places in the order of ids: `of_node` of the record that stands for each, `of_row` of every record.

    `row` is the record at each place, `record_id` the id of each record.
    """

    of_node: np.ndarray
    of_row: np.ndarray
    row: np.ndarray
    record_id: pd.Series

    def ids(self, places: np.ndarray) -> pd.api.extensions.ExtensionArray:
        """The ids of the records at these places."""
        return self.record_id.array.take(self.row[places])


def find_standing(mentions: pd.DataFrame, node: np.ndarray, nodes: int) -> Standing:
    """What stands for each of so many nodes; `mentions` has record_id and rank, `node` is of each (-1 for none)."""
    rank = mentions["rank"].to_numpy()
    row = in_order(rank)
    last_first = row[::-1][node[row[::-1]] >= 0]
    of_node = np.empty(nodes, rank.dtype)
    of_node[node[last_first]] = rank[last_first]
    return Standing(of_node, rank, row, mentions["record_id"])


def in_order(rank: np.ndarray) -> np.ndarray:
    """Rows in the order of their ranks."""
    order = np.empty(len(rank), np.int64)
    order[rank] = np.arange(len(rank))
    return order
