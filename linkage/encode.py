"""Codes columns of any kind once, so that what follows works on distinct values; decides how a cell reads as text."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd


MISSING = -1
NULL_TEXTS = frozenset({"", "nan", "nat", "none", "null", "<na>", "n/a"})
ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})")
UK_DATE = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
PLAIN_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
EARLIEST_YEAR, LATEST_YEAR = 1870, 2999
PLACEHOLDER_DATES = frozenset({(1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1901, 1, 1), (2999, 12, 31)})


class Coded(NamedTuple):
    """A column as codes of distinct values; -1 is missing."""

    codes: np.ndarray
    values: list[str]


def encode_text(column: pd.Series, tidy: Callable[[str], str] = str.strip) -> Coded:
    """Code a column of any kind by its tidied text; distinct values come sorted, empty ones are missing."""
    raw_codes, raw_values = _distinct(column)
    tidied = [tidy(text) if (text := as_text(value)) else "" for value in raw_values]
    return recode(raw_codes, tidied)


def recode(codes: np.ndarray, texts: Sequence[str]) -> Coded:
    """Codes of what the values of `codes` became; values that became the same share a code."""
    values = sorted({text for text in texts if text})
    place = {text: number for number, text in enumerate(values)}
    lookup = np.array([place.get(text, MISSING) for text in texts] + [MISSING], dtype=np.int32)
    return Coded(lookup[codes], values)


def as_text(value: Any) -> str:
    """A cell as text; whole numbers read from a column with gaps lose their `.0`."""
    if isinstance(value, float):
        return "" if np.isnan(value) else (str(int(value)) if value.is_integer() else str(value))
    text = str(value).strip()
    return "" if text.casefold() in NULL_TEXTS else text


def encode_dates(column: pd.Series) -> np.ndarray:
    """Dates as packed decimal digits, 0xYYYYMMDD (`packed_date`); -1 where missing, a placeholder or not a date."""
    raw_codes, raw_values = _distinct(column)
    return np.array([packed_date(value) for value in raw_values] + [MISSING], dtype=np.int64)[raw_codes]


def packed_date(value: Any) -> int:
    """A date as one decimal digit per four bits. A date that no calendar has keeps its digits: they may hold one typo."""
    year, month, day = (value.year, value.month, value.day) if hasattr(value, "year") else _read_date(as_text(value))
    in_range = EARLIEST_YEAR <= year <= LATEST_YEAR and month <= 99 and day <= 99
    if not in_range or (year, month, day) in PLACEHOLDER_DATES:
        return MISSING
    return int(f"{year:04d}{month:02d}{day:02d}", 16)


def unpack_dates(packed: np.ndarray) -> np.ndarray:
    """Packed dates as datetime64[ns]; NaT where missing or not a real day."""
    digits = [(packed >> shift) & 15 for shift in range(28, -1, -4)]
    year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    parts = {"year": year, "month": digits[4] * 10 + digits[5], "day": digits[6] * 10 + digits[7]}
    known = packed >= 0
    dates = np.full(len(packed), np.datetime64("NaT"), dtype="datetime64[ns]")
    if known.any():
        frame = pd.DataFrame({name: values[known] for name, values in parts.items()})
        dates[known] = pd.to_datetime(frame, errors="coerce").to_numpy()
    return dates


def _read_date(text: str) -> tuple[int, int, int]:
    iso = ISO_DATE.match(text) or PLAIN_DATE.match(text.removesuffix(".0"))
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    british = UK_DATE.match(text)
    return (int(british[3]), int(british[2]), int(british[1])) if british else (0, 0, 0)


def _distinct(column: pd.Series) -> tuple[np.ndarray, list[Any]]:
    codes, values = pd.factorize(column)
    return codes, list(values)


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
