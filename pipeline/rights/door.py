"""Which rows of an extract are of a marked person; erased ones are taken out as they come in, restricted ones named.

A row is a person's where it says what their mark holds, and no other number of the same kind: of two people of one name
and one date of birth with different UPNs, the other is left alone.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.intake.parsing import Breach
from pipeline.intake.taking_in import Taken
from pipeline.mentions import CHILD
from pipeline.rights.marks import Effect, Mark
from pipeline.rights.traits import Said, digests, traits_of


class Marks(NamedTuple):
    """The marks that stand, and the key of their digests."""

    marks: tuple[Mark, ...]
    key: bytes

    def of(self, effect: Effect) -> tuple[Mark, ...]:
        """Those that do this."""
        return tuple(mark for mark in self.marks if mark.effect is effect)


NOBODY = Marks((), b"")


def fits(frame: pd.DataFrame, extract: str, marks: tuple[Mark, ...], key: bytes) -> list[np.ndarray]:
    """For each person that a row of the extract names (its own; of a contact its child too), whether it is one of the
    people of these marks, row by row."""
    each = traits_of(frame, extract) if marks and len(frame) else []
    found = [_of_anybody([(one.kind, _coded(one, key)) for one in said], marks, len(frame)) for said in each]
    return found or [np.zeros(len(frame), dtype=bool)]


def take_out_erased(taken: Taken, extract: str, marks: Marks) -> tuple[Taken, np.ndarray]:
    """What was taken in without the rows of erased people, and how many of each file's rows those were."""
    gone = np.logical_or.reduce(fits(taken.frame, extract, marks.of(Effect.ERASE), marks.key))
    counts = np.bincount(taken.file_of[gone], minlength=len(taken.files))
    return (without_rows(taken, gone) if gone.any() else taken), counts


def records_left_alone(taken: Taken, extract: str, marks: Marks) -> list[str]:
    """The ids under which the records of restricted people are taken in."""
    own, *child = fits(taken.frame, extract, marks.of(Effect.RESTRICT), marks.key)
    return [*_record_ids(taken, extract, own), *(name + CHILD for rows in child for name in
                                                 _record_ids(taken, extract, rows))]


def without_rows(taken: Taken, gone: np.ndarray) -> Taken:
    """What was taken in, without these rows and all that was said of them."""
    keep = ~gone
    place = np.cumsum(keep) - 1
    breaches = [Breach(one.rule, one.column, place[one.rows[keep[one.rows]]]) for one in taken.breaches]
    return taken._replace(
        frame=taken.frame[keep].reset_index(drop=True),
        text=taken.text.filter(pa.array(keep)),
        file_of=taken.file_of[keep],
        row_numbers=taken.row_numbers[keep],
        breaches=[one for one in breaches if len(one.rows)],
    )


def _record_ids(taken: Taken, extract: str, rows: np.ndarray) -> list[str]:
    return [f"{extract}:{taken.files[file].file.sha256[:10]}:{number}"
            for file, number in zip(taken.file_of[rows], taken.row_numbers[rows], strict=True)]


def _of_anybody(coded: list[tuple[str, pd.Series]], marks: tuple[Mark, ...], rows: int) -> np.ndarray:
    """Whether each row is somebody's; each mark is held only to the rows that say anything of what any mark holds."""
    every = frozenset().union(*(mark.traits for mark in marks))
    maybe = np.flatnonzero(np.logical_or.reduce([column.isin(every).to_numpy() for _, column in coded], initial=False)
                           if coded else np.zeros(rows, dtype=bool))
    few = [(kind, column.iloc[maybe]) for kind, column in coded]
    found = np.zeros(rows, dtype=bool)
    found[maybe] = np.logical_or.reduce([_is_theirs(few, mark.traits, len(maybe)) for mark in marks])
    return found


def _coded(said: Said, key: bytes) -> pd.Series:
    known: Mapping[str, str] = digests(said.texts.dropna().unique(), said.kind, key)
    return said.texts.map(known)


def _is_theirs(coded: list[tuple[str, pd.Series]], traits: frozenset[str], rows: int) -> np.ndarray:
    named, other = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    for kind, column in coded:
        same = column.isin(traits).to_numpy()
        named |= same
        if kind in ("upn", "nino") and any(trait.startswith(f"{kind}:") for trait in traits):
            other |= column.notna().to_numpy() & ~same
    return named & ~other
