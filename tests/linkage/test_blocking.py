"""Candidate pairs: exactly those that agree on a rule's keys, each once, bounded and counted."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordlinkage.base import BaseIndexAlgorithm

from linkage.blocking import BlockingIndex, blocking_keys
from linkage.blocks import pairs_of
from linkage.sampling import sample_agreeing, sample_random
from linkage.settings import BLOCKING, BlockingRule
from linkage.standardise import standardise
from tests.linkage.neighbours import make_records


SURNAMES = ["surname", "former", "preferred"]


def listed(index: pd.MultiIndex) -> list[tuple[int, int]]:
    return list(zip(*(np.asarray(codes).tolist() for codes in index.codes), strict=True))


def keys_of(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame({name: np.array(columns.get(name, [-1] * size)) for name in [*SURNAMES, *columns]})


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 2)), min_size=2, max_size=25))
def test_pairs_are_those_that_agree_on_all_keys(values):
    keys = keys_of(a=[a for a, _ in values], b=[b for _, b in values])
    found = listed(BlockingIndex([BlockingRule(name="a+b", keys=("a", "b"))]).index(keys))
    wanted = [
        pair
        for pair in combinations(range(len(values)), 2)
        if values[pair[0]] == values[pair[1]] and -1 not in values[pair[0]]
    ]
    assert sorted(found) == wanted


def test_rules_together_give_each_pair_once():
    keys = keys_of(a=[1, 1, 2], b=[5, 5, 5])
    rules = [BlockingRule(name="a", keys=("a",)), BlockingRule(name="b", keys=("b",))]
    index = BlockingIndex(rules)
    assert sorted(listed(index.index(keys))) == [(0, 1), (0, 2), (1, 2)]
    assert (index.counts["pairs_by_a"], index.counts["pairs_by_b"]) == (1, 3)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.integers(-1, 2)] * 4), min_size=2, max_size=12), st.sampled_from([1, 7, 10**6]))
def test_each_pair_comes_once_whatever_the_parts(values, most):
    keys = keys_of(
        **{name: list(column) for name, column in zip([*SURNAMES, "a"], zip(*values, strict=True), strict=True)}
    )
    rules = [
        BlockingRule.model_construct(name=name, keys=(name,), refine=(), pairs_per_record=4.0)
        for name in ("a", "surname")
    ]
    blocks = BlockingIndex([*rules, rules[0]]).block(keys)
    found = [
        pair
        for part in blocks.parts(most)
        for pairs in pairs_of(part, blocks.membership)
        for pair in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    ]
    wanted = [
        (left, right)
        for left, right in combinations(range(len(values)), 2)
        if values[left][3] == values[right][3] != -1 or {*values[left][:3]} & {*values[right][:3]} - {-1}
    ]
    assert sorted(found) == wanted


def test_former_and_preferred_surnames_are_surnames():
    keys = keys_of(surname=[1, 2, 3], former=[-1, 1, -1], preferred=[-1, -1, 2])
    assert sorted(listed(BlockingIndex([BlockingRule(name="s", keys=("surname",))]).index(keys))) == [(0, 1), (1, 2)]


def test_large_blocks_are_refined_then_left_out_and_counted(monkeypatch):
    monkeypatch.setattr("linkage.blocking.FEWEST_PAIRS", 6)
    keys = keys_of(a=[1] * 8 + [2] * 2, b=[0, 0, 0, 1, 1, 1, -1, 2, 0, 0])
    index = BlockingIndex([BlockingRule(name="a", keys=("a",), refine=("b",), pairs_per_record=0.1)])
    found = listed(index.index(keys))
    assert (8, 9) in found
    assert len(found) <= 6
    assert index.counts["blocks_split_by_a"] == 1
    assert index.counts["nodes_left_out_by_a"] > 0


def test_it_is_an_index_of_recordlinkage():
    assert isinstance(BlockingIndex(BLOCKING), BaseIndexAlgorithm)
    pairs = BlockingIndex(BLOCKING).index(blocking_keys(standardise(make_records(seed=1, households=5)[0])))
    assert pairs.nlevels == 2
    assert (pairs.codes[0] < pairs.codes[1]).all()


@pytest.mark.parametrize("most", [3, 10, 1000])
def test_samples_agree_and_are_no_larger_than_asked(most):
    key = np.array([1, 1, 1, 2, 2, -1, -1, 1])
    sample = sample_agreeing([key], most)
    assert sample.total == 7
    assert len(sample.left) <= min(most, 7)
    assert (key[sample.left] == key[sample.right]).all()
    assert (key[sample.left] >= 0).all()


def test_all_pairs_are_a_sample_of_few():
    sample = sample_random(5, 1000)
    assert sorted(zip(sample.left.tolist(), sample.right.tolist(), strict=True)) == list(combinations(range(5), 2))
    assert len(sample_random(1000, 500).left) > 450
