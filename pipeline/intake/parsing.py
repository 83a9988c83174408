"""A mapped table of text into the kinds of a clean table; decides what each text means, and what it breaks.

What cannot be read becomes empty, and a breach says which rows and which rule. Nothing is rejected here.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake import identifiers, wording
from pipeline.intake.dates import NO_DAY, Days, Role, as_dates, outside, placeholder_days, read_days, read_days_as
from pipeline.intake.distinct import Distinct, Parsed, as_series, distinct, rows_of, truth
from pipeline.intake.placeholders import in_cells
from schemas.errors import ExtractRefusedError
from schemas.extracts import ExtractSpec


ENDS = ("leaving_date", "end_date", "ended_on", "closed_on")
BIRTHS = ("date_of_birth", "child_date_of_birth")
OLDEST = 120
_FIRST_DAY = date(1900, 1, 1)
_FAR_OFF = date(2200, 1, 1)
_TOLERATED = 0.05
"""The share of dates that can only be month first which is a slip of the hand, where the others are day first."""


class Breach(NamedTuple):
    """A rule, the column it is about, and the rows (counted from nought) that break it."""

    rule: str
    column: str | None
    rows: np.ndarray


class Setting(NamedTuple):
    """What a table's texts are read in the light of. `file_of`: the file of each row; the rest by file or column."""

    extract: str
    as_of: date
    file_of: np.ndarray
    file_names: tuple[str, ...]
    spreadsheets: np.ndarray
    date_formats: dict[str, str]


Parse = Callable[[pa.Array], Parsed]
_BY_NAME: dict[str, Parse] = {
    "upn": identifiers.parse_upns,
    "nino": identifiers.parse_ninos,
    "postcode": identifiers.parse_postcodes,
    "uprn": identifiers.parse_uprns,
    "sex": wording.parse_sexes,
    "academic_year": wording.parse_academic_years,
}
_KEEPS_ITS_WORDS: dict[str, Parse] = {
    **dict.fromkeys(("forename", "middle_names", "surname", "former_surname"), wording.parse_names),
    **dict.fromkeys(("preferred_surname", "child_forename", "child_surname"), wording.parse_names),
    "address": wording.parse_addresses,
    "school_urn": wording.parse_school_urns,
    "indicator": wording.parse_indicators,
}


def parse_table(table: pa.Table, spec: ExtractSpec, setting: Setting) -> tuple[pd.DataFrame, list[Breach]]:
    """Every canonical column of `spec`, in order and of its kind, and what was broken on the way.

    `table` has text columns of canonical names; those that it has not are empty. Raises ExtractRefusedError when the
    dates of a file look month first.
    """
    given = [name for name in spec.columns if name in table.column_names]
    with ThreadPoolExecutor() as pool:
        parsed = list(pool.map(lambda name: _parse_column(table.column(name), name, spec, setting), given))
    columns = dict(zip(given, (series for series, _ in parsed), strict=True))
    empty = spec.empty()
    for name in set(spec.columns) - set(given):
        columns[name] = empty[name].reindex(range(len(table)))
    breaches = [breach for _, broken in parsed for breach in broken]
    return pd.DataFrame({name: columns[name] for name in spec.columns}), breaches


def _parse_column(
    column: pa.ChunkedArray, name: str, spec: ExtractSpec, setting: Setting
) -> tuple[pd.Series, list[Breach]]:
    texts = distinct(column)
    if name in spec.dates:
        return _parse_dates(texts, name, setting)
    parsed = _parser(name, spec)(texts.texts)
    return as_series(parsed.values, texts.rows), _breaches(parsed.faults, name, texts.rows)


def _parser(name: str, spec: ExtractSpec) -> Parse:
    if name in _KEEPS_ITS_WORDS:
        return _KEEPS_ITS_WORDS[name]
    if name in spec.counts:
        return partial(_unless_empty, wording.parse_counts)
    if name in spec.amounts:
        return partial(_unless_empty, wording.parse_amounts)
    if name in _BY_NAME:
        return partial(_unless_empty, _BY_NAME[name])
    if name in spec.codes:
        return partial(wording.parse_codes, codes=spec.codes[name])
    return wording.parse_text


def _unless_empty(parse: Parse, texts: pa.Array) -> Parsed:
    """What `parse` makes of the texts; one that it cannot read and that stands for nothing is a placeholder."""
    values, faults = parse(texts)
    empty = in_cells(texts) & truth(pc.is_null(values))
    rest = {rule: faulty & ~empty for rule, faulty in faults.items() if rule != "placeholder"}
    return Parsed(values, rest | {"placeholder": empty | faults.get("placeholder", empty)})


def _breaches(faults: Mapping[str, np.ndarray], column: str, rows: np.ndarray) -> list[Breach]:
    return [Breach(rule, column, rows_of(faulty, rows)) for rule, faulty in faults.items() if faulty.any()]


def _parse_dates(texts: Distinct, name: str, setting: Setting) -> tuple[pd.Series, list[Breach]]:
    """Dates of a column: read, held against the file's order and form, and against what such a date may be."""
    pattern = setting.date_formats.get(name)
    read = read_days_as(texts.texts, pattern) if pattern else read_days(texts.texts)
    judge_order(read, texts.rows, name, setting)
    ends = name in ENDS
    nothing = placeholder_days(read.days, ends=ends) | (in_cells(texts.texts) & (read.days == NO_DAY))
    out = {rule: faulty & ~nothing for rule, faulty in outside(read.days, _role(name, setting.as_of)).items()}
    unread = (read.days == NO_DAY) & ~nothing
    faults = {
        "placeholder": nothing,
        "date_month_first": unread & read.month_first,
        "date_two_digit_year": unread & read.two_digits,
        "date_unreadable": unread & ~read.month_first & ~read.two_digits,
        **out,
    }
    days = np.where(nothing | np.logical_or.reduce(list(out.values())), NO_DAY, read.days)
    by_row = np.append(days, NO_DAY)[texts.rows]
    breaches = _breaches(faults, name, texts.rows)
    serials = _serials_elsewhere(read, texts.rows, setting)
    by_row[serials] = NO_DAY
    if len(serials):
        breaches.append(Breach("date_unreadable", name, serials))
    return pd.Series(as_dates(by_row)), breaches


def _serials_elsewhere(read: Days, rows: np.ndarray, setting: Setting) -> np.ndarray:
    """Rows whose date is a spreadsheet's serial in a file that is no spreadsheet."""
    serials = rows_of(read.serial, rows)
    return serials[~setting.spreadsheets[setting.file_of[serials]]]


def judge_order(read: Days, rows: np.ndarray, column: str, setting: Setting) -> None:
    """Refuse a file whose dates look month first; a few such among dates that are day first are only faults."""
    if not read.month_first.any():
        return
    files = len(setting.file_names)
    month_first, day_first = (
        np.bincount(setting.file_of[rows_of(seen, rows)], minlength=files)
        for seen in (read.month_first, read.day_first)
    )
    suspect = np.flatnonzero(month_first > _TOLERATED * (month_first + day_first))
    for file in sorted(suspect, key=lambda number: setting.file_names[number]):
        raise ExtractRefusedError(
            f"{setting.file_names[file]}: dates in the column for {column} can be read in two orders: "
            f"{month_first[file]} only month first, {day_first[file]} only day first. Say which it is in the settings, "
            f'as [extracts.{setting.extract}.dates] {column} = "%m/%d/%Y" (or "%d/%m/%Y").'
        )


def _role(name: str, as_of: date) -> Role:
    if name in BIRTHS:
        return Role(max(_FIRST_DAY, _years(as_of, -OLDEST)), "born_too_long_ago", as_of, "born_after_as_of")
    latest = _FAR_OFF if name in ENDS else _years(as_of, 1)
    return Role(_FIRST_DAY, "date_too_early", latest, "date_too_late")


def _years(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
