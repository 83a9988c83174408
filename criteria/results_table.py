"""Lines of results, and their words: windows, counts and percentages said exactly; judges nothing."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from criteria.calendar import Window
from schemas.columns import TEXT, columns_of
from schemas.programme import Results
from schemas.words import ClaimRoute, Measure, ResultVerdict


COLUMNS = list(columns_of(Results))
KEYS = ["family_ref", "route", "measure", "person_id", "problem"]
_DATES = ("baseline_start", "baseline_end", "result_start", "result_end", "could_be")
_COUNTS = ("baseline_count", "result_count")


class Line(NamedTuple):
    """One row of the results. Without a person it is the family's; `rows` says where its facts stand."""

    family_ref: str
    route: ClaimRoute
    measure: Measure
    verdict: ResultVerdict
    reason: str
    person_id: str | None = None
    problem: str | None = None
    baseline: Window | None = None
    baseline_count: int | None = None
    result: Window | None = None
    result_count: int | None = None
    arithmetic: str | None = None
    could_be: date | None = None
    extract: str | None = None
    rows: tuple[str, str] | None = None


def results_table(lines: Iterable[Line]) -> pd.DataFrame:
    """The lines as a table with the columns of `Results`, by its keys; a family's row comes before its people's."""
    held = [_record(line) for line in lines]
    table = pd.DataFrame({name: pd.Series([one[name] for one in held], dtype=_kind(name)) for name in COLUMNS})
    order = table.assign(**{name: table[name].fillna("") for name in KEYS}).sort_values(KEYS).index
    return table.loc[order].reset_index(drop=True)


def _kind(name: str) -> Any:
    if name in _DATES:
        return "datetime64[ns]"
    return "Int64" if name in _COUNTS else TEXT


def _record(line: Line) -> dict[str, Any]:
    digest, numbers = line.rows or (None, None)
    baseline, result = line.baseline or (None, None), line.result or (None, None)
    return {**line._asdict(), "baseline_start": baseline[0], "baseline_end": baseline[1], "result_start": result[0],
            "result_end": result[1], "file_sha256": digest, "row_numbers": numbers}


def day_words(day: date) -> str:
    """`1 April 2012`."""
    return f"{day.day} {day:%B %Y}"


def window_words(window: Window) -> str:
    """`1 April to 30 September 2012`, or with both years where they differ."""
    start = f"{window.start.day} {window.start:%B}"
    return f"{start if window.start.year == window.end.year else day_words(window.start)} to {day_words(window.end)}"


def counted(number: int, one: str, several: str | None = None) -> str:
    """`1 incident`, `2 incidents`."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def cut_percent(share: Fraction, places: int = 1) -> str:
    """A share of 1 as `59.9%`: cut off, never rounded up to a threshold that was not reached."""
    tens = 10**places
    hundredths = int(share * 100 * tens)
    return f"{hundredths // tens}.{hundredths % tens:0{places}d}%"


def change_words(before: Fraction, after: int) -> str:
    """`down 60.0%`, `up 40.0%`, `no change`; `before` is more than nought."""
    change = (before - after) / before
    if change == 0:
        return "no change"
    return f"{'down' if change > 0 else 'up'} {cut_percent(abs(change))}"
