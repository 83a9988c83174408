"""A part of the borough: some people, their homes, and what the extracts say of them; judges nothing.

What a test reads of the whole extract stays readable: which school sent which term, and which days an extract covers.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.facts import Facts, People, Placed, Roster, make_roster, place_facts
from schemas.columns import TEXT


class World(NamedTuple):
    """People, their facts by position, and for each extract its row numbers in order of household (nobody's first)."""

    people: People
    roster: Roster
    placed: Placed
    order: dict[str, np.ndarray]


def people_of(people: People, households: pd.Series) -> People:
    """These households and their members."""
    members = people.members[people.members["household_id"].isin(households)]
    return People(people.people[people.people["person_id"].isin(members["person_id"])],
                  people.households[people.households["household_id"].isin(households)], members)


def facts_of(facts: Facts, people: People, *, as_of: pd.Timestamp) -> Facts:
    """The rows about these people and homes, and about nobody those that show what an extract covers.

    Those are a row for each school and term of attendance, and of every other extract the first and the last of each
    of its dates up to `as_of`.
    """
    return Facts({name: _part(name, table, people, as_of) if "person_id" in table else table
                  for name, table in facts.tables.items()})


def make_world(people: People, facts: Facts, *, as_of: pd.Timestamp, adult_from: int) -> World:
    """These people, to be looked at again on other days."""
    roster = make_roster(people, as_of.date(), adult_from)
    placed = place_facts(facts_of(facts, people, as_of=as_of), roster)
    order = {name: np.argsort(home, kind="stable") for name, home in placed.home.items()}
    return World(people, roster, placed, order)


def on_day(world: World, households: pd.Series, day: pd.Timestamp, adult_from: int) -> tuple[Roster, Placed]:
    """Some of the world's households on another day: their roster as of then, and every row about them, by position."""
    some = people_of(world.people, households)
    roster = make_roster(some, day.date(), adult_from)
    wanted = np.flatnonzero(world.roster.households["household_id"].isin(households).to_numpy())
    tables = {}
    for name, order in world.order.items():
        homes = world.placed.home[name][order]
        starts, ends = np.searchsorted(homes, wanted), np.searchsorted(homes, wanted, side="right")
        nobody = np.arange(np.searchsorted(homes, 0))
        kept = np.concatenate([nobody, *(np.arange(start, end) for start, end in zip(starts, ends, strict=True))])
        tables[name] = world.placed.tables[name].take(np.sort(order[kept]))
    rest = {name: table for name, table in world.placed.tables.items() if name not in tables}
    return roster, place_facts(Facts(tables | rest), roster)


def _part(name: str, table: pd.DataFrame, people: People, as_of: pd.Timestamp) -> pd.DataFrame:
    ours = table["person_id"].isin(people.people["person_id"])
    ours |= table["household_id"].isin(people.households["household_id"])
    rest = table[~ours]
    shown = _sent(rest) if name == "attendance" else _first_and_last(rest, as_of)
    nobody = pd.Series(None, index=shown.index, dtype=TEXT)
    return pd.concat([table[ours], shown.assign(person_id=nobody, household_id=nobody)], ignore_index=True)


def _sent(attendance: pd.DataFrame) -> pd.DataFrame:
    """A row for each school and term, the same ones whatever the order of rows."""
    keys = ["school_urn", "academic_year", "term"]
    return attendance.sort_values([*keys, "record_id"]).drop_duplicates(keys)


def _first_and_last(table: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    dates = [name for name, kind in table.dtypes.items() if kind.kind == "M" and name != "date_of_birth"]
    past = {name: table[name].where(table[name] <= as_of) for name in dates}
    rows = [table[days == end] for days in past.values() for end in (days.min(), days.max())]
    shown = pd.concat([row.sort_values("record_id").head(1) for row in rows] or [table.iloc[:0]])
    return shown[~shown.index.duplicated()]
