"""Council records: as many as asked, the same every time, with the misses that councils have."""

import pandas as pd
import pytest

from benchmarks.mentions import SOURCES, make_mentions


@pytest.fixture(scope="module")
def mentions() -> pd.DataFrame:
    return make_mentions(6000, seed=3)


def test_count_sources_and_people(mentions: pd.DataFrame) -> None:
    assert len(mentions) == 6000
    assert mentions["record_id"].is_unique
    assert set(mentions["source"]) == set(SOURCES)
    assert 0.58 < mentions["true_person_id"].nunique() / len(mentions) < 0.7
    assert mentions.groupby("true_person_id")["true_household_id"].nunique().max() == 1


def test_the_same_every_time(mentions: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(mentions, make_mentions(6000, seed=3))


@pytest.mark.parametrize(("column", "share"), [("date_of_birth", 0.06), ("postcode", 0.045), ("sex", 0.035)])
def test_what_is_missing(mentions: pd.DataFrame, column: str, share: float) -> None:
    assert mentions[column].isna().mean() == pytest.approx(share, abs=0.03)
