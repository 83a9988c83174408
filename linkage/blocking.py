"""Which nodes are compared: a union of blocking rules, each bounded; counts what each rule gives and what it drops."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from recordlinkage.base import BaseIndexAlgorithm

from linkage.encode import MISSING, combine_codes
from linkage.settings import BlockingRule
from linkage.standardise import Standardised


SURNAMES = ("surname", "former", "preferred")
FEWEST_PAIRS = 200_000


class BlockingIndex(BaseIndexAlgorithm):
    """Pairs of nodes that agree on the keys of at least one rule, each pair once, as recordlinkage gives them.

    Call `index(keys)` on a frame of key columns (`blocking_keys`). `counts` then holds, per rule, the pairs it gave,
    the blocks that were split and the nodes left out because their block stayed too large.
    """

    def __init__(self, rules: Sequence[BlockingRule]) -> None:
        super().__init__(verify_integrity=False)
        self.rules = tuple(rules)
        self.counts: dict[str, int] = {}

    def _dedup_index(self, keys: pd.DataFrame) -> pd.MultiIndex:
        size = len(keys)
        packed = [np.empty(0, dtype=np.int64)]
        for rule in self.rules:
            found = [_pack(*pairs, size) for pairs in self._pairs_of_rule(keys, rule)]
            self.counts[f"pairs_by_{rule.name}"] = sum(map(len, found))
            packed += found
        right, left = np.divmod(_sorted_distinct(np.concatenate(packed)), max(size, 1))
        return pair_index(keys.index, left, right)

    def _pairs_of_rule(self, keys: pd.DataFrame, rule: BlockingRule) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        nodes, key = _rule_keys(keys, rule.keys)
        budget = max(FEWEST_PAIRS, rule.pairs_per_record * len(keys))
        split = 0
        for refine in (*rule.refine, None):
            nodes, key = _group(nodes, key)
            small, given = _within_budget(key, budget)
            yield _pairs_within(nodes[small], key[small])
            nodes, key, budget = nodes[~small], key[~small], budget - given
            if refine is None or not len(nodes):
                break
            split += _count_groups(key)
            finer = keys[refine].to_numpy()[nodes]
            key = combine_codes([key, finer])[finer != MISSING]
            nodes = nodes[finer != MISSING]
        self.counts[f"blocks_split_by_{rule.name}"] = split
        self.counts[f"nodes_left_out_by_{rule.name}"] = len(nodes)


def blocking_keys(standardised: Standardised) -> pd.DataFrame:
    """One column of codes per key that a rule may name (-1: the node has none), a row per node."""
    nodes, names, places = standardised.nodes, standardised.names, standardised.places
    forename, surname, born, place = (
        nodes[name].to_numpy() for name in ("forename", "surname", "date_of_birth", "place")
    )
    keys = {name: nodes[name].to_numpy() for name in ("upn", "nino", "forename", "date_of_birth", *SURNAMES)}
    full = np.append(names.length > 1, False)[forename]
    keys["forename"] = np.where(full, forename, MISSING)
    keys["forename_root"] = np.where(full, _of(names.root, forename), MISSING)
    keys["forename_initial"] = _of(names.initial, forename)
    keys["surname_initial"] = _of(names.initial, surname)
    keys["forename_start"] = np.where(full, _of(names.start, forename), MISSING)
    keys["surname_start"] = _of(names.long_start, surname)
    both = full & (surname != MISSING)
    keys["either_name"] = np.where(both, np.minimum(forename, surname), MISSING)
    keys["other_name"] = np.where(both, np.maximum(forename, surname), MISSING)
    keys["birth_year"] = np.where(born == MISSING, MISSING, born >> 16)
    keys["birth_month"] = np.where(born == MISSING, MISSING, born >> 8)
    keys["postcode"], keys["postcode_area"] = _of(places.postcode, place), _of(places.area, place)
    keys["address"], keys["street"] = _of(places.dwelling, place), _of(places.street, place)
    return pd.DataFrame(keys)


def pair_index(index: pd.Index, left: np.ndarray, right: np.ndarray) -> pd.MultiIndex:
    """A recordlinkage index of pairs from places in `index`."""
    return pd.MultiIndex(levels=[index, index], codes=[left, right], verify_integrity=False)


def block_pair_counts(key: np.ndarray) -> np.ndarray:
    """For sorted keys, how many earlier rows share each row's key."""
    starts = np.flatnonzero(np.diff(key, prepend=key[0] - 1)) if len(key) else np.empty(0, np.int64)
    sizes = np.diff(np.append(starts, len(key)))
    return np.arange(len(key)) - np.repeat(starts, sizes)


def _of(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return np.append(values, MISSING)[codes]


def _rule_keys(keys: pd.DataFrame, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and their keys; a rule on the surname takes former and preferred ones as well."""
    found = []
    for surname in SURNAMES if "surname" in names else ("surname",):
        columns = [keys[surname if name == "surname" else name].to_numpy() for name in names]
        known = np.logical_and.reduce([column != MISSING for column in columns])
        found.append((known, columns))
    nodes = np.concatenate([np.flatnonzero(known) for known, _ in found])
    joined = [
        np.concatenate([columns[place][known] for known, columns in found]).astype(np.int64)
        for place in range(len(names))
    ]
    return nodes, combine_codes(joined)


def _group(nodes: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sort by key; nodes stay in their order within a key."""
    order = np.argsort(key, kind="stable")
    return nodes[order], key[order]


def _within_budget(key: np.ndarray, budget: float) -> tuple[np.ndarray, int]:
    """Which rows stand in the blocks, smallest first, whose pairs fit in `budget`; and how many pairs those are."""
    if not len(key):
        return np.empty(0, dtype=bool), 0
    starts = np.flatnonzero(np.diff(key, prepend=key[0] - 1))
    sizes = np.diff(np.append(starts, len(key)))
    by_size = np.bincount(sizes)
    pairs = np.cumsum(by_size * (np.arange(len(by_size)) * (np.arange(len(by_size)) - 1) // 2))
    largest = int(np.searchsorted(pairs, budget, side="right")) - 1
    return np.repeat(sizes <= largest, sizes), int(pairs[largest]) if largest >= 0 else 0


def _count_groups(key: np.ndarray) -> int:
    return int(np.count_nonzero(np.diff(key))) + 1


def _pairs_within(nodes: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of rows that share a key; `key` is sorted."""
    earlier = block_pair_counts(key)
    total = int(earlier.sum())
    second = np.repeat(np.arange(len(key)), earlier)
    offset = np.arange(total) - np.repeat(np.cumsum(earlier) - earlier, earlier)
    return nodes[second - 1 - offset], nodes[second]


def _pack(first: np.ndarray, second: np.ndarray, size: int) -> np.ndarray:
    """Pairs as one number each, the later node first; a node with itself (by two surnames) is none."""
    apart = first != second
    first, second = first[apart], second[apart]
    return np.maximum(first, second) * size + np.minimum(first, second)


def _sorted_distinct(values: np.ndarray) -> np.ndarray:
    values = np.sort(values)
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values
