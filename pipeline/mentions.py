"""From clean tables to mentions of people: one long table of records for linkage; decides who a row speaks of and when.

A row that names nobody and no address yields no record. A row of `contacts` yields two: the adult, and the child.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from criteria.calendar import Term
from schemas.columns import TEXT
from schemas.extracts import EXTRACTS


CHILD = "#child"
COLUMNS = (
    *("forename", "middle_names", "surname", "former_surname", "preferred_surname", "date_of_birth", "sex"),
    *("address", "postcode", "uprn", "upn", "nino", "observed_on", "role_hint", "tied_to", "relationship"),
)
DATES = ("date_of_birth", "observed_on")
ROLE_OF: Mapping[str, str] = {
    "attendance": "child",
    "exclusions": "child",
    "education_status": "child",
    "youth_offending": "child",
    "contacts": "adult",
    "dwp_benefits": "adult",
    "employment": "adult",
}
"""Who an extract speaks of, for a person whose date of birth is not known."""

GROWN_UP, DOUBTED = 20, 0.2
"""A child is under this age; rows of which a larger share is not what it should be say nothing of the others."""

DATED_BY: Mapping[str, tuple[str, ...]] = {
    "attendance": ("leaving_date", "term_end"),
    "exclusions": ("start_date",),
    "education_status": ("end_date", "start_date"),
    "youth_offending": ("outcome_date", "offence_date"),
    "asb": ("event_date",),
    "dwp_benefits": ("as_at",),
    "local_indicators": ("end_date", "start_date"),
    "referrals": ("referred_on",),
    "caseload": ("first_contact_on", "attached_on"),
    "employment": ("started_on",),
    "claims": ("claimed_on",),
}
"""The dates by which a row's address was seen. Where there is none: the day of the extract, else the as-of date."""


def mentions(
    tables: Mapping[str, pd.DataFrame],
    terms: Iterable[Term],
    snapshots: Mapping[str, date],
    *,
    as_of: date,
    speaks_of: Mapping[str, str] = MappingProxyType({}),
) -> pd.DataFrame:
    """Every mention of a person or an address in the clean `tables`, as `linkage.link` takes them.

    `terms` date the attendance, `snapshots` the files whose day the settings give (by sha256). `speaks_of` says whom
    rows of a local indicator are about (child, adult), as the framework has it. A DWP answer that carries a request_ref
    finds its person by it, so it is no mention. A date after `as_of` is brought back to it.
    """
    dates = [(term.academic_year, term.name, term.end) for term in terms]
    ends = pd.DataFrame(dates, columns=list(_TERM)).astype(_TERM)
    days = _Days(ends, {sha256: pd.Timestamp(day) for sha256, day in snapshots.items()}, pd.Timestamp(as_of))
    parts = [_of_extract(name, tables[name], days, speaks_of) for name in sorted(tables)]
    known = [part for part in parts if len(part)]
    return pd.concat(known, ignore_index=True) if known else _frame(pd.DataFrame({"record_id": []}), "", {})


def with_extra(records: pd.DataFrame, tables: Mapping[str, pd.DataFrame], names: Iterable[str]) -> pd.DataFrame:
    """`records` with the columns of the extracts that the settings name to be compared, as text.

    A record of an extract without the column has nothing there; nor has the child of a row of `contacts`.
    """
    for name in names:
        held = [table.set_index("record_id")[name].astype(TEXT) for table in tables.values() if name in table]
        found = records["record_id"].map(pd.concat(held)) if held else None
        records = records.assign(**{name: pd.Series(found, index=records.index, dtype=TEXT)})
    return records


_TERM = {"academic_year": TEXT, "term": TEXT, "end": "datetime64[ns]"}


class _Days(NamedTuple):
    """What dates a row: the ends of terms, the days of files by sha256, and the as-of date."""

    term_ends: pd.DataFrame
    snapshots: Mapping[str, pd.Timestamp]
    as_of: pd.Timestamp


def _of_extract(name: str, table: pd.DataFrame, days: _Days, speaks_of: Mapping[str, str]) -> pd.DataFrame:
    if not EXTRACTS[name].person:
        return _frame(table.iloc[:0], name, {})
    if name == "dwp_benefits":
        table = table[table["request_ref"].isna()]
    seen = _seen_on(name, table, days)
    if name == "contacts":
        return pd.concat([_adults(table, seen), _children(table, seen)], ignore_index=True)
    frame = _frame(table, name, {"observed_on": seen, "role_hint": _roles(name, table, days.as_of, speaks_of)})
    return frame[_says_something(frame)]


def _roles(
    name: str, table: pd.DataFrame, as_of: pd.Timestamp, speaks_of: Mapping[str, str]
) -> pd.Series | str | None:
    """Who the extract speaks of, or each of its rows."""
    if name != "local_indicators":
        return _role(table, ROLE_OF.get(name), as_of)
    kinds = table["indicator"]
    return kinds.map({kind: _role(table[kinds == kind], role, as_of) for kind, role in speaks_of.items()})


def _role(table: pd.DataFrame, role: str | None, as_of: pd.Timestamp) -> str | None:
    """The role, unless the dates of birth that there are say otherwise."""
    born = table["date_of_birth"].dropna()
    grown = born <= as_of - pd.DateOffset(years=GROWN_UP)
    wrong = grown if role == "child" else ~grown
    return None if wrong.mean() > DOUBTED else role


def _adults(table: pd.DataFrame, seen: pd.Series) -> pd.DataFrame:
    tied = table["record_id"] + CHILD
    changed = {"upn": None, "observed_on": seen, "role_hint": "adult", "tied_to": tied}
    return _frame(table, "contacts", changed)


def _children(table: pd.DataFrame, seen: pd.Series) -> pd.DataFrame:
    named = table[["upn", "child_surname"]].notna().any(axis=1)
    table, seen = table[named], seen[named]
    child = pd.DataFrame(
        {
            "record_id": table["record_id"] + CHILD,
            "forename": table["child_forename"],
            "surname": table["child_surname"],
            "date_of_birth": table["child_date_of_birth"],
            "upn": table["upn"],
        }
    )
    return _frame(child, "contacts", {"observed_on": seen, "role_hint": "child"})


def _frame(table: pd.DataFrame, source: str, changed: Mapping[str, Any]) -> pd.DataFrame:
    """The record columns of `table`, in order; missing ones empty, `changed` ones replaced."""
    given = {name: changed.get(name, table.get(name)) for name in COLUMNS} | dict(changed)
    columns = {"record_id": table["record_id"], "source": source} | {name: given[name] for name in COLUMNS}
    kinds = {name: "datetime64[ns]" if name in DATES else TEXT for name in columns}
    return pd.DataFrame({name: _filled(columns[name], kind, table.index) for name, kind in kinds.items()})


def _filled(values: Any, kind: Any, index: pd.Index) -> pd.Series:
    """A column of this kind, of the values it has or of one for all rows."""
    if kind is TEXT and not isinstance(values, pd.Series):
        values = pd.array(pa.repeat(pa.scalar(values, pa.large_string()), len(index)), dtype=TEXT)
    return pd.Series(values, index=index, dtype=kind)


def _seen_on(name: str, table: pd.DataFrame, days: _Days) -> pd.Series:
    otherwise = pd.to_datetime(table["file_sha256"].astype(object).map(days.snapshots)).fillna(days.as_of)
    if name == "attendance":
        term = table[["academic_year", "term"]].merge(days.term_ends, how="left", on=["academic_year", "term"])
        seen = table.assign(term_end=term["end"].to_numpy())[list(DATED_BY[name])].min(axis=1)
    else:
        dates = list(DATED_BY.get(name, ()))
        seen = table[dates].max(axis=1) if dates else otherwise
    return seen.fillna(otherwise).clip(upper=days.as_of)


def _says_something(frame: pd.DataFrame) -> pd.Series:
    return frame[["forename", "surname", "address", "uprn", "upn", "nino"]].notna().any(axis=1)
