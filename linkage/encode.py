"""Codes columns of any kind once, so that what follows works on distinct values; decides how a cell reads as text."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


MISSING = -1
NULL_TEXTS = pa.array(["", "nan", "nat", "none", "null", "<na>", "n/a"])
USUAL_DATE = r"^\d{4}-\d{2}-\d{2}$"
ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})")
UK_DATE = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
PLAIN_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
NAMED_DATE = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[ /.-]*([a-z]{3})[a-z]*[ /.,-]*(\d{4})", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST_YEAR, LATEST_YEAR = 1870, 2999
LAST_COUNTED_YEAR = 2261  # nanoseconds reach no further
PLACEHOLDER_DATES = frozenset({(1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1901, 1, 1), (2999, 12, 31)})
PACKED_PLACEHOLDERS = np.array([int(f"{year:04d}{month:02d}{day:02d}", 16) for year, month, day in PLACEHOLDER_DATES])


class Coded(NamedTuple):
    """A column as codes of distinct texts; -1 is missing."""

    codes: np.ndarray
    values: pa.Array


def encode_text(
    column: pd.Series, tidy: Callable[[pa.Array], pa.Array] | None = None, *, ordered: bool = True
) -> Coded:
    """Code a column of any kind by its text, trimmed and, by `tidy`, standardised; empty ones are missing.

    Not `ordered`: the values come as they were met, and codes are good for telling same from different alone.
    """
    codes, values = distinct_texts(column)
    texts = without_null_texts(pc.utf8_trim_whitespace(values))
    if tidy is None and not ordered and not pc.any(pc.not_equal(texts, values)).as_py():
        return _without_nulls(codes, texts)
    return recode(codes, texts if tidy is None else tidy(texts), ordered=ordered)


def without_null_texts(texts: pa.Array) -> pa.Array:
    """Texts, those that stand for nothing as null."""
    return pc.if_else(pc.is_in(pc.utf8_lower(texts), NULL_TEXTS), None, texts)


def recode(codes: np.ndarray | None, texts: pa.Array, *, ordered: bool = True) -> Coded:
    """Codes of what the values of `codes` became; values that became the same share a code, empty ones have none.

    Without `codes`, each text has a code of its own.
    """
    encoded = pc.if_else(pc.equal(texts, ""), None, texts).dictionary_encode()
    found, values = pc.fill_null(encoded.indices, MISSING).to_numpy(), encoded.dictionary
    if ordered and len(values):
        rank = pc.rank(values).to_numpy().astype(np.int32) - np.int32(1)
        order = np.empty(len(rank), np.int32)
        order[rank] = np.arange(len(rank), dtype=np.int32)
        found, values = np.append(rank, np.int32(MISSING))[found], values.take(pa.array(order))
    return Coded(found if codes is None else with_missing(found)[codes], values)


def with_missing(codes: np.ndarray) -> np.ndarray:
    """Codes with one for missing at the end, so that a place of -1 finds it."""
    return np.append(codes, codes.dtype.type(MISSING))


def _without_nulls(codes: np.ndarray, texts: pa.Array) -> Coded:
    """Codes of distinct texts, less those that are null."""
    if not texts.null_count:
        return Coded(codes, texts)
    valid = texts.is_valid().to_numpy(zero_copy_only=False)
    place = np.where(valid, np.cumsum(valid, dtype=np.int32) - np.int32(1), np.int32(MISSING))
    return Coded(with_missing(place)[codes], texts.drop_null())


def text_column(values: pa.Array) -> pd.api.extensions.ExtensionArray:
    """Texts as a column of a frame, uncopied where they are large strings."""
    return pd.arrays.ArrowStringArray(values if values.type == pa.large_string() else values.cast(pa.large_string()))


def take_texts(values: pa.Array, codes: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """The text of each code as a column of a frame; null at -1."""
    known = pa.array(codes, mask=codes == MISSING) if codes.min(initial=0) < 0 else pa.array(codes)
    return text_column(values.cast(pa.large_string()).take(known))


def as_objects(values: pa.Array) -> np.ndarray:
    """Texts as an array of Python strings."""
    return values.to_numpy(zero_copy_only=False)


def distinct_texts(column: pd.Series) -> tuple[np.ndarray, pa.Array]:
    """Codes (-1 missing) and distinct texts of a column of any kind."""
    texts = read_texts(column)
    if texts is not None:
        encoded = texts.dictionary_encode()
        return pc.fill_null(encoded.indices, MISSING).to_numpy(), encoded.dictionary
    codes, values = pd.factorize(column)
    return codes.astype(np.int32), pa.array([cell_text(value) for value in values], pa.string())


def read_texts(column: pd.Series) -> pa.Array | None:
    """The column as Arrow text, where it holds nothing but texts."""
    if not (isinstance(column.dtype, pd.StringDtype) or pd.api.types.is_object_dtype(column.dtype)):
        return None
    try:
        return as_array(pa.array(column, pa.string(), from_pandas=True))
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None


def as_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array, where Arrow gives several chunks."""
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def cell_text(value: Any) -> str:
    """A cell as text; whole numbers read from a column with gaps lose their `.0`."""
    if isinstance(value, float):
        return "" if np.isnan(value) else (str(int(value)) if value.is_integer() else str(value))
    return str(value)


def encode_dates(column: pd.Series) -> np.ndarray:
    """Dates as packed decimal digits, 0xYYYYMMDD (`packed_date`); -1 where missing, a placeholder or not a date.

    Texts may be of ISO form, eight digits, day first, or with a month's name; never of two digits for a year.
    """
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return _pack_days(column.to_numpy())
    texts = read_texts(column)
    if texts is None:
        codes, values = pd.factorize(column)
        return np.array([*(packed_date(value) for value in values), MISSING], dtype=np.int64)[codes]
    encoded = texts.dictionary_encode()
    return np.append(_pack_texts(encoded.dictionary), MISSING)[pc.fill_null(encoded.indices, MISSING).to_numpy()]


def read_days(column: pd.Series) -> np.ndarray:
    """Dates of any kind as datetime64[ns] at midnight, NaT for none; texts are read as `encode_dates` does."""
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return column.to_numpy("datetime64[D]").astype("datetime64[ns]")
    return unpack_dates(encode_dates(column))


def _pack_texts(texts: pa.Array) -> np.ndarray:
    """Texts of dates, packed; those of the usual form all at once."""
    usual = pc.match_substring_regex(texts, USUAL_DATE).to_numpy(zero_copy_only=False)
    packed = np.full(len(texts), MISSING, dtype=np.int64)
    letters = as_objects(texts.filter(pa.array(usual))).astype("S10").view(np.uint8).reshape(-1, 10)
    digits = letters[:, [0, 1, 2, 3, 5, 6, 8, 9]].astype(np.int64) - ord("0")
    packed[usual] = _less_placeholders(digits @ (1 << np.arange(28, -1, -4)))
    packed[~usual] = [packed_date(text) for text in texts.filter(pa.array(~usual)).to_pylist()]
    return packed


def _pack_days(days: np.ndarray) -> np.ndarray:
    """Days (datetime64) as packed digits."""
    months = days.astype("datetime64[M]")
    parts = (
        (days.astype("datetime64[Y]").astype(np.int64) + 1970, 16),
        (months.astype(np.int64) % 12 + 1, 8),
        ((days.astype("datetime64[D]") - months).astype(np.int64) + 1, 0),
    )
    packed = np.zeros(len(days), dtype=np.int64)
    for value, shift in parts:
        for place in range(4 if shift == 16 else 2):
            packed |= value // 10**place % 10 << (shift + 4 * place)
    return np.where(np.isnat(days), MISSING, _less_placeholders(packed))


def _less_placeholders(packed: np.ndarray) -> np.ndarray:
    year = packed >> 16
    in_range = (year >= int(str(EARLIEST_YEAR), 16)) & (year <= int(str(LATEST_YEAR), 16))
    return np.where(in_range & ~np.isin(packed, PACKED_PLACEHOLDERS), packed, MISSING)


def packed_date(value: Any) -> int:
    """A date as a decimal digit per four bits; one that no calendar has keeps its digits: it may be one typo off."""
    dated = hasattr(value, "year")
    year, month, day = (value.year, value.month, value.day) if dated else _read_date(cell_text(value).strip())
    in_range = EARLIEST_YEAR <= year <= LATEST_YEAR and month <= 99 and day <= 99
    if not in_range or (year, month, day) in PLACEHOLDER_DATES:
        return MISSING
    return int(f"{year:04d}{month:02d}{day:02d}", 16)


def _read_date(text: str) -> tuple[int, int, int]:
    iso = ISO_DATE.match(text) or PLAIN_DATE.match(text.removesuffix(".0"))
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    british = UK_DATE.match(text)
    if british:
        return int(british[3]), int(british[2]), int(british[1])
    named = NAMED_DATE.match(text)
    month = named[2].lower() if named else ""
    return (int(named[3]), MONTHS.index(month) + 1, int(named[1])) if named and month in MONTHS else (0, 0, 0)


def year_of(packed: np.ndarray) -> np.ndarray:
    """The year of packed dates; meaningless where missing."""
    digits = [packed >> shift & 15 for shift in (28, 24, 20, 16)]
    return digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]


def unpack_dates(packed: np.ndarray) -> np.ndarray:
    """Packed dates as datetime64[ns]; NaT where missing or not a real day."""
    year, digits = year_of(packed), [(packed >> shift) & 15 for shift in (12, 8, 4, 0)]
    month, day = digits[0] * 10 + digits[1], digits[2] * 10 + digits[3]
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    real = (packed >= 0) & (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    real &= year <= LAST_COUNTED_YEAR
    return np.where(real, days, np.datetime64("NaT")).astype("datetime64[ns]")


def combine_codes(columns: Sequence[np.ndarray]) -> np.ndarray:
    """One int64 key per row for the combination of several columns of codes (-1 counts as a value)."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    size = 1
    for column in columns:
        span = int(column.max(initial=MISSING)) + 2
        if size * span >= 2**62:
            key, distinct = pd.factorize(key)
            size = len(distinct)
        key = key * span + (column.astype(np.int64) + 1)
        size *= span
    return key


def first_rows(codes: np.ndarray, size: int) -> np.ndarray:
    """The first row of each code."""
    first = np.empty(size, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first
