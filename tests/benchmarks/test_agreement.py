"""Scores on tables small enough to count by hand."""

import pandas as pd
import pytest

from benchmarks.agreement import pair_score, score


def test_pairs_are_counted_as_by_hand() -> None:
    found = pd.Series(["a", "a", "a", "b", "c"])
    right = pd.Series(["x", "x", "y", "y", "z"])
    result = pair_score(found, right)
    assert result.counts == (1, 3, 2)
    assert (result.precision, result.recall) == (pytest.approx(1 / 3), 0.5)


def test_perfect_and_empty() -> None:
    assert pair_score(pd.Series(["a", "a"]), pd.Series(["x", "x"])).f1 == pytest.approx(1.0)
    assert score(0, 0, 5).f1 == 0.0
