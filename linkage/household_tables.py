"""Writes what was found about homes as tables: members, households, places of address records, close calls."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.household_settings import HouseholdSettings
from linkage.places import NONE, Nodes
from linkage.residence import MONTH, Residence
from linkage.sightings import Sightings
from schemas.columns import TEXT
from schemas.words import HouseholdBasis, Role


ALONE = "alone"


class Findings(NamedTuple):
    """All that was worked out, by person (row = code) unless said otherwise; `place` is by sighting."""

    mentions: pd.DataFrame
    sightings: Sightings
    place: np.ndarray
    home: Residence
    code: np.ndarray
    joined: np.ndarray
    age: np.ndarray
    is_child: np.ndarray
    flags: dict[str, np.ndarray]
    ties: pd.DataFrame
    surnames: pd.DataFrame


def describe_members(found: Findings, settings: HouseholdSettings) -> pd.DataFrame:
    """Role, age, basis and confidence of every member.

    Confidence is the surety of the home (1 where nothing speaks against it), halved for every year beyond the recent
    months since the person was last seen there; by contact alone it is 0.6, with no address and nobody 0.3.
    """
    people = len(found.code)
    months_old = -found.home.last / MONTH
    fading = 0.5 ** (np.maximum(months_old - settings.recent_months, 0) / 12)
    confidence = np.where(found.home.place >= 0, found.home.surety * fading, np.where(found.joined, 0.6, 0.3))
    unborn = np.isnan(found.age)
    confidence = np.where(unborn, confidence * 0.9, confidence)
    basis = np.select([found.home.place >= 0, found.joined], [HouseholdBasis.ADDRESS, HouseholdBasis.CONTACT], ALONE)
    table = pd.DataFrame(
        {
            "household": found.code,
            "person": np.arange(people),
            "role": pd.Series(np.where(found.is_child, Role.CHILD, Role.ADULT), dtype=TEXT),
            "age": pd.Series(found.age).astype("Int64"),
            "basis": pd.Series(basis, dtype=TEXT),
            "confidence": np.round(confidence, 4),
        }
    )
    return table.sort_values(["household", "person"], kind="stable", ignore_index=True)


def describe_households(
    found: Findings, members: pd.DataFrame, nodes_table: pd.DataFrame, nodes: Nodes
) -> pd.DataFrame:
    """Address, basis, cohesion and flags of every household."""
    shown = latest_sightings(found)
    table = pd.DataFrame({"household": np.arange(int(found.code.max(initial=-1)) + 1)})
    for name in ("address", "postcode", "uprn"):
        values = found.mentions[name].astype(TEXT).to_numpy(object)
        table[name] = pd.Series(np.where(shown >= 0, values[shown], None), dtype=TEXT)
    has_contact = found.code[found.joined]
    by_contact = np.isin(table["household"], has_contact) & (shown < 0)
    basis = np.select(
        [table["uprn"].notna(), by_contact], [HouseholdBasis.UPRN, HouseholdBasis.CONTACT], HouseholdBasis.ADDRESS
    )
    table["basis"] = pd.Series(basis, dtype=TEXT)
    table["cohesion"] = members.groupby("household")["confidence"].mean().to_numpy()
    flags = np.full(len(table), "", dtype=object)
    for name, flag in found.flags.items():
        has = np.isin(table["household"], found.code[flag])
        flags = np.where(has, np.where(flags == "", name, flags + ";" + name), flags)
    table["flags"] = pd.Series(np.where(flags == "", None, flags), dtype=TEXT)
    return table


def latest_sightings(found: Findings) -> np.ndarray:
    """The mention that shows each household's address best: at its place, with UPRN and postcode, the latest; -1 none."""
    sights = found.sightings
    known = np.flatnonzero(sights.person >= 0)
    at_home = known[(found.place[known] == found.home.place[sights.person[known]]) & (found.place[known] >= 0)]
    rows = sights.row[at_home]
    code = found.code[sights.person[at_home]]
    full = found.mentions["postcode"].notna().to_numpy()[rows] * 2 + found.mentions["uprn"].notna().to_numpy()[rows]
    order = np.lexsort((rows, -sights.day[at_home], -full, code))
    first = pd.Series(code[order]).drop_duplicates().index.to_numpy()
    shown = np.full(int(found.code.max(initial=-1)) + 1, NONE, np.int64)
    shown[code[order][first]] = rows[order][first]
    return shown


def list_places(found: Findings) -> pd.DataFrame:
    """Records that name nobody, and the household at their address: the one with most people there."""
    lone = np.flatnonzero((found.sightings.person < 0) & (found.place >= 0))
    homes = pd.DataFrame({"place": found.home.place, "household": found.code}).value_counts().reset_index()
    homes = homes[homes["place"] >= 0].sort_values(["place", "count", "household"], ascending=[True, False, True])
    record = found.mentions["record_id"].astype(TEXT).take(found.sightings.row[lone]).to_numpy()
    rows = pd.DataFrame({"record_id": pd.Series(record, dtype=TEXT), "place": found.place[lone]})
    joined = rows.merge(homes.drop_duplicates("place")[["place", "household"]], on="place")
    return joined[["record_id", "household"]].sort_values("record_id", ignore_index=True)


def list_reviews(found: Findings, settings: HouseholdSettings) -> pd.DataFrame:
    """People whose two likeliest homes are too close to call, where someone lives at the other."""
    home = found.home
    close = np.flatnonzero((home.surety < settings.close_call) & (home.rival >= 0))
    other = pd.DataFrame({"place": home.place, "right": found.code}).drop_duplicates("place")
    rows = pd.DataFrame({"left": found.code[close], "place": home.rival[close], "person": close}).merge(
        other, on="place"
    )
    rows = rows[rows["left"] != rows["right"]].drop_duplicates(["left", "right"])
    odds = home.surety[rows["person"].to_numpy()]
    rows["weight"] = np.round(np.log2(odds / np.maximum(1 - odds, 0.001)), 4)
    rows["why"] = pd.Series("two addresses are about as likely for one person", index=rows.index, dtype=TEXT)
    return rows[["left", "right", "person", "weight", "why"]].reset_index(drop=True)
