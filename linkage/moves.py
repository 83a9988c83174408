"""Corrects homes by family: who moved with their parents or children though no record of theirs says so yet.

Beside the places where they were seen, people may live where their kin do. To live apart from all one's parents, all
one's children, all other kin costs, as sights out of date do (see `residence`); the place of least cost wins.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.codes import is_in
from linkage.household_settings import HouseholdSettings
from linkage.kin import CHILD, PARENT, PEER
from linkage.places import Numbers, are_slips
from linkage.residence import Residence, pair_options, pick_homes, weigh


ROUNDS = 3


class Seen(NamedTuple):
    """What people's own records say: their options and stays, and how late each source is.

    `numbers` tell whether two places differ by one character of the number.
    """

    options: pd.DataFrame
    stays: pd.DataFrame
    late: np.ndarray
    numbers: Numbers


def follow_family(home: Residence, seen: Seen, kin: pd.DataFrame, settings: HouseholdSettings) -> Residence:
    """Let families move together: a few rounds, in each of which all may go where their kin are.

    `kin` is what `list_kin` returns.
    """
    for _ in range(ROUNDS):
        home = move_once(home, seen, kin, settings)
    return home


def move_once(home: Residence, seen: Seen, kin: pd.DataFrame, settings: HouseholdSettings) -> Residence:
    """One round: all who live apart from some of their kin weigh their own places and those of their kin."""
    rows = locate_kin(home, seen.options, kin)
    apart = np.zeros(len(home.place), bool)
    apart[rows.loc[rows["place"] != rows["here"], "person"].to_numpy()] = True
    rows = rows[apart[rows["person"].to_numpy()]]
    if not len(rows):
        return home
    own = seen.options[apart[seen.options["person"].to_numpy()]]
    candidates = list_candidates(own, rows, seen.numbers, settings)
    late = weigh(pair_options(candidates, seen.stays), seen.late, len(candidates), settings)
    cost = np.where(candidates["is_free"], 0.0, late) + candidates["price"] + separation(candidates, rows, settings)
    chosen = pick_homes(candidates.assign(cost=cost), len(home.place))
    return Residence(*(np.where(chosen.place >= 0, new, old) for new, old in zip(chosen, home, strict=True)))


def locate_kin(home: Residence, options: pd.DataFrame, kin: pd.DataFrame) -> pd.DataFrame:
    """Kin pairs with the kin's place, since when, whether they left the person's place for it, and whether they count.

    A kin does not count as staying where others of the kin left since the kin was last seen; parents do not count when
    the place of one of them is not known.
    """
    person, other = kin["person"].to_numpy(), kin["kin"].to_numpy()
    rows = kin.assign(place=home.place[other], first=home.first[other], here=home.place[person])
    was_here = is_in((other, rows["here"].to_numpy()), (options["person"].to_numpy(), options["place"].to_numpy()))
    rows["left"] = (rows["place"] != rows["here"]) & was_here
    deserted, missing_parent = np.zeros(len(home.place), bool), np.zeros(len(home.place), bool)
    deserted[person[rows["left"] & (rows["first"] > home.last[person])]] = True
    is_parent = rows["bond"].to_numpy() == PARENT
    missing_parent[person[is_parent & rows["is_tied"] & (rows["place"] < 0)]] = True
    rows["counts"] = ~deserted[other] & ~(missing_parent[person] & is_parent)
    return rows[(rows["place"] >= 0) & (rows["here"] >= 0)]


def list_candidates(
    own: pd.DataFrame, rows: pd.DataFrame, numbers: Numbers, settings: HouseholdSettings
) -> pd.DataFrame:
    """Own options and kin's places, with the price of never having been seen there.

    It is low for those whose kin left their place together, since when they count as there too (else `is_free`: nobody
    says since when), and where their own address is a slip of the kin's.
    """
    keys = ["person", "place"]
    spot = rows["here"].to_numpy(), rows["place"].to_numpy()
    slipped = rows.assign(slip=are_slips(*spot, numbers))
    theirs = slipped.groupby(keys, as_index=False).agg(
        left=("left", "max"), slip=("slip", "max"), first=("first", "min")
    )
    followed = (theirs["left"] & ~theirs["slip"]).to_numpy()
    price = np.select([theirs["slip"], followed], [settings.slip_cost, settings.followed_cost], settings.unseen_cost)
    theirs = theirs[[*keys, "first"]].assign(last=theirs["first"], times=0, sources=0, price=price, is_free=~followed)
    both = pd.concat([own.assign(price=0.0, is_free=False), theirs], ignore_index=True)
    return both.drop_duplicates(keys, ignore_index=True)


def separation(candidates: pd.DataFrame, rows: pd.DataFrame, settings: HouseholdSettings) -> np.ndarray:
    """What each candidate costs by being apart from all one's parents, all one's children, all other kin."""
    prices = {PARENT: settings.apart_from_parents, CHILD: settings.apart_from_children, PEER: settings.apart_from_kin}
    spot = candidates["person"].to_numpy(), candidates["place"].to_numpy()
    bond, counts, tied = (rows[name].to_numpy() for name in ("bond", "counts", "is_tied"))
    cost = np.zeros(len(candidates))
    for kind, price in prices.items():
        for chosen, share in ((tied, 1.0), (tied | ~tied, settings.untied_share)):
            known = rows[(bond == kind) & counts & chosen]
            has_any = candidates["person"].isin(known["person"]).to_numpy()
            is_there = is_in(spot, (known["person"].to_numpy(), known["place"].to_numpy()))
            cost += np.where(has_any & ~is_there, price * share, 0.0)
    return cost
