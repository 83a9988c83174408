"""Writes what was linked into its published tables: codes become ids and words, columns their fixed order."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.clustering import Limits, Links, Resolved
from linkage.decisions import RULES, decide, describe_nodes
from linkage.drift import count_matches
from linkage.encode import take_texts
from linkage.households import Households
from linkage.identity import Carried
from linkage.judgements import Decided
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
from linkage.standing import Standing, find_standing, in_order
from linkage.weak_joins import find_parts
from schemas.columns import TEXT, columns_of
from schemas.linked import Households as HouseholdsTable
from schemas.linked import Members, ReviewQueue
from schemas.linked import People as PeopleTable


class People(NamedTuple):
    """Whose each record is (`node` by record, -1 for none; `person` by node), and what was decided of it.

    `records` are as they were given, `mentions` what `Standardised.records` keeps of them.
    """

    records: pd.DataFrame
    mentions: pd.DataFrame
    node: np.ndarray
    person: np.ndarray
    decided: Decided
    settings: LinkageSettings
    counts: dict[str, int]
    notes: dict[int, str]

    @property
    def of_record(self) -> np.ndarray:
        """The person of each record, -1 for none."""
        return np.append(self.person, -1)[self.node]


class Grounds(NamedTuple):
    """What people are told by, and why, pair by pair: the most of what is held, and let go of once it is explained."""

    standardised: Standardised
    weigher: Weigher
    scored: Scored
    links: Links
    gained: np.ndarray
    resolved: Resolved
    limits: Limits


class _Aside(NamedTuple):
    """Some pairs that weighed too little to be asked about, and among how many they were drawn."""

    pairs: pd.DataFrame
    among: int


class Explained(NamedTuple):
    """The pairs worth a look, those of them that may be put to a person, and the sure part that each node is of.

    `aside`: some of the pairs that are not worth a look. `model`: what was learnt, and how often records matched.
    `parts`: the part of each record of a person who has several. `joined`: by node, what joins it to others.
    """

    pairs: pd.DataFrame
    asked: pd.DataFrame
    part: np.ndarray
    aside: _Aside
    model: dict[str, Any]
    parts: pd.DataFrame
    joined: dict[str, np.ndarray]


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
        person_records=_list_records(people, person_ids, explained.joined),
        households=_table(homes, columns_of(HouseholdsTable), np.argsort(household_keys[of_home])),
        members=_table(members, columns_of(Members), np.lexsort((person_keys[member], household_keys[of_member]))),
        pairs=explained.pairs,
        review_queue=_table(reviews, columns_of(ReviewQueue), np.argsort(reviews["rank"].to_numpy(), kind="stable")),
        model=explained.model,
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
        decisions=list_decisions(people.records, people.decided, people.notes),
    )


def describe_model(people: People, weigher: Weigher) -> dict[str, Any]:
    """The model as plain numbers and words: all of a `SavedModel`, weights, thresholds, counts."""
    settings, trained = people.settings, weigher.trained
    learnt = {
        "format": FORMAT,
        "likeness": settings.likeness.model_dump(),
        "trained_prior": describe_prior(trained.parameters),
        "names_together": float(trained.together),
        "mentions": len(weigher.nodes),
        "extra": trained.extra.describe() if trained.extra else {},
    }
    thresholds = {"accept": settings.accept, "review": settings.review, "bridge": settings.bridge}
    counts = {name: int(value) for name, value in people.counts.items()}
    return learnt | describe(weigher.parameters) | {"thresholds": thresholds, "counts": counts}


def _list_records(
    people: People, person_ids: pd.api.extensions.ExtensionArray, joined: dict[str, np.ndarray]
) -> pd.DataFrame:
    """Whose each record is, in the order of their ids, and what joins it to others."""
    rows = in_order(people.mentions["rank"].to_numpy())
    nodes = people.node[rows]
    rows, nodes = rows[nodes >= 0], nodes[nodes >= 0]
    table = {"record_id": people.mentions["record_id"].array.take(rows)}
    table["person_id"] = person_ids.take(people.person[nodes])
    table |= {name: values[nodes] for name, values in joined.items()}
    return pd.DataFrame(table | {"rule": take_texts(pa.array(RULES), table["rule"])}, copy=False)


def explain_pairs(people: People, grounds: Grounds) -> Explained:
    """Why people are who they are, pair by pair; their homes have no part in it."""
    links, decided = grounds.links, people.decided
    least = np.log2(people.settings.review / (1 - people.settings.review))
    said, again = decided.said, decided.again
    ends = pd.concat([said[["left", "right"]], again[["left", "right"]]]).to_numpy(np.int64)
    judged = np.isin(links.left, ends) & np.isin(links.right, ends)
    kept = (links.odds >= least) | (links.sure > 0) | judged
    standing = find_standing(people.mentions, people.node, len(people.person))
    drawn, among = draw_set_aside(links, kept, people.person, standing)
    aside, _ = _list_pairs(people, grounds, drawn, standing)
    aside = aside.assign(judgement="no_match", reason="weighs too little to ask") if len(aside) else aside
    pairs, decisions = _list_pairs(people, grounds, rows := np.flatnonzero(kept), standing)
    links = links.take(rows)
    part = find_parts(links, people.person)
    asked = [
        list_again(decided, links, people.mentions["record_id"]),
        list_pairs_to_ask(links, decisions, grounds.resolved, standing),
        list_joins_to_ask(links, decisions, (people.person, part), standing),
    ]
    every = pd.concat([table for table in asked if len(table)] or asked, ignore_index=True)
    matches = count_matches(people.mentions["source"], people.of_record, pairs["judgement"])
    model = describe_model(people, grounds.weigher) | {"matches": matches}
    joined = describe_nodes(people.node, grounds.links, grounds.resolved, grounds.limits.accept)
    return Explained(pairs, every, part, _Aside(aside, among), model, _list_parts(people, part), joined)


def _list_pairs(
    people: People, grounds: Grounds, rows: np.ndarray, standing: Standing
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of these rows of the links, and the decision on each."""
    links, scored, weigher = grounds.links.take(rows), grounds.scored.take(rows), grounds.weigher
    decisions = decide(links, grounds.resolved, grounds.limits, people.decided.said, standing)
    weights = field_weights(scored, weigher.trained)
    weights["prior"] = grounds.gained[rows] + np.float32(np.log2(weigher.parameters.prior_match))
    weights["household"] = links.odds - scored.scores.match - weights["prior"]
    extra = {name: column.levels for name, column in people.settings.extra.items()}
    return list_pairs(scored, links, decisions, weights, standing=standing, extra=extra), decisions


def _list_parts(people: People, part: np.ndarray) -> pd.DataFrame:
    """The records of people of more than one part, with the part of each: that of its first record by id."""
    node, mentions, person = people.node, people.mentions, people.person
    ends = pd.DataFrame({"person": person, "part": part}).drop_duplicates()
    several = np.isin(person, ends.loc[ends["person"].duplicated(), "person"].to_numpy())
    rows = in_order(mentions["rank"].to_numpy())
    rows = rows[(node[rows] >= 0) & np.append(several, False)[node[rows]]]
    table = pd.DataFrame({"record_id": mentions["record_id"].array.take(rows).astype(TEXT), "part": part[node[rows]]})
    return table.assign(part=table.groupby("part")["record_id"].transform("first").astype(TEXT))


def _choose_questions(
    people: People, households: Households, asked: pd.DataFrame, part: np.ndarray
) -> tuple[pd.DataFrame, int]:
    """What to put to a person, about people and about their homes; and how many questions are left out."""
    node, person, mentions = people.node, people.person, people.mentions
    tables = [asked, list_homes_to_ask(households, mentions, node, person)]
    asked = pd.concat([table for table in tables if len(table)] or tables, ignore_index=True)
    stakes = weigh_stakes(people.records, node, (person, part), households)
    chosen, left_out = rank_questions(asked, stakes, people.settings.review_most)
    hashes = hashes_of(people.records, mentions["record_id"], chosen[["left_id", "right_id"]])
    return chosen.assign(left_hash=hashes["left_id"], right_hash=hashes["right_id"]), left_out


def _table(frame: pd.DataFrame, columns: tuple[str, ...], order: np.ndarray) -> pd.DataFrame:
    """`frame` in its published columns and order; what came as object is text."""
    arrays = [frame[name].array for name in columns]
    if (order[1:] < order[:-1]).any():
        with ThreadPoolExecutor(2) as pool:
            arrays = list(pool.map(lambda array: array.take(order), arrays))
    table = pd.DataFrame(dict(zip(columns, arrays, strict=True)), copy=False)
    texts = [name for name in columns if table[name].dtype == "object"]
    return table.astype(dict.fromkeys(texts, TEXT)) if texts else table
