"""Pairs the groups of two runs by largest overlap; decides who keeps a number, never what a group is.

Groups are codes here: `before` those of the earlier run, `now` those of the present one.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.addresses import as_strings
from schemas.columns import TEXT


CHANGES = ("new", "kept", "merged", "split")
NEW, KEPT, MERGED, SPLIT = range(len(CHANGES))
DIGITS = 7


class Numbered(NamedTuple):
    """Numbers of present groups by code (0 none), the last given, what happened, and where each earlier group lives on.

    `changes` has rows of number, previous (0 none) and change (code among `CHANGES`); `into` the present code by
    earlier code, -1 for none.
    """

    numbers: np.ndarray
    last: int
    changes: pd.DataFrame
    into: np.ndarray


def count_shared(before: np.ndarray, now: np.ndarray, **marks: np.ndarray) -> pd.DataFrame:
    """One row per pair of groups that share rows, with the sum of each (boolean) mark over the rows they share."""
    size = int(now.max(initial=-1)) + 1
    key = before * size + now
    for mark in marks.values():
        key = key * 2 + mark
    key = np.sort(key)
    bits = len(marks)
    starts = np.flatnonzero(np.diff(key >> bits, prepend=-1))
    pair = key[starts] >> bits
    edges = pd.DataFrame({"before": pair // max(size, 1), "now": pair % max(size, 1)})
    for place, name in enumerate(marks):
        mark = (key >> (bits - 1 - place)) & 1
        edges[name] = np.add.reduceat(mark, starts) if len(starts) else mark
    return edges


def rank_edges(edges: pd.DataFrame) -> pd.DataFrame:
    """Edges with the strongest first: by their marks in turn, then the smallest groups."""
    marks = [edges[name].to_numpy() for name in edges.columns[2:]]
    order = np.lexsort((edges["now"].to_numpy(), edges["before"].to_numpy(), *[-mark for mark in marks[::-1]]))
    return edges.take(order)


def is_only(edges: pd.DataFrame, *sides: str) -> np.ndarray:
    """Whether an edge is the only one of its group on each of these sides."""
    only = np.ones(len(edges), bool)
    for side in sides:
        group = edges[side].to_numpy()
        only &= np.bincount(group, minlength=1)[group] == 1
    return only


def match_by_overlap(edges: pd.DataFrame) -> pd.DataFrame:
    """Match each earlier group to at most one present group and back, the strongest overlap first."""
    only = is_only(edges, "before", "now")
    chosen = [edges.loc[only, ["before", "now"]]]
    left = rank_edges(edges[~only])
    while len(left):
        best = left.loc[~left["before"].duplicated() & ~left["now"].duplicated(), ["before", "now"]]
        chosen.append(best)
        left = left[~left["before"].isin(best["before"]) & ~left["now"].isin(best["now"])]
    return pd.concat(chosen, ignore_index=True)


def strongest(edges: pd.DataFrame, side: str, other: str, size: int) -> np.ndarray:
    """For each of `size` groups of one side, the group of the other that it shares most with, or -1."""
    found = np.full(size, -1, np.int64)
    only = is_only(edges, side)
    for best in (edges[only], rank_edges(edges[~only]).drop_duplicates(side)):
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
    number, previous = numbers[here], pick(before, parent[here])
    kept = pd.Series(number).isin(before).to_numpy()
    change = np.where(kept, KEPT, np.where(parent[here] >= 0, SPLIT, NEW)).astype(np.int8)
    moved = np.flatnonzero(into >= 0)
    moved = moved[numbers[into[moved]] != before[moved]]
    number = np.concatenate([number, numbers[into[moved]]])
    previous = np.concatenate([np.where(kept, numbers[here], previous), before[moved]])
    change = np.concatenate([change, np.full(len(moved), MERGED, np.int8)])
    order = np.lexsort((previous, number))
    return pd.DataFrame({"number": number[order], "previous": previous[order], "change": change[order]})


def pick(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Values at places; 0 where a place is -1."""
    return np.append(values, 0)[places]


def write_ids(letter: str, numbers: np.ndarray) -> pd.Series:
    """Ids such as P0000042; null for 0."""
    if numbers.max(initial=0) < 10**DIGITS:
        return pd.Series(pd.arrays.ArrowStringArray(_write_short(letter, numbers)))
    padded = pc.utf8_lpad(pc.cast(numbers, "string"), DIGITS, "0")
    written = pc.binary_join_element_wise(letter, padded, "")
    return pd.Series(pc.if_else(numbers > 0, written, None), dtype=TEXT)


def _write_short(letter: str, numbers: np.ndarray) -> pa.Array:
    """Ids of numbers that the digits are enough for."""
    size = len(numbers)
    written = np.full((size, 1 + DIGITS), ord(letter), np.uint8)
    left = numbers.astype(np.int32)
    for place in range(DIGITS, 0, -1):
        left, digit = np.divmod(left, np.int32(10))
        written[:, place] = digit + ord("0")
    offsets = np.arange(0, (1 + DIGITS) * size + 1, 1 + DIGITS, dtype=np.int64)
    known = pa.py_buffer(np.packbits(numbers > 0, bitorder="little"))
    return pa.LargeStringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(written), known)


def id_keys(numbers: np.ndarray) -> np.ndarray:
    """Numbers that order as the ids written of them do: P10000000 stands before P2000000."""
    size = np.maximum(np.floor(np.log10(np.maximum(numbers, 1))).astype(np.int64) + 1, DIGITS)
    return numbers * 10 ** (size.max(initial=DIGITS) - size) * 32 + size


def read_ids(ids: pd.Series) -> np.ndarray:
    """The numbers of ids written by `write_ids`; 0 for null."""
    texts = pc.utf8_slice_codeunits(as_strings(ids.astype(TEXT)), 1)
    return pc.fill_null(pc.cast(texts, "int64"), 0).to_numpy()
