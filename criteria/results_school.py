"""What school says of the cases' children over three terms: sessions, exclusions, gaps; judges no result.

It reads attendance, exclusions and silence through the same rooms as eligibility, with the results' own limits.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.attendance import judge_absence, read_attendance
from criteria.calendar import Term, Window, terms_around
from criteria.exclusions import FIXED, PERMANENT, judge_exclusions
from criteria.facts import Roster
from criteria.figures import Education
from criteria.framework import Framework
from criteria.results_scope import Scope, cover_gap
from criteria.schooling import expected_terms, of_school_age
from criteria.silence import Children, missing_attendance
from criteria.status import OFF_ROLL, at_home, judge_status, read_spells


class Fact(NamedTuple):
    """A piece of evidence on one child: whether it is at or over its limit, its words, day and rows."""

    over: bool | None
    value: str
    detail: str
    day: date
    rows: tuple[str, str]


class Excluded(NamedTuple):
    """Fixed and permanent exclusions by person (position)."""

    fixed: Mapping[int, Fact]
    permanent: Mapping[int, Fact]


class School(NamedTuple):
    """What was sent about three terms, by person (position).

    `sessions` has possible and counted absent sessions by person and term; `gaps` what is missing of a child's
    attendance, `due` flags the children of whom a school should have sent some, `home` those educated at home in any of
    the terms. `attendance_gap` and `exclusions_gap` say why neither can be told, for anyone.
    """

    window: Window
    label: str
    sessions: np.ndarray
    absence: Mapping[int, Fact]
    excluded: Excluded
    gaps: Mapping[int, str]
    due: np.ndarray
    home: np.ndarray
    attendance_gap: str | None
    exclusions_gap: str | None


def coming_terms(on: date, rules: Framework) -> tuple[Term, ...]:
    """The terms that end after a day, for a year and a half or so, by date."""
    return tuple(term for term in terms_around(on + timedelta(days=500), rules) if term.end > on)


def result_terms(on: date, rules: Framework) -> tuple[Term, ...]:
    """The last complete terms, as many as a result is looked at over, oldest first."""
    over = [term for term in terms_around(on, rules) if term.end <= on]
    return tuple(over[-rules.results.education_terms.value:])


def read_school(scope: Scope, terms: tuple[Term, ...], rules: Framework) -> School:
    """What was sent about each child for these terms."""
    limits, roster = _limits(rules), scope.roster
    home = at_home(read_spells(scope.facts, roster), len(roster.person_id), terms, limits)
    due = expected_terms(roster.born, terms, limits) & ~home & roster.child[:, None]
    absence, sessions, gaps = _absence(scope, roster, limits, terms, due=due)
    window = Window(terms[0].start, terms[-1].end)
    label = f"{terms[0].name} {terms[0].academic_year} to {terms[-1].name} {terms[-1].academic_year}"
    missing = None if "attendance" in scope.facts.tables else "the attendance extract was not given"
    excluded = read_exclusions(scope, terms, rules)
    return School(window, label, sessions, absence, excluded, gaps, np.any(due, axis=1), np.any(home, axis=1), missing,
                  cover_gap(scope, "exclusions", window, rules))


def read_exclusions(scope: Scope, terms: tuple[Term, ...], rules: Framework) -> Excluded:
    """Fixed exclusions of these terms, and permanent ones from the first of them on; none after the as-of date."""
    found, _ = judge_exclusions(scope.facts, scope.roster, _limits(rules), terms)
    return Excluded(_facts(found[found["indicator"] == FIXED]), _facts(found[found["indicator"] == PERMANENT]))


def read_off_roll(scope: Scope, terms: tuple[Term, ...], rules: Framework) -> dict[int, Fact]:
    """The children of school age who are on no school roll on the as-of date."""
    roster = scope.roster
    of_age = roster.child & (of_school_age(roster.born, scope.as_of, rules.education) | (roster.born == 0))
    found, _ = judge_status(read_spells(scope.facts, roster), roster, rules.education, terms, of_age)
    return _facts(found[found["indicator"] == OFF_ROLL])


def out_of_school(scope: Scope, rules: Framework) -> dict[int, list[tuple[date, date]]]:
    """Each child's spells in alternative provision because excluded, or on no roll: first and last day."""
    spells, limits = read_spells(scope.facts, scope.roster), rules.education
    if spells is None:
        return {}
    because = (spells["because_excluded"] == "Y").fillna(False) | (not limits.because_excluded_needed.value)
    away = spells["status"].isin(limits.alternative_statuses.value) & because
    rows = spells[away | spells["status"].isin(limits.not_on_roll_statuses.value)]
    found: dict[int, list[tuple[date, date]]] = {}
    for member, start, end in zip(rows["member"], rows["start_date"], rows["end_date"], strict=True):
        found.setdefault(member, []).append((start.date(), date.max if pd.isna(end) else end.date()))
    return found


def _limits(rules: Framework) -> Education:
    """The limits of eligibility with those of a result in their place."""
    results = rules.results
    return rules.education.model_copy(update={
        "absence_percent": results.absence_below_percent, "fixed_exclusions": results.fixed_exclusions_below,
        "terms": results.education_terms})


def _absence(
    scope: Scope, roster: Roster, limits: Education, terms: tuple[Term, ...], *, due: np.ndarray
) -> tuple[dict[int, Fact], np.ndarray, dict[int, str]]:
    size = len(roster.person_id)
    attendance = read_attendance(scope.facts, limits, terms)
    if attendance is None:
        return {}, np.zeros((size, len(terms), 2), dtype=np.int64), {}
    evidence = judge_absence(attendance, roster, limits, terms)
    settled = np.zeros(size, dtype=bool)
    settled[evidence["member"].to_numpy()[evidence["met"].notna()]] = True
    members = np.flatnonzero(roster.child)
    missing = missing_attendance(attendance, roster, Children(members, due[members]), terms, settled)
    words = missing.sort_values(["household", "gap"]).groupby("household")["gap"].agg("; ".join)
    sessions = _sessions(attendance.rows[attendance.counted], size, len(terms))
    return _facts(evidence), sessions, _unsent(due, sessions, terms) | {int(at): gap for at, gap in words.items()}


def _unsent(due: np.ndarray, sessions: np.ndarray, terms: tuple[Term, ...]) -> dict[int, str]:
    """Of each child the terms in which attendance was due and no school sent any: that is missing, and not nought."""
    lacking = due & (sessions[:, :, 0] == 0)
    named = {int(at): [term.label for term, gap in zip(terms, lacking[at], strict=True) if gap]
             for at in np.flatnonzero(lacking.any(axis=1))}
    return {at: f"attendance for {' and '.join(labels)}" for at, labels in named.items()}


def _sessions(rows: pd.DataFrame, size: int, terms: int) -> np.ndarray:
    rows = rows[(rows["member"] >= 0) & (rows["possible"] > 0)]
    at = rows["member"].to_numpy() * terms + rows["when"].to_numpy()
    sums = [np.bincount(at, weights=rows[name], minlength=size * terms) for name in ("possible", "missed")]
    return np.stack(sums, axis=-1).astype(np.int64).reshape(size, terms, 2)


def _facts(evidence: pd.DataFrame) -> dict[int, Fact]:
    """By person; of several the earliest."""
    columns = ["member", "met", "value", "detail", "event_date", "file_sha256", "row_numbers"]
    rows = evidence.loc[:, columns].sort_values(["member", "event_date"], ascending=False)
    return {int(member): Fact(None if pd.isna(met) else bool(met), value, detail, day.date(), (digest, numbers))
            for member, met, value, detail, day, digest, numbers in rows.itertuples(index=False, name=None)}
