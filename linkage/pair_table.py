"""Writes the table of pairs: every pair worth a look with its levels, weights and deciding rule; decides none."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.clustering import Links
from linkage.conflicts import REASONS
from linkage.encode import distinct_texts, take_texts
from linkage.levels import LEVELS
from linkage.model import field_bits, odds_to_probability
from linkage.parameters import identifier_bits
from linkage.rarity import agreed_rarity
from linkage.scoring import Scored
from linkage.standing import Standing
from linkage.training import Trained


WHY_NOT = {
    "identifiers": "two different UPNs or NINOs, or one contradicted by name and date of birth",
    "twins": "born on one day at one address, with other forenames",
    "generations": "one name, dates of birth a generation apart",
    "roles": "one is an adult, the other was a child",
    "tied": "one is parent or carer of the other",
    "judgement": "judged to be different people",
}


def field_weights(scored: Scored, trained: Trained) -> dict[str, np.ndarray]:
    """Bits of each field for a match; they add up to `scored.scores.match`."""
    weights = field_bits(trained.parameters, "match", scored.levels)
    weights["identifier"] = identifier_bits()[scored.levels["identifier"]]
    forename, surname = agreed_rarity(trained.rarity, scored.levels, scored.left, scored.right)
    weights["forename"] = weights["forename"] + forename
    weights["surname"] = weights["surname"] + surname
    return weights | (trained.extra.weights(scored.extra, scored.left) if trained.extra else {})


def list_pairs(
    scored: Scored,
    links: Links,
    decisions: pd.DataFrame,
    weights: Mapping[str, np.ndarray],
    *,
    standing: Standing,
    extra: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """The `pairs` table: the records, weights, the decision (`decisions.decide`), and level and bits per field.

    `extra`: the levels of each extra column.
    """
    count = len(decisions)
    first, second = decisions["first"].to_numpy(), decisions["second"].to_numpy()
    order = np.lexsort((second, first))
    table: dict[str, Any] = {"left_id": standing.ids(first[order]), "right_id": standing.ids(second[order])}
    table["match_weight"] = links.odds[order].astype(np.float64)
    table["match_probability"] = odds_to_probability(links.odds)[order]
    for name in ("judgement", "decided_by", "reason"):
        said = distinct_texts(decisions[name])
        table[name] = take_texts(said[1], said[0][order])
    nothing = np.zeros(count, dtype=np.int8)
    for field, names in LEVELS.items():
        table[field] = take_texts(pa.array(names), scored.levels[field][order])
    for name, levels in extra.items():
        table[name] = take_texts(pa.array(levels), scored.extra.get(name, nothing)[order])
    for name in (*LEVELS, *extra, "prior", "household"):
        table[f"{name}_weight"] = weights.get(name, nothing)[order].astype(np.float64)
    return pd.DataFrame(table, copy=False)


def reasons(links: Links) -> np.ndarray:
    """For each link why it is forbidden, in words; empty where it is not."""
    return np.array([WHY_NOT.get(reason, "") for reason in REASONS], dtype=object)[links.conflict]
