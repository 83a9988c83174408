"""Columns beside the usual ones, compared because the settings name them: laid out by node, told by levels.

They know nothing of names or addresses. Nodes whose value is not known compare as `missing`, which says nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.encode import MISSING, Coded, as_objects, encode_dates, encode_text, unpack_dates
from linkage.likeness import alike, distinct_pairs
from linkage.people import most_frequent
from linkage.settings_parts import ExtraColumn, LikenessSettings
from schemas.errors import UsageError
from schemas.nearest import nearest


class ExtraValues(NamedTuple):
    """One column by node: `codes` (-1 missing) in the order of `values`, which are texts, numbers or days."""

    column: ExtraColumn
    codes: np.ndarray
    values: np.ndarray

    def levels(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The codes of the levels (`ExtraColumn.levels`) of pairs of nodes."""
        first, second = self.codes[left], self.codes[right]
        known = (first != MISSING) & (second != MISSING)
        names = self.column.levels
        result = np.where(known, np.where(first == second, len(names) - 1, 1), 0).astype(np.int8)
        rows = np.flatnonzero(known & (first != second))
        if self.column.kind != "exact" and len(rows):
            pairs = distinct_pairs(first[rows], second[rows], len(self.values))
            result[rows] = self._by_nearness(pairs.first, pairs.second)[pairs.of]
        return result

    def _by_nearness(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        near, similar = self.column.near, self.column.similar
        far, on_similar, on_near = 1, 2, 3
        if self.column.kind == "text":
            likeness = alike(self.values[first], self.values[second], min(near or 1.0, similar or 1.0))
            steps = [likeness >= (near or 2.0), likeness >= (similar or 2.0)]
        else:
            apart = np.abs(self.values[first] - self.values[second])
            steps = [apart <= (MISSING if near is None else near), apart <= (MISSING if similar is None else similar)]
        return np.select(steps, [on_near, on_similar], default=far).astype(np.int8)


def lay_out(
    records: pd.DataFrame, node: np.ndarray, columns: Mapping[str, ExtraColumn], cuts: LikenessSettings
) -> dict[str, ExtraValues]:
    """The named columns of `records` by node (`node` is each record's, -1 for none); of several values the commonest.

    Raises UsageError where the records have no such column.
    """
    size = int(node.max(initial=-1)) + 1
    laid = {}
    for name, column in columns.items():
        if name not in records:
            near = nearest(name, [str(known) for known in records.columns])
            raise UsageError(
                f"linkage.extra.{name}: the records have no column {name}.{f' Did you mean {near!r}?' if near else ''}"
            )
        codes, values = _read(records[name], column.kind)
        laid[name] = ExtraValues(_with_cuts(column, cuts), most_frequent(node, codes, size).astype(np.int32), values)
    return laid


def _with_cuts(column: ExtraColumn, cuts: LikenessSettings) -> ExtraColumn:
    """A text without bounds of its own is as near as names are."""
    if column.kind != "text":
        return column
    own = {
        "near": column.near or cuts.name_near,
        "similar": column.similar or min(cuts.name_similar, column.near or 1.0),
    }
    return column.model_copy(update=own)


def _read(values: pd.Series, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Codes of a column by record, in the order of its values, and those values."""
    if kind == "date":
        days = unpack_dates(encode_dates(values)).astype("datetime64[D]")
        return _sorted_codes(np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64)))
    coded: Coded = encode_text(values, _letters_and_digits if kind == "exact" else _words if kind == "text" else None)
    texts = as_objects(coded.values)
    if kind != "number":
        return coded.codes, texts
    numbers = pd.to_numeric(pd.Series(texts, dtype="object"), errors="coerce").to_numpy(np.float64)
    return _sorted_codes(np.append(np.where(np.isfinite(numbers), numbers, np.nan), np.nan)[coded.codes])


def _sorted_codes(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    codes, values = pd.factorize(numbers, sort=True)
    return codes, values


def _letters_and_digits(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.utf8_upper(texts), r"[^\p{L}\p{N}]+", "")


def _words(texts: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(pc.utf8_upper(texts), r"[^\p{L}\p{N}]+", " "))
