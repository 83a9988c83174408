"""A part of the borough: some people, their homes, and what the extracts say of them; judges nothing.

What a test reads of the whole extract stays readable: which school sent which term, and which days an extract covers.
"""

import pandas as pd

from criteria.facts import Facts, People
from schemas.columns import TEXT


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
