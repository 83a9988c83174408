"""Holds a linkage against pairs that people labelled: precision, recall, calibration, and each threshold's figures."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from schemas.errors import UsageError
from schemas.keys import positions


THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
BINS = (0.0, 0.2, 0.5, 0.8, 0.9, 0.99, 1.0)


class Labelled(NamedTuple):
    """What labels say of a linkage.

    `joined`: pairs, true_positives, false_positives, false_negatives, precision, recall, f1 of the people as they
    were put together. `thresholds`: the same for each threshold of the pairs' own probability. `calibration`: from,
    to, pairs, mean_probability, true_share. `unknown`: labels of records that this run does not have.
    """

    joined: pd.Series
    thresholds: pd.DataFrame
    calibration: pd.DataFrame
    unknown: int


def hold_against(labels: pd.DataFrame, pairs: pd.DataFrame, person_records: pd.DataFrame) -> Labelled:
    """Hold people and probabilities against `labels`: left_id, right_id, judgement (match, no_match).

    A labelled pair that was not worth a look counts with probability 0. Raises UsageError where no label is of records
    of this run.
    """
    sides = [positions(labels[side], person_records["record_id"]) for side in ("left_id", "right_id")]
    known = (sides[0] >= 0) & (sides[1] >= 0)
    if not known.any():
        raise UsageError("None of the labels is about two records of this run. Were they made for another one?")
    truth = (labels["judgement"] == "match").to_numpy(bool)[known]
    person = person_records["person_id"].to_numpy(object)
    together = person[sides[0][known]] == person[sides[1][known]]
    probability = _probabilities(labels[known], pairs)
    thresholds = [_figures(probability >= threshold, truth) for threshold in THRESHOLDS]
    return Labelled(
        _figures(together, truth),
        pd.DataFrame(thresholds).assign(threshold=THRESHOLDS),
        _calibration(probability, truth),
        int((~known).sum()),
    )


def _probabilities(labels: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    wanted, given = (_ends(table["left_id"], table["right_id"]) for table in (labels, pairs))
    found = positions(wanted, given)
    return np.append(pairs["match_probability"].fillna(0.0).to_numpy(float), 0.0)[found]


def _ends(left: pd.Series, right: pd.Series) -> pd.Series:
    """Both ids as one text, whichever came first."""
    one, two = left.astype(str).to_numpy(object), right.astype(str).to_numpy(object)
    first = one <= two
    return pd.Series(np.where(first, one, two) + "\x1f" + np.where(first, two, one))


def _figures(said: np.ndarray, truth: np.ndarray) -> pd.Series:
    right, wrong, missed = int((said & truth).sum()), int((said & ~truth).sum()), int((~said & truth).sum())
    precision = right / (right + wrong) if right + wrong else np.nan
    recall = right / (right + missed) if right + missed else np.nan
    f1 = 2 * right / (2 * right + wrong + missed) if right + wrong + missed else np.nan
    counts = {"pairs": len(truth), "true_positives": right, "false_positives": wrong, "false_negatives": missed}
    return pd.Series(counts | {"precision": precision, "recall": recall, "f1": f1}, dtype="object")


def _calibration(probability: np.ndarray, truth: np.ndarray) -> pd.DataFrame:
    place = np.clip(np.searchsorted(BINS, probability, side="right") - 1, 0, len(BINS) - 2)
    table = pd.DataFrame({"place": place, "probability": probability, "truth": truth})
    found = table.groupby("place").agg(
        pairs=("truth", "size"), mean_probability=("probability", "mean"), true_share=("truth", "mean")
    )
    edges = pd.DataFrame({"from": BINS[:-1], "to": BINS[1:]})
    return edges.join(found, how="inner").reset_index(drop=True)
