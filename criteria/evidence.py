"""Evidence: drafts of it by position, where their rows stand in the extracts, and the finished table with its ids."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.calendar import Window
from criteria.days import judged_on
from criteria.facts import Roster
from schemas.assessed import Evidence
from schemas.columns import TEXT, columns_of
from schemas.keys import as_arrow


DRAFT = ("household", "member", "criterion", "indicator", "value", "threshold", "met", "window_start", "window_end",
         "event_date", "extract", "file_sha256", "row_numbers", "detail", "agency", "dependent")
"""Columns of a draft: `household` and `member` are positions, `agency` is the one behind the fact, `dependent` marks a
local fact that mirrors a national one."""

_TEXTS = ("criterion", "indicator", "value", "threshold", "extract", "file_sha256", "row_numbers", "detail", "agency")
_DATES = ("window_start", "window_end", "event_date")
_ORDER = ("household_id", "criterion", "indicator", "event_date", "extract", "person_id", "value", "detail",
          "file_sha256", "row_numbers")
"""Where a row stood comes last: it orders nothing but facts that say the same."""


def draft(size: int, window: Window | Mapping[str, Any], **columns: Any) -> pd.DataFrame:
    """A draft of `size` rows from arrays, series or single values; what is not named is empty.

    `window`: one for all, or the columns window_start and window_end (`criteria.days`).
    """
    if size == 0:
        return no_evidence()
    if isinstance(window, Window):
        window = {"window_start": pd.Timestamp(window.start), "window_end": pd.Timestamp(window.end)}
    given = {**window, **columns}
    frame = pd.DataFrame({name: _column(name, given.get(name), size) for name in DRAFT})
    return frame[frame["household"] >= 0].reset_index(drop=True)


@cache
def no_evidence() -> pd.DataFrame:
    """A draft without rows. Nobody changes a draft in place, so one is enough."""
    return pd.DataFrame({name: _column(name, None, 0) for name in DRAFT})


def _column(name: str, given: Any, size: int) -> Any:
    values = given.array if isinstance(given, pd.Series) else given
    if name in _TEXTS:
        return pd.Series(values, index=range(size), dtype=TEXT)
    if name in _DATES:
        return pd.Series(values, index=range(size), dtype="datetime64[ns]")
    if name == "met":
        return pd.Series(values, index=range(size), dtype="boolean")
    if name == "dependent":
        return np.zeros(size, dtype=bool)
    return pd.Series(-1 if given is None else values, index=range(size), dtype="int64")


def distinct(rows: pd.DataFrame, keys: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows that say the same are one fact: the facts in order of their keys, and the number of each row's fact."""
    if rows.empty:
        return rows, np.zeros(0, dtype=np.int64)
    code = rows.groupby(keys, dropna=False, sort=True).ngroup().to_numpy()
    order = np.argsort(code, kind="stable")
    first = order[np.flatnonzero(np.diff(code[order], prepend=-1))]
    return rows.take(first).reset_index(drop=True), code


def tested(holds: np.ndarray, known: np.ndarray) -> pd.Series:
    """Whether a fact meets its test; empty where that is not known."""
    return pd.Series(holds, dtype="boolean").where(pd.Series(known, dtype=bool))


def sources(rows: pd.DataFrame, group: np.ndarray, count: int) -> dict[str, pd.Series]:
    """`file_sha256` and `row_numbers` of each group of rows (numbered 0 to count - 1, none empty).

    Row numbers are joined by `;` in order of file and row. One file's digest stands alone; where the rows come from
    several files there is one digest for each row number, joined likewise.
    """
    if count == 0:
        return {}
    files = rows["file_sha256"].astype("category").cat
    names = sorted(files.categories)
    file = files.set_categories(names).cat.codes.to_numpy()
    numbers = rows["row_number"].to_numpy(dtype=np.int64, na_value=0)
    order = np.lexsort((numbers, file, group))
    offsets = np.searchsorted(group[order], np.arange(count + 1))
    joined = join_runs(pa.array(numbers[order]).cast(pa.string()), offsets)
    digests = _digests(pa.array(names, type=pa.string()), file[order], offsets)
    return {"file_sha256": text_series(digests), "row_numbers": text_series(joined)}


def _digests(names: Any, file: np.ndarray, offsets: np.ndarray) -> Any:
    """One digest for a run of rows of one file, else one for each row; `file` is sorted within each run."""
    first, last = file[offsets[:-1]], file[offsets[1:] - 1]
    single = names.take(pa.array(first))
    if (first == last).all():
        return single
    return pc.if_else(pa.array(first != last), join_runs(names.take(pa.array(file)), offsets), single)


def join_runs(values: Any, offsets: np.ndarray, by: str = ";") -> Any:
    """Join runs of an Arrow text array: run i is values[offsets[i]:offsets[i + 1]]."""
    runs = pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values)
    return pc.binary_join(runs, by)


def text_series(values: Any) -> pd.Series:
    """An Arrow text array as a column."""
    return pd.Series(values, dtype=TEXT) if len(values) else pd.Series([], dtype=TEXT)


def day_text(days: pd.Series) -> pd.Series:
    """Dates as `2013-09-30`; empty where there is none."""
    return text_series(pa.Array.from_pandas(days).cast(pa.timestamp("ns")).cast(pa.date32()).cast(pa.string()))


def finish(drafts: list[pd.DataFrame], roster: Roster) -> pd.DataFrame:
    """The evidence table: drafts together, in order of content, numbered `E0000001` on.

    Age is in days from the event to the as-of date.
    """
    every = pd.concat(drafts, ignore_index=True)
    homes, people = as_arrow(roster.households["household_id"]), as_arrow(roster.person_id)
    member = every["member"].to_numpy()
    every["household_id"] = text_series(homes.take(pa.array(every["household"].to_numpy())))
    every["person_id"] = text_series(people.take(pa.array(member, mask=member < 0)))
    order = pc.sort_indices(pa.Table.from_pandas(every.loc[:, list(_ORDER)], preserve_index=False),
                            sort_keys=[(name, "ascending") for name in _ORDER])
    every = every.take(order.to_numpy()).reset_index(drop=True)
    day = pd.Series(judged_on(roster, every["household"]), index=every.index)
    every["age_days"] = (day - every["event_date"]).dt.days.astype("Int64")
    every["evidence_id"] = _ids(len(every))
    return every.loc[:, [*columns_of(Evidence), "household", "member", "agency", "dependent"]]


def _ids(count: int) -> pd.Series:
    numbers = pa.array(np.arange(1, count + 1)).cast(pa.string())
    padded = pc.utf8_lpad(numbers, width=7, padding="0")
    return text_series(pc.binary_join_element_wise("E", padded, ""))
