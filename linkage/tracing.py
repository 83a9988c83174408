"""Finds the records that decisions were about: by id, else by hash; and those that have changed since. Applies none.

A decision holds for every record that says the very same, wherever it stands. Where a record says something else than
when it was judged, the decision does not hold: somebody is asked again.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from linkage.encode import read_days
from linkage.record_hash import CORES, NOTHING, Contents, Hash, read_hash


MOST_ALIKE = 200
"""Of more records that say the very same nobody knows which was judged."""

SAME, CARRIED, CHANGED, UNKNOWN = "same", "carried", "changed", "unknown"


class Side(NamedTuple):
    """The rows of the records that one side of a decision is about, the one to show first; and how they were found."""

    rows: tuple[int, ...]
    state: str


class Traced(NamedTuple):
    """Both sides of a decision."""

    left: Side
    right: Side

    @property
    def state(self) -> str:
        """How both sides were found: the worse of the two."""
        order = (SAME, CARRIED, CHANGED, UNKNOWN)
        return max(self.left.state, self.right.state, key=order.index)


class _Finder:
    """Rows of records by id, by hash, and by what they can be recognised by."""

    def __init__(self, records: pd.DataFrame, judgements: pd.DataFrame) -> None:
        self.ids = records["record_id"].astype("object").astype(str).to_numpy(dtype=object)
        sides = pd.concat([judgements["left_id"], judgements["right_id"]]).dropna().astype(str)
        named = np.flatnonzero(pd.Series(self.ids, dtype="object").isin(set(sides)).to_numpy())
        self.row_of: dict[str, int] = {self.ids[row]: int(row) for row in named}
        texts = pd.concat([judgements["left_hash"], judgements["right_hash"]]).dropna()
        self.hashes = {text: one for text in texts if (one := read_hash(text)) is not None}
        self.seen = pd.Series(read_days(records.get("observed_on", pd.Series(pd.NaT, records.index))))
        self.identity = np.full(len(records), NOTHING)
        self.alike: dict[int, tuple[int, ...]] = {}
        self.akin: dict[int, tuple[int, ...]] = {}
        if self.hashes:
            contents = Contents(records)
            self.identity = contents.identities()
            wanted = {one.identity for one in self.hashes.values()} - {int(NOTHING)}
            self.alike = self._gather(np.arange(len(records)), self.identity, wanted)
            lost = {one.core for one in self.hashes.values() if one.identity not in self.alike}
            for name in CORES if lost else ():
                self.akin |= self._gather(*contents.cores(name), lost)

    def _gather(self, rows: np.ndarray, digests: np.ndarray, wanted: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """The rows of each wanted digest, the one seen last first."""
        places = np.flatnonzero(np.isin(digests, np.array(sorted(wanted), dtype=np.uint64)))
        found = pd.DataFrame({"row": rows[places], "digest": digests[places]})
        found["id"] = self.ids[found["row"]]
        found["seen"] = self.seen.to_numpy()[found["row"]]
        found = found.sort_values(["seen", "id"], ascending=[False, True], na_position="last", kind="stable")
        return {int(digest): tuple(part["row"].tolist()) for digest, part in found.groupby("digest", sort=False)}

    def side(self, record: Any, text: Any) -> Side:
        """The records that one side of a decision is about."""
        row = self.row_of.get(str(record)) if pd.notna(record) else None
        known: Hash | None = self.hashes.get(text) if pd.notna(text) else None
        unhashed = pd.isna(text) or not str(text).strip()
        if row is not None and (unhashed or (known is not None and known.identity == int(self.identity[row]))):
            return Side((row,), SAME)
        if known is not None and known.identity in self.alike:
            rows = self.alike[known.identity]
            return Side(rows, CARRIED) if len(rows) <= MOST_ALIKE else Side(rows[:1], CHANGED)
        if row is not None:
            return Side((row,), CHANGED)
        akin = self.akin.get(known.core, ())[:MOST_ALIKE] if known is not None else ()
        return Side(akin, CHANGED if akin else UNKNOWN)


def trace(judgements: pd.DataFrame, records: pd.DataFrame, *, apart: np.ndarray) -> list[Traced]:
    """The records that each row of `judgements` (left_id, right_id, left_hash, right_hash) is about.

    `apart` says which rows are of two people, or two homes: two records that say the very same can be told apart only
    where there are no more than these two.
    """
    finder = _Finder(records, judgements)
    columns = [judgements[name].tolist() for name in ("left_id", "right_id", "left_hash", "right_hash")]
    found = []
    for left_id, right_id, left_hash, right_hash in zip(*columns, strict=True):
        found.append(Traced(finder.side(left_id, left_hash), finder.side(right_id, right_hash)))
    return [_told_apart(one) if parted else one for one, parted in zip(found, apart.tolist(), strict=True)]


def _told_apart(traced: Traced) -> Traced:
    """Two sides without a record in common, or what to ask about where they cannot be told from each other."""
    left, right = traced.left, traced.right
    if not set(left.rows) & set(right.rows):
        return traced
    if len(left.rows) == 1:
        right = right._replace(rows=tuple(row for row in right.rows if row not in left.rows))
    elif len(right.rows) == 1 or len(left.rows) == 2:
        right = right._replace(rows=right.rows[-1:])
        left = left._replace(rows=tuple(row for row in left.rows if row not in right.rows))
    else:
        left, right = Side(left.rows[:1], CHANGED), Side(right.rows[1:2], CHANGED)
    return Traced(left, right if right.rows else Side((), UNKNOWN))
