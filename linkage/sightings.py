"""Mentions and people as codes: who was seen where, when, by whom, and what is known of them; decides no homes."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.household_settings import HouseholdSettings
from linkage.places import NONE, Nodes, code_texts


MONTH = 30.44


class Sightings(NamedTuple):
    """Mentions: codes of person, address node, source and surname, and of the child tied to (-1 for none).

    `day` counts from the as-of date, which is 0; days before it are negative.
    """

    person: np.ndarray
    node: np.ndarray
    source: np.ndarray
    surname: np.ndarray
    tied: np.ndarray
    day: np.ndarray


class Persons(NamedTuple):
    """What is known of people: age (years, NaN unknown), is_child, gender (0 unknown) by person; ties and surnames.

    `ties` has adult and child, `surnames` person and surname: distinct pairs, from whatever records.
    """

    age: np.ndarray
    is_child: np.ndarray
    gender: np.ndarray
    ties: pd.DataFrame
    surnames: pd.DataFrame


def read_sightings(mentions: pd.DataFrame, nodes: Nodes, as_of: pd.Timestamp, settings: HouseholdSettings) -> Sightings:
    """Code the mentions; an undated one counts as `recent_months` old."""
    seen = mentions["observed_on"].to_numpy().astype("datetime64[D]")
    day = (seen - as_of.to_datetime64().astype("datetime64[D]")).astype("timedelta64[D]")
    return Sightings(
        person=mentions["person"].to_numpy(np.int64),
        node=nodes.of_mention,
        source=code_texts(mentions["source"])[0],
        surname=code_texts(mentions["surname"])[0],
        tied=mentions["tied_to_person"].to_numpy(np.int64),
        day=np.where(np.isnat(day), -round(settings.recent_months * MONTH), day.astype(np.int64)),
    )


def read_persons(
    persons: pd.DataFrame, mentions: pd.DataFrame, sightings: Sightings, *, as_of: pd.Timestamp, adult_age: int
) -> Persons:
    """Ages and ties of people; without a date of birth a person is what most of their records' role hints say."""
    age = ages(persons["date_of_birth"], as_of)
    votes = count_hints(mentions, len(persons), "child") - count_hints(mentions, len(persons), "adult")
    gender = persons["sex"].map({"M": 1, "F": 2}).fillna(0).to_numpy(np.int64)
    is_child = np.where(np.isnan(age), votes > 0, age < adult_age)
    return Persons(age, is_child, gender, tied_pairs(sightings), person_surnames(sightings))


def ages(born: pd.Series, day: pd.Timestamp) -> np.ndarray:
    """Ages in whole years on a day; NaN where the date of birth is not known, 0 for the not yet born."""
    had_birthday = (born.dt.month < day.month) | ((born.dt.month == day.month) & (born.dt.day <= day.day))
    years = day.year - born.dt.year - (~had_birthday).astype("int64")
    return years.astype("float64").clip(lower=0).to_numpy()


def count_hints(mentions: pd.DataFrame, people: int, word: str) -> np.ndarray:
    """How many records of each person hint at this role."""
    codes, words = code_texts(mentions["role_hint"])
    person = mentions["person"].to_numpy(np.int64)
    hinted = np.append((words == word).to_numpy(bool), False)[codes] & (person >= 0)
    return np.bincount(person[hinted], minlength=people)


def tied_pairs(sightings: Sightings) -> pd.DataFrame:
    """Distinct pairs of adult and child."""
    known = (sightings.tied >= 0) & (sightings.person >= 0) & (sightings.tied != sightings.person)
    ties = pd.DataFrame({"adult": sightings.person[known], "child": sightings.tied[known]})
    return ties.drop_duplicates().sort_values(["adult", "child"], ignore_index=True)


def person_surnames(sightings: Sightings) -> pd.DataFrame:
    """Distinct pairs of person and surname, in whatever record."""
    known = (sightings.surname >= 0) & (sightings.person >= 0)
    pairs = pd.DataFrame({"person": sightings.person[known], "surname": sightings.surname[known]})
    return pairs.drop_duplicates(ignore_index=True)


def tied_kin(ties: pd.DataFrame) -> pd.DataFrame:
    """Ties both ways: person, kin."""
    person = np.concatenate([ties["adult"], ties["child"]])
    return pd.DataFrame({"person": person, "kin": np.concatenate([ties["child"], ties["adult"]])})


def is_in(left: tuple[np.ndarray, np.ndarray], right: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Whether each pair of codes on the left is among those on the right."""
    size = max([int(part.max(initial=NONE)) for part in (left[1], right[1])]) + 2
    return pd.Series(left[0] * size + left[1] + 1).isin(right[0] * size + right[1] + 1).to_numpy()
