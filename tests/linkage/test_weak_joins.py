"""Where people hang by a link that is not sure: which parts hold surely, and which link between them is asked about."""

import numpy as np

from linkage.clustering import Links
from linkage.weak_joins import DOUBTED, find_parts, find_weak_joins


def links_of(*rows):
    """Links of (left, right, odds, conflict, sure)."""
    left, right, odds, conflict, sure = (np.array(column) for column in zip(*rows, strict=True))
    return Links(left, right, odds.astype(float), conflict, sure)


def asked(person, *rows):
    links = links_of(*rows)
    person = np.array(person)
    return [rows[row][:2] for row in find_weak_joins(links, person, find_parts(links, person))]


def test_a_link_of_nineteen_to_one_holds_and_one_below_does_not():
    links = links_of((0, 1, DOUBTED, 0, 0), (2, 3, DOUBTED - 0.01, 0, 0), (3, 4, -5, 0, 1))
    part = find_parts(links, np.array([0, 0, 1, 1, 1]))
    assert part[0] == part[1]
    assert part[2] != part[3] == part[4]


def test_a_sure_link_between_two_people_holds_no_part_together():
    part = find_parts(links_of((0, 1, 9.0, 0, 0)), np.array([0, 1]))
    assert part[0] != part[1]


def test_the_strongest_link_between_two_parts_is_asked_about():
    assert asked([0, 0, 0], (0, 1, 9, 0, 0), (0, 2, 1, 0, 0), (1, 2, 2, 0, 0)) == [(1, 2)]
    assert asked([0, 0, 0], (0, 1, 9, 0, 0), (0, 2, 2, 0, 0), (1, 2, 2, 0, 0)) == [(0, 2)]


def test_of_three_parts_the_two_strongest_links_are_asked_about():
    assert asked([0, 0, 0], (0, 1, 1, 0, 0), (0, 2, 3, 0, 0), (1, 2, 2, 0, 0)) == [(0, 2), (1, 2)]
    assert asked([0, 0, 0], (0, 1, 3, 0, 0), (0, 2, 1, 0, 0), (1, 2, 2, 0, 0)) == [(0, 1), (1, 2)]


def test_nobody_is_asked_about_what_is_forbidden_unknown_or_of_two_people():
    assert asked([0, 0], (0, 1, 1, 3, 0)) == []
    assert asked([0, 0], (0, 1, np.nan, 0, 0)) == []
    assert asked([0, 1], (0, 1, 1, 0, 0)) == []


def test_parts_are_told_apart_whatever_their_number():
    person = [0] * 2 + [1] * 2 + [2] * 2
    rows = [(0, 1, 1, 0, 0), (2, 3, 2, 0, 0), (4, 5, 3, 0, 0)]
    assert asked(person, *rows) == [(0, 1), (2, 3), (4, 5)]
