"""Who lives where, and what the extracts say about them, by position; places every fact at a household, judges none."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


class People(NamedTuple):
    """Resolved people and where they live: frames as in `schemas.linked`."""

    people: pd.DataFrame
    households: pd.DataFrame
    members: pd.DataFrame


class Facts(NamedTuple):
    """Clean extracts by name, each with `person_id` and `household_id`; one that was not given is not in the mapping.

    `person_id` is empty where a row names nobody we know; `household_id` is filled only for rows that name an address
    and no person.
    """

    tables: Mapping[str, pd.DataFrame]


class Roster(NamedTuple):
    """Households and members by position.

    `households` is the frame sorted by household_id. `members` has person_id, household (position), born, age (whole
    years on the as-of date, -1 where not known), child, confidence.
    """

    households: pd.DataFrame
    members: pd.DataFrame
    as_of: date

    @property
    def size(self) -> int:
        """How many households there are."""
        return len(self.households)

    def household_of(self, member: np.ndarray) -> np.ndarray:
        """The household position of each member position; -1 stays -1."""
        homes = np.append(self.members["household"].to_numpy(), -1)
        return homes[member]

    def any_member(self, flags: np.ndarray) -> np.ndarray:
        """Per household, whether the flag holds for any of its members."""
        found = np.zeros(self.size + 1, dtype=bool)
        found[self.members["household"].to_numpy()[flags]] = True
        return found[:-1]

    def count_members(self, flags: np.ndarray) -> np.ndarray:
        """Per household, for how many of its members the flag holds."""
        homes = self.members["household"].to_numpy()[flags]
        return np.bincount(homes[homes >= 0], minlength=self.size)


def make_roster(people: People, as_of: date, adult_from: int) -> Roster:
    """Line up households and members. A child is under `adult_from`, or without a date of birth has that role."""
    households = people.households.sort_values("household_id", ignore_index=True)
    members = people.members.sort_values("person_id", ignore_index=True)
    known = people.people.loc[:, ["person_id", "date_of_birth"]]
    at = positions(members["person_id"], known["person_id"])
    born = pd.Series(np.append(known["date_of_birth"].to_numpy(), np.datetime64("NaT"))[at])
    age = age_on(born, as_of)
    child = np.where(age >= 0, age < adult_from, (members["role"] == "child").to_numpy(dtype=bool, na_value=False))
    home = positions(members["household_id"], households["household_id"])
    columns = {"person_id": members["person_id"], "household": home, "born": born, "age": age, "child": child,
               "confidence": members["confidence"].to_numpy(dtype="float64", na_value=np.nan)}
    return Roster(households, pd.DataFrame(columns), as_of)


def place(facts: Facts, name: str, columns: tuple[str, ...], roster: Roster) -> pd.DataFrame | None:
    """The named columns of an extract and, for each row, `member` and `household` by position (-1: none).

    Also carries record_id, file_sha256 and row_number, so that evidence can point at its rows. None where the extract
    was not given.
    """
    table = facts.tables.get(name)
    if table is None:
        return None
    member = positions(table["person_id"], roster.members["person_id"])
    address = positions(table["household_id"], roster.households["household_id"])
    home = np.where(member >= 0, roster.household_of(member), np.where(table["person_id"].isna(), address, -1))
    kept = table.loc[:, ["record_id", "file_sha256", "row_number", *columns]].reset_index(drop=True)
    return kept.assign(member=member, household=home)


def positions(values: pd.Series, known: pd.Series) -> np.ndarray:
    """Where each value stands in `known`; -1 where it does not, or is empty."""
    found = pc.index_in(arrow(values), value_set=arrow(known), skip_nulls=True)
    return pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)


def arrow(values: pd.Series) -> Any:
    """The column as one Arrow array of text."""
    found = pa.Array.from_pandas(values, type=pa.string())
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def age_on(born: pd.Series, on: date | pd.Series) -> np.ndarray:
    """Whole years on a day; -1 where the date of birth or the day is not known.

    A person born on 29 February turns a year older on 1 March where the year has no such day.
    """
    day = on if isinstance(on, pd.Series) else pd.Series(pd.Timestamp(on), index=born.index)
    known = (born.notna() & day.notna()).to_numpy()
    then, now = born.dt, day.dt
    before = (now.month * 100 + now.day < then.month * 100 + then.day).to_numpy()
    years = (now.year - then.year).to_numpy(dtype="float64", na_value=-1.0)
    return np.where(known, np.maximum(np.nan_to_num(years, nan=-1.0) - before, -1), -1).astype(np.int64)
