"""Pairs the groups of two runs by largest overlap; decides who keeps a number, never what a group is.

Groups are codes here: `before` those of the earlier run, `now` those of the present one.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from linkage.addresses import as_strings
from schemas.columns import TEXT


class Numbered(NamedTuple):
    """Numbers of present groups by code (0 none), the last given, what happened, and where each earlier group lives on.

    `changes` has rows of number, previous (0 none) and change; `into` the present code by earlier code, -1 for none.
    """

    numbers: np.ndarray
    last: int
    changes: pd.DataFrame
    into: np.ndarray


def count_shared(before: np.ndarray, now: np.ndarray, **marks: np.ndarray) -> pd.DataFrame:
    """One row per pair of groups that share rows, with the sum of each mark over the rows they share."""
    order = np.lexsort((now, before))
    before, now = before[order], now[order]
    starts = np.flatnonzero(np.r_[True, (before[1:] != before[:-1]) | (now[1:] != now[:-1])][: len(order)])
    edges = pd.DataFrame({"before": before[starts], "now": now[starts]})
    for name, mark in marks.items():
        edges[name] = (
            np.add.reduceat(mark[order].astype(np.int64), starts) if len(starts) else mark[:0].astype(np.int64)
        )
    return edges


def rank_edges(edges: pd.DataFrame) -> pd.DataFrame:
    """Edges with the strongest first: by their marks in turn, then the smallest groups."""
    marks = [edges[name].to_numpy() for name in edges.columns[2:]]
    order = np.lexsort((edges["now"].to_numpy(), edges["before"].to_numpy(), *[-mark for mark in marks[::-1]]))
    return edges.take(order)


def match_by_overlap(edges: pd.DataFrame) -> pd.DataFrame:
    """Match each earlier group to at most one present group and back, the strongest overlap first."""
    left = rank_edges(edges)
    chosen = [left[["before", "now"]].head(0)]
    while len(left):
        best = left.loc[~left["before"].duplicated() & ~left["now"].duplicated(), ["before", "now"]]
        chosen.append(best)
        left = left[~left["before"].isin(best["before"]) & ~left["now"].isin(best["now"])]
    return pd.concat(chosen, ignore_index=True)


def strongest(edges: pd.DataFrame, side: str, other: str, size: int) -> np.ndarray:
    """For each of `size` groups of one side, the group of the other that it shares most with, or -1."""
    best = rank_edges(edges).drop_duplicates(side)
    found = np.full(size, -1, np.int64)
    found[best[side].to_numpy()] = best[other].to_numpy()
    return found


def number_groups(edges: pd.DataFrame, before: np.ndarray, order: np.ndarray, last: int) -> Numbered:
    """Number the present groups: the matched keep theirs, the rest number on from `last`, in the order given.

    `edges` has `before`, `now` and marks, strongest mark first, and `is_certain` last: whether the overlap is enough to
    say that groups merged or split. `before` holds the earlier groups' numbers by code.
    """
    certain = edges.loc[edges["is_certain"], edges.columns[:-1]]
    matched = match_by_overlap(edges[edges.columns[:-1]])
    numbers = np.zeros(int(order.max(initial=-1)) + 1, np.int64)
    numbers[matched["now"].to_numpy()] = before[matched["before"].to_numpy()]
    fresh = order[numbers[order] == 0]
    numbers[fresh] = last + 1 + np.arange(len(fresh))
    into = strongest(certain, "before", "now", len(before))
    into[matched["before"].to_numpy()] = matched["now"].to_numpy()
    parent = strongest(certain, "now", "before", len(numbers))
    changes = list_changes(numbers, before, parent, into)
    return Numbered(numbers, last + len(fresh), changes, into)


def list_changes(numbers: np.ndarray, before: np.ndarray, parent: np.ndarray, into: np.ndarray) -> pd.DataFrame:
    """A row per present group (new, kept, split), and per earlier one that lives on under another's number (merged)."""
    here = np.flatnonzero(numbers)
    present = pd.DataFrame({"number": numbers[here], "previous": pick(before, parent[here])})
    kept = np.isin(present["number"], before)
    present["change"] = np.select([kept, parent[here] >= 0], ["kept", "split"], "new")
    present["previous"] = present["number"].where(kept, present["previous"])
    moved = np.flatnonzero(into >= 0)
    lived_on = pd.DataFrame({"number": numbers[into[moved]], "previous": before[moved], "change": "merged"})
    merged = lived_on[lived_on["number"] != lived_on["previous"]]
    return pd.concat([present, merged]).sort_values(["number", "previous"], ignore_index=True)


def pick(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Values at places; 0 where a place is -1."""
    return np.append(values, 0)[places]


def write_ids(letter: str, numbers: np.ndarray) -> pd.Series:
    """Ids such as P0000042; null for 0."""
    padded = pc.utf8_lpad(pc.cast(numbers, "string"), 7, "0")
    written = pc.binary_join_element_wise(letter, padded, "")
    return pd.Series(pc.if_else(numbers > 0, written, None), dtype=TEXT)


def read_ids(ids: pd.Series) -> np.ndarray:
    """The numbers of ids written by `write_ids`; 0 for null."""
    texts = pc.utf8_slice_codeunits(as_strings(ids.astype(TEXT)), 1)
    return pc.fill_null(pc.cast(texts, "int64"), 0).to_numpy()
