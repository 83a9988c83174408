"""Writes what was found about homes as tables: members, households, places of address records, close calls."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.codes import NONE, code_texts, distinct_rows, first_rows, number_rows, order_rows, sums
from linkage.decided_homes import Rulings
from linkage.household_settings import HouseholdSettings
from linkage.namesakes import Namesakes
from linkage.residence import Residence
from linkage.sightings import MONTH, Persons, Sightings
from schemas.columns import TEXT
from schemas.words import HouseholdBasis, Role


BASES = (HouseholdBasis.JUDGEMENT, HouseholdBasis.ADDRESS, HouseholdBasis.CONTACT, HouseholdBasis.POSTCODE)
ALONE = "alone"
UNKNOWN_SHARE = 0.3


class Evidence(NamedTuple):
    """How sure homes are: stays, how late each source is, moves a year, what people decided.

    By person, how likely the one they are `tied` to lives with them (0: not put there by a tie), the rest of the
    household does (`company`), and their `namesakes` do.
    """

    stays: pd.DataFrame
    late: np.ndarray
    moving: float
    tied: np.ndarray
    company: np.ndarray
    namesakes: Namesakes
    rulings: Rulings


class Findings(NamedTuple):
    """All that was worked out: by person home, household code and flags; by sighting its place."""

    mentions: pd.DataFrame
    sightings: Sightings
    place: np.ndarray
    home: Residence
    code: np.ndarray
    persons: Persons
    flags: dict[str, np.ndarray]
    evidence: Evidence

    @property
    def size(self) -> int:
        """How many households there are."""
        return int(self.code.max(initial=NONE)) + 1


def describe_members(found: Findings) -> pd.DataFrame:
    """Role, age, basis and confidence of every member.

    Confidence is how likely a person lives in this household on the as-of date. Of one seen there: the surety of the
    home among all places where they may live, times how sure the household's address is, times how likely they live
    with the others there. Of one put there by a tie alone: how often such ties live together; by a surname under a
    postcode: how likely such namesakes are one family. With none of these: 0.3.
    """
    home, evidence = found.home, found.evidence
    is_seen, is_tied, is_named = home.place >= 0, evidence.tied > 0, evidence.namesakes.share > 0
    is_ruled = np.zeros(len(found.code), bool)
    is_ruled[evidence.rulings.together.ravel()] = True
    kinds = [is_ruled, is_seen, is_tied, is_named]
    shares = [1.0, home.surety * evidence.company, evidence.tied, evidence.namesakes.share]
    share = np.select(kinds, shares, UNKNOWN_SHARE)
    known = np.logical_or.reduce(kinds)
    confidence = np.where(known, share * address_surety(found)[found.code], share)
    basis = np.select(kinds, range(len(BASES)), len(BASES))
    order = np.argsort(found.code, kind="stable")
    return pd.DataFrame(
        {
            "household": found.code[order],
            "person": order,
            "role": take_words(found.persons.is_child[order].astype(np.int64), (Role.ADULT, Role.CHILD)),
            "age": pd.Series(found.persons.age[order]).astype("Int64"),
            "basis": take_words(basis[order], (*BASES, ALONE)),
            "confidence": np.round(confidence, 4)[order],
        }
    )


def take_words(codes: np.ndarray, words: Sequence[str]) -> pd.Series:
    """Words by code."""
    return pd.Series(pd.array(pa.array([str(word) for word in words]).take(pa.array(codes)), dtype=TEXT))


def address_surety(found: Findings) -> np.ndarray:
    """By household, how likely its address is of the as-of date.

    It is not, if all the sources that say so are late, or the household has moved since it was last seen there. One of
    no address at all is what it is.
    """
    evidence, home = found.evidence, found.home
    person, place, source, last = (evidence.stays[name].to_numpy() for name in ("person", "place", "source", "last"))
    here = home.place[person] == place
    code, source = distinct_rows([found.code[person[here]], source[here]])
    late = np.exp(np.bincount(code, weights=np.log(evidence.late)[source], minlength=found.size))
    seen = np.full(found.size, np.iinfo(np.int64).min)
    np.maximum.at(seen, found.code[person[here]], last[here])
    is_seen = np.bincount(code, minlength=found.size) > 0
    years = np.where(is_seen, -seen / (12 * MONTH), 0.0)
    return np.where(is_seen, (1 - late) * np.exp(-evidence.moving * years), 1.0)


def describe_households(found: Findings, members: pd.DataFrame) -> pd.DataFrame:
    """Address, basis, cohesion and flags of every household.

    Cohesion is the mean confidence of its members, times the share of them who are bound to another member by a tie or
    a surname (counted half where nothing but the address binds them); one person alone coheres.
    """
    shown = best_mentions(found)
    table = pd.DataFrame({"household": np.arange(found.size)})
    for name in ("address", "postcode", "uprn"):
        table[name] = take_text(found.mentions[name], shown)
    told = take_text(found.mentions["postcode"], postcode_mentions(found))
    table["postcode"] = table["postcode"].fillna(table["uprn"].map(postcode_of_uprn(found.mentions))).fillna(told)
    by_contact, by_name = (
        (np.bincount(found.code[share > 0], minlength=found.size) > 0) & (shown == NONE)
        for share in (found.evidence.tied, found.evidence.namesakes.share)
    )
    bases = [HouseholdBasis.UPRN, HouseholdBasis.CONTACT, HouseholdBasis.POSTCODE]
    basis = np.select([table["uprn"].notna(), by_contact, by_name], bases, HouseholdBasis.ADDRESS)
    table["basis"] = pd.Series(basis, dtype=TEXT)
    parts = np.round(members["confidence"].to_numpy() * 10_000)  # whole numbers: their sum is the same in any order
    confidence = np.bincount(members["household"], weights=parts) / np.bincount(members["household"]) / 10_000
    table["cohesion"] = np.round(confidence * (0.5 + 0.5 * bound_share(found)), 4)
    table["flags"] = join_flags(found)
    return table


def postcode_mentions(found: Findings) -> np.ndarray:
    """The mention that shows the postcode of each household held together by it and a surname; -1 for others."""
    sighting = found.evidence.namesakes.sighting
    shown = np.full(found.size, NONE, np.int64)
    shown[found.code[sighting >= 0]] = sighting[sighting >= 0]
    return shown


def postcode_of_uprn(mentions: pd.DataFrame) -> pd.Series:
    """The postcode that most mentions give each UPRN; of several as common, the first in the alphabet."""
    both = mentions.loc[mentions["uprn"].notna() & mentions["postcode"].notna(), ["uprn", "postcode"]].astype(str)
    counted = both.value_counts().rename("mentions").reset_index()
    counted = counted.sort_values(["uprn", "mentions", "postcode"], ascending=[True, False, True])
    return counted.drop_duplicates("uprn").set_index("uprn")["postcode"]


def take_text(values: pd.Series, rows: np.ndarray) -> pd.Series:
    """Texts at rows; null at -1."""
    return pd.Series(values.array.take(rows, allow_fill=True)).astype(TEXT)


def bound_share(found: Findings) -> np.ndarray:
    """By household, the share of members bound to another by a tie or a surname; 1 for one person."""
    bound = np.zeros(len(found.code), bool)
    adult, child = found.persons.ties["adult"].to_numpy(), found.persons.ties["child"].to_numpy()
    together = found.code[adult] == found.code[child]
    bound[adult[together]] = bound[child[together]] = True
    names = found.persons.surnames.assign(household=found.code[found.persons.surnames["person"].to_numpy()])
    shared = names[names.duplicated(["household", "surname"], keep=False)]
    bound[shared["person"].to_numpy()] = True
    people = np.bincount(found.code, minlength=found.size)
    share = np.bincount(found.code, weights=bound, minlength=found.size) / people
    return np.where(people == 1, 1.0, share)


def join_flags(found: Findings) -> pd.Series:
    """By household, the flags of its members joined by `;`; `second_address` and `no_address` among them."""
    home = found.home
    rival_known = (home.rival != NONE) & (home.surety < 0.9) & found.persons.is_child
    flags = {**found.flags, "second_address": rival_known, "no_address": home.place == NONE}
    joined = np.full(found.size, "", dtype=object)
    for name in sorted(flags):
        of_any = np.bincount(found.code, weights=flags[name], minlength=found.size)
        is_all = of_any == np.bincount(found.code, minlength=found.size)
        has = is_all if name == "no_address" else of_any > 0
        joined[has] = [f"{text};{name}" if text else name for text in joined[has]]
    return pd.Series(joined, dtype=TEXT).replace("", None)


def best_mentions(found: Findings) -> np.ndarray:
    """The mention that shows each household's address best: with postcode and UPRN, the latest; -1 for none."""
    sights, mentions = found.sightings, found.mentions
    known = np.flatnonzero((sights.person >= 0) & (found.place >= 0))
    known = known[found.place[known] == found.home.place[sights.person[known]]]
    code = found.code[sights.person[known]]
    lacks = mentions["postcode"].isna().to_numpy()[known] * 2 + mentions["uprn"].isna().to_numpy()[known]
    keys = [code, lacks, -sights.day[known], sights.node[known]]
    order = order_rows(keys)
    leads = np.diff(code[order], prepend=-1) != 0
    leader = order[leads][np.cumsum(leads) - 1]
    tied = order[np.logical_and.reduce([key[order] == key[leader] for key in keys])]
    text = code_texts(mentions["address"].take(known[tied]))[0]
    best = tied[np.lexsort((text, code[tied]))][::-1]
    shown = np.full(found.size, NONE, np.int64)
    shown[code[best]] = known[best]
    return shown


def main_households(found: Findings, places: np.ndarray) -> pd.DataFrame:
    """The household of each of these places that has most people, was seen last, is eldest: place and household."""
    wanted = np.zeros(int(found.home.place.max(initial=NONE)) + 2, bool)
    wanted[places[places < len(wanted) - 1]] = True
    here = np.flatnonzero(wanted[found.home.place] & (found.home.place >= 0))
    homes = [found.home.place[here], found.code[here]]
    number = number_rows(homes)
    place, household = (column[first_rows(number)] for column in homes)
    size = len(place)
    people, age = np.bincount(number, minlength=size), sums(number, np.nan_to_num(found.persons.age)[here], size)
    last = np.full(size, np.iinfo(np.int64).min)
    np.maximum.at(last, number, found.home.last[here])
    order = np.lexsort((household, -age, -last, -people, place))
    table = pd.DataFrame({"place": place[order], "household": household[order]})
    return table.drop_duplicates("place")


def list_places(found: Findings) -> pd.DataFrame:
    """Records that name nobody, and the main household at their address."""
    lone = np.flatnonzero((found.sightings.person < 0) & (found.place >= 0))
    record = found.mentions["record_id"].astype(TEXT).take(lone)
    rows = pd.DataFrame({"record_id": record.to_numpy(), "place": found.place[lone]}).astype({"record_id": TEXT})
    joined = rows.merge(main_households(found, found.place[lone]), on="place")
    return joined[["record_id", "household"]].sort_values("record_id", ignore_index=True)


def list_reviews(found: Findings, settings: HouseholdSettings) -> pd.DataFrame:
    """People whose two likeliest homes are too close to call, where others live at the other: a row per two homes."""
    home = found.home
    close = np.flatnonzero((home.surety < settings.close_call) & (home.rival != NONE))
    rows = pd.DataFrame({"left": found.code[close], "place": home.rival[close], "person": close})
    rows = rows.merge(main_households(found, home.rival[close]).rename(columns={"household": "right"}), on="place")
    rows = rows[rows["left"] != rows["right"]]
    ends = np.sort(rows[["left", "right"]].to_numpy(), axis=1)
    rows = rows.assign(low=ends[:, 0], high=ends[:, 1], surety=home.surety[rows["person"].to_numpy()])
    rows = rows.sort_values(["low", "high", "surety", "left"], kind="stable")
    rows = rows.drop_duplicates(["low", "high"], ignore_index=True)
    odds = rows["surety"].to_numpy()
    rows["weight"] = np.round(np.log2(odds / np.maximum(1 - odds, 0.001)), 4)
    rows["why"] = pd.Series("two addresses are about as likely for one person", index=rows.index, dtype=TEXT)
    return rows[["left", "right", "person", "weight", "why"]]
