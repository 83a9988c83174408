"""Resolving people: constraints always hold, bridges and rivals are held for review, order never matters."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import clustering
from linkage.clustering import Limits, Links, pairs_of_groups, resolve


LIMITS = Limits(accept=2.0, bridge=0.0)
STRANGERS = -9.0


def world(odds, forbidden=(), sure=()):
    """Links of all pairs: `odds` by pair, everything else far apart."""

    def relate(left, right):
        pairs = list(zip(left.tolist(), right.tolist(), strict=True))
        weights = np.array([odds.get(pair, STRANGERS) for pair in pairs], dtype=np.float32)
        conflict = np.array([pair in forbidden for pair in pairs], dtype=np.int8)
        decided = np.array([dict(sure).get(pair, 0) for pair in pairs], dtype=np.int8)
        return Links(left, right, weights, conflict, decided)

    return relate


def people(size, odds, forbidden=(), sure=()):
    relate = world(odds, forbidden, sure)
    known = sorted(set(odds) | set(forbidden) | set(dict(sure)))
    left, right = (np.array([pair[side] for pair in known], dtype=np.int64) for side in (0, 1))
    return resolve(size, relate(left, right), LIMITS, relate)


def test_strong_pairs_join_and_weak_ones_do_not():
    assert list(people(4, {(0, 1): 9, (1, 2): 9, (0, 2): 9, (2, 3): 1}).person) == [0, 0, 0, 1]


def test_a_forbidden_pair_stays_apart_through_a_chain():
    found = people(3, {(0, 1): 12, (1, 2): 5, (0, 2): -30}, forbidden={(0, 2)})
    assert list(found.person) == [0, 0, 1]


def test_a_weak_bridge_between_two_sure_groups_is_held():
    strong = dict.fromkeys((*combinations((0, 1, 2), 2), *combinations((3, 4, 5), 2)), 12)
    found = people(6, strong | {(2, 3): 3})
    assert list(found.person) == [0, 0, 0, 1, 1, 1]
    assert [(pair.left, pair.right, pair.why) for pair in found.held] == [(2, 3, "bridge")]


def test_one_between_two_who_cannot_be_one_is_held():
    found = people(3, {(0, 1): 6, (1, 2): 5}, forbidden={(0, 2)})
    assert list(found.person) == [0, 1, 2]
    assert {pair.why for pair in found.held} == {"rival"}


def test_a_judgement_joins_whatever_the_weight():
    assert list(people(3, {}, sure={(0, 2): 2}).person) == [0, 1, 0]


def test_an_identifier_joins_unless_forbidden():
    assert list(people(3, {}, sure={(0, 1): 1, (1, 2): 1}, forbidden={(0, 2)}).person) == [0, 0, 1]


def test_a_group_is_resolved_pair_by_pair_only_where_a_pair_of_it_may_be_two_people():
    clear = dict.fromkeys(combinations((0, 1, 2), 2), 5) | dict.fromkeys(combinations((3, 4, 5), 2), 5)
    assert people(6, clear).counts == {"groups_resolved_pair_by_pair": 0, "pairs_held": 0}
    assert people(6, clear | {(0, 2): 0}).counts["groups_resolved_pair_by_pair"] == 0
    unlike = people(6, clear | {(0, 2): -0.1})
    assert unlike.counts == {"groups_resolved_pair_by_pair": 1, "pairs_held": 0}
    assert list(unlike.person) == [0, 0, 0, 1, 1, 1]
    both = people(7, clear | {(0, 1): -1, (3, 4): -20, (3, 5): 3}, forbidden={(3, 4)})
    assert both.counts == {"groups_resolved_pair_by_pair": 2, "pairs_held": 2}
    assert list(both.person) == [0, 0, 0, 1, 2, 3, 4]


def test_a_pair_from_the_accepted_weight_on_joins():
    assert list(people(4, {(0, 1): 2.0, (2, 3): 1.99}).person) == [0, 0, 1, 2]


def test_what_is_sure_holds_where_the_weights_would_not():
    assert list(people(2, {(0, 1): -5}, sure={(0, 1): 1}).person) == [0, 0]
    assert list(people(2, {(0, 1): -5}, forbidden={(0, 1)}, sure={(0, 1): 1}).person) == [0, 1]
    assert list(people(2, {(0, 1): -5}, forbidden={(0, 1)}, sure={(0, 1): 2}).person) == [0, 0]


def test_nobody_is_nobody():
    assert len(people(0, {}).person) == 0
    assert list(people(2, {}).person) == [0, 1]


@pytest.mark.parametrize("sizes", [(1,), (3, 1, 4), (2, 2), (5,)])
def test_all_pairs_of_each_group_are_given_once(sizes):
    group = np.repeat(np.arange(len(sizes)), sizes)
    nodes = np.arange(len(group))[::-1].copy()
    left, right = pairs_of_groups(nodes, group)
    assert (left < right).all()
    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == sorted(
        pair for label in range(len(sizes)) for pair in combinations(sorted(nodes[group == label].tolist()), 2)
    )


def test_beyond_all_reason_weak_links_are_dropped():
    size = 1200
    chain = {(place, place + 1): 2.5 for place in range(size - 1)} | {(0, 1): 30}
    found = people(size, chain)
    assert found.person[0] == found.person[1]
    assert len(set(found.person)) > 100
    assert found.counts["groups_resolved_pair_by_pair"] == 0, "it is taken apart before it is looked at pair by pair"


def test_beyond_all_reason_what_is_sure_and_smaller_groups_keep_their_links():
    size = 1200
    chain = {(place, place + 1): 2.5 for place in range(size - 1)}
    alone = {(size, size + 1): 2.5}
    found = people(size + 2, chain | alone, sure={(3, 4): 1})
    assert found.person[3] == found.person[4]
    assert found.person[size] == found.person[size + 1]
    assert len(set(found.person)) == size + 2 - 2


def test_a_group_just_as_large_as_reason_allows_is_not_taken_apart(monkeypatch):
    monkeypatch.setattr(clustering, "LARGEST", 3)
    chains = {(0, 1): 5, (1, 2): 5, (3, 4): 5, (4, 5): 5, (5, 6): 9}
    near = {(0, 2): 5, (3, 5): 5, (3, 6): 5, (4, 6): 5}
    assert list(people(7, chains | near).person) == [0, 0, 0, 1, 2, 3, 3]


@pytest.mark.parametrize("size", [2, 3, 4])
def test_what_is_sure_of_a_candidate_stays_sure_when_all_pairs_are_looked_at(size):
    pairs = list(combinations(range(size), 2))
    heavy = dict.fromkeys(pairs, 9) | {(0, size - 1): -30, (0, 1): -30}
    forgetful = world(heavy)
    candidates = world(heavy, sure={(0, 1): 1})
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    found = resolve(size, candidates(left, right), LIMITS, forgetful)
    assert found.person[0] == found.person[1]


@st.composite
def graphs(draw):
    size = draw(st.integers(2, 9))
    pairs = list(combinations(range(size), 2))
    odds = {pair: draw(st.integers(-12, 14)) for pair in pairs if draw(st.booleans())}
    forbidden = {pair for pair in pairs if draw(st.integers(0, 9)) == 0}
    return size, odds, forbidden


@settings(derandomize=True, deadline=None, max_examples=150)
@given(graphs())
def test_no_group_holds_a_forbidden_pair(graph):
    size, odds, forbidden = graph
    person = people(size, odds, forbidden).person
    assert all(person[left] != person[right] for left, right in forbidden)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(graphs())
def test_without_constraints_all_that_agree_are_one(graph):
    size, odds, _ = graph
    strong = dict.fromkeys(combinations(range(size), 2), 9)
    assert len(set(people(size, strong | odds if not odds else strong).person)) == 1


@pytest.mark.parametrize("seed", range(5))
def test_people_are_numbered_by_their_first_node(seed):
    rng = np.random.default_rng(seed)
    odds = {pair: int(rng.integers(-9, 14)) for pair in combinations(range(8), 2)}
    person = people(8, odds).person
    first = [int(np.flatnonzero(person == label)[0]) for label in range(person.max() + 1)]
    assert first == sorted(first)
