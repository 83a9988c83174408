"""Forms households: who lives with whom on the as-of date, how it is known, and how surely."""

import re
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.codes import code_texts
from linkage.contacts import join_tied
from linkage.decided_homes import Rulings, hold_rulings, move_people, read_rulings
from linkage.doubtful import mend_slips, place_sightings
from linkage.household_settings import HouseholdSettings
from linkage.household_tables import (
    Evidence,
    Findings,
    describe_households,
    describe_members,
    list_places,
    list_reviews,
)
from linkage.kin import group_kin, list_kin
from linkage.memory import give_back
from linkage.moves import Seen, follow_family
from linkage.namesakes import Under, find_postcodes, join_namesakes
from linkage.occupancy import leave_crowds, number, split_occupants
from linkage.places import Numbers, find_nodes, list_numbers, place_nodes
from linkage.residence import Residence, choose_homes, gather_stays, learn_moving, list_options
from linkage.sightings import Persons, Sightings, read_persons, read_sightings


class Households(NamedTuple):
    """Households and their members, by code.

    `households`: household, address, postcode, uprn, basis, cohesion, flags. `members`: household, person, role, age,
    basis, confidence. `places`: record_id and household of records that name nobody. `review`: left and right
    household, person, weight (log2 odds of left) and why, where two homes are close. `counts`: what was met.
    """

    households: pd.DataFrame
    members: pd.DataFrame
    places: pd.DataFrame
    review: pd.DataFrame
    counts: dict[str, int]


def form_households(
    mentions: pd.DataFrame,
    persons: pd.DataFrame,
    settings: HouseholdSettings,
    *,
    as_of: date | pd.Timestamp,
    decided: pd.DataFrame | None = None,
) -> Households:
    """Form the households of the as-of date; every person is in exactly one.

    `mentions` has a row per record: record_id, person (row of `persons`, -1 for a record of an address alone),
    observed_on (NaT: undated), unit, number, street, postcode, uprn (as `standardise_addresses` returns them), address,
    surname, role_hint (child, adult), tied_to_person (the child this person is a parent or carer of, -1 none), source.
    `persons` has date_of_birth and sex. `decided` has left and right (people) and together (whether a person decided
    that they live together that day), none against another. Row order and codes never change who lives with whom.
    """
    day = pd.Timestamp(as_of)
    later = (mentions["observed_on"] > day).to_numpy()
    mentions = mentions[~later].reset_index(drop=True) if later.any() else mentions
    found, undwelt = _find(mentions, persons, day, read_rulings(decided, len(persons)), settings)
    give_back()
    members = describe_members(found)
    return Households(
        describe_households(found, members),
        members,
        list_places(found),
        list_reviews(found, settings),
        count_findings(found) | {"records_at_no_dwelling": undwelt},
    )


def _find(
    mentions: pd.DataFrame, persons: pd.DataFrame, day: pd.Timestamp, rulings: Rulings, settings: HouseholdSettings
) -> tuple[Findings, int]:
    """Who lives where and with whom; and how many sightings are at what is no dwelling."""
    located = _locate(mentions, persons, day, settings)
    give_back()
    homed = _choose_homes(located, rulings, settings)
    give_back()
    return _group(mentions, located, homed, rulings, settings), located.undwelt


class _Located(NamedTuple):
    """Sightings and the place of each, the people, the numbers of places, the postcodes of people without a dwelling.

    `undwelt` counts the sightings at what is no dwelling.
    """

    sightings: Sightings
    place: np.ndarray
    folk: Persons
    numbers: Numbers
    under: Under
    undwelt: int


def _locate(mentions: pd.DataFrame, persons: pd.DataFrame, day: pd.Timestamp, settings: HouseholdSettings) -> _Located:
    """Where everybody was seen."""
    nodes = find_nodes(mentions)
    table = place_nodes(nodes, settings)
    sightings = read_sightings(mentions, nodes, day, settings)
    folk = read_persons(persons, mentions, sightings, as_of=day, adult_age=settings.adult_age)
    numbers = list_numbers(table, nodes.texts["number"])
    resolved = mend_slips(sightings, place_sightings(sightings, table, folk), numbers, folk.ties)
    place = leave_crowds(sightings.person, resolved, settings.dwelling_people)
    under = find_postcodes(sightings, table, len(persons))
    return _Located(sightings, place, folk, numbers, under, int((place != resolved).sum()))


class _Homed(NamedTuple):
    """Where everybody lives, and what it was told by: options, stays, how late each source is."""

    home: Residence
    options: pd.DataFrame
    stays: pd.DataFrame
    late: np.ndarray


def _choose_homes(located: _Located, rulings: Rulings, settings: HouseholdSettings) -> _Homed:
    folk = located.folk
    stays = gather_stays(located.sightings, located.place)
    options = list_options(stays)
    own, late = choose_homes(options, stays, len(folk.age), settings)
    kin = list_kin(own, options, folk, settings.household_people)
    home = follow_family(own, Seen(options, stays, late, located.numbers), kin, settings)
    return _Homed(move_people(home, rulings), options, stays, late)


def _group(
    mentions: pd.DataFrame, located: _Located, homed: _Homed, rulings: Rulings, settings: HouseholdSettings
) -> Findings:
    """Who lives with whom."""
    sightings, place, folk = located.sightings, located.place, located.folk
    home, options, stays, late = homed
    named = named_institutions(mentions, settings.institution_words)
    traits = describe_people(home, options, folk, place[named & (place >= 0)])
    related = group_kin(home.place, options, folk, rulings.together, settings)
    occupants = split_occupants(home, related, traits, settings)
    joined = join_tied(occupants.code, home, folk, settings)
    housed = are_housed(joined.code, home.place)
    namesakes = join_namesakes(joined.code, housed, located.under, folk, settings)
    code = number(hold_rulings(namesakes.code, home, rulings))
    evidence = Evidence(stays, late, learn_moving(options, settings), joined.share, occupants.share, namesakes, rulings)
    return Findings(mentions, sightings, place, home, code, folk, occupants.flags, evidence)


def named_institutions(mentions: pd.DataFrame, words: tuple[str, ...]) -> np.ndarray:
    """Whether each mention's address line reads as an institution; a street so called does not make it one."""
    pattern = r"\b(?:" + "|".join(re.escape(word) for word in words) + r")(?:\b|$)"
    found = []
    for name in ("address", "street"):
        codes, lines = code_texts(mentions[name])
        named = lines.str.upper().str.contains(pattern, regex=True).fillna(False).to_numpy(bool)
        found.append(np.append(named, False)[codes])
    return np.asarray(found[0] & ~found[1])


def are_housed(code: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Whether anybody of each person's household has a place."""
    return np.asarray((np.bincount(code, weights=place >= 0) > 0)[code])


def describe_people(home: Residence, options: pd.DataFrame, folk: Persons, institutions: np.ndarray) -> pd.DataFrame:
    """What `split_occupants` asks of each person."""
    unplaced = folk.ties[home.place[folk.ties["child"].to_numpy()] < 0]
    has_child = np.zeros(len(home.place), bool)
    has_child[unplaced["adult"].to_numpy()] = True
    person = options["person"].to_numpy()
    elsewhere = options["place"].to_numpy() != home.place[person]
    arrived = np.zeros(len(home.place), bool)
    arrived[person[elsewhere & (options["last"].to_numpy() < home.first[person])]] = True
    is_named = pd.Series(home.place).isin(institutions).to_numpy()
    known = {"age": folk.age, "is_child": folk.is_child, "has_child": has_child}
    return pd.DataFrame({**known, "is_named": is_named, "arrived": arrived})


def count_findings(found: Findings) -> dict[str, int]:
    """How many households, people without a place, people housed by a tie, and people under each flag."""
    counts = {
        "households": int(found.code.max(initial=-1)) + 1,
        "people_without_place": int((found.home.place < 0).sum()),
        "people_housed_by_contact": int((found.evidence.tied > 0).sum()),
        "people_housed_by_surname": int((found.evidence.namesakes.share > 0).sum()),
    }
    return counts | {f"people_{name}": int(flag.sum()) for name, flag in found.flags.items()}
