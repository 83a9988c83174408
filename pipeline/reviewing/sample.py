"""Puts a few pairs that were settled without people among the questions, so that it shows how often that goes wrong.

From each way in which a pair can be settled as many are taken, by a lot that the records themselves draw: the same
wash draws the same. Asks nothing about a pair that is asked about anyway, or that a person decided.
"""

import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.questions import hashes_of, review_ids
from schemas.columns import TEXT
from schemas.keys import as_arrow
from schemas.words import Judgement, ReviewKind, Settled


NEAR = 10.0
"""A join of fewer bits than this is near the threshold."""
WHY = "settled without people; asked to see how often that goes wrong"


def draw_sample(
    pairs: pd.DataFrame, set_aside: pd.DataFrame, among: int, asked: pd.DataFrame, most: int
) -> pd.DataFrame:
    """At most `most` pairs of each way to be settled: left_id, right_id, weights, settled, among.

    `among`: of how many pairs `set_aside` was drawn. `asked`: the questions that are put anyway.
    """
    ways = _ways(pairs).assign(left_id=pairs["left_id"], right_id=pairs["right_id"])
    ways = pd.concat([ways, pairs[["match_weight", "match_probability"]]], axis=1).dropna(subset=["settled"])
    ways["among"] = ways.groupby("settled")["settled"].transform("size")
    columns = ["left_id", "right_id", "match_weight", "match_probability"]
    least = set_aside[columns].assign(settled=str(Settled.SET_ASIDE), among=among)
    every = pd.concat([part for part in (ways, least) if len(part)] or [ways], ignore_index=True)
    every = every[~pc.is_in(_ends(every), value_set=_ends(asked)).to_numpy(zero_copy_only=False)]
    few = [_drawn(rows, most) for _, rows in every.groupby("settled", sort=True)]
    return pd.concat(few, ignore_index=True) if few else every.head(0)


def add_sample(asked: pd.DataFrame, sample: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """The questions with the sample after them, as `schemas.reviewing.Questions`; `records`: what linkage was given."""
    nothing = {"settled": pd.array([None] * len(asked), dtype=TEXT), "among": pd.array([None] * len(asked), "Int64")}
    asked = asked.assign(**nothing)
    if not len(sample):
        return asked
    more = sample.assign(kind=str(ReviewKind.PAIR), why=WHY, change=_changes(sample["settled"]), priority=0.0)
    more["rank"] = range(len(asked) + 1, len(asked) + len(more) + 1)
    more["review_id"] = review_ids(more)
    hashes = hashes_of(records, records["record_id"], more[["left_id", "right_id"]])
    more = more.assign(left_hash=hashes["left_id"], right_hash=hashes["right_id"])[list(asked.columns)]
    return pd.concat([asked, more.astype(asked.dtypes.to_dict())], ignore_index=True)


def _changes(settled: pd.Series) -> pd.Series:
    """What an answer against what was settled would change."""
    apart = settled.isin([str(Settled.RULE), str(Settled.SET_ASIDE)])
    return apart.map({True: "two people now: `match` joins them", False: "one person now: `no_match` parts them"})


def _ways(pairs: pd.DataFrame) -> pd.DataFrame:
    """How each pair was settled; nothing where it was not, or where a person did it."""
    joined, by = pairs["judgement"] == Judgement.MATCH, pairs["decided_by"]
    far = pairs["match_weight"] >= NEAR
    rules = {
        Settled.IDENTIFIER: joined & (by == "identifier"),
        Settled.SURE: joined & (by == "model") & far,
        Settled.NEAR: joined & (by == "model") & ~far,
        Settled.OTHERS: joined & (by == "others"),
        Settled.RULE: (pairs["judgement"] == Judgement.NO_MATCH) & (by == "rule"),
    }
    way = pd.Series(None, index=pairs.index, dtype=TEXT)
    for name, holds in rules.items():
        way = way.mask(holds.fillna(False), str(name))
    return pd.DataFrame({"settled": way})


def _drawn(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """The rows with the `most` smallest lots; a lot is the beginning of the sha256 of the two ids."""
    digests = b"".join(hashlib.sha256(ends.encode()).digest()[:8] for ends in _ends(rows).to_pylist())
    return rows.iloc[np.argsort(np.frombuffer(digests, ">u8"), kind="stable")[:most]]


def _ends(pairs: pd.DataFrame) -> pa.Array:
    """The two ids of each pair, as a JSON list."""
    parts = ('["', as_arrow(pairs["left_id"]), '","', as_arrow(pairs["right_id"]), '"]')
    return pc.binary_join_element_wise(*parts, "")
