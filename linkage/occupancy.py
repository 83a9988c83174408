"""Splits the people of each place into households; decides what a place is: a home, shared homes, an institution.

People of one kin are one household. Different kins are one too, unless the place is an institution or has too many
unrelated adults (an HMO), or a kin was last seen there well before others came, or two kins each have adult and child.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.household_settings import HouseholdSettings
from linkage.residence import MONTH, Residence


class Occupants(NamedTuple):
    """A household label per person, and flags of people (boolean arrays by name)."""

    label: np.ndarray
    flags: dict[str, np.ndarray]


def split_occupants(
    home: Residence,
    kin: np.ndarray,
    is_child: np.ndarray,
    is_named_institution: np.ndarray,
    settings: HouseholdSettings,
) -> Occupants:
    """Split each place's people into households.

    `kin` numbers groups of people of one place; `is_named_institution` says of each person whether their address reads
    as one. People without a place are households of their own kin.
    """
    kins = describe_kins(home, kin, is_child, is_named_institution)
    kins = kins.assign(**describe_places(kins))
    is_institution = kins["named"] | (kins["place_people"] > settings.household_people)
    is_hmo = ~is_institution & (kins["place_lone_kins"] > settings.household_kins)
    is_home_of_children = (kins["place_adults"] == 0) & (kins["place_kins"] > 2)
    is_gone = kins["last"] < kins["place_newest"] - settings.gone_months * MONTH
    is_second_family = (kins["family_rank"] > 0) & kins["is_family"]
    apart = is_institution | is_hmo | is_home_of_children | is_gone | is_second_family
    alone = apart | (kins["place"] < 0)
    label = np.where(alone, len(kins) + kins.index.to_numpy(), kins["place_code"])
    housed = kins["place"] >= 0
    flags = {
        "institution": is_institution & housed,
        "hmo": is_hmo & housed,
        "childrens_home": is_home_of_children & housed,
        "former_occupant": is_gone & housed,
        "shared_address": is_second_family & housed,
    }
    return Occupants(
        pd.factorize(label[kin])[0].astype(np.int64), {name: flag.to_numpy()[kin] for name, flag in flags.items()}
    )


def describe_kins(home: Residence, kin: np.ndarray, is_child: np.ndarray, is_named: np.ndarray) -> pd.DataFrame:
    """One row per kin: place, first and last day, people, children, adults, and whether it is a family."""
    size = int(kin.max(initial=-1)) + 1
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(first, kin, home.first)
    np.maximum.at(last, kin, home.last)
    place = np.full(size, -1, np.int64)
    place[kin] = home.place
    people = np.bincount(kin, minlength=size)
    children = np.bincount(kin, weights=is_child, minlength=size).astype(np.int64)
    named = np.bincount(kin, weights=is_named, minlength=size) > 0
    columns = {"place": place, "first": first, "last": last, "people": people, "children": children, "named": named}
    table = pd.DataFrame(columns)
    table["adults"] = table["people"] - table["children"]
    table["is_family"] = (table["children"] > 0) & (table["adults"] > 0)
    return table


def describe_places(kins: pd.DataFrame) -> dict[str, pd.Series]:
    """Per kin, what is true of its place: people, adults, kins, lone kins, when the newest came, its family's rank."""
    place = pd.Series(np.where(kins["place"] >= 0, kins["place"], -2 - kins.index.to_numpy()), index=kins.index)
    grouped = kins.groupby(place)
    lone = (kins["children"] == 0) & (kins["people"] <= 2)
    ranked = kins.assign(code=place).sort_values(
        ["code", "is_family", "last", "people", "first"], ascending=[True, False, False, False, True], kind="stable"
    )
    return {
        "place_code": pd.Series(pd.factorize(place)[0], index=kins.index),
        "place_people": grouped["people"].transform("sum"),
        "place_adults": grouped["adults"].transform("sum"),
        "place_kins": grouped["people"].transform("size"),
        "place_lone_kins": lone.groupby(place).transform("sum"),
        "place_newest": grouped["first"].transform("max"),
        "family_rank": ranked.groupby("code").cumcount().reindex(kins.index),
    }
