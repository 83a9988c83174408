"""Dates from text: ISO, day first, with a month's name, as the school census writes them, or a spreadsheet's serial.

Never month first, and never a year of two digits: what could only be so breaks a rule, and a file whose column looks
month first is refused (`judge_order`), because its other dates would be read wrongly without a sign.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.distinct import truth


NO_DAY = np.iinfo(np.int64).min
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?$"
_BETWEEN = r"[-/. ]"
_YEAR_FIRST = rf"^(?P<year>\d{{4}}){_BETWEEN}(?P<month>\d{{1,2}}){_BETWEEN}(?P<day>\d{{1,2}}){_TIME}"
_DAY_FIRST = rf"^(?P<day>\d{{1,2}}){_BETWEEN}(?P<month>\d{{1,2}}){_BETWEEN}(?P<year>\d{{4}}){_TIME}"
_NAMED = rf"^(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_BETWEEN}*(?P<month>[A-Za-z]{{3,9}})[-/., ]*(?P<year>\d{{4}}){_TIME}"
_YEAR_NAMED = rf"^(?P<year>\d{{4}}){_BETWEEN}(?P<month>[A-Za-z]{{3,9}}){_BETWEEN}(?P<day>\d{{1,2}}){_TIME}"
_TWO_DIGITS = rf"^\d{{1,2}}{_BETWEEN}(\d{{1,2}}|[A-Za-z]{{3,9}}){_BETWEEN}\d{{2}}{_TIME}"
_SERIAL = r"^\d{4,5}(\.\d+)?$"
_SERIAL_OF_1970 = 25_569
_LOOKS_LIKE_A_YEAR = range(1000, 2101)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH_OF = {name: n for n, month in enumerate(_MONTHS, 1) for name in (month, month[:3])} | {"sept": 9}
_NOT_DAYS = ("0001-01-01", "1111-11-11", "1753-01-01", "1800-01-01", "1899-12-30", "1899-12-31", "1900-01-01")
_NEVER = ("2099-12-31", "2199-12-31", "2999-12-31", "3000-01-01", "4712-12-31", "9999-01-01", "9999-12-31")


class Role(NamedTuple):
    """What a date may be: between `earliest` and `latest`, and the rules that it breaks where it is not."""

    earliest: date
    too_early: str
    latest: date
    too_late: str


class Days(NamedTuple):
    """Distinct texts as days since 1970 (NO_DAY where none), and what was seen on the way.

    `serial`: read only if the file is a spreadsheet. `day_first`, `month_first`: numbers that allow one order only.
    """

    days: np.ndarray
    serial: np.ndarray
    day_first: np.ndarray
    month_first: np.ndarray
    two_digits: np.ndarray


def read_days(texts: pa.Array) -> Days:
    """Distinct texts as days, by the forms that need no settings."""
    days = np.full(len(texts), NO_DAY)
    serials = _serials(texts)
    day, month, year = _numbers(texts, _DAY_FIRST)
    for parts in (
        (day, month, year),
        _numbers(texts, _YEAR_FIRST),
        _numbers(texts, _NAMED),
        _numbers(texts, _YEAR_NAMED),
    ):
        days = np.maximum(days, _as_days(*parts))
    days = np.where(serials > 0, serials - _SERIAL_OF_1970, days)
    return Days(
        days=days,
        serial=serials > 0,
        day_first=(day > 12) & (day <= 31) & (month > 0) & (month <= 12),
        month_first=(month > 12) & (month <= 31) & (day > 0) & (day <= 12),
        two_digits=truth(pc.match_substring_regex(texts, pattern=_TWO_DIGITS)),
    )


def read_days_as(texts: pa.Array, pattern: str) -> Days:
    """Distinct texts as days, by the strptime format that the settings give, or ISO, which cannot be mistaken."""
    days = np.maximum(
        _as_days(*_numbers(texts, _YEAR_FIRST)), [_by_pattern(text, pattern) for text in texts.to_pylist()]
    )
    none = np.zeros(len(texts), dtype=bool)
    return Days(days.astype(np.int64), none, none, none, none)


def _by_pattern(text: str, pattern: str) -> int:
    try:
        return datetime.strptime(text, pattern).date().toordinal() - date(1970, 1, 1).toordinal()
    except ValueError:
        return NO_DAY


def _numbers(texts: pa.Array, pattern: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Day, month and year of the texts that fit a pattern; nought where they do not."""
    found = pc.extract_regex(texts, pattern=pattern)
    day, month, year = (pc.struct_field(found, part) for part in ("day", "month", "year"))
    if "A-Za-z" in pattern:
        names = [_MONTH_OF.get(name.lower(), 0) if name else 0 for name in month.to_pylist()]
        month = pa.array(names, type=pa.int64())
    return _whole(day), _whole(month), _whole(year)


def _whole(numbers: pa.Array) -> np.ndarray:
    return numbers.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)


def _as_days(day: np.ndarray, month: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Days since 1970, NO_DAY for what is no day of the calendar."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    right = (year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return np.where(right, days.astype(np.int64), NO_DAY)


def _serials(texts: pa.Array) -> np.ndarray:
    """A spreadsheet's day numbers, nought where there is none; a number that may be a year is not taken for a day."""
    fits = pc.match_substring_regex(texts, pattern=_SERIAL)
    whole = pc.replace_substring_regex(texts, pattern=r"\..*$", replacement="")
    numbers = _whole(pc.if_else(fits, whole, pa.scalar(None, whole.type)))
    year = (numbers >= _LOOKS_LIKE_A_YEAR.start) & (numbers < _LOOKS_LIKE_A_YEAR.stop)
    return np.where(year, 0, numbers)


def placeholder_days(days: np.ndarray, *, ends: bool) -> np.ndarray:
    """Which days stand for no date: 1 January 1900 and its like, and for an end those that mean "never"."""
    known = np.array(_NOT_DAYS + (_NEVER if ends else ()), dtype="datetime64[D]").astype(np.int64)
    return np.isin(days, known)


def outside(days: np.ndarray, role: Role) -> Mapping[str, np.ndarray]:
    """Which days are earlier or later than they can be, by the rule that they break."""
    epoch = date(1970, 1, 1).toordinal()
    early = (days != NO_DAY) & (days < role.earliest.toordinal() - epoch)
    return {role.too_early: early, role.too_late: days > role.latest.toordinal() - epoch}


def as_dates(days: np.ndarray) -> np.ndarray:
    """Days since 1970 as midnights; NO_DAY is not a time."""
    return days.astype("datetime64[D]").astype("datetime64[ns]")
