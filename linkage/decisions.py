"""Puts words to what was resolved: each pair's judgement, each record's rule, and what a person should decide."""

import numpy as np
import pandas as pd

from linkage.clustering import Limits, Links, Resolved
from linkage.component import WHY_HELD, Held
from linkage.model import odds_to_probability
from linkage.pair_table import reasons
from linkage.standing import Standing


MODEL, RULE, IDENTIFIER, OTHERS = "model", "rule", "identifier", "others"
ALONE, IDENTICAL, JUDGEMENT = "alone", "identical", "judgement"
RULES = (ALONE, IDENTICAL, MODEL, IDENTIFIER, JUDGEMENT)
COLUMNS = ("judgement", "decided_by", "reason")


def decide(links: Links, resolved: Resolved, limits: Limits, said: pd.DataFrame, standing: Standing) -> pd.DataFrame:
    """For each link its judgement (match, no_match, review), decided_by and reason, and the records it is shown on.

    Those are `first` and `second`, by their place in the order of ids: where nobody decided about one in particular,
    the records that stand for the nodes.
    """
    same = resolved.person[links.left] == resolved.person[links.right]
    held = _held(links, resolved.held)
    enough = links.odds >= limits.accept
    steps = [
        (same & (links.sure == 1), "match", IDENTIFIER, "a UPN or NINO that is the same"),
        (same & enough & (links.conflict == 0), "match", MODEL, "weighs enough"),
        (same, "match", OTHERS, "both belong to a third mention"),
        (links.conflict > 0, "no_match", RULE, ""),
        (held != "", "review", MODEL, ""),
        (enough, "no_match", RULE, "mentions that belong to them cannot be one person"),
        (np.ones(len(same), dtype=bool), "review", MODEL, "weighs neither enough to join nor too little to ask"),
    ]
    chosen = np.argmax(np.stack([step[0] for step in steps]), axis=0)
    table = {
        name: np.array([step[place] for step in steps], dtype=object)[chosen] for place, name in enumerate(COLUMNS, 1)
    }
    why = np.where(chosen == 3, reasons(links), np.array([WHY_HELD.get(word, "") for word in held], dtype=object))
    table["reason"] = np.where(table["reason"] == "", why, table["reason"])
    ends = {"first": standing.of_node[links.left], "second": standing.of_node[links.right]}
    decided = _as_said(pd.DataFrame(table | ends), links, said, standing.of_row)
    first, second = decided["first"].to_numpy(), decided["second"].to_numpy()
    return decided.assign(first=np.minimum(first, second), second=np.maximum(first, second))


def _held(links: Links, held: list[Held]) -> np.ndarray:
    why = {(pair.left, pair.right): pair.why for pair in held}
    result = np.full(len(links.left), "", dtype=object)
    if why:
        wanted = np.isin(links.left, [pair.left for pair in held]) & np.isin(links.right, [pair.right for pair in held])
        for row in np.flatnonzero(wanted).tolist():
            result[row] = why.get((int(links.left[row]), int(links.right[row])), "")
    return result


def _as_said(table: pd.DataFrame, links: Links, said: pd.DataFrame, of_row: np.ndarray) -> pd.DataFrame:
    """What a person decided stands, with their name and reason, on the very records that they saw."""
    if not len(said):
        return table
    ends = said[["left", "right"]].to_numpy(np.int64)
    wanted = pd.DataFrame({"left": ends.min(axis=1), "right": ends.max(axis=1)})
    place = pd.DataFrame({"left": links.left, "right": links.right, "row": np.arange(len(links.left))})
    found = wanted.merge(place, how="left", on=["left", "right"])["row"].to_numpy()
    stated = pd.DataFrame(
        {
            "judgement": said["judgement"],
            "decided_by": said["decided_by"].fillna("a person"),
            "reason": said["reason"].fillna("judged"),
            "first": of_row[said["left_row"].to_numpy()],
            "second": of_row[said["right_row"].to_numpy()],
        }
    ).set_axis(found)
    stated = stated[stated.index.notna()].groupby(level=0).first()
    table.loc[stated.index, list(stated.columns)] = stated
    return table


def describe_nodes(node: np.ndarray, links: Links, resolved: Resolved, accept: float) -> dict[str, np.ndarray]:
    """For nodes, match_weight, match_probability and rule of the strongest link of each.

    `node` gives the node of each record (-1 for none); a rule is a code among `RULES`.
    """
    same = resolved.person[links.left] == resolved.person[links.right]
    held = np.flatnonzero(same & ((links.odds >= accept) | (links.sure > 0)))
    ends = np.concatenate([links.left[held], links.right[held]])
    sure, odds = np.tile(links.sure[held], 2), np.tile(links.odds[held], 2)
    order = np.lexsort((odds, sure, ends))
    last = order[np.flatnonzero(np.diff(ends[order], append=-1))]
    size = len(resolved.person)
    weight = np.full(size, np.nan)
    weight[ends[last]] = odds[last]
    rule = (np.bincount(node[node >= 0], minlength=size) > 1).astype(np.int8)
    rule[ends[last]] = np.array([RULES.index(name) for name in (MODEL, IDENTIFIER, JUDGEMENT)], np.int8)[sure[last]]
    certain = np.isin(rule, [RULES.index(IDENTICAL), RULES.index(JUDGEMENT)])
    chance = np.where(certain, 1.0, odds_to_probability(weight))
    return {"match_weight": weight, "match_probability": chance, "rule": rule}
