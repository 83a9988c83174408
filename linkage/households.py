"""Forms households: who lives with whom on the as-of date, how it is known, and how surely."""

import re
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.doubtful import place_sightings
from linkage.household_settings import HouseholdSettings
from linkage.household_tables import Findings, describe_households, describe_members, list_places, list_reviews
from linkage.kinship import group_kin
from linkage.moves import follow_family, join_tied
from linkage.occupancy import split_occupants
from linkage.places import NONE, code_texts, find_nodes, place_nodes
from linkage.residence import MONTH, choose_homes, gather_stays, list_options
from linkage.sightings import person_surnames, read_sightings, tied_pairs


class Households(NamedTuple):
    """Households and their members, by code.

    `households`: household, address, postcode, uprn, basis, cohesion, flags. `members`: household, person, role, age,
    basis, confidence. `places`: record_id and household of records that name nobody. `review`: left and right household,
    person, weight (log2 odds of left) and why, where two homes are too close to call. `counts`: what was met.
    """

    households: pd.DataFrame
    members: pd.DataFrame
    places: pd.DataFrame
    review: pd.DataFrame
    counts: dict[str, int]


def form_households(
    mentions: pd.DataFrame, persons: pd.DataFrame, settings: HouseholdSettings, *, as_of: date | pd.Timestamp
) -> Households:
    """Form the households of the as-of date; every person is in exactly one.

    `mentions` has a row per record: record_id, person (row of `persons`, -1 for a record of an address alone),
    observed_on (NaT: undated), address_key, unit, number, street, postcode, uprn (as `standardise_addresses` returns
    them), address, surname, role_hint (child, adult), tied_to_person (the child this person is a parent or carer of, -1
    none), source. `persons` has date_of_birth. Row order and codes never change who lives with whom.
    """
    day = pd.Timestamp(as_of)
    nodes = find_nodes(mentions)
    table = place_nodes(nodes, settings.street_likeness)
    sightings = read_sightings(mentions, nodes, day, -round(settings.recent_months * MONTH))
    ties, surnames = tied_pairs(sightings), person_surnames(sightings)
    place = place_sightings(sightings, table, ties, surnames)
    stays = gather_stays(sightings, place)
    options = list_options(stays)
    home = choose_homes(stays, len(persons), sightings.sources, settings)
    age = ages(persons["date_of_birth"], day)
    for _ in range(2):
        home = follow_family(home, options, ties, surnames, age)
    is_child = tell_children(age, mentions, settings.adult_age)
    kin = group_kin(home.place, ties, surnames, options)
    named = named_institutions(mentions, settings.institution_words)[sightings.row]
    in_institution = np.isin(home.place, place[named & (place >= 0)])
    occupants = split_occupants(home, kin, is_child, in_institution, settings)
    label, joined = join_tied(occupants.label, home.place == NONE, ties, home)
    code = pd.factorize(label)[0].astype(np.int64)
    found = Findings(mentions, sightings, place, home, code, joined, age, is_child, occupants.flags, ties, surnames)
    members = describe_members(found, settings)
    households = describe_households(found, members, table, nodes)
    return Households(households, members, list_places(found), list_reviews(found, settings), count_findings(found))


def ages(born: pd.Series, day: pd.Timestamp) -> np.ndarray:
    """Ages in whole years on a day; NaN where the date of birth is not known or lies after it."""
    had_birthday = (born.dt.month < day.month) | ((born.dt.month == day.month) & (born.dt.day <= day.day))
    years = (day.year - born.dt.year - (~had_birthday).astype("int64")).astype("float64")
    return years.where(born <= day).to_numpy()


def tell_children(age: np.ndarray, mentions: pd.DataFrame, adult_age: int) -> np.ndarray:
    """Who is a child: by age, else by what most of their records say."""
    person = mentions["person"].to_numpy()
    hint = mentions["role_hint"].astype("string[pyarrow]")
    child, adult = (np.flatnonzero((hint == word).fillna(False) & (person >= 0)) for word in ("child", "adult"))
    votes = np.bincount(person[child], minlength=len(age)) - np.bincount(person[adult], minlength=len(age))
    return np.where(np.isnan(age), votes > 0, age < adult_age)


def named_institutions(mentions: pd.DataFrame, words: tuple[str, ...]) -> np.ndarray:
    """Whether each mention's address line reads as an institution."""
    codes, lines = code_texts(mentions["address"])
    pattern = r"\b(?:" + "|".join(re.escape(word) for word in words) + r")(?:\b|$)"
    named = lines.str.upper().str.contains(pattern, regex=True).fillna(False).to_numpy(bool)
    return np.append(named, False)[codes]


def count_findings(found: Findings) -> dict[str, int]:
    counts = {f"people_{name}": int(flag.sum()) for name, flag in found.flags.items()}
    return {
        "households": int(found.code.max(initial=-1)) + 1,
        "people_without_place": int((found.home.place < 0).sum()),
        **counts,
    }
