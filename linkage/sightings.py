"""Mentions and people as codes: who was seen where, when, by whom, and what is known of them; decides no homes."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.codes import code_texts, distinct_rows
from linkage.household_settings import HouseholdSettings
from linkage.places import Nodes


MONTH = 30.44


class Sightings(NamedTuple):
    """Mentions: codes of person, address node, source (0 for none) and surname, and of the child tied to (-1 for none).

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

    `ties` has adult and child, `surnames` person and surname: distinct pairs, from whatever records; `names` has the
    texts of the surnames.
    """

    age: np.ndarray
    is_child: np.ndarray
    gender: np.ndarray
    ties: pd.DataFrame
    surnames: pd.DataFrame
    names: np.ndarray


def read_sightings(mentions: pd.DataFrame, nodes: Nodes, as_of: pd.Timestamp, settings: HouseholdSettings) -> Sightings:
    """Code the mentions; an undated one counts as `recent_months` old."""
    seen = mentions["observed_on"].to_numpy().astype("datetime64[D]")
    day = (seen - as_of.to_datetime64().astype("datetime64[D]")).astype("timedelta64[D]")
    return Sightings(
        person=mentions["person"].to_numpy(np.int64),
        node=nodes.of_mention,
        source=code_texts(mentions["source"])[0] + 1,
        surname=code_texts(mentions["surname"])[0],
        tied=mentions["tied_to_person"].to_numpy(np.int64),
        day=np.where(np.isnat(day), -round(settings.recent_months * MONTH), day.astype(np.int64)),
    )


def read_persons(
    persons: pd.DataFrame, mentions: pd.DataFrame, sightings: Sightings, *, as_of: pd.Timestamp, adult_age: int
) -> Persons:
    """Ages and ties of people; without a date of birth a person is what most of their records' role hints say."""
    age = ages(persons["date_of_birth"].to_numpy(), as_of)
    children, adults = (count_hints(mentions, len(persons), word) for word in ("child", "adult"))
    codes, words = code_texts(persons["sex"])
    gender = np.append(words.map({"M": 1, "F": 2}).fillna(0).to_numpy(np.int64), 0)[codes]
    is_child = np.where(np.isnan(age), children > adults, age < adult_age)
    names = code_texts(mentions["surname"])[1].to_numpy(object)
    return Persons(age, is_child, gender, tied_pairs(sightings), person_surnames(sightings), names)


def ages(born: np.ndarray, day: pd.Timestamp) -> np.ndarray:
    """Ages in whole years on a day; NaN where the date of birth is not known, 0 for the not yet born."""
    months, date = born.astype("datetime64[M]"), born.astype("datetime64[D]")
    passed = (day.year - 1970) * 12 + day.month - 1 - months.astype(np.int64)
    day_of_month = (date - months.astype("datetime64[D]")).astype(np.int64) + 1
    years = np.maximum((passed - (day_of_month > day.day)) // 12, 0).astype(float)
    return np.where(np.isnat(born), np.nan, years)


def count_hints(mentions: pd.DataFrame, people: int, word: str) -> np.ndarray:
    """How many records of each person hint at this role."""
    codes, words = code_texts(mentions["role_hint"])
    if not len(words):
        return np.zeros(people, np.int64)
    person = mentions["person"].to_numpy(np.int64)
    hinted = np.append((words == word).to_numpy(bool), False)[codes] & (person >= 0)
    return np.bincount(person[hinted], minlength=people)


def tied_pairs(sightings: Sightings) -> pd.DataFrame:
    """Distinct pairs of adult and child, in order."""
    known = (sightings.tied >= 0) & (sightings.person >= 0) & (sightings.tied != sightings.person)
    adult, child = distinct_rows([sightings.person[known], sightings.tied[known]])
    return pd.DataFrame({"adult": adult, "child": child})


def person_surnames(sightings: Sightings) -> pd.DataFrame:
    """Distinct pairs of person and surname, in whatever record, in order."""
    known = (sightings.surname >= 0) & (sightings.person >= 0)
    person, surname = distinct_rows([sightings.person[known], sightings.surname[known]])
    return pd.DataFrame({"person": person, "surname": surname})


def tied_kin(ties: pd.DataFrame) -> pd.DataFrame:
    """Ties both ways: person, kin."""
    person = np.concatenate([ties["adult"], ties["child"]])
    return pd.DataFrame({"person": person, "kin": np.concatenate([ties["child"], ties["adult"]])})
