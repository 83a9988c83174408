"""Who lives where, and what the extracts say about them, by position; places every fact at a household, judges none."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from schemas.keys import positions


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
    """Households and members by position; every array has a value for each member.

    `households` is the frame sorted by household_id; `home` the position in it. `born` is a day as a number (20130930;
    0 where not known), `age` whole years on the as-of date (-1 where not known). `day`: where households are looked at
    each on a day of its own, that day (datetime64[ns]) by household; `as_of` is then one of them (`criteria.days`).
    """

    households: pd.DataFrame
    person_id: pd.Series
    home: np.ndarray
    born: np.ndarray
    age: np.ndarray
    child: np.ndarray
    confidence: np.ndarray
    as_of: date
    day: np.ndarray | None = None

    @property
    def size(self) -> int:
        """How many households there are."""
        return len(self.households)

    def any_member(self, flags: np.ndarray) -> np.ndarray:
        """Per household, whether the flag holds for any of its members."""
        return self.count_members(flags) > 0

    def count_members(self, flags: np.ndarray) -> np.ndarray:
        """Per household, for how many of its members the flag holds."""
        homes = self.home[flags]
        return np.bincount(homes[homes >= 0], minlength=self.size)


class Placed(NamedTuple):
    """The extracts, and for each row the member it is about and that member's household, by position (-1: none)."""

    tables: Mapping[str, pd.DataFrame]
    member: Mapping[str, np.ndarray]
    home: Mapping[str, np.ndarray]

    def rows(self, name: str, columns: tuple[str, ...]) -> pd.DataFrame | None:
        """The named columns of an extract with `member`, `household` and where each row stands; None: not given."""
        if name not in self.tables:
            return None
        kept = self.tables[name].loc[:, ["record_id", "file_sha256", "row_number", *columns]].reset_index(drop=True)
        return kept.assign(member=self.member[name], household=self.home[name])


def make_roster(people: People, as_of: date, adult_from: int, days: pd.Series | None = None) -> Roster:
    """Line up households and members. A child is under `adult_from`, or without a date of birth has that role.

    `days`: a day for each household by its id, where they are not all looked at on `as_of`.
    """
    households = people.households.sort_values("household_id", ignore_index=True)
    home = positions(people.members["household_id"], households["household_id"])
    members, known, home = people.members[home >= 0].reset_index(drop=True), people.people, home[home >= 0]
    at = positions(members["person_id"], known["person_id"])
    born = np.append(day_number(known["date_of_birth"]), 0)[at]
    day = None if days is None else households["household_id"].map(days).to_numpy(dtype="datetime64[ns]")
    age = age_on(born, number_of(as_of) if day is None else day_number(pd.Series(day))[home])
    child = np.where(age >= 0, age < adult_from, (members["role"] == "child").to_numpy(dtype=bool, na_value=False))
    confidence = members["confidence"].to_numpy(dtype="float64", na_value=np.nan)
    return Roster(households, members["person_id"], home, born, age, child, confidence, as_of, day)


def place_facts(facts: Facts, roster: Roster) -> Placed:
    """Find everyone at once. A row about an address alone is at its household and about no member."""
    tables = {name: table for name, table in sorted(facts.tables.items()) if "person_id" in table}
    if not tables:
        return Placed(facts.tables, {}, {})
    ends = np.cumsum([len(table) for table in tables.values()])[:-1]
    person = pd.concat([table["person_id"] for table in tables.values()], ignore_index=True)
    address = pd.concat([table["household_id"] for table in tables.values()], ignore_index=True)
    member = positions(person, roster.person_id)
    lives = np.append(roster.home, -1)[member]
    home, nobody = lives, np.flatnonzero(person.isna().to_numpy())
    home[nobody] = positions(address.take(nobody), roster.households["household_id"])
    return Placed(facts.tables, dict(zip(tables, np.split(member, ends), strict=True)),
                  dict(zip(tables, np.split(home, ends), strict=True)))


def number_of(day: date) -> int:
    """A day as a number: 20130930."""
    return day.year * 10000 + day.month * 100 + day.day


def day_number(days: pd.Series) -> np.ndarray:
    """Days as numbers (20130930); 0 where there is none."""
    exact = days.to_numpy().astype("datetime64[D]")
    years, months = exact.astype("datetime64[Y]"), exact.astype("datetime64[M]")
    number = ((years.astype(np.int64) + 1970) * 10000 + (months.astype(np.int64) % 12 + 1) * 100
              + (exact - months).astype(np.int64) + 1)
    return np.where(np.isnat(exact), 0, number)


def age_on(born: np.ndarray, on: np.ndarray | int) -> np.ndarray:
    """Whole years on a day, both as numbers; -1 where either is not known or the day comes before the birth.

    A person born on 29 February turns a year older on 1 March where the year has no such day.
    """
    return np.where((born > 0) & (np.asarray(on) > 0), np.maximum((on - born) // 10000, -1), -1)
