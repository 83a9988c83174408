"""A linkage against labels: precision, recall, thresholds and calibration, counted by hand."""

import pandas as pd
import pytest

from linkage.labelled import THRESHOLDS, hold_against
from schemas.columns import TEXT
from schemas.errors import UsageError


def frame(**columns: list) -> pd.DataFrame:
    kinds = {name: TEXT for name, values in columns.items() if isinstance(values[0], str)}
    return pd.DataFrame(columns).astype(kinds)


OWNERS = frame(record_id=["a", "b", "c", "d", "e"], person_id=["P1", "P1", "P2", "P3", "P3"])
PAIRS = frame(left_id=["a", "d", "b"], right_id=["b", "e", "c"], match_probability=[0.99, 0.85, 0.4])


def labels(*rows: tuple[str, str, str]) -> pd.DataFrame:
    left, right, said = (list(column) for column in zip(*rows, strict=True))
    return frame(left_id=left, right_id=right, judgement=said)


def test_people_are_held_against_the_labels_whichever_way_round_they_name_a_pair() -> None:
    found = hold_against(labels(("b", "a", "match"), ("e", "d", "no_match"), ("c", "b", "match")), PAIRS, OWNERS)
    assert found.joined[["true_positives", "false_positives", "false_negatives"]].tolist() == [1, 1, 1]
    assert found.joined["precision"] == found.joined["recall"] == found.joined["f1"] == 0.5


def test_each_threshold_counts_pairs_by_their_own_probability() -> None:
    found = hold_against(labels(("a", "b", "match"), ("b", "c", "match"), ("a", "d", "no_match")), PAIRS, OWNERS)
    recall = dict(zip(found.thresholds["threshold"], found.thresholds["recall"], strict=True))
    assert tuple(recall) == THRESHOLDS
    assert (recall[0.3], recall[0.5], recall[0.99]) == (1.0, 0.5, 0.5)


def test_calibration_sets_what_was_said_beside_what_is_true() -> None:
    found = hold_against(labels(("a", "b", "match"), ("d", "e", "no_match"), ("a", "c", "no_match")), PAIRS, OWNERS)
    assert found.calibration["pairs"].tolist() == [1, 1, 1]
    assert found.calibration["true_share"].tolist() == [0.0, 0.0, 1.0]
    assert found.calibration["mean_probability"].tolist() == pytest.approx([0.0, 0.85, 0.99])


def test_labels_of_other_records_are_counted_and_labels_of_none_refused() -> None:
    assert hold_against(labels(("a", "b", "match"), ("a", "x", "match")), PAIRS, OWNERS).unknown == 1
    with pytest.raises(UsageError, match="None of the labels"):
        hold_against(labels(("x", "y", "match")), PAIRS, OWNERS)
