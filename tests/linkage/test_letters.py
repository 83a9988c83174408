"""Letters prove names to be far apart, and never those that are alike."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from linkage.letters import count_letters
from linkage.settings import LikenessSettings


CUTS = LikenessSettings()
NAMES = st.lists(st.text("abcdeñ-", min_size=1, max_size=40), min_size=2, max_size=8, unique=True)


def may_be_alike(names):
    letters = count_letters(np.array(names, dtype=object), CUTS)
    first, second = np.array(list(product(range(len(names)), repeat=2))).T
    return letters.may_be_alike(first, second).reshape(len(names), len(names))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(NAMES)
def test_names_that_are_alike_are_never_ruled_out(names):
    possible = may_be_alike(names)
    for (row, one), (column, two) in product(enumerate(names), repeat=2):
        likeness, edits = JaroWinkler.similarity(one, two), OSA.distance(one, two)
        shorter = min(len(one), len(two))
        slip = (edits <= 1 and shorter >= CUTS.one_edit_letters) or (edits <= 2 and shorter >= CUTS.two_edits_letters)
        if likeness >= CUTS.name_similar or (likeness >= CUTS.name_edits_from and slip):
            assert possible[row, column]


@pytest.mark.parametrize(("one", "two", "expected"), [("mary", "zoltan", False), ("mary", "marie", True)])
def test_most_others_are(one, two, expected):
    assert may_be_alike([one, two])[0, 1] == expected
