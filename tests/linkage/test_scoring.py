"""Scoring candidates: what is not compared could not have weighed enough, and parts do not matter."""

import numpy as np
import pytest

from linkage.blocking import BlockingIndex, blocking_keys
from linkage.comparison import comparable, make_compare
from linkage.pruning import Bounds
from linkage.scoring import score_pairs, score_part
from linkage.settings import BLOCKING, LinkageSettings
from linkage.standardise import standardise
from linkage.training import train
from tests.linkage.neighbours import make_records


@pytest.fixture(scope="module")
def prepared():
    found = standardise(make_records(seed=4, households=120)[0])
    keys, nodes, compare = blocking_keys(found), comparable(found), make_compare(found, LinkageSettings().likeness)
    return nodes, compare, train(nodes, keys, compare, LinkageSettings()), BlockingIndex(BLOCKING).index(keys)


@pytest.mark.parametrize("least", [-10.0, 0.0, 10.0, 25.0])
def test_bounds_are_never_too_low(prepared, least):
    nodes, compare, trained, pairs = prepared
    left, right = (np.asarray(codes) for codes in pairs.codes)
    kept = Bounds(nodes, trained).may_reach(left, right, least)
    scored = score_part((left, right), nodes=nodes, compare=compare, trained=trained)
    reach = np.flatnonzero(scored.scores.match >= least)
    assert np.isin(reach, kept).all()


def test_some_pairs_are_not_compared(prepared):
    nodes, compare, trained, pairs = prepared
    scored = score_pairs(pairs, nodes, compare, trained, chunk=500, least=20.0)
    assert scored.patterns.sum() < len(pairs)


def test_parts_do_not_matter(prepared):
    nodes, compare, trained, pairs = prepared
    whole, parted = (score_pairs(pairs, nodes, compare, trained, chunk=size, least=0.0) for size in (10**6, 77))
    assert (whole.left == parted.left).all()
    assert (whole.right == parted.right).all()
    assert (whole.scores.match == parted.scores.match).all()
    assert (whole.patterns == parted.patterns).all()
