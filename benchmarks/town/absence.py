"""Attendance term by term: who was at which school for how much of it, and how much of that was missed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.town.draws import Floats, Ints, Rng, chance, sigmoid
from benchmarks.town.kin import NEVER
from benchmarks.town.rates import LIFE
from benchmarks.town.terms import Term, school_year_of, year_starts


@dataclass(frozen=True)
class Pupils:
    """Rows of people at school at any time in the six terms, and the need of their households."""

    person: Ints
    birth: Ints
    need: Floats


@dataclass(frozen=True)
class Seats:
    """Which schools a pupil goes to, before and after the family's latest move; -1 where that is out of the borough."""

    before: Ints
    now: Ints
    change: Ints


def _truancy(rng: Rng, pupils: Pupils, homes_of: Ints, group: Ints) -> Floats:
    """Each pupil's share of unauthorised absence: little for nearly all, much in some families."""
    usual = np.minimum(np.exp(rng.normal(-5.1 + 0.35 * pupils.need, 0.75)), 0.2)
    _, home = np.unique(homes_of, return_inverse=True)
    family = chance(rng, sigmoid(-4.2 + 1.65 * pupils.need[_first_of(home)]), int(home.max()) + 1)[home]
    share = np.where(group >= 7, np.where(family, 0.6, 0.004), np.where(family, 0.35, 0.001))
    return np.where(chance(rng, share, len(group)), rng.beta(4.0, 11.0, len(group)), usual)


def _first_of(codes: Ints) -> Ints:
    first = np.empty(int(codes.max()) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return first


def make_attendance(
    rng: Rng, pupils: Pupils, seats: Seats, status: pd.DataFrame, terms: tuple[Term, ...]
) -> pd.DataFrame:
    group = school_year_of(pupils.birth, terms[-1].year)
    rate = _truancy(rng, pupils, _siblings(pupils, seats), group)
    out = _out_of_school(status, int(pupils.person.max()) + 1)
    parts = []
    for number, term in enumerate(terms):
        for after in (False, True):
            parts.append(_segment(number, term, after, pupils, seats, out))
    rows = pd.concat(parts, ignore_index=True).sort_values(
        ["person", "term", "entry"], kind="stable", ignore_index=True
    )
    position = np.searchsorted(pupils.person, rows["person"].to_numpy())
    return _sessions(rng, rows, rate[position])


def _siblings(pupils: Pupils, seats: Seats) -> Ints:
    """Children with the same need live in one household: need is drawn once a household."""
    return np.asarray(pd.factorize(pupils.need)[0]).astype(np.int64)


def _out_of_school(status: pd.DataFrame, size: int) -> tuple[Ints, Ints]:
    """From and until when each person was on no school's register (AP leaves the register as it is)."""
    since, until = np.full(size, NEVER), np.full(size, NEVER)
    rows = status[status["status"] != "AP"]
    since[rows["person"].to_numpy()] = rows["start"].to_numpy()
    until[rows["person"].to_numpy()] = np.where(rows["end"] < 0, NEVER, rows["end"])
    return since, until


def _segment(
    number: int, term: Term, after: bool, pupils: Pupils, seats: Seats, out: tuple[Ints, Ints]
) -> pd.DataFrame:
    """The part of a term before, or since, the latest move."""
    start = np.maximum(term.start, seats.change) if after else np.full(len(pupils.person), term.start)
    end = np.full(len(start), term.end) if after else np.minimum(term.end, seats.change - 1)
    group = school_year_of(pupils.birth, term.year)
    school = (seats.now if after else seats.before)[np.arange(len(group)), (group >= 7).astype(np.int64)]
    since, until = (days[pupils.person] for days in out)
    away = (start >= since) & (start < until)
    end = np.where((start < since) & (end >= since), since - 1, end)
    here = (group >= 0) & (group <= 11) & (start <= end) & (school >= 0) & ~away
    length = term.end - term.start + 1
    possible = np.round(term.sessions * (end - start + 1) / length / 2).astype(np.int64) * 2
    entry = np.array([year_starts(term.year - k) for k in range(12)])[
        np.where(group >= 7, group - 7, group).clip(0, 11)
    ]
    frame = pd.DataFrame(
        {
            "person": pupils.person,
            "term": number,
            "school": school,
            "status": "C",
            "entry": np.where(after & (seats.change > entry), seats.change, entry),
            "leaving": np.where(end < term.end, end, -1),
            "possible": possible,
        }
    )
    return frame[here & (possible > 0)]


def _sessions(rng: Rng, rows: pd.DataFrame, rate: Floats) -> pd.DataFrame:
    """Counts of absence, and the four reasons of the unauthorised part."""
    possible = rows["possible"].to_numpy()
    this_term = np.minimum(rate * rng.lognormal(-0.03, 0.25, len(rows)), 0.95)
    missed = rng.binomial(possible, this_term)
    excused = rng.binomial(possible - missed, np.minimum(rng.gamma(2.0, 0.021, len(rows)), 0.9))
    other = rng.binomial(missed, 0.55)
    late = rng.binomial(missed - other, 0.45)
    none_yet = rng.binomial(missed - other - late, 0.6)
    return rows.assign(
        authorised=excused, unauthorised=missed, g=missed - other - late - none_yet, n=none_yet, o=other, u=late
    )


def register_twice(rng: Rng, rows: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Some pupils are registered at two schools at once: a main row, and a subsidiary one of part of its sessions."""
    person = rows["person"].to_numpy()
    chosen = chance(rng, LIFE.dual_registration, int(person.max()) + 1)[person] & (rows["leaving"] < 0).to_numpy()
    chosen &= ~rows.duplicated(["person", "term"], keep=False).to_numpy()
    other = int(np.flatnonzero(schools["phase"] == 2)[0])
    chosen &= rows["school"].to_numpy() != other
    second = rows[chosen].assign(school=other, status="S")
    part = {name: second[name] // 3 for name in ("authorised", "g", "n", "o", "u")}
    second = second.assign(possible=second["possible"] // 2, **part)
    second = second.assign(unauthorised=second[["g", "n", "o", "u"]].sum(axis=1))
    rows = rows.assign(status=np.where(chosen, "M", rows["status"]))
    return pd.concat([rows, second], ignore_index=True).sort_values(["term", "school", "person"], ignore_index=True)
