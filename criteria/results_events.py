"""What counts towards a fall: incidents and sanctions with a member as perpetrator, and minors' proven offences."""

from collections import defaultdict
from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.facts import age_on, day_number, number_of
from criteria.framework import Framework
from criteria.results_scope import Places, Scope, proven_on
from schemas.words import Measure


class Kind(NamedTuple):
    """A kind of event: its measure, its extract, the fall that is wanted in a window of so many months, and its words.

    `doubt` says why a row of it may not count.
    """

    measure: Measure
    extract: str
    percent: Decimal
    months: int
    noun: str
    doubt: str
    table: pd.DataFrame | None
    places: Places | None


class Event(NamedTuple):
    """A person's part in something that happened: `key` tells it from others of the family, `row` is its row.

    `sure` is whether it counts without doubt; `child` whether the person was under age on the day (None: not known).
    """

    person: int
    day: date
    key: tuple[Hashable, ...]
    sure: bool
    child: bool | None
    row: int


def asb_kind(scope: Scope, rules: Framework) -> Kind:
    """Anti-social behaviour across the family."""
    table = scope.facts.rows("asb", ("case_ref", "role", "kind", "event_date"))
    return Kind(Measure.ASB, "asb", rules.results.asb_reduction_percent.value, rules.results.asb_window_months.value,
                "incident", "the role is not stated", table, None if table is None else Places.of(table))


def offending_kind(scope: Scope, rules: Framework) -> Kind:
    """Proven offences by minors."""
    table = scope.facts.rows("youth_offending", ("offence_date", "outcome_date", "offence", "proven"))
    figures = rules.results
    return Kind(Measure.OFFENDING, "youth_offending", figures.offending_reduction_percent.value,
                figures.offending_window_months.value, "proven offence", "the offender's age is not known", table,
                None if table is None else Places.of(table))


def find_events(scope: Scope, kind: Kind, rules: Framework) -> dict[int, list[Event]]:
    """The events of each case (by position), in order of day; none after the as-of date."""
    if kind.table is None:
        return {}
    found = _incidents(scope, kind.table, rules) if kind.measure == Measure.ASB else _offences(scope, kind.table, rules)
    by_person = defaultdict(list)
    for event in found:
        by_person[event.person].append(event)
    events: dict[int, list[Event]] = defaultdict(list)
    for part in scope.parts:
        events[part.case] += [event._replace(child=part.child) if event.child is None else event
                              for event in by_person.get(part.person, ())]
    return {case: sorted(own, key=lambda event: (event.day, event.row)) for case, own in events.items()}


def _incidents(scope: Scope, table: pd.DataFrame, rules: Framework) -> list[Event]:
    role = table["role"].fillna("")
    counts = table["kind"].isin(rules.results.asb_kinds.value) & role.isin([rules.crime_asb.role.value, ""])
    rows = np.flatnonzero(counts.to_numpy(dtype=bool) & table["event_date"].notna().to_numpy())
    one = table.take(rows)
    age = age_on(scope.roster.born[one["member"]], day_number(one["event_date"]))
    days, stated = one["event_date"].dt.date, role.take(rows) != ""
    each = zip(one["member"], days, one["case_ref"], stated, _under_age(age, rules), rows, strict=True)
    return [Event(person, day, (ref, day), bool(said), young, int(row)) for person, day, ref, said, young, row in each]


def _offences(scope: Scope, table: pd.DataFrame, rules: Framework) -> list[Event]:
    counts = (table["proven"] == "Y").fillna(False).to_numpy(dtype=bool)
    anchor = proven_on(table, rules)
    rows = np.flatnonzero(counts & anchor.notna().to_numpy())
    one, days = table.take(rows), anchor.take(rows).dt.date
    when = day_number(one["offence_date"].fillna(one["outcome_date"]))
    by_offence = rules.crime_asb.minor_on.value == "offence_date"
    age = age_on(scope.roster.born[one["member"]], when if by_offence else number_of(scope.as_of))
    told = one.loc[:, ["offence_date", "outcome_date", "offence"]].astype("string").fillna("")
    keys = list(told.itertuples(index=False, name=None))
    each = zip(one["member"], days, keys, _under_age(age, rules), rows, strict=True)
    return [Event(person, day, (person, day, *key), young is not None, True, int(row))
            for person, day, key, young, row in each if young is not False]


def _under_age(age: np.ndarray, rules: Framework) -> list[bool | None]:
    return [None if years < 0 else bool(years < rules.crime_asb.minor_below_age.value) for years in age]
