"""Codes, days and counts as they stand on a page; decides words only, and keeps to those of packs and of linkage."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from reports.packs import wording


CRITERIA, VERDICTS, RULES = wording.CRITERIA, wording.VERDICTS, wording.RULES
ROLES = {
    "coordinator": "Coordinator",
    "analyst": "Analyst",
    "reviewer": "Reviewer",
    "auditor": "Auditor",
    "administrator": "Administrator",
}


def day(when: Any) -> str:
    """`3 April 2009`; nothing where no day is known."""
    return "" if when is None or pd.isna(when) else wording.day(_date(when))


def number(value: Any) -> str:
    """`1,234`; a fraction to two places; nothing where no number is known."""
    if value is None or pd.isna(value):
        return ""
    return f"{value:,.2f}" if isinstance(value, float) and not value.is_integer() else f"{int(value):,}"


def words(code: Any) -> str:
    """A code in words, as a sentence begins: `not_traced` -> `Not traced`; nothing where there is none."""
    return "" if code is None or pd.isna(code) else wording.sentence(str(code))


def plain(value: Any) -> str:
    """Text as it is; nothing where there is none."""
    return "" if value is None or pd.isna(value) else str(value)


def lower_first(text: str) -> str:
    """Words as they go on within a sentence: `What a run is` -> `what a run is`."""
    return text[:1].lower() + text[1:]


FILTERS: dict[str, Callable[[Any], str]] = {
    "day": day,
    "number": number,
    "words": words,
    "plain": plain,
    "lower_first": lower_first,
    "moment": wording.moment,
    "with_days": wording.with_days,
}


def _date(when: Any) -> date:
    if isinstance(when, str):
        return date.fromisoformat(when[:10])
    return when.date() if isinstance(when, pd.Timestamp) else when
