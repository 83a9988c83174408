"""The queue as reviewers have it: what would put a family on or off the list first; decides no answer.

Before all stand decisions whose record changed: somebody has cared about them already. Then questions that would put a
family on the list or take one off, then those that would open or close whether one could still come, then the rest;
each in linkage's own order, which is by what would move and how uncertain that is. Pairs that were settled without
people are spread among them, so that nobody can tell which they are.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

import criteria
from linkage.questions import CHANGED
from pipeline.record.run import Run
from pipeline.reviewing.effects import World, find_effects
from pipeline.reviewing.records import show_records
from schemas.columns import TEXT, columns_of
from schemas.keys import among, look_up
from schemas.reviewing import ReviewQueue
from schemas.words import Effect, ReviewKind


CANDIDATES = 3
"""Linkage gives so many times the questions that are put, because it cannot know what they would do to the list."""
PLACE = {Effect.ON_LIST: 0, Effect.OFF_LIST: 0, Effect.ON_AND_OFF: 0, Effect.UNDETERMINED: 1, Effect.NONE: 2}


class Put(NamedTuple):
    """The queue and what is shown of it, by the name of the table; and how many questions were left out."""

    frames: dict[str, pd.DataFrame]
    left_out: int


def put_questions(
    run: Run, people: criteria.People, facts: criteria.Facts, earlier: pd.DataFrame, rules: criteria.Framework
) -> Put:
    """The review queue of a wash, with the records that a reviewer sees. `earlier`: claims that were made before."""
    asked, parts = run.read("questions"), run.read("person_parts")
    owners = run.read("person_records", ["record_id", "person_id"])
    left, right = (look_up(asked[f"{side}_id"], owners["record_id"], owners["person_id"]) for side in ("left", "right"))
    asked = asked.assign(left_person=left, right_person=right)
    world = World(people, facts, parts, pd.Timestamp(run.as_of))
    is_check = asked["settled"].notna()
    effects = find_effects(asked[~is_check], world, rules).reindex(range(len(asked)))
    asked = asked.assign(effect=effects["effect"].fillna(str(Effect.NONE)), families=effects["families"])
    chosen = choose(asked[~is_check], run.settings.linkage.review_most)
    queue = spread(asked, chosen, asked.loc[is_check, "review_id"].tolist())
    queue["claimed"] = touches_claim(queue, people, earlier)
    queue = queue[list(columns_of(ReviewQueue))].astype({"effect": TEXT, "families": TEXT})
    shown = {"review_pairs": _pairs(run, queue), "review_records": show_records(run, queue, parts)}
    return Put({"review_queue": queue} | shown, int((~is_check).sum()) - len(chosen))


def choose(asked: pd.DataFrame, most: int) -> list[str]:
    """The ids of the questions in the order in which they are put, `most` at most.

    Homes whose answer would change no list take no more than half of the room where others wait.
    """
    place = asked["effect"].map({str(word): number for word, number in PLACE.items()})
    order = asked.assign(place=place, old=asked["why"] != CHANGED)
    order = order.sort_values(["old", "place", "rank"], kind="stable", ignore_index=True)
    homes = (order["kind"] == ReviewKind.HOUSEHOLD) & order["old"] & (order["place"] == PLACE[Effect.NONE])
    homes = homes.astype(bool)
    room = max(most // 2, most - int((~homes).sum()))
    return order.loc[~homes | (homes.cumsum() <= room), "review_id"].head(most).tolist()


def spread(asked: pd.DataFrame, chosen: list[str], checks: list[str]) -> pd.DataFrame:
    """The rows of `asked` of these ids, the checks evenly among the chosen, ranked anew."""
    at = (np.arange(len(checks)) + 1) * len(chosen) / (len(checks) + 1) - 0.5
    placed = sorted([*enumerate(chosen), *zip(at.tolist(), checks, strict=True)])
    queue = asked.set_index("review_id").loc[[name for _, name in placed]].reset_index()
    return queue.assign(rank=pd.array(np.arange(1, len(queue) + 1), dtype="Int64"))


def touches_claim(queue: pd.DataFrame, people: criteria.People, earlier: pd.DataFrame) -> pd.Series:
    """Whether one of the two people, or somebody of their homes, is of a family that was claimed for."""
    members, homes = people.members, people.households
    claimed = earlier["person_id"].dropna()
    families = homes.loc[homes["family_id"].isin(earlier["family_id"].dropna()), "household_id"]
    touched = set(members.loc[members["person_id"].isin(claimed), "household_id"]) | set(families)
    concerned = set(members.loc[members["household_id"].isin(touched), "person_id"]) | set(claimed)
    ends = queue["left_person"].isin(concerned) | queue["right_person"].isin(concerned)
    return ends.astype("boolean")


def _pairs(run: Run, queue: pd.DataFrame) -> pd.DataFrame:
    """How the two records of each question compare, as in `pairs`."""
    every = pd.concat([run.read("pairs"), run.read("pairs_set_aside")], ignore_index=True)
    every = every[among(every["left_id"], queue["left_id"])]
    wanted = pd.MultiIndex.from_frame(queue[["left_id", "right_id"]].astype(str))
    found = every[pd.MultiIndex.from_frame(every[["left_id", "right_id"]].astype(str)).isin(wanted)]
    return found.drop_duplicates(["left_id", "right_id"]).reset_index(drop=True)
