"""Houses people of whom a postcode alone is known with those of their surname there; moves nobody who has a home.

Few homes stand under one postcode, so people of one surname there are likely one family, the rarer the surname. How
likely is told from how common it is here: how many other families of the postcode would bear it by chance.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.codes import NONE, first_rows, join_groups, number_rows, order_rows
from linkage.household_settings import HouseholdSettings
from linkage.sightings import Persons, Sightings


class Under(NamedTuple):
    """By person: the last sighting that has a postcode, and the code of the postcode; -1 for none."""

    sighting: np.ndarray
    postcode: np.ndarray


class Namesakes(NamedTuple):
    """By person: the household; how likely those who were put together by their surname are one (0 for who was not);
    and the sighting that has their postcode (-1 for who was not)."""

    code: np.ndarray
    share: np.ndarray
    sighting: np.ndarray


def join_namesakes(
    code: np.ndarray, housed: np.ndarray, under: Under, persons: Persons, settings: HouseholdSettings
) -> Namesakes:
    """Put people who are not `housed` and bear one surname under one postcode together, from `namesake_share` on.

    `code` and `housed` are by person. Not where people of that surname are housed under the postcode, not more than
    `household_people`, and not under one of more families than `postcode_addresses`, a town's: there the surname does
    not tell which home it is.
    """
    named = persons.surnames.assign(spot=under.postcode[persons.surnames["person"].to_numpy()])
    named = named[named["spot"] >= 0].reset_index(drop=True)
    families = number_rows([named["spot"].to_numpy(), named["surname"].to_numpy()])
    person = named["person"].to_numpy()
    share = chance_to_be_one(named, families, settings)
    people = np.bincount(families)
    taken = np.bincount(families, weights=housed[person]) > 0
    fit = (share >= settings.namesake_share) & (people > 1) & (people <= settings.household_people) & ~taken
    spot = named["spot"].to_numpy()[first_rows(families)]
    fit &= np.bincount(spot)[spot] <= settings.postcode_addresses
    bound = fit[families]
    person, families = person[bound], families[bound]
    joined = join_groups(code, person, families)
    found = np.zeros(len(code))
    np.maximum.at(found, person, share[families])
    return Namesakes(joined, found, np.where(found > 0, under.sighting, NONE))


def find_postcodes(sightings: Sightings, nodes: pd.DataFrame, people: int) -> Under:
    """The postcode under which each person was seen last; of several on one day the first by the alphabet.

    `nodes` is what `place_nodes` returns.
    """
    postcode = nodes["postcode"].to_numpy()[sightings.node]
    rows = np.flatnonzero((sightings.person >= 0) & (postcode >= 0))
    order = rows[order_rows([sightings.person[rows], sightings.day[rows], -postcode[rows]])]
    latest = np.full(people, NONE, np.int64)
    latest[sightings.person[order]] = order
    return Under(latest, np.append(postcode, NONE)[latest])


def chance_to_be_one(named: pd.DataFrame, families: np.ndarray, settings: HouseholdSettings) -> np.ndarray:
    """By family (a surname at a `spot`: a postcode, or a large place), how likely its people are one family rather than
    some by chance.

    Of the `others` at the spot as many bear its surname by chance as of the families elsewhere do.
    """
    each = first_rows(families)
    spot, surname = named["spot"].to_numpy()[each], named["surname"].to_numpy()[each]
    others, elsewhere = np.bincount(spot)[spot] - 1, np.bincount(surname)[surname] - 1
    weight = settings.surname_evidence
    common = (elsewhere + weight * settings.surname_prior) / (max(len(each) - 1, 0) + weight)
    return np.asarray(1 / (1 + common * others))
