"""What people judged has the last word over who is who, whatever clustering made of it."""

import numpy as np
import pandas as pd
import pytest

from linkage.judgements import Decided
from linkage.outcomes import hold_judged
from linkage.rulings import Ruled


def pairs(*given):
    left, right = zip(*given, strict=True) if given else ((), ())
    return np.array(left, np.int64), np.array(right, np.int64)


def held(person, must=(), cannot=()):
    nothing = pd.DataFrame()
    decided = Decided(pairs(*must), pairs(*cannot), pairs(), nothing, nothing, nothing, Ruled(nothing, []))
    given = np.array(person)
    found = hold_judged(given, decided)
    assert given.tolist() == list(person), "what was worked out is left as it was"
    return found.tolist()


def test_without_judgements_nothing_changes():
    assert held([2, 0, 1]) == [2, 0, 1]


@pytest.mark.parametrize(
    ("person", "must", "cannot", "expected"),
    [
        ([0, 0, 1], [(0, 1)], [(1, 2)], [0, 0, 1]),
        ([0, 1, 2], [(0, 2)], [], [0, 1, 0]),
        ([0, 1, 2, 3], [(0, 2), (2, 3)], [], [0, 1, 0, 0]),
        ([0, 0, 1], [], [(0, 1)], [0, 1, 2]),
        ([0, 0, 0, 0], [(1, 2)], [(0, 1)], [0, 1, 1, 0]),
        ([0, 0, 0], [], [(0, 1), (0, 2)], [0, 1, 2]),
        ([0, 0, 1, 1], [], [(0, 1), (2, 3)], [0, 1, 2, 3]),
    ],
    ids=["held already", "joined", "joined through another", "parted", "parted as a group", "parted twice", "two"],
)
def test_those_judged_one_are_one_and_those_judged_apart_are_two(person, must, cannot, expected):
    assert held(person, must, cannot) == expected
