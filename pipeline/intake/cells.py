"""A typed cell as the text that a person would type into a CSV; never a rounded number."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any


PRECISE = 10**15  # a spreadsheet holds fifteen digits of a number


def cell_text(value: Any) -> str | None:
    """A cell that is no text, as text: ISO dates (a time unless midnight), whole numbers without a point, TRUE, FALSE.

    Raises OverflowError for a number of more than 15 digits that was not held exactly.
    """
    return _TEXTS.get(type(value), str)(value)


def is_lost(value: Any) -> bool:
    """Whether `value` is a number too long to have been held exactly."""
    return type(value) in (int, float) and not abs(value) < PRECISE


def _number(value: float) -> str:
    if not -PRECISE < value < PRECISE:
        raise OverflowError
    whole = int(value)
    return str(whole) if whole == value else format(Decimal(f"{value:.15g}"), "f")


def _decimal(value: Decimal) -> str:
    return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")


def _moment(value: datetime) -> str:
    to_second = (value + timedelta(milliseconds=500)).replace(microsecond=0) if value.microsecond else value
    return to_second.date().isoformat() if to_second.time() == time() else to_second.isoformat(" ")


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_TEXTS: dict[type, Callable[[Any], str | None]] = {
    bool: lambda value: "TRUE" if value else "FALSE",
    int: _number,
    float: _number,
    Decimal: _decimal,
    date: date.isoformat,
    datetime: _moment,
    time: lambda value: value.isoformat("seconds"),
    timedelta: _duration,
    type(None): lambda value: None,
}
