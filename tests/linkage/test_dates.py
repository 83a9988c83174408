"""Dates of birth: how they are read, and how alike two of them are."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from linkage.dates import date_levels
from linkage.encode import encode_dates, packed_date, read_days, unpack_dates
from linkage.levels import LEVELS


@pytest.mark.parametrize(
    "given",
    [
        *("2001-02-03", "20010203", "20010203.0", "03/02/2001", "3.2.2001"),
        *("3-Feb-2001", "03 FEBRUARY 2001", "3rd Feb 2001", date(2001, 2, 3), pd.Timestamp("2001-02-03")),
    ],
)
def test_dates_in_all_their_forms(given):
    assert packed_date(given) == 0x20010203


@pytest.mark.parametrize(
    "given", ["", "unknown", "1900-01-01", "0001-01-01", "9999-12-31", "3 Feb", "3 Mai 2001", "03/02/01", None]
)
def test_what_is_no_date(given):
    assert list(encode_dates(pd.Series([given], dtype="object"))) == [-1]


def test_a_day_that_no_calendar_has_keeps_its_digits_but_is_no_date():
    packed = encode_dates(pd.Series(["1945-13-08"]))
    assert packed[0] == 0x19451308
    assert np.isnat(unpack_dates(packed)).all()


@pytest.mark.parametrize(
    "given",
    [
        ["2013-04-03", None],
        ["03/04/2013", "soon"],
        ["3 Apr 2013", ""],
        [date(2013, 4, 3), None],
        pd.to_datetime(["2013-04-03 14:30", None]),
        pd.to_datetime(["2013-04-03 14:30", None]).tz_localize("UTC"),
    ],
)
def test_a_day_of_sight_is_read_day_first_and_has_no_hour(given):
    days = read_days(pd.Series(given))
    assert days[0] == np.datetime64("2013-04-03") and np.isnat(days[1])


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("2001-02-03", "2001-02-03", "exact"),
        ("2001-02-03", "2001-03-02", "swapped"),
        ("2001-02-03", "2001-02-08", "digit"),
        ("2001-02-03", "2010-02-03", "digit"),
        ("2001-02-13", "2001-02-31", "digit"),
        ("2001-02-03", "2001-02-17", "part"),
        ("2001-09-14", "2001-01-01", "part"),
        ("1987-02-03", "2003-02-03", "part"),
        ("2001-02-03", "2005-11-27", "far"),
        ("1971-02-03", "2001-11-27", "apart"),
        ("2001-02-03", None, "missing"),
    ],
)
def test_levels(one, two, expected):
    packed = encode_dates(pd.Series([one, two]))
    both = date_levels(packed, packed[::-1])
    assert [LEVELS["date_of_birth"][code] for code in both] == [expected] * 2
