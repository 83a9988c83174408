"""Signs of a problem among a case's people, with the days on which each stood; judges nothing.

They are the facts of eligibility: proven offences, sanctions, and rows of the extract of local indicators.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from criteria.calendar import Window
from criteria.crime_asb import ADULT, OFFENCE, SANCTION, find_crime_asb
from criteria.facts import Placed, Roster
from criteria.framework import Framework
from criteria.indicators import EXTRACT, listed_rows, read_indicators
from criteria.results_scope import Scope
from schemas.columns import TEXT
from schemas.keys import positions
from schemas.words import Criterion


COMPUTED = {OFFENCE: "youth_offending", ADULT: "youth_offending", SANCTION: "asb"}
"""The signs that are not indicators, and the extract that tells of each."""

_COLUMNS = ["member", "household", "sign", "start", "end", "sure", "file_sha256", "row_numbers"]


class World(NamedTuple):
    """The cases that a measure is about (a row each, in the scope's order), their scope, and what it was made of."""

    cases: pd.DataFrame
    scope: Scope
    facts: Placed
    roster: Roster
    rules: Framework


class Sign(NamedTuple):
    """Something that stood from one day to another (None: it goes on), on a person or on the address (None).

    `sure` is whether it counts without doubt.
    """

    person: str | None
    sign: str
    start: date
    end: date | None
    sure: bool
    file_sha256: str
    row_numbers: str

    def stood_in(self, window: Window) -> bool:
        """Whether it began in the window, or reached into it."""
        return self.start <= window.end and (self.end is None or self.end >= window.start)


def extracts_of(signs: Sequence[str]) -> list[str]:
    """The extracts that tell of these signs."""
    return sorted({COMPUTED.get(sign, EXTRACT) for sign in signs})


def find_signs(problem: Criterion, signs: Sequence[str], world: World) -> dict[int, list[Sign]]:
    """The signs of each case (by position), in order of day; nothing dated after the roster's day."""
    found = (*_offences_and_sanctions(signs, world), *_indicated(problem, signs, world))
    by_case: dict[int, list[Sign]] = defaultdict(list)
    for case, sign in _placed(found, world):
        by_case[case].append(sign)
    return {case: sorted(own, key=lambda one: (one.start, one.sign, one.person or "", one.row_numbers))
            for case, own in by_case.items()}


def _offences_and_sanctions(signs: Sequence[str], world: World) -> Iterator[tuple[Any, ...]]:
    if not set(signs) & set(COMPUTED):
        return
    rules = world.rules
    ever = rules.crime_asb.window_months.model_copy(update={"value": 12 * (world.roster.as_of.year - 1900)})
    crime = rules.crime_asb.model_copy(update={"window_months": ever})
    evidence = find_crime_asb(world.facts, world.roster, rules.model_copy(update={"crime_asb": crime})).evidence
    evidence = evidence[evidence["indicator"].isin(signs) & evidence["met"].fillna(True)]
    day = evidence["event_date"]
    yield from _rows(evidence.assign(sign=evidence["indicator"], start=day, end=day, sure=evidence["met"].notna()))


def _indicated(problem: Criterion, signs: Sequence[str], world: World) -> Iterator[tuple[Any, ...]]:
    table = read_indicators(world.facts)
    listed = [one for one in world.rules.indicators_of(problem) if one.code in signs]
    if table is None or not listed:
        return
    rows = listed_rows(table, listed, world.roster)
    rows = rows[rows["start_date"] <= pd.Timestamp(world.roster.as_of)]
    rows = rows.drop_duplicates(["member", "household", "code", "indicator", "start_date", "end_date", "agency"])
    ends = rows["end_date"].fillna(rows["start_date"].mask(rows["is_state"]))
    yield from _rows(rows.assign(sign=rows["code"], start=rows["start_date"], end=ends, sure=True,
                                 row_numbers=rows["row_number"].astype(TEXT)))


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return frame.loc[:, _COLUMNS].itertuples(index=False, name=None)


def _placed(found: Iterable[tuple[Any, ...]], world: World) -> Iterator[tuple[int, Sign]]:
    """Each sign with the cases of its person, or of the home where it names nobody."""
    of_person, of_home = _cases_by_person(world), _cases_by_home(world)
    for member, home, sign, start, end, sure, digest, rows in found:
        person = str(world.roster.person_id.iat[member]) if member >= 0 else None
        until = None if pd.isna(end) else end.date()
        for case in of_person.get(member, ()) if member >= 0 else of_home.get(home, ()):
            yield case, Sign(person, sign, start.date(), until, bool(sure), digest, rows)


def _cases_by_person(world: World) -> dict[int, list[int]]:
    at = positions(world.scope.roster.person_id, world.roster.person_id)
    found: dict[int, list[int]] = defaultdict(list)
    for part in world.scope.parts:
        found[int(at[part.person])].append(part.case)
    return found


def _cases_by_home(world: World) -> dict[int, list[int]]:
    """The cases that live in each household today."""
    known = positions(world.cases["household_id"], world.roster.households["household_id"])
    homes: dict[int, list[int]] = defaultdict(list)
    for case in np.flatnonzero(known >= 0):
        homes[int(known[case])].append(int(case))
    return homes
