"""Works on arrays of codes: rows sorted and numbered by several columns, joined, looked up; knows nothing of homes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.encode import as_array
from schemas.columns import TEXT


NONE = -1
WIDEST = 2**62


def code_texts(values: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Codes of texts in alphabetical order, -1 for null, and the texts."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, texts = values.cat.codes.to_numpy(), pa.array(values.cat.categories, pa.string(), from_pandas=True)
    else:
        kept = as_array(pa.array(values.astype(TEXT).array, pa.string())).dictionary_encode()
        codes, texts = pc.fill_null(kept.indices, NONE).to_numpy(), kept.dictionary
    used = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=len(texts)))
    texts = as_array(texts).take(pa.array(used))
    order = pc.sort_indices(texts).to_numpy()
    rank = np.full(int(used.max(initial=NONE)) + 2, NONE, np.int64)
    rank[used[order]] = np.arange(len(used))
    return rank[codes], pd.Series(pd.array(texts.take(pa.array(order)), dtype=TEXT))


def number_rows(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Number distinct rows of code columns (-1 counts as a value) in the order in which they are first met."""
    number, span = np.zeros(len(columns[0]), np.int64), 1
    for codes in columns:
        size = int(codes.max(initial=NONE)) + 2
        if span * size >= WIDEST:
            number = pd.factorize(number)[0].astype(np.int64)
            span = len(number) + 1
        number, span = number * size + codes + 1, span * size
    return pd.factorize(number)[0].astype(np.int64)


def rank_rows(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Number distinct rows of code columns in the order of their codes."""
    order = order_rows(columns)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.cumsum(~is_same_as_above([column[order] for column in columns])) - 1
    return rank


def order_rows(columns: Sequence[np.ndarray]) -> np.ndarray:
    """The order of rows by the first column, then the next; of equal rows in any order."""
    packed = pack(columns)
    return np.lexsort(columns[::-1]) if packed is None else np.argsort(packed)


def sort_columns(columns: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The columns with their rows in order."""
    packed = pack(columns)
    if packed is None:
        order = np.lexsort(columns[::-1])
        return [column[order] for column in columns]
    packed.sort()
    found = []
    for column in columns[:0:-1]:
        lowest = int(column.min(initial=0))
        packed, rest = np.divmod(packed, int(column.max(initial=0)) - lowest + 1)
        found.append(rest + lowest)
    return [packed + int(columns[0].min(initial=0)), *found[::-1]]


def pack(columns: Sequence[np.ndarray]) -> np.ndarray | None:
    """One number per row that sorts as the columns do; None where they do not fit into one."""
    packed, span = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        lowest = int(column.min(initial=0))
        size = int(column.max(initial=0)) - lowest + 1
        if span * size >= WIDEST:
            return None
        packed, span = packed * size + (column - lowest), span * size
    return packed


def is_same_as_above(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Whether each row is the same as the row before it."""
    same = np.ones(len(columns[0]), bool)
    same[:1] = False
    for column in columns:
        same[1:] &= column[1:] == column[:-1]
    return same


def distinct_rows(columns: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The distinct rows of code columns, in order."""
    ordered = sort_columns(columns)
    kept = ~is_same_as_above(ordered)
    return [column[kept] for column in ordered]


def first_rows(number: np.ndarray) -> np.ndarray:
    """The first row of each number."""
    first = np.zeros(int(number.max(initial=NONE)) + 1, np.int64)
    first[number[::-1]] = np.arange(len(number) - 1, -1, -1)
    return first


def join_codes(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions left and right of all pairs of rows with the same code; `right` is in order."""
    low, high = np.searchsorted(right, left, "left"), np.searchsorted(right, left, "right")
    count = high - low
    start = np.repeat(low - (np.cumsum(count) - count), count)
    return np.repeat(np.arange(len(left)), count), np.arange(len(start)) + start


def is_in(left: Sequence[np.ndarray], right: Sequence[np.ndarray]) -> np.ndarray:
    """Whether each pair of codes on the left is among those on the right."""
    size = max(int(part.max(initial=NONE)) for part in (left[1], right[1])) + 2
    return pd.Series(left[0] * size + left[1] + 1).isin(right[0] * size + right[1] + 1).to_numpy()


def join_groups(code: np.ndarray, member: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Codes (of no -1) of which those of the members of a group are made one: the first of them."""
    size = int(code.max(initial=NONE)) + 1
    whole = size + int(group.max(initial=NONE)) + 1
    graph = coo_array((np.ones(len(member), np.int8), (code[member], size + group)), shape=(whole, whole))
    joined = connected_components(graph, directed=False)[1][:size]
    first = np.full(int(joined.max(initial=NONE)) + 1, size)
    np.minimum.at(first, joined, np.arange(size))
    return np.asarray(first[joined][code])


def spread_of(group: np.ndarray, value: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """By group (and one more, for -1: nought), over how many values its weight is spread, as if evenly: one that has
    hardly any weight makes hardly one more. Rows of -1 do not count."""
    rows = np.flatnonzero((group >= 0) & (value >= 0))
    group, size = group[rows], int(group.max(initial=NONE)) + 1
    pair = number_rows([group, value[rows]])
    first = first_rows(pair)
    times = np.bincount(pair, weights=weight[rows], minlength=len(first))
    total, squares = (np.bincount(group[first], weights=times**power, minlength=size) for power in (1, 2))
    return np.append(total**2 / np.maximum(squares, 1e-9), 0.0)


def sums(group: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """The whole-numbered sum of values by group."""
    return np.bincount(group, weights=values, minlength=size).astype(np.int64)
