"""Chooses the place where each person lives on the as-of date, out of all the places where they were seen.

Each place is weighed by what would have to be out of date if it were the present one: every other place seen by some
source on the day this one was first seen, or later, costs as much as that source is seldom late, more the later it
would be. What a source says of itself in turn (first here, then there) counts as much again. The least cost wins; the
latest, in a tie.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.codes import NONE, is_same_as_above, sort_columns
from linkage.household_settings import HouseholdSettings
from linkage.sightings import MONTH, Sightings


class Residence(NamedTuple):
    """Per person (row number = code): place (-1 none), first and last day seen there, how sure, and the next best.

    `surety` is the share of the chosen place in the likelihood of all; `rival` the next place (-1 none).
    """

    place: np.ndarray
    first: np.ndarray
    last: np.ndarray
    surety: np.ndarray
    rival: np.ndarray


def gather_stays(sightings: Sightings, place: np.ndarray) -> pd.DataFrame:
    """One row per person, place and source: `first` and `last` day and `times`, sorted by person and place."""
    known = (sightings.person >= 0) & (place >= 0)
    seen = [sightings.person[known], place[known], sightings.source[known], sightings.day[known]]
    person, spot, source, day = sort_columns(seen)
    starts, ends = runs([person, spot, source])
    columns = {"person": person[starts], "place": spot[starts], "source": source[starts]}
    return pd.DataFrame({**columns, "first": day[starts], "last": day[ends - 1], "times": ends - starts})


def list_options(stays: pd.DataFrame) -> pd.DataFrame:
    """One row per person and place: first and last day, times, sources."""
    person, place, first, last = (stays[name].to_numpy() for name in ("person", "place", "first", "last"))
    starts, ends = runs([person, place])
    if not len(starts):
        return stays.rename(columns={"source": "sources"})
    columns = {"person": person[starts], "place": place[starts]}
    columns |= {"first": np.minimum.reduceat(first, starts), "last": np.maximum.reduceat(last, starts)}
    times = np.add.reduceat(stays["times"].to_numpy(), starts)
    return pd.DataFrame({**columns, "times": times, "sources": ends - starts})


def runs(columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Where runs of the same rows start, and end."""
    starts = np.flatnonzero(~is_same_as_above(columns))
    return starts, np.append(starts[1:], len(columns[0])) if len(starts) else starts


def choose_homes(
    options: pd.DataFrame, stays: pd.DataFrame, people: int, settings: HouseholdSettings
) -> tuple[Residence, np.ndarray]:
    """Choose each person's place by their own sights alone.

    How often each source is late is learnt from the people whose home two sources agree on; that is returned too.
    """
    late = np.full(int(stays["source"].max()) + 1 if len(stays) else 0, settings.stale_share)
    is_one = np.bincount(options["person"], minlength=people)[options["person"]] == 1
    several, one = options[~is_one], options[is_one]
    pairs = pair_options(several, stays)
    best = rank_options(several.assign(cost=weigh(pairs, late, len(several), settings))).drop_duplicates("person")
    late = learn_lateness(best, stays, settings)
    home = pick_homes(several.assign(cost=weigh(pairs, late, len(several), settings)), people)
    for name, column in zip(("place", "first", "last"), home, strict=False):
        column[one["person"].to_numpy()] = one[name].to_numpy()
    home.surety[one["person"].to_numpy()] = 1.0
    return home, late


def pair_options(options: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """Each option (by its position) against each stay of the person elsewhere: the stay's source, how many days later
    than the option was first seen, and whether that source saw the person here before."""
    left = options[["person", "place", "first"]].assign(option=np.arange(len(options)))
    right = stays[stays["person"].isin(left["person"])] if len(left) else stays[:0]
    pairs = left.merge(right, on="person", suffixes=("", "_there"))
    pairs = pairs[pairs["place"] != pairs["place_there"]]
    here = right[["person", "place", "source", "last"]].rename(columns={"last": "last_here"})
    pairs = pairs.merge(here, on=["person", "place", "source"], how="left")
    is_turned = pairs["last"] > pairs["last_here"]
    return pd.DataFrame(
        {
            "option": pairs["option"],
            "source": pairs["source"],
            "delay": pairs["last"] - pairs["first"],
            "turned": is_turned,
        }
    )


def weigh(pairs: pd.DataFrame, late: np.ndarray, size: int, settings: HouseholdSettings) -> np.ndarray:
    """The cost of each of `size` options: minus the log likelihood that all sights elsewhere since are out of date."""
    delay = pairs["delay"].to_numpy() / (settings.late_months * MONTH)
    cost = np.where(delay >= 0, delay - np.log(late[pairs["source"].to_numpy()]), 0.0)
    cost += settings.turned_cost * pairs["turned"].to_numpy()
    return np.bincount(pairs["option"].to_numpy(), weights=cost, minlength=size)


def learn_lateness(best: pd.DataFrame, stays: pd.DataFrame, settings: HouseholdSettings) -> np.ndarray:
    """The share of each source's sights that are out of date, among people whose home two sources or more agree on."""
    sure = best.loc[best["sources"] > 1, ["person", "place", "first"]]
    rows = stays.merge(sure, on="person", suffixes=("", "_home"))
    rows = rows[rows["last"] > rows["first_home"]]
    size = int(stays["source"].max()) + 1 if len(stays) else 0
    source = rows["source"].to_numpy()
    stale = np.bincount(source, weights=(rows["place"] != rows["place_home"]).to_numpy(), minlength=size)
    total = np.bincount(source, minlength=size)
    weight = settings.stale_evidence
    return np.clip((stale + weight * settings.stale_share) / (total + weight), 0.02, 0.6)


def learn_moving(options: pd.DataFrame, settings: HouseholdSettings) -> float:
    """How often people move in a year, among those seen on more days than one."""
    starts, ends = runs([options["person"].to_numpy()])
    if not len(starts):
        return settings.moving_rate
    first = np.minimum.reduceat(options["first"].to_numpy(), starts)
    last = np.maximum.reduceat(options["last"].to_numpy(), starts)
    moves = (ends - starts - 1)[last > first].sum()
    years = (last - first).sum() / (12 * MONTH) + settings.moving_evidence
    return float((moves + settings.moving_rate * settings.moving_evidence) / years)


def rank_options(options: pd.DataFrame) -> pd.DataFrame:
    """Options by person, the likeliest first: least cost, latest seen, most sources, most often, smallest place."""
    keys = ("place", "times", "sources", "last", "cost", "person")
    signs = (1, -1, -1, -1, 1, 1)
    columns = [np.round(options[key].to_numpy() * sign, 9) for key, sign in zip(keys, signs, strict=True)]
    return options.take(np.lexsort(columns))


def pick_homes(options: pd.DataFrame, people: int) -> Residence:
    """The likeliest option of each person, its surety and its rival."""
    ranked = rank_options(options)
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
