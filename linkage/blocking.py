"""Which nodes are compared: a union of blocking rules, each bounded; counts what each rule gives and what it drops."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from recordlinkage.base import BaseIndexAlgorithm

from linkage.blocks import Blocks, RuleBlocks, join_rules, pairs_of
from linkage.encode import MISSING, combine_codes
from linkage.settings import BlockingRule
from linkage.standardise import Standardised


SURNAMES = ("surname", "former", "preferred")
FEWEST_PAIRS = 200_000
PAIRS_AT_A_TIME = 1_000_000


class BlockingIndex(BaseIndexAlgorithm):
    """Pairs of nodes that agree on the keys of at least one rule, each pair once, as recordlinkage gives them.

    Call `index(keys)` on a frame of key columns (`blocking_keys`), or `block(keys)` for the same pairs in parts.
    `counts` then holds, per rule, the pairs it gave, the blocks that were split and the nodes left out because their
    block stayed too large.
    """

    def __init__(self, rules: Sequence[BlockingRule]) -> None:
        super().__init__(verify_integrity=False)
        self.rules = tuple(rules)
        self.counts: dict[str, int] = {}

    def block(self, keys: pd.DataFrame) -> Blocks:
        """The blocks of all rules."""
        return join_rules([self._block_by(rule, keys) for rule in self.rules], len(keys))

    def _dedup_index(self, keys: pd.DataFrame) -> pd.MultiIndex:
        size, blocks = len(keys), self.block(keys)
        packed = [np.empty(0, dtype=np.int64)]
        for part in blocks.parts(PAIRS_AT_A_TIME):
            packed += [pairs.right.astype(np.int64) * size + pairs.left for pairs in pairs_of(part, blocks.membership)]
        right, left = np.divmod(np.sort(np.concatenate(packed)), max(size, 1))
        return pair_index(keys.index, left, right)

    def _block_by(self, rule: BlockingRule, keys: pd.DataFrame) -> RuleBlocks:
        nodes, key = _rule_keys(keys, rule.keys)
        budget = max(FEWEST_PAIRS, rule.pairs_per_record * len(keys))
        kept, split, pairs, offset = [], 0, 0, 0
        for refine in (*rule.refine, None):
            nodes, block = _group(nodes, key, len(keys))
            small, given = _within_budget(block, budget)
            kept.append(RuleBlocks(nodes[small], block[small] + offset))
            offset += int(block.max(initial=-1)) + 1
            nodes, block, budget, pairs = nodes[~small], block[~small], budget - given, pairs + given
            if refine is None or not len(nodes):
                break
            split += _count_groups(block)
            finer = keys[refine].to_numpy()[nodes]
            key = combine_codes([block, finer])[finer != MISSING]
            nodes = nodes[finer != MISSING]
        self.counts[f"blocks_split_by_{rule.name}"] = split
        self.counts[f"nodes_left_out_by_{rule.name}"] = len(nodes)
        self.counts[f"pairs_by_{rule.name}"] = pairs
        return RuleBlocks(*(np.concatenate(values) for values in zip(*kept, strict=True)))


def blocking_keys(standardised: Standardised) -> pd.DataFrame:
    """One column of codes per key that a rule may name (-1: the node has none), a row per node."""
    nodes, names, places = standardised.nodes, standardised.names, standardised.places
    forename, surname, born, place = (
        nodes[name].to_numpy() for name in ("forename", "surname", "date_of_birth", "place")
    )
    keys = {name: nodes[name].to_numpy() for name in ("upn", "nino", "forename", *SURNAMES)}
    keys["date_of_birth"] = pd.factorize(np.where(born == MISSING, np.nan, born), sort=True)[0]
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
    return pd.DataFrame({name: codes.astype(np.int32, copy=False) for name, codes in keys.items()})


def pair_index(index: pd.Index, left: np.ndarray, right: np.ndarray) -> pd.MultiIndex:
    """A recordlinkage index of pairs from places in `index`."""
    return pd.MultiIndex(levels=[index, index], codes=[left, right], verify_integrity=False)


def _of(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return np.append(values, MISSING)[codes]


def _rule_keys(keys: pd.DataFrame, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and their keys; a rule on the surname takes former and preferred ones as well."""
    found = []
    for surname in SURNAMES if "surname" in names else ("surname",):
        columns = [keys[surname if name == "surname" else name].to_numpy() for name in names]
        known = np.logical_and.reduce([column != MISSING for column in columns])
        found.append((known, columns))
    nodes = np.concatenate([np.flatnonzero(known).astype(np.int32) for known, _ in found])
    joined = [np.concatenate([columns[place][known] for known, columns in found]) for place in range(len(names))]
    return nodes, combine_codes(joined)


def _group(nodes: np.ndarray, key: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes with others of their key, in order of key and node, each once, and numbers of their keys."""
    if (int(key.max(initial=0)) + 1) * size >= 2**61:
        key = pd.factorize(key)[0]
    bits = size.bit_length()
    packed = np.sort(key << bits | nodes)
    packed = packed[np.diff(packed, prepend=-1) > 0]
    key, nodes = packed >> bits, packed & (1 << bits) - 1
    first = np.diff(key, prepend=-1) > 0
    paired = ~(first & np.append(first[1:], True))
    block = np.cumsum(first[paired], dtype=np.int32) - np.int32(1)
    return nodes[paired].astype(np.int32), block


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
