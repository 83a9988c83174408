"""Chooses the place where each person lives on the as-of date, out of all the places where they were seen.

Each place is weighed by what would have to be out of date if it were the present one: every other place seen by some
source after this one was first seen costs as much as that source is seldom late, more the later it would be. What a
source says of itself in turn (first here, then there) counts as much again. The least cost wins; the latest, in a tie.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.household_settings import HouseholdSettings
from linkage.places import NONE, number_rows
from linkage.sightings import Sightings


MONTH = 30.44
SAME_SOURCE_WEIGHT = 1.5


class Residence(NamedTuple):
    """Per person (row number = code): place (-1 none), since when and until when seen there (days), how sure, and rival.

    `surety` is the share of the chosen place in the likelihood of all; `rival` the next place (-1 none).
    """

    place: np.ndarray
    first: np.ndarray
    last: np.ndarray
    surety: np.ndarray
    rival: np.ndarray


def gather_stays(sightings: Sightings, place: np.ndarray) -> pd.DataFrame:
    """One row per person, place and source: `first` and `last` day and `times`, sorted by person and place."""
    known = np.flatnonzero((sightings.person >= 0) & (place >= 0))
    person, spot, source = sightings.person[known], place[known], sightings.source[known]
    order = np.lexsort((source, spot, person))
    person, spot, source, day = person[order], spot[order], source[order], sightings.day[known][order]
    new = np.ones(len(order), bool)
    new[1:] = (person[1:] != person[:-1]) | (spot[1:] != spot[:-1]) | (source[1:] != source[:-1])
    starts = np.flatnonzero(new)
    if not len(starts):
        return pd.DataFrame(
            {name: np.zeros(0, np.int64) for name in ("person", "place", "source", "first", "last", "times")}
        )
    times = np.diff(np.append(starts, len(order)))
    first, last = np.minimum.reduceat(day, starts), np.maximum.reduceat(day, starts)
    columns = {"person": person[starts], "place": spot[starts], "source": source[starts]}
    return pd.DataFrame({**columns, "first": first, "last": last, "times": times})


def choose_homes(stays: pd.DataFrame, people: int, sources: int, settings: HouseholdSettings) -> Residence:
    """Choose each person's place; how often each source is late is learnt from those whom several sources agree about."""
    options = list_options(stays)
    pairs = pair_options(options, stays)
    late = np.full(sources, settings.stale_share)
    chosen = weigh(options, pairs, late, settings)
    late = learn_lateness(options, pairs, chosen, late, settings)
    return pick_homes(options, weigh(options, pairs, late, settings), people)


def list_options(stays: pd.DataFrame) -> pd.DataFrame:
    """One row per person and place: first and last day, times, sources."""
    grouped = stays.groupby(["person", "place"], as_index=False)
    options = grouped.agg(
        first=("first", "min"), last=("last", "max"), times=("times", "sum"), sources=("source", "size")
    )
    count = options.groupby("person")["place"].transform("size").to_numpy()
    return options.assign(is_contested=count > 1)


def pair_options(options: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """For people with several places: each option against each stay elsewhere, with what the stay's source says of it."""
    contested = options[options["is_contested"]]
    left = pd.DataFrame(
        {
            "person": contested["person"],
            "option": contested.index,
            "place": contested["place"],
            "since": contested["first"],
        }
    )
    right = stays[stays["person"].isin(left["person"])]
    pairs = left.merge(right, on="person", suffixes=("", "_other"))
    pairs = pairs[pairs["place"] != pairs["place_other"]]
    same_source = stays[["person", "place", "source", "last"]].rename(columns={"last": "last_here"})
    pairs = pairs.merge(same_source, on=["person", "place", "source"], how="left")
    return pairs.reset_index(drop=True)


def weigh(options: pd.DataFrame, pairs: pd.DataFrame, late: np.ndarray, settings: HouseholdSettings) -> np.ndarray:
    """The cost of each option: the negative log likelihood that all later sights elsewhere are out of date."""
    delay = (pairs["last"] - pairs["since"]).to_numpy() / (settings.late_months * MONTH)
    is_later = delay > 0
    cost = np.where(is_later, -np.log(late[pairs["source"].to_numpy()]) + delay, 0.0)
    turned = (pairs["last"] > pairs["last_here"]).to_numpy()
    cost += np.where(turned, SAME_SOURCE_WEIGHT, 0.0)
    return np.bincount(pairs["option"].to_numpy(), weights=cost, minlength=len(options))


def learn_lateness(
    options: pd.DataFrame, pairs: pd.DataFrame, cost: np.ndarray, late: np.ndarray, settings: HouseholdSettings
) -> np.ndarray:
    """The share of each source's sights that are out of date, among people whose home two sources or more agree on."""
    ranked = rank_options(options, cost)
    best = ranked.drop_duplicates("person")
    sure = best[(best["sources"] > 1) & best["is_contested"]]
    wrong = pairs[pairs["option"].isin(sure.index) & (pairs["last"] > pairs["since"])]
    size = len(late)
    stale = np.bincount(wrong["source"].to_numpy(), minlength=size)
    right = pairs[pairs["place_other"].to_numpy() == home_of(best)[pairs["person"].to_numpy()]]
    right = right[right["person"].isin(sure["person"])].drop_duplicates(["person", "source"])
    total = stale + np.bincount(right["source"].to_numpy(), minlength=size)
    weight = settings.stale_evidence
    return np.clip((stale + weight * settings.stale_share) / (total + weight), 0.02, 0.6)


def home_of(best: pd.DataFrame) -> np.ndarray:
    homes = np.full(int(best["person"].max()) + 1 if len(best) else 0, NONE, np.int64)
    homes[best["person"].to_numpy()] = best["place"].to_numpy()
    return homes


def rank_options(options: pd.DataFrame, cost: np.ndarray) -> pd.DataFrame:
    """Options by person, the likeliest first: least cost, latest seen, most sources, most often, smallest place."""
    keys = (
        options["place"],
        -options["times"],
        -options["sources"],
        -options["last"],
        np.round(cost, 9),
        options["person"],
    )
    order = np.lexsort([np.asarray(key) for key in keys])
    return options.assign(cost=cost).take(order)


def pick_homes(options: pd.DataFrame, cost: np.ndarray, people: int) -> Residence:
    """The likeliest option of each person, its surety and its rival."""
    ranked = rank_options(options, cost)
    person = ranked["person"].to_numpy()
    is_best = np.ones(len(person), bool)
    is_best[1:] = person[1:] != person[:-1]
    starts = np.flatnonzero(is_best)
    best = ranked.iloc[starts]
    group = np.cumsum(is_best) - 1
    likelihood = np.exp(-(ranked["cost"].to_numpy() - best["cost"].to_numpy()[group]))
    total = np.bincount(group, weights=likelihood, minlength=len(starts))
    has_rival = np.append(~is_best[1:], False)[starts]
    rival = np.where(has_rival, ranked["place"].to_numpy()[np.minimum(starts + 1, len(person) - 1)], NONE)
    columns = (best["place"], best["first"], best["last"], 1 / total, rival)
    return Residence(*(spread(best["person"].to_numpy(), np.asarray(column), people) for column in columns))


def spread(person: np.ndarray, values: np.ndarray, people: int) -> np.ndarray:
    """Values by person; -1 (surety 0) for those without any."""
    found = np.zeros(people) if values.dtype.kind == "f" else np.full(people, NONE, np.int64)
    found[person] = values
    return found


__all__ = ["MONTH", "Residence", "choose_homes", "gather_stays", "number_rows"]
