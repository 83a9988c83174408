"""Resolving one group pair by pair: what comes first, what stands against a join, and what is held for somebody."""

from itertools import combinations

import numpy as np
import pytest

from linkage.component import Component, resolve_component


STRANGERS = -9.0


def solve(odds, forbidden=(), sure=(), accept=2.0, bridge=0.0, nodes=None):
    """The groups (as sets of nodes, in the order of their numbers) and the pairs held, of `odds` by pair."""
    nodes = nodes or sorted({node for pair in odds for node in pair})
    pairs = list(combinations(nodes, 2))
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    weights = np.array([odds.get(pair, STRANGERS) for pair in pairs], dtype=np.float32)
    conflict = np.array([2 * (pair in forbidden) for pair in pairs], dtype=np.int8)
    decided = np.array([dict(sure).get(pair, 0) for pair in pairs], dtype=np.int8)
    found, number, held = resolve_component(Component(left, right, weights, conflict, decided), accept, bridge)
    assert found.tolist() == list(nodes)
    groups = [set(found[number == one].tolist()) for one in range(number.max() + 1)]
    return groups, held


@pytest.mark.parametrize(("odds", "groups"), [(2.0, [{4, 7}]), (1.99, [{4}, {7}])])
def test_a_pair_joins_from_the_accepted_odds_on(odds, groups):
    assert solve({(4, 7): odds}) == (groups, [])


@pytest.mark.parametrize(
    ("other", "groups"), [(-9, [{0, 1, 2}]), (-9.5, [{0, 1}, {2}])], ids=["at the bridge", "below it"]
)
def test_two_groups_join_if_their_pairs_taken_together_do_not_fall_below_the_bridge(other, groups):
    found, held = solve({(0, 1): 12, (1, 2): 9, (0, 2): other})
    assert found == groups
    assert [(pair.left, pair.right, pair.odds, pair.why) for pair in held] == [(1, 2, 9.0, "bridge")][: len(groups) - 1]


def test_no_one_pair_counts_for_more_than_ten_either_way():
    assert solve({(0, 1): 40, (1, 2): 9, (0, 2): -30}, bridge=-1)[0] == [{0, 1, 2}]
    assert solve({(0, 1): 40, (1, 2): 30, (0, 2): -12}, bridge=0.5)[0] == [{0, 1}, {2}]


def test_a_pair_of_which_nothing_is_known_does_not_count():
    assert solve({(0, 1): 12, (1, 2): 9, (0, 2): np.nan}, bridge=8)[0] == [{0, 1, 2}]


def test_all_members_of_both_groups_are_taken_together():
    two_pairs = {(0, 1): 12, (2, 3): 11, (1, 2): 9, (0, 2): -1, (1, 3): -1}
    assert solve(two_pairs | {(0, 3): -7})[0] == [{0, 1, 2, 3}]
    assert solve(two_pairs | {(0, 3): -7.5})[0] == [{0, 1}, {2, 3}]


@pytest.mark.parametrize(("near", "held"), [(3.0, {(0, 1), (1, 2)}), (2.9, set())])
def test_one_who_might_as_well_be_another_who_cannot_be_the_first_is_held(near, held):
    found, pairs = solve({(0, 1): 6, (1, 2): near}, forbidden={(0, 2)})
    assert {(pair.left, pair.right) for pair in pairs if pair.why == "rival"} == held
    assert found == ([{0}, {1}, {2}] if held else [{0, 1}, {2}])


def test_a_rival_of_any_member_of_the_group_is_one():
    odds = {(0, 1): 12, (1, 2): 6, (0, 2): 6, (0, 3): 5}
    found, held = solve(odds, forbidden={(2, 3)})
    assert found == [{0, 1}, {2}, {3}]
    assert {pair.why for pair in held} == {"rival"}


def test_a_forbidden_pair_is_nothing_to_ask_about():
    assert solve({(0, 1): 12}, forbidden={(0, 1)}) == ([{0}, {1}], [])


def test_judgements_come_first_then_identifiers_then_the_heaviest():
    chain = {(0, 1): 30, (1, 2): 4, (2, 3): 3}
    assert solve(chain, forbidden={(0, 2)}, sure={(1, 2): 1})[0] == [{0}, {1, 2}, {3}]
    assert solve(chain, forbidden={(0, 2), (1, 3)}, sure={(1, 2): 1, (2, 3): 2})[0] == [{0, 1}, {2, 3}]


def test_a_judgement_prevails_over_what_forbids_the_pair():
    assert solve({(0, 1): -30}, forbidden={(0, 1)}, sure={(0, 1): 2})[0] == [{0, 1}]
    assert solve({(0, 1): 30}, forbidden={(0, 1)}, sure={(0, 1): 1})[0] == [{0}, {1}]


def test_judgements_hold_through_a_chain_whatever_forbids_its_ends():
    assert solve({(0, 1): -5, (1, 2): -5}, forbidden={(0, 2)}, sure={(0, 1): 2, (1, 2): 2})[0] == [{0, 1, 2}]
    assert solve({(0, 1): -5, (1, 2): -5}, forbidden={(0, 2)}, sure={(0, 1): 1, (1, 2): 1})[0] == [{0, 1}, {2}]


def test_an_identifier_asks_for_no_weight_and_knows_no_rival():
    found, held = solve({(0, 1): -20, (1, 2): -19}, forbidden={(0, 2)}, sure={(0, 1): 1})
    assert (found, held) == ([{0, 1}, {2}], [])


def test_of_pairs_of_one_weight_the_first_comes_first():
    found, held = solve({(0, 1): 6, (1, 2): 6})
    assert found == [{0, 1}, {2}]
    assert [(pair.left, pair.right) for pair in held] == [(1, 2)]
    assert solve({(0, 2): 6, (1, 2): 6})[0] == [{0, 2}, {1}]
    assert solve({(0, 1): 6, (0, 2): 6})[0] == [{0, 1}, {2}]


def test_what_was_held_and_has_come_together_after_all_is_asked_of_nobody():
    odds = {(0, 1): 8, (1, 2): 5, (0, 2): -6, (2, 3): 4, (0, 3): 3.9, (1, 3): 3.9}
    assert solve(odds) == ([{0, 1, 2, 3}], [])
