"""How surely a person's mentions hang together."""

import numpy as np
import pytest

from linkage.clustering import Links
from linkage.cohesion import measure_cohesion


def links(*rows):
    """Links of (left, right, odds, sure)."""
    left, right, odds, sure = zip(*rows, strict=True) if rows else ((), (), (), ())
    count = len(left)
    return Links(
        np.array(left, np.int64),
        np.array(right, np.int64),
        np.array(odds, np.float32),
        np.zeros(count, np.int8),
        np.array(sure, np.int8),
    )


def test_one_mention_coheres():
    assert measure_cohesion(links(), np.array([0, 1]), 2).tolist() == [1, 1]


def test_the_weakest_link_that_is_needed_counts():
    chain = links((0, 1, 9, 0), (1, 2, 2, 0), (0, 2, -3, 0), (2, 3, 30, 0))
    found = measure_cohesion(chain, np.array([0, 0, 0, 1]), 2)
    assert found.tolist() == pytest.approx([0.8, 1])


def test_an_identifier_is_certain_whatever_the_weight():
    assert measure_cohesion(links((0, 1, -5, 1)), np.array([0, 0]), 1).tolist() == [1]
    assert measure_cohesion(links((0, 1, np.nan, 2)), np.array([0, 0]), 1).tolist() == [1]


def test_what_no_link_reaches_is_not_known():
    assert np.isnan(measure_cohesion(links((0, 1, 5, 0)), np.array([0, 0, 0]), 1)).all()
