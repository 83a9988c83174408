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
ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})")
UK_DATE = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
PLAIN_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
EARLIEST_YEAR, LATEST_YEAR = 1870, 2999
PLACEHOLDER_DATES = frozenset({(1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1901, 1, 1), (2999, 12, 31)})


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
    codes, values = _distinct(column)
    texts = pc.utf8_trim_whitespace(values)
    texts = pc.if_else(pc.is_in(pc.utf8_lower(texts), NULL_TEXTS), None, texts)
    return recode(codes, texts if tidy is None else tidy(texts), ordered=ordered)


def recode(codes: np.ndarray, texts: pa.Array, *, ordered: bool = True) -> Coded:
    """Codes of what the values of `codes` became; values that became the same share a code, empty ones have none."""
    encoded = pc.if_else(pc.equal(texts, ""), None, texts).dictionary_encode()
    found, values = pc.fill_null(encoded.indices, MISSING).to_numpy(), encoded.dictionary
    if ordered:
        order = pc.sort_indices(values).to_numpy()
        found, values = np.append(np.argsort(order), MISSING)[found], values.take(pa.array(order))
    return Coded(np.append(found, MISSING).astype(np.int32)[codes], values)


def as_objects(values: pa.Array) -> np.ndarray:
    """Texts as an array of Python strings."""
    return values.to_numpy(zero_copy_only=False)


def _distinct(column: pd.Series) -> tuple[np.ndarray, pa.Array]:
    """Codes and distinct texts of a column of any kind."""
    if isinstance(column.dtype, pd.StringDtype) or pd.api.types.infer_dtype(column, skipna=True) == "string":
        encoded = as_array(pa.array(column, pa.string(), from_pandas=True)).dictionary_encode()
        codes = pc.fill_null(encoded.indices, MISSING).to_numpy()
        return codes, encoded.dictionary
    codes, values = pd.factorize(column)
    return codes, pa.array([as_text(value) for value in values], pa.string())


def as_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array, where Arrow gives several chunks."""
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def as_text(value: Any) -> str:
    """A cell as text; whole numbers read from a column with gaps lose their `.0`."""
    if isinstance(value, float):
        return "" if np.isnan(value) else (str(int(value)) if value.is_integer() else str(value))
    return str(value)


def encode_dates(column: pd.Series) -> np.ndarray:
    """Dates as packed decimal digits, 0xYYYYMMDD (`packed_date`); -1 where missing, a placeholder or not a date."""
    codes, values = pd.factorize(column)
    return np.array([*(packed_date(value) for value in values), MISSING], dtype=np.int64)[codes]


def packed_date(value: Any) -> int:
    """A date as a decimal digit per four bits; one that no calendar has keeps its digits: it may be one typo off."""
    dated = hasattr(value, "year")
    year, month, day = (value.year, value.month, value.day) if dated else _read_date(as_text(value).strip())
    in_range = EARLIEST_YEAR <= year <= LATEST_YEAR and month <= 99 and day <= 99
    if not in_range or (year, month, day) in PLACEHOLDER_DATES:
        return MISSING
    return int(f"{year:04d}{month:02d}{day:02d}", 16)


def _read_date(text: str) -> tuple[int, int, int]:
    iso = ISO_DATE.match(text) or PLAIN_DATE.match(text.removesuffix(".0"))
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    british = UK_DATE.match(text)
    return (int(british[3]), int(british[2]), int(british[1])) if british else (0, 0, 0)


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
