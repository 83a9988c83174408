"""Claim windows: how one is written, and which days it holds."""

from datetime import date

import pytest

from pipeline.claims.window import read_window
from schemas.errors import UsageError


@pytest.mark.parametrize(("written", "start", "end"), [
    ("2013/14-Q1", "2013-04-01", "2013-06-30"),
    ("2013/14-Q2", "2013-07-01", "2013-09-30"),
    ("2013/14-Q3", "2013-10-01", "2013-12-31"),
    ("2013/14-Q4", "2014-01-01", "2014-03-31"),
    ("1999/00-Q4", "2000-01-01", "2000-03-31"),
    ("2013-10-01:2013-10-01", "2013-10-01", "2013-10-01"),
])
def test_a_quarter_is_of_the_financial_year(written: str, start: str, end: str) -> None:
    window = read_window(written)
    assert (str(window.start), str(window.end), window.label) == (start, end, written)
    assert window.holds(window.start)
    assert window.holds(window.end)
    assert not window.holds(date(2011, 1, 1))
    assert not set("/:\\") & set(window.folder)


@pytest.mark.parametrize("written", ["2013/15-Q1", "2013/14-Q5", "2013/14", "2013-10-01", "2013-12-31:2013-10-01",
                                     "2013-02-30:2013-03-01", ""])
def test_what_is_no_window_is_answered_with_one(written: str) -> None:
    with pytest.raises(UsageError, match="2013/14-Q3"):
        read_window(written)
