"""A part of the borough: some people, their homes, and what the extracts say of them; judges nothing.

What a test reads of the whole extract stays readable: which school sent which term, and which days an extract covers.
"""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from criteria.facts import Facts, People
from schemas.columns import TEXT
from schemas.keys import among, as_arrow


def people_of(people: People, households: pd.Series) -> People:
    """These households and their members."""
    members = people.members[people.members["household_id"].isin(households)]
    return People(people.people[people.people["person_id"].isin(members["person_id"])],
                  people.households[people.households["household_id"].isin(households)], members)


def facts_of(facts: Facts, persons: pd.Series, households: pd.Series, *, as_of: pd.Timestamp) -> Facts:
    """The rows about these people and homes, and about nobody those that show what an extract covers.

    Those are a row for each school and term of attendance, and of every other extract the first and the last of each
    of its dates up to `as_of`.
    """
    return Facts({name: _part(name, table, persons, households, as_of) if "person_id" in table else table
                  for name, table in facts.tables.items()})


def _part(
    name: str, table: pd.DataFrame, persons: pd.Series, households: pd.Series, as_of: pd.Timestamp
) -> pd.DataFrame:
    ours = among(table["person_id"], persons)
    places = np.flatnonzero(table["household_id"].notna().to_numpy())
    ours[places] |= among(table["household_id"].take(places), households)
    shown = _sent(table) if name == "attendance" else _first_and_last(table, as_of)
    shown = table.take(shown[~ours[shown]])
    nobody = pd.Series(None, index=shown.index, dtype=TEXT)
    shown = shown.assign(person_id=nobody, household_id=nobody)
    return pd.concat([table[ours], shown], ignore_index=True) if len(shown) else table[ours].reset_index(drop=True)


def _sent(attendance: pd.DataFrame) -> np.ndarray:
    """A row for each school, by each of its names, and term."""
    code = np.zeros(len(attendance), dtype=np.int64)
    for column in ("school_urn", "school_name", "academic_year", "term"):
        values = pc.dictionary_encode(as_arrow(attendance[column]), null_encoding="encode")
        code = code * (len(values.dictionary) + 1) + values.indices.to_numpy(zero_copy_only=False)
    return np.unique(code, return_index=True)[1]


def _first_and_last(table: pd.DataFrame, as_of: pd.Timestamp) -> np.ndarray:
    """The rows with the first and the last day of each column of dates."""
    found = []
    for name in (name for name, kind in table.dtypes.items() if kind.kind == "M" and name != "date_of_birth"):
        days = table[name].to_numpy()
        past = np.flatnonzero(days <= as_of.to_datetime64())
        found += [past[days[past].argmin()], past[days[past].argmax()]] if len(past) else []
    return np.unique(np.array(found, dtype=np.int64))
