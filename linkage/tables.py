"""Writes what was linked into its published tables: codes become ids and words, columns their fixed order."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.clustering import Limits, Links, Resolved
from linkage.decisions import RULES, decide, describe_records
from linkage.drift import count_matches
from linkage.encode import take_texts
from linkage.households import Households
from linkage.identity import Carried
from linkage.links import Weigher
from linkage.model import describe, describe_prior
from linkage.outcomes import list_decisions
from linkage.pair_table import field_weights, list_pairs
from linkage.questions import (
    hashes_of,
    list_again,
    list_homes_to_ask,
    list_joins_to_ask,
    list_pairs_to_ask,
    rank_questions,
    weigh_stakes,
)
from linkage.results import LinkResult
from linkage.saved_model import FORMAT
from linkage.scoring import Scored
from linkage.set_aside import draw_set_aside
from linkage.settings import LinkageSettings
from linkage.standardise import Standardised
from linkage.weak_joins import find_parts
from schemas.columns import TEXT, columns_of
from schemas.linked import Households as HouseholdsTable
from schemas.linked import Members, ReviewQueue
from schemas.linked import People as PeopleTable


class People(NamedTuple):
    """Records resolved into people, and everything that is known of why."""

    standardised: Standardised
    weigher: Weigher
    scored: Scored
    links: Links
    gained: np.ndarray
    resolved: Resolved
    limits: Limits
    settings: LinkageSettings
    counts: dict[str, int]
    records: pd.DataFrame
    notes: dict[int, str]


class _Aside(NamedTuple):
    """Some pairs that weighed too little to be asked about, and among how many they were drawn."""

    pairs: pd.DataFrame
    among: int


class Explained(NamedTuple):
    """The pairs worth a look, those of them that may be put to a person, and the sure part that each node is of.

    `aside`: some of the pairs that are not worth a look. `matches`: how often records matched, by source. `parts`: the
    part of each record of a person who has several.
    """

    pairs: pd.DataFrame
    asked: pd.DataFrame
    part: np.ndarray
    aside: _Aside
    matches: dict[str, Any]
    parts: pd.DataFrame


def write_result(
    people: People, described: pd.DataFrame, households: Households, carried: Carried, explained: Explained
) -> LinkResult:
    """The result of a link; `described` has a row per person, ids come from `carried`."""
    person_ids, household_ids = carried.person_ids.array, carried.household_ids.array
    person_keys, household_keys = carried.keys["person"], carried.keys["household"]
    homes, members, places = households.households, households.members, households.places
    of_home, of_member, member = (
        column.to_numpy() for column in (homes["household"], members["household"], members["person"])
    )
    homes = homes.assign(household_id=household_ids.take(of_home), family_id=carried.family_ids.array.take(of_home))
    members = members.assign(household_id=household_ids.take(of_member), person_id=person_ids.take(member))
    places = places.assign(household_id=household_ids.take(places["household"]))
    reviews, left_out = _choose_questions(people, households, explained.asked, explained.part)
    described = described.assign(person_id=person_ids)
    return LinkResult(
        people=_table(described, columns_of(PeopleTable), np.argsort(person_keys)),
        person_records=_list_records(people, person_ids),
        households=_table(homes, columns_of(HouseholdsTable), np.argsort(household_keys[of_home])),
        members=_table(members, columns_of(Members), np.lexsort((person_keys[member], household_keys[of_member]))),
        pairs=explained.pairs,
        review_queue=_table(reviews, columns_of(ReviewQueue), np.argsort(reviews["rank"].to_numpy(), kind="stable")),
        model=describe_model(people) | {"matches": explained.matches},
        address_records=places[["record_id", "household_id"]],
        identities=carried.identities,
        changes=carried.changes,
        origins=carried.origins,
        counts=people.counts
        | households.counts
        | carried.counts
        | {"pairs_to_review": len(reviews), "reviews_left_out": left_out, "pairs_set_aside": explained.aside.among},
        set_aside=explained.aside.pairs,
        parts=explained.parts,
        decisions=list_decisions(people.records, people.weigher.decided, people.notes),
    )


def describe_model(people: People) -> dict[str, Any]:
    """The model as plain numbers and words: all of a `SavedModel`, weights, thresholds, counts."""
    settings, trained = people.settings, people.weigher.trained
    learnt = {
        "format": FORMAT,
        "likeness": settings.likeness.model_dump(),
        "trained_prior": describe_prior(trained.parameters),
        "names_together": float(trained.together),
        "mentions": len(people.weigher.nodes),
        "extra": trained.extra.describe() if trained.extra else {},
    }
    thresholds = {"accept": settings.accept, "review": settings.review, "bridge": settings.bridge}
    counts = {name: int(value) for name, value in people.counts.items()}
    return learnt | describe(people.weigher.parameters) | {"thresholds": thresholds, "counts": counts}


def _count_matches(people: People, pairs: pd.DataFrame) -> dict[str, Any]:
    standardised = people.standardised
    person_of = np.append(people.resolved.person, -1)[standardised.node]
    return count_matches(standardised.records["source"], person_of, pairs["judgement"])


def _list_records(people: People, person_ids: pd.api.extensions.ExtensionArray) -> pd.DataFrame:
    """Whose each record is, in the order of their ids."""
    node, records = people.standardised.node, people.standardised.records
    rows = _in_order(records["rank"].to_numpy())
    rows = rows[node[rows] >= 0]
    table = {"record_id": records["record_id"].array.take(rows)}
    table["person_id"] = person_ids.take(people.resolved.person[node[rows]])
    table |= describe_records(rows, node, people.links, people.resolved, people.limits.accept)
    return pd.DataFrame(table | {"rule": take_texts(pa.array(RULES), table["rule"])}, copy=False)


def _in_order(rank: np.ndarray) -> np.ndarray:
    """Rows in the order of their ranks."""
    order = np.empty(len(rank), np.int64)
    order[rank] = np.arange(len(rank))
    return order


def explain_pairs(people: People) -> Explained:
    """Why people are who they are, pair by pair; their homes have no part in it."""
    links, weigher = people.links, people.weigher
    least = np.log2(people.settings.review / (1 - people.settings.review))
    said, again = weigher.decided.said, weigher.decided.again
    ends = pd.concat([said[["left", "right"]], again[["left", "right"]]]).to_numpy(np.int64)
    judged = np.isin(links.left, ends) & np.isin(links.right, ends)
    kept = (links.odds >= least) | (links.sure > 0) | judged
    first = _first_records(people.standardised)
    drawn, among = draw_set_aside(links, kept, people.resolved.person, first)
    aside, _ = _list_pairs(people, drawn, first)
    aside = aside.assign(judgement="no_match", reason="weighs too little to ask") if len(aside) else aside
    pairs, decisions = _list_pairs(people, rows := np.flatnonzero(kept), first)
    links = links.take(rows)
    asked = [
        list_again(weigher.decided, links, people.standardised.records["record_id"]),
        list_pairs_to_ask(links, decisions, people.resolved),
        list_joins_to_ask(links, decisions, people.resolved.person, part := find_parts(links, people.resolved.person)),
    ]
    every = pd.concat([table for table in asked if len(table)] or asked, ignore_index=True)
    counted, parts = _count_matches(people, pairs), _list_parts(people, part)
    return Explained(pairs, every, part, _Aside(aside, among), counted, parts)


def _list_pairs(people: People, rows: np.ndarray, first: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of these rows of the links, and the decision on each; `first`: the record that stands for each node."""
    links, scored, weigher = people.links.take(rows), people.scored.take(rows), people.weigher
    decisions = decide(links, people.resolved, people.limits, weigher.decided.said, first)
    weights = field_weights(scored, weigher.trained)
    weights["prior"] = people.gained[rows] + np.float32(np.log2(weigher.parameters.prior_match))
    weights["household"] = links.odds - scored.scores.match - weights["prior"]
    extra = {name: column.levels for name, column in people.settings.extra.items()}
    return list_pairs(scored, links, decisions, weights, extra=extra), decisions


def _list_parts(people: People, part: np.ndarray) -> pd.DataFrame:
    """The records of people of more than one part, with the part of each: that of its first record by id."""
    node, records, person = people.standardised.node, people.standardised.records, people.resolved.person
    ends = pd.DataFrame({"person": person, "part": part}).drop_duplicates()
    several = np.isin(person, ends.loc[ends["person"].duplicated(), "person"].to_numpy())
    rows = _in_order(records["rank"].to_numpy())
    rows = rows[(node[rows] >= 0) & np.append(several, False)[node[rows]]]
    table = pd.DataFrame({"record_id": records["record_id"].array.take(rows).astype(TEXT), "part": part[node[rows]]})
    return table.assign(part=table.groupby("part")["record_id"].transform("first").astype(TEXT))


def _choose_questions(
    people: People, households: Households, asked: pd.DataFrame, part: np.ndarray
) -> tuple[pd.DataFrame, int]:
    """What to put to a person, about people and about their homes; and how many questions are left out."""
    standardised, person = people.standardised, people.resolved.person
    tables = [asked, list_homes_to_ask(households, standardised, person)]
    asked = pd.concat([table for table in tables if len(table)] or tables, ignore_index=True)
    stakes = weigh_stakes(people.records, standardised.node, (person, part), households)
    chosen, left_out = rank_questions(asked, stakes, people.settings.review_most)
    hashes = hashes_of(people.records, standardised.records["record_id"], chosen[["left_id", "right_id"]])
    return chosen.assign(left_hash=hashes["left_id"], right_hash=hashes["right_id"]), left_out


def _first_records(standardised: Standardised) -> np.ndarray:
    """The record that stands for each node: the first by its id."""
    rows = _in_order(standardised.records["rank"].to_numpy())[::-1]
    rows = rows[standardised.node[rows] >= 0]
    first = np.empty(len(standardised.nodes), np.int64)
    first[standardised.node[rows]] = rows
    return standardised.records["record_id"].array.take(first).to_numpy(dtype=object)


def _table(frame: pd.DataFrame, columns: tuple[str, ...], order: np.ndarray) -> pd.DataFrame:
    """`frame` in its published columns and order; what came as object is text."""
    arrays = [frame[name].array for name in columns]
    if (order[1:] < order[:-1]).any():
        with ThreadPoolExecutor(2) as pool:
            arrays = list(pool.map(lambda array: array.take(order), arrays))
    table = pd.DataFrame(dict(zip(columns, arrays, strict=True)), copy=False)
    texts = [name for name in columns if table[name].dtype == "object"]
    return table.astype(dict.fromkeys(texts, TEXT)) if texts else table
