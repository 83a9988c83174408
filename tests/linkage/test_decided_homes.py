"""Rulings applied to homes that were worked out: who goes where, who stays, and which households come of it."""

import numpy as np
import pandas as pd

from linkage.decided_homes import Rulings, hold_rulings, move_people, rank_placed, read_rulings
from linkage.residence import Residence


NOWHERE = -1


def homes(*rows):
    """A residence of (place, last, surety, rival); all were first seen on day 1."""
    place, last, surety, rival = zip(*rows, strict=True)
    count = len(rows)
    values = {"place": np.array(place), "first": np.full(count, 1.0), "last": np.array(last, float)}
    values |= {"surety": np.array(surety, float), "rival": np.array(rival)}
    return Residence(**{name: values[name] for name in Residence._fields})


def rulings(people, *decided):
    return read_rulings(pd.DataFrame(decided, columns=["left", "right", "together"]), people)


def test_without_rulings_nobody_moves_and_everybody_is_a_unit():
    for none in (None, pd.DataFrame(columns=["left", "right", "together"])):
        found = read_rulings(none, 3)
        assert (found.together.shape, found.apart.shape, found.unit.tolist()) == ((0, 2), (0, 2), [0, 1, 2])
    home = homes((5, 9, 0.8, NOWHERE))
    assert move_people(home, read_rulings(None, 1)) is home


def test_those_who_live_together_are_one_unit_through_others():
    found = rulings(5, (0, 2, True), (2, 4, True), (1, 3, False))
    assert found.unit[0] == found.unit[2] == found.unit[4]
    assert len({found.unit[0], found.unit[1], found.unit[3]}) == 3
    assert (found.together.tolist(), found.apart.tolist()) == ([[0, 2], [2, 4]], [[1, 3]])


def test_better_placed_is_who_has_a_place_then_more_surely_then_of_late():
    home = homes((NOWHERE, 99, 1, NOWHERE), (4, 5, 0.5, NOWHERE), (4, 5, 0.9, NOWHERE), (4, 6, 0.9, NOWHERE))
    assert rank_placed(home).tolist() == [3, 2, 1, 0]


def test_a_unit_goes_where_its_best_placed_member_lives_and_no_doubt_is_left():
    home = homes((7, 5, 0.6, 8), (3, 5, 0.9, NOWHERE), (NOWHERE, 0, 0, NOWHERE), (9, 5, 0.7, 2))
    moved = move_people(home, rulings(4, (0, 1, True), (1, 2, True)))
    assert moved.place.tolist() == [3, 3, 3, 9]
    assert moved.surety.tolist() == [1, 1, 1, 0.7]
    assert moved.rival.tolist() == [NOWHERE, NOWHERE, NOWHERE, 2]
    assert home.place.tolist() == [7, 3, NOWHERE, 9], "what was worked out is left as it was"


def test_the_first_of_all_places_is_a_place():
    moved = move_people(homes((0, 5, 0.6, 8), (NOWHERE, 0, 0, NOWHERE)), rulings(2, (0, 1, True)))
    assert (moved.place.tolist(), moved.surety.tolist()) == ([0, 0], [1, 1])


def test_two_without_a_place_live_together_nowhere():
    moved = move_people(homes((NOWHERE, 0, 0, NOWHERE), (NOWHERE, 0, 0, NOWHERE)), rulings(2, (0, 1, True)))
    assert (moved.place.tolist(), moved.surety.tolist()) == ([NOWHERE, NOWHERE], [0, 0])


def test_of_two_who_live_apart_the_worse_placed_goes_to_their_other_place():
    home = homes((7, 5, 0.9, 8), (7, 5, 0.6, 9))
    moved = move_people(home, rulings(2, (0, 1, False)))
    assert (moved.place.tolist(), moved.rival.tolist(), moved.surety.tolist()) == ([7, 9], [8, NOWHERE], [0.9, 1])


def test_who_has_no_other_place_stays_and_the_other_goes():
    moved = move_people(homes((7, 5, 0.9, 8), (7, 5, 0.6, NOWHERE)), rulings(2, (0, 1, False)))
    assert moved.place.tolist() == [8, 7]
    stuck = move_people(homes((7, 5, 0.9, NOWHERE), (7, 5, 0.6, NOWHERE)), rulings(2, (0, 1, False)))
    assert stuck.place.tolist() == [7, 7], "the household is parted, if not the place"


def test_nobody_is_asked_whether_they_live_where_they_were_said_not_to():
    home = homes((7, 5, 0.9, 8), (8, 5, 0.6, 7), (8, 5, 0.6, 7))
    moved = move_people(home, rulings(3, (0, 1, False)))
    assert moved.place.tolist() == [7, 8, 8]
    assert moved.rival.tolist() == [NOWHERE, NOWHERE, 7]
    assert moved.surety.tolist() == [1, 1, 0.6]


def test_two_without_a_place_who_live_apart_stay_as_they_are():
    home = homes((NOWHERE, 0, 0, NOWHERE), (NOWHERE, 0, 0, NOWHERE))
    assert move_people(home, rulings(2, (0, 1, False))).place.tolist() == [NOWHERE, NOWHERE]


ANYWHERE = homes(*[(1, 9 - row, 0.9, NOWHERE) for row in range(6)])
"""Six people of one place, the first best placed."""


def households(codes, *decided):
    return hold_rulings(np.array(codes), ANYWHERE, rulings(6, *decided)).tolist()


def test_a_unit_is_of_the_household_of_its_best_placed_member():
    assert households([0, 1, 2, 3, 4, 5], (1, 0, True), (5, 4, True)) == [0, 0, 2, 3, 4, 4]


def test_of_two_who_live_apart_the_worse_placed_is_a_household_of_their_own():
    assert households([0, 0, 0, 1, 1, 1], (2, 1, False)) == [0, 0, 2, 1, 1, 1]
    assert households([0, 0, 0, 1, 1, 1], (2, 3, False)) == [0, 0, 0, 1, 1, 1]


def test_as_few_households_are_made_as_rulings_allow():
    assert households([0] * 6, (0, 1, False), (0, 2, False)) == [0, 1, 1, 0, 0, 0]
    assert households([0] * 6, (0, 1, False), (0, 2, False), (1, 2, False)) == [0, 1, 2, 0, 0, 0]
    assert households([0] * 6, (0, 1, False), (2, 3, False)) == [0, 1, 0, 1, 0, 0]


def test_a_unit_leaves_whole():
    assert households([0] * 6, (0, 1, False), (1, 2, True)) == [0, 1, 1, 0, 0, 0]
    assert households([0] * 6, (0, 1, False), (0, 2, False), (1, 2, True)) == [0, 1, 1, 0, 0, 0]


def test_each_household_that_is_parted_gets_new_ones_of_its_own():
    assert households([0, 0, 0, 1, 1, 1], (0, 1, False), (3, 4, False)) == [0, 2, 0, 1, 3, 1]


def test_what_was_worked_out_is_left_as_it_was():
    codes = np.zeros(6, dtype=np.int64)
    hold_rulings(codes, ANYWHERE, rulings(6, (0, 1, False)))
    assert codes.tolist() == [0] * 6
    assert isinstance(rulings(6), Rulings)
