"""Rules that need more than one column of a row: sessions that add up, dates in order, somebody to be about.

Each check gives a mask of the rows that break it. They are our own, not pandera's, which reports every column of every
failing row of a frame-wide check.
"""

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
import pandas as pd

from pipeline.intake.parsing import Breach
from schemas.extracts import ExtractSpec


REASONS = ["reason_g", "reason_n", "reason_o", "reason_u"]
YEAR_BEGINS = "-08-01"
"""The day on which a school year begins at the earliest (census definition)."""

Found = Iterator[tuple[str, str | None, pd.Series]]


def check_rows(frame: pd.DataFrame, spec: ExtractSpec, as_of: date) -> list[Breach]:
    """The rules across columns that rows of a parsed `frame` break."""
    found = [*_spans(frame, spec), *_person(frame, spec)]
    if spec.name in _OWN:
        found += _OWN[spec.name](frame, as_of)
    masks = [(rule, column, mask.fillna(False).to_numpy(dtype=bool)) for rule, column, mask in found]
    return [Breach(rule, column, np.flatnonzero(mask)) for rule, column, mask in masks if mask.any()]


def _spans(frame: pd.DataFrame, spec: ExtractSpec) -> Found:
    for start, end in spec.spans:
        rule = "leaving_before_entry" if end == "leaving_date" else "end_before_start"
        yield rule, end, frame[end] < frame[start]


def _attendance(frame: pd.DataFrame, as_of: date) -> Found:
    possible = frame["sessions_possible"]
    missed = frame["sessions_unauthorised"] + frame["sessions_authorised"].fillna(0)
    yield "sessions_exceed_possible", "sessions_unauthorised", missed > possible
    yield "reasons_exceed_possible", "reason_g", sum(frame[name].fillna(0) for name in REASONS) > possible
    begins = pd.to_datetime(frame["academic_year"].str[:4] + YEAR_BEGINS, format="%Y-%m-%d")
    yield "academic_year_ahead", "academic_year", begins > pd.Timestamp(as_of)


def _youth_offending(frame: pd.DataFrame, as_of: date) -> Found:
    yield "no_date", "offence_date", frame["offence_date"].isna() & frame["outcome_date"].isna()
    yield "outcome_before_offence", "outcome_date", frame["outcome_date"] < frame["offence_date"]


def _contacts(frame: pd.DataFrame, as_of: date) -> Found:
    yield "child_not_identified", "upn", ~_child(frame)


_OWN: dict[str, Callable[[pd.DataFrame, date], Found]] = {
    "attendance": _attendance,
    "youth_offending": _youth_offending,
    "contacts": _contacts,
}


def _child(frame: pd.DataFrame) -> pd.Series:
    """A child is known by a UPN, or by a surname with a forename or a date of birth."""
    more = frame["child_forename"].notna() | frame["child_date_of_birth"].notna()
    return frame["upn"].notna() | (frame["child_surname"].notna() & more)


def _person(frame: pd.DataFrame, spec: ExtractSpec) -> Found:
    """Somebody a row is about: a number of their own, or a surname with a birth date or a place; or a place alone."""
    if not spec.person:
        return
    known = _known_by_number(frame, spec)
    place = frame["uprn"].notna() | (frame["address"].notna() & frame["postcode"].notna())
    if spec.place_alone:
        known |= place & frame["forename"].isna() & frame["surname"].isna()
    more = frame["date_of_birth"].notna() | place
    if "child_surname" in spec.columns:
        more |= _child(frame)
    yield "no_surname", "surname", frame["surname"].isna() & ~known
    yield "no_identity", "surname", frame["surname"].notna() & ~known & ~more


def _known_by_number(frame: pd.DataFrame, spec: ExtractSpec) -> pd.Series:
    numbers = [name for name in ("upn", "nino", "request_ref") if name in spec.identified_by]
    return frame[numbers].notna().any(axis=1)
