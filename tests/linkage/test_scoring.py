"""Scoring candidates: what is not compared could not have weighed enough, and parts do not matter."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from linkage.blocking import BlockingIndex, blocking_keys
from linkage.blocks import as_pairs
from linkage.comparison import comparable, make_compare
from linkage.pruning import Bounds
from linkage.scoring import Scorer, score_blocks, score_part
from linkage.settings import LinkageSettings
from linkage.standardise import standardise
from linkage.threads import on_threads
from linkage.training import train
from tests.linkage.neighbours import make_records


SETTINGS = LinkageSettings()
RULES = tuple(SETTINGS.blocking.values())


@pytest.fixture(scope="module")
def prepared():
    found = standardise(make_records(seed=4, households=120)[0])
    keys, nodes, compare = blocking_keys(found), comparable(found), make_compare(found, SETTINGS.likeness)
    return keys, nodes, compare, train(nodes, keys, compare, SETTINGS)


@pytest.fixture(scope="module")
def blocks(prepared):
    return BlockingIndex(RULES).block(prepared[0])


@pytest.fixture(scope="module")
def candidates(prepared):
    return [np.asarray(codes) for codes in BlockingIndex(RULES).index(prepared[0]).codes]


def score(prepared, blocks, *, least, most=10**6, map=None):  # noqa: A002
    return score_blocks(Scorer(blocks, *prepared[1:], least=least), blocks.parts(most), map)


@pytest.mark.parametrize("least", [-10.0, 0.0, 10.0, 25.0])
def test_bounds_are_never_too_low(prepared, candidates, least):
    _, nodes, compare, trained = prepared
    reach = Bounds(nodes, compare, trained).may_reach(as_pairs(*candidates), least)
    scored = score_part(tuple(candidates), nodes=nodes, compare=compare, trained=trained)
    wanted = np.flatnonzero(scored.scores.match >= least)
    key, found = (left.astype(np.int64) * len(nodes) + right for left, right in (candidates, reach[:2]))
    assert np.isin(key[wanted], found).all()


@pytest.mark.parametrize("least", [-10.0, 5.0, 20.0])
def test_what_is_kept_is_what_weighs_enough(prepared, blocks, candidates, least):
    _, nodes, compare, trained = prepared
    every = score_part(tuple(candidates), nodes=nodes, compare=compare, trained=trained)
    wanted = every.take(np.flatnonzero(every.scores.match >= least))
    kept = score(prepared, blocks, least=least)
    kept = kept.take(np.flatnonzero(kept.scores.match >= least))
    assert same(kept, wanted)


def test_some_pairs_are_not_compared(prepared, blocks, candidates):
    scored = score(prepared, blocks, least=20.0)
    assert scored.patterns.sum() < scored.candidates == len(candidates[0])


def test_parts_do_not_matter(prepared, blocks):
    whole, parted = (score(prepared, blocks, least=0.0, most=size) for size in (10**6, 77))
    assert len(blocks.parts(77)) > 20
    assert same(whole, parted)
    assert (whole.patterns == parted.patterns).all()
    assert whole.candidates == parted.candidates


def test_other_processes_and_threads_give_the_same(prepared, blocks):
    here = score(prepared, blocks, least=0.0, most=1000, map=map)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert same(here, score(prepared, blocks, least=0.0, most=1000, map=pool.map))
    assert same(here, score(prepared, blocks, least=0.0, most=1000, map=on_threads))


def test_parts_are_small_to_send_and_what_takes_part_is_sent_once(prepared, blocks):
    parts = blocks.parts(1000)
    scorer = pickle.dumps(Scorer(blocks, *prepared[1:], least=0.0), protocol=5)
    assert max(len(pickle.dumps(part, protocol=5)) for part in parts) < len(scorer) / 10


def same(one, two):
    return (
        (one.left == two.left).all()
        and (one.right == two.right).all()
        and (one.scores.match == two.scores.match).all()
        and (one.scores.household == two.scores.household).all()
        and all((codes == two.levels[field]).all() for field, codes in one.levels.items())
    )
