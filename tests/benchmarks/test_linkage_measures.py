"""The measures of linkage on cases small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.linkage import homes, measures


TRUTH = np.array([0, 0, 0, 1, 1, 2, -1])
"""Three records of one person, two of another, one of a third, one of nobody knows whom: four pairs belong together."""


def scored(*rows: tuple[int, int, float]) -> measures.Pairs:
    return measures.mark(pd.DataFrame(rows, columns=["left", "right", "probability"]), TRUTH)


def test_people_are_counted_as_pairs_of_records_and_unknown_ones_are_left_out() -> None:
    found = measures.people_score(np.array([7, 7, 8, 9, 9, 9, 9]), TRUTH)
    assert found.counts == (2, 4, 4)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)


def test_pairs_within_a_source_do_not_count_between_sources() -> None:
    source = np.array([0, 0, 1, 0, 1, 1, 1])
    assert measures.true_pairs(TRUTH) == 4
    assert measures.true_pairs(TRUTH, source) == 3
    found = measures.people_score(np.array([7, 7, 7, 9, 8, 8, 8]), TRUTH, source)
    assert found.counts == (2, 2, 3)


def test_pairs_of_unknown_people_are_not_scored() -> None:
    assert len(scored((0, 1, 0.9), (5, 6, 0.9)).left) == 1


@pytest.mark.parametrize(
    ("threshold", "counts"), [(0.9, (1, 1, 4)), (0.5, (2, 3, 4)), (0.1, (3, 4, 4)), (0.99, (0, 0, 4))]
)
def test_pairs_from_a_threshold_on(threshold: float, counts: tuple[int, int, int]) -> None:
    pairs = scored((0, 1, 0.9), (3, 4, 0.6), (2, 3, 0.5), (0, 2, 0.1))
    assert measures.pairs_at(pairs, threshold, 4).counts == counts


def test_clusters_join_what_pairs_link_in_a_row() -> None:
    codes = measures.clusters_at(scored((0, 1, 0.9), (1, 2, 0.9), (3, 4, 0.4)), 0.5, 7)
    assert codes[0] == codes[1] == codes[2]
    assert len(set(codes.tolist())) == 5


def test_the_best_threshold_is_the_one_of_highest_f1_and_of_equals_the_lowest() -> None:
    pairs = scored((0, 1, 0.97), (3, 4, 0.92), (0, 2, 0.85), (2, 3, 0.6), (4, 5, 0.55))
    best = measures.best_pairs(pairs, 4, thresholds=(0.5, 0.7, 0.8, 0.9))
    assert best.threshold == 0.7
    assert best.score.counts == (3, 3, 4)
    clusters = measures.best_clusters(pairs, TRUTH, thresholds=(0.5, 0.7, 0.8, 0.9))
    assert clusters.threshold == 0.7
    assert clusters.score.f1 == 1.0


def test_calibration_counts_the_right_ones_in_each_bin_with_both_ends() -> None:
    pairs = scored((0, 1, 0.0), (0, 3, 0.2), (0, 2, 0.79), (3, 4, 0.8), (1, 2, 0.95), (4, 5, 1.0))
    rows = measures.calibration(pairs)
    assert [(row["from"], row["pairs"], row["right"]) for row in rows] == [
        (0.0, 1, 1), (0.2, 2, 1), (0.8, 1, 1), (0.9, 2, 1),
    ]  # fmt: skip


def test_nothing_found_is_no_division_by_nothing() -> None:
    empty = scored()
    assert measures.pairs_at(empty, 0.5, 4).f1 == 0.0
    assert [row["pairs"] for row in measures.calibration(empty)] == [0, 0, 0, 0]


def test_spread_of_runs() -> None:
    assert measures.spread([3.0, 1.0, 2.0]) == {"median": 2.0, "least": 1.0, "most": 3.0}


def test_records_without_an_address_are_households_of_their_own() -> None:
    codes = homes.by_record(pd.Series(["1 A ST", None, "1 A ST", None], dtype="string"))
    assert codes[0] == codes[2]
    assert len(set(codes.tolist())) == 3


def test_a_person_lives_where_most_records_say_or_where_seen_last() -> None:
    person = np.array([0, 0, 0, 1, 2])
    lines = pd.Series(["old", "old", "new", "new", None], dtype="string")
    undated = homes.by_person(person, lines)
    assert undated[0] == undated[1] == undated[2]
    assert undated[2] != undated[3]
    seen = pd.Series(pd.to_datetime(["2011-01-01", "2012-01-01", "2013-01-01", "2011-01-01", "2012-01-01"]))
    dated = homes.by_person(person, lines, seen)
    assert dated[0] == dated[3]
    assert dated[4] not in dated[:4]
