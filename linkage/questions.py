"""Chooses what to ask people and in which order: first what would change most, and is least certain; decides no answer.

Asked are pairs that are in doubt, links that are not sure by which people hold together, close calls between two homes,
and decisions on records that changed. The stake of a question is the weight of the records that would move by an answer
(`matters`, one per record where nothing else is said), once for the people and once for each household that changes by
it, since criteria are of households; times how uncertain the answer is, in bits. A bridge between two large groups so
comes before a stray record. Decisions that must be checked again come before all: somebody has cared about them
already. Where not all can be asked, homes take no more than half of the room: they are many, and the next address may
settle them.
"""

import hashlib
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.clustering import Links, Resolved
from linkage.component import WHY_HELD
from linkage.households import Households
from linkage.judgements import Decided
from linkage.model import odds_to_probability
from linkage.record_hash import hash_records
from linkage.rulings import ELSEWHERE, PEOPLE, TOGETHER
from linkage.standing import Standing
from linkage.weak_joins import WHY, find_weak_joins
from schemas.columns import TEXT
from schemas.errors import UsageError
from schemas.keys import as_arrow
from schemas.words import ReviewKind


CHANGED = "record changed since it was judged"
HOMES_CHANGED = 2
KINDS = dict.fromkeys(("kind", "left_id", "right_id", "why"), TEXT) | dict.fromkeys(("match_weight", "priority"), float)
COLUMNS = ("kind", "left_id", "right_id", "left", "right", "match_weight", "why", "again")


class Stakes(NamedTuple):
    """What hangs on whom. Per node: `person`, the `part` of the person that holds together surely, `records`, `weight`.

    Per person: `home`, a household of `people`.
    """

    person: np.ndarray
    part: np.ndarray
    records: np.ndarray
    weight: np.ndarray
    home: np.ndarray
    people: np.ndarray


def weigh_stakes(
    records: pd.DataFrame, node: np.ndarray, belongs: tuple[np.ndarray, np.ndarray], homes: Households
) -> Stakes:
    """The records of each node, what they weigh (`matters`), and the household of each person.

    `belongs`: to which person, and which part of the person, each node belongs.
    """
    person, part = belongs
    kept, size = node >= 0, len(person)
    count = np.bincount(node[kept], minlength=size)
    weight = np.bincount(node[kept], weights=read_matters(records)[kept], minlength=size)
    home = np.zeros(int(person.max(initial=-1)) + 1, dtype=np.int64)
    home[homes.members["person"].to_numpy(np.int64)] = homes.members["household"].to_numpy(np.int64)
    return Stakes(person, part, count, weight, home, np.bincount(home)[home] if len(home) else home)


def read_matters(records: pd.DataFrame) -> np.ndarray:
    """How much each record matters to what follows linkage: 1 where nothing is said."""
    if "matters" not in records:
        return np.ones(len(records))
    weights = pd.to_numeric(records["matters"], errors="coerce").astype("float64")
    if (weights < 0).any() or np.isinf(weights).any() or (weights.isna() & records["matters"].notna()).any():
        raise UsageError(
            "The column `matters` of records to link holds weights: numbers of nought or more, or nothing."
        )
    return weights.fillna(1.0).to_numpy()


def list_pairs_to_ask(
    links: Links, decisions: pd.DataFrame, resolved: Resolved, standing: Standing
) -> pd.DataFrame:
    """Doubtful pairs: of two people the pair that weighs most, and none where a rule keeps them apart."""
    asked = pd.DataFrame({"left": links.left, "right": links.right, "match_weight": links.odds.astype(np.float64)})
    asked["key"] = key_of(resolved.person, links.left, links.right)
    apart = resolved.person[links.left] != resolved.person[links.right]
    forbidden = asked["key"][(links.conflict > 0) & apart]
    review = (decisions["judgement"] == "review").to_numpy() & ~asked["key"].isin(forbidden).to_numpy()
    asked["why"] = decisions["reason"].to_numpy()
    asked = asked[review].assign(**_shown_on(decisions[review], standing))
    asked["kind"] = np.where(asked["why"].isin([WHY_HELD["bridge"]]), ReviewKind.BRIDGE, ReviewKind.PAIR)
    asked = asked.sort_values(["match_weight", "left", "right"], ascending=[False, True, True], kind="stable")
    return asked.drop_duplicates("key").assign(again="")[list(COLUMNS)]


def list_joins_to_ask(
    links: Links, decisions: pd.DataFrame, joined: tuple[np.ndarray, np.ndarray], standing: Standing
) -> pd.DataFrame:
    """The links that are not sure by which people hold together; `joined` are the person and the part of each node."""
    rows = find_weak_joins(links, *joined)
    table = pd.DataFrame(_shown_on(decisions.take(rows), standing))
    table = table.assign(left=links.left[rows], right=links.right[rows], match_weight=links.odds[rows].astype(float))
    return table.assign(kind=ReviewKind.PAIR, why=WHY, again="")[list(COLUMNS)]


def _shown_on(decisions: pd.DataFrame, standing: Standing) -> dict[str, np.ndarray]:
    places = {"left_id": decisions["first"], "right_id": decisions["second"]}
    return {name: standing.ids(place.to_numpy()).astype(object) for name, place in places.items()}


def key_of(person: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A number for each two people."""
    ends = np.sort(np.stack([person[left], person[right]]), axis=0).astype(np.int64)
    return np.asarray(ends[0] * (len(person) + 1) + ends[1])


def list_again(decided: Decided, links: Links, record_id: Any) -> pd.DataFrame:
    """Decisions to be checked again, with what the pair weighs now."""
    again = decided.again
    ends = np.sort(again[["left", "right"]].to_numpy(np.int64), axis=1)
    found = pd.DataFrame({"left": ends[:, 0], "right": ends[:, 1]}).merge(
        pd.DataFrame({"left": links.left, "right": links.right, "match_weight": links.odds.astype(np.float64)}),
        how="left",
        on=["left", "right"],
    )
    kinds = np.where(again["judgement"].isin(PEOPLE), ReviewKind.PAIR, ReviewKind.HOUSEHOLD)
    told = {"match_weight": np.where(kinds == ReviewKind.PAIR, found["match_weight"], np.nan), "why": CHANGED}
    ids = {f"{side}_id": _ids(record_id, again[f"{side}_row"]) for side in ("left", "right")}
    return again.assign(kind=kinds, again=again["judgement"], **told, **ids)[list(COLUMNS)]


def list_homes_to_ask(
    homes: Households, mentions: pd.DataFrame, node: np.ndarray, person: np.ndarray
) -> pd.DataFrame:
    """Whether somebody lives with the eldest of another household, shown on the records of both that are the latest."""
    asked = homes.review
    members = homes.members[homes.members["household"].isin(asked["right"].unique())]
    age = members["age"].to_numpy(dtype=np.float64, na_value=-1)
    eldest = members[["household", "person"]].take(np.lexsort((members["person"], -age)))
    head = eldest.drop_duplicates("household").set_index("household")["person"]
    other = asked["other"] if "other" in asked else asked["right"].map(head)
    people = {"left": asked["person"].to_numpy(np.int64), "right": other.to_numpy(np.int64)}
    shown = _latest_records(mentions, np.append(person, -1)[node], np.concatenate(list(people.values())))
    rows = {side: shown.reindex(codes).to_numpy(np.int64) for side, codes in people.items()}
    nodes = {side: node[taken] for side, taken in rows.items()}
    ids = {f"{side}_id": _ids(mentions["record_id"], taken) for side, taken in rows.items()}
    told = {"match_weight": asked["weight"].to_numpy(np.float64), "why": asked["why"].to_numpy(dtype=object)}
    return pd.DataFrame(ids | nodes | told).assign(kind=ReviewKind.HOUSEHOLD, again="")[list(COLUMNS)]


def _latest_records(mentions: pd.DataFrame, owner: np.ndarray, wanted: np.ndarray) -> pd.Series:
    """By person the row of the record on which they were seen last."""
    is_wanted = np.zeros(int(owner.max(initial=-1)) + 2, dtype=bool)
    is_wanted[wanted] = True
    rows = np.flatnonzero(is_wanted[owner])
    table = pd.DataFrame({"person": owner[rows], "seen": mentions["observed_on"].to_numpy()[rows], "row": rows})
    table["rank"] = mentions["rank"].to_numpy()[rows]
    table = table.sort_values(
        ["person", "seen", "rank"], ascending=[True, False, True], na_position="last", kind="stable"
    )
    return table.drop_duplicates("person").set_index("person")["row"]


def rank_questions(asked: pd.DataFrame, stakes: Stakes, most: int) -> tuple[pd.DataFrame, int]:
    """The questions in the order in which to ask them, as far as there are to be; and how many are left out."""
    chance = odds_to_probability(asked["match_weight"].to_numpy(np.float64))
    is_open = (asked["again"] != "") | asked["why"].isin(list(WHY_HELD.values()))
    asked = asked.assign(
        match_probability=chance,
        priority=np.round(_stake(asked, stakes) * np.where(is_open, 1.0, _uncertainty(chance)), 4),
        key=key_of(stakes.person, asked["left"].to_numpy(np.int64), asked["right"].to_numpy(np.int64)),
        is_new=asked["again"] == "",
        is_home=asked["kind"] == ReviewKind.HOUSEHOLD,
    )
    order = ["is_new", "priority", "left_id", "right_id", "kind"]
    asked = asked.sort_values(order, ascending=[True, False, True, True, True], kind="stable")
    asked = asked.drop_duplicates(["is_home", "key"], ignore_index=True)
    homes = asked["is_home"] & asked["is_new"]
    room = max(most // 2, most - int((~homes).sum()))
    chosen = asked[~homes | (homes.cumsum() <= room)].head(most).reset_index(drop=True)
    chosen["rank"] = pd.array(np.arange(1, len(chosen) + 1), dtype="Int64")
    counts = _count_records(chosen, stakes)
    words = [_in_words(row, stakes, *both) for row, both in zip(chosen.itertuples(index=False), counts, strict=True)]
    chosen["change"] = pd.array(words, dtype=TEXT)
    chosen["review_id"] = review_ids(chosen)
    return chosen.astype(KINDS), len(asked) - len(chosen)


def _stake(asked: pd.DataFrame, stakes: Stakes) -> np.ndarray:
    """What would move by an answer, in the weight of records, with the households that change by it."""
    left, right = asked["left"].to_numpy(np.int64), asked["right"].to_numpy(np.int64)
    of_person = np.bincount(stakes.person, weights=stakes.weight)
    one, other = stakes.person[left], stakes.person[right]
    joining = np.minimum(of_person[one], of_person[other])
    parting = np.minimum(*(_of_part(stakes, stakes.weight)[side] for side in (left, right)))
    moved = np.where(one == other, parting, joining)
    is_home = (asked["kind"] == ReviewKind.HOUSEHOLD).to_numpy()
    moved = np.where(is_home, of_person[one], moved)
    return np.asarray(moved * (~is_home + HOMES_CHANGED * (is_home | (stakes.home[one] != stakes.home[other]))))


def _of_part(stakes: Stakes, values: np.ndarray) -> np.ndarray:
    """By node the sum over the part of the person that it belongs to."""
    return np.asarray(np.bincount(stakes.part, weights=values)[stakes.part])


def _uncertainty(chance: np.ndarray) -> np.ndarray:
    """The entropy of a probability, in bits; one bit where none is known."""
    safe = np.clip(np.nan_to_num(chance, nan=0.5), 1e-12, 1 - 1e-12)
    return np.asarray(-(safe * np.log2(safe) + (1 - safe) * np.log2(1 - safe)))


def _count_records(asked: pd.DataFrame, stakes: Stakes) -> list[tuple[int, int]]:
    """The records of the two sides of each question, the fewer first: of two people, or of two parts of one."""
    left, right = asked["left"].to_numpy(np.int64), asked["right"].to_numpy(np.int64)
    whole = np.bincount(stakes.person, weights=stakes.records)[stakes.person]
    parts = _of_part(stakes, stakes.records)
    joined = stakes.person[left] == stakes.person[right]
    counts = [np.where(joined, parts[side], whole[side]).astype(np.int64) for side in (left, right)]
    return list(zip(np.minimum(*counts).tolist(), np.maximum(*counts).tolist(), strict=True))


def _in_words(row: Any, stakes: Stakes, fewer: int, more: int) -> str:
    """What an answer would change."""
    one, other = int(stakes.person[row.left]), int(stakes.person[row.right])
    before = f"judged `{row.again}` before; " if row.again else ""
    homes = [int(stakes.people[person]) for person in (one, other)]
    if row.kind == ReviewKind.HOUSEHOLD:
        return before + _home_in_words(stakes, (one, other), homes)
    if one == other:
        return f"{before}one person now: `no_match` parts {_many(fewer)} from {more}"
    moved = f"`match` joins {_many(fewer)} to {more} of another person"
    if stakes.home[one] == stakes.home[other]:
        return f"{before}{moved}, in one household"
    return before + moved + (", and a household ends" if min(homes) == 1 else ", and two households change")


def _home_in_words(stakes: Stakes, people: tuple[int, int], homes: list[int]) -> str:
    if stakes.home[people[0]] == stakes.home[people[1]]:
        return f"in one household now: `{ELSEWHERE}` takes a person out of a household of {homes[0]}"
    return f"`{TOGETHER}` moves a person from a household of {homes[0]} to one of {homes[1]}"


def _many(count: int) -> str:
    return f"{count} record" + ("" if count == 1 else "s")


def _ids(record_id: Any, rows: Any) -> np.ndarray:
    return np.array([str(text) for text in record_id.array.take(np.asarray(rows, dtype=np.int64))], dtype=object)


def hashes_of(records: pd.DataFrame, record_id: pd.Series, ids: pd.DataFrame) -> dict[str, pd.Series]:
    """The hashes of the records of these ids, by column; `record_id` are the ids of `records` as text."""
    texts, wanted = as_arrow(record_id), pa.array(pd.unique(ids.astype(str).to_numpy().ravel()), pa.string())
    rows = np.flatnonzero(pc.is_in(texts, value_set=wanted).to_numpy(zero_copy_only=False))
    known = dict(zip(texts.take(pa.array(rows)).to_pylist(), hash_records(records.iloc[rows]), strict=True))
    return {name: ids[name].map(known).astype(TEXT) for name in ids}


def review_ids(table: pd.DataFrame) -> Any:
    """An id for each question, from what it is about."""
    parts = zip(table["kind"], table["left_id"], table["right_id"], strict=True)
    ids = ["R" + hashlib.sha256("\x1f".join(part).encode()).hexdigest()[:12] for part in parts]
    return pd.array(ids, dtype=TEXT)
