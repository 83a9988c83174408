"""Tells what became of people's decisions: which rules they overrule, what they say of homes, and a table of them all.

It also has the last word on who is who: whatever came before, those judged one are one, those judged apart are two.
"""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkage.clustering import number_by_first, pairs_of_groups
from linkage.conflicts import REASONS
from linkage.judgements import Decided, together
from linkage.links import Weigher
from linkage.pair_table import WHY_NOT
from linkage.record_hash import hash_records
from linkage.rulings import AGAIN, APPLIED, CARRIED_OVER, MATCH, NO_MATCH, NOT_HERE, SETTLED, SUPERSEDED
from schemas.columns import TEXT


OVERRULES = "overrules a rule: "
SET_ASIDE = "set aside: the two are one person now, or others bring them into one household"
COUNTED = {
    APPLIED: "judgements_applied",
    CARRIED_OVER: "judgements_carried_over",
    AGAIN: "judgements_to_check_again",
    SETTLED: "judgements_settled_since",
    SUPERSEDED: "judgements_superseded",
    NOT_HERE: "judgements_on_unknown_records",
}
WRITTEN = ("left_id", "right_id", "judgement", "decided_by", "decided_on", "reason", "left_hash", "right_hash")


def hold_judged(person: np.ndarray, decided: Decided) -> np.ndarray:
    """Each node's person, with what was judged held: nothing changes where it holds already."""
    (left, right), cannot = decided.must, decided.cannot
    person = person.copy()
    if not len(left) + len(cannot[0]):
        return person
    bound = _components(len(person), left, right)
    broken = np.unique(bound[left[person[left] != person[right]]])
    for group in broken.tolist():
        nodes = np.flatnonzero(bound == group)
        person[nodes] = person[nodes].min()
    free = int(person.max(initial=-1)) + 1
    for one, other in zip(*(nodes.tolist() for nodes in cannot), strict=True):
        if person[one] == person[other]:
            person[bound == bound[other]] = free
            free += 1
    return number_by_first(person)


def _components(size: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1])


def overruled(weigher: Weigher) -> dict[int, str]:
    """By place of a decision that stands, the rule that it overrules, in words."""
    said = weigher.decided.said
    apart, joined = (said[said["judgement"] == word] for word in (NO_MATCH, MATCH))
    notes: dict[int, str] = {}
    if len(apart):
        ends = np.sort(apart[["left", "right"]].to_numpy(np.int64), axis=1)
        sure = weigher.relate(ends[:, 0], ends[:, 1]).sure == 1
        notes |= dict.fromkeys(apart["place"][sure].tolist(), f"{OVERRULES}they have a valid UPN or NINO in common")
    if len(joined):
        notes |= _joined_against(joined, weigher)
    return notes


def _joined_against(joined: pd.DataFrame, weigher: Weigher) -> dict[int, str]:
    """Of decisions that join records one after the other, the rules that forbid any two of those to be one person."""
    left, right = joined["left"].to_numpy(np.int64), joined["right"].to_numpy(np.int64)
    codes, nodes = pd.factorize(np.concatenate([left, right]), sort=True)
    group = _components(len(nodes), codes[: len(left)], codes[len(left) :])
    order = np.argsort(group, kind="stable")
    one, other = pairs_of_groups(nodes[order], group[order])
    links = weigher.relate(one, other)
    forbidden = np.flatnonzero(links.conflict > 0)
    found = dict(zip(group[np.searchsorted(nodes, links.left[forbidden])], links.conflict[forbidden], strict=True))
    of = group[codes[: len(left)]]
    places = zip(joined["place"].tolist(), of.tolist(), strict=True)
    return {place: OVERRULES + WHY_NOT[REASONS[found[number]]] for place, number in places if number in found}


def judged_homes(decided: Decided, person: np.ndarray) -> tuple[pd.DataFrame, dict[int, str]]:
    """What was judged of people's homes: left, right (people, left < right), together; and a note on what is set aside.

    Set aside is by place a decision that two live apart who are one person now, or whom others join in one household.
    """
    homes = decided.homes
    table = pd.DataFrame(
        {
            "left": person[homes["left"].to_numpy(np.int64)],
            "right": person[homes["right"].to_numpy(np.int64)],
            "together": together(homes),
            "place": homes["place"].to_numpy(np.int64),
        }
    )
    joined = table[table["together"]]
    bound = _components(len(person), joined["left"].to_numpy(), joined["right"].to_numpy())
    same = (table["left"] == table["right"]) | (~table["together"] & (bound[table["left"]] == bound[table["right"]]))
    aside = dict.fromkeys(table.loc[same & ~table["together"], "place"].tolist(), SET_ASIDE)
    kept = table[~same]
    ends = np.sort(kept[["left", "right"]].to_numpy(np.int64), axis=1)
    people = pd.DataFrame({"left": ends[:, 0], "right": ends[:, 1], "together": kept["together"].to_numpy(bool)})
    return people.drop_duplicates().sort_values(["left", "right"], ignore_index=True), aside


def count_outcomes(decided: Decided, notes: dict[int, str]) -> dict[str, int]:
    """How many decisions came to what."""
    outcome = decided.ruled.given["outcome"]
    counts = {"judgements": len(outcome)} | {name: int((outcome == word).sum()) for word, name in COUNTED.items()}
    return counts | {"judgements_against_rules": len(notes)}


def list_decisions(records: pd.DataFrame, decided: Decided, notes: dict[int, str]) -> pd.DataFrame:
    """Every decision that was given, on the records of this run, with their hashes; what became of it, and a note."""
    given, ids = decided.ruled.given, records["record_id"].array
    table = given.reindex(columns=list(WRITTEN)).astype("object")
    stands = given["outcome"].isin([APPLIED, CARRIED_OVER]).to_numpy()
    for side in ("left", "right"):
        shown = [
            getattr(traced, side).rows[0] for traced, kept in zip(decided.ruled.traced, stands, strict=True) if kept
        ]
        table.loc[stands, f"{side}_id"] = [str(ids[row]) for row in shown]
        table.loc[stands, f"{side}_hash"] = hash_records(records.iloc[shown])
    table["outcome"] = given["outcome"]
    table["note"] = [notes.get(place) for place in range(len(table))]
    table = table.sort_values([*WRITTEN[:2], "decided_on", "judgement"], kind="stable", ignore_index=True)
    return table.astype(TEXT)
