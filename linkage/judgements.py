"""People's decisions about pairs of records: they hold whatever the weights, through chains; none may contradict."""

from collections import deque
from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.standardise import Standardised, standardise
from schemas.errors import UsageError


MATCH, NO_MATCH = "match", "no_match"


class Decided(NamedTuple):
    """Decisions as pairs of nodes (left < right): `must` be one person, `cannot` be; nor can `tied` ones.

    `said` has a row per decision that names two known people: left, right, judgement, decided_by, reason, left_id,
    right_id.
    """

    must: tuple[np.ndarray, np.ndarray]
    cannot: tuple[np.ndarray, np.ndarray]
    tied: tuple[np.ndarray, np.ndarray]
    said: pd.DataFrame
    unknown: int


def standardise_judged(records: pd.DataFrame, judgements: pd.DataFrame | None) -> tuple[Standardised, Decided]:
    """Standardise records so that none that were judged apart share a node; and the decisions in terms of nodes.

    `judgements`: left_id, right_id, judgement (match, no_match), decided_by, reason. Raises UsageError where decisions
    contradict each other, through chains too; it names the records of two of them.
    """
    standardised = standardise(records)
    said, unknown = _read(judgements, standardised)
    _refuse_contradictions(said.assign(left=said["left_id"], right=said["right_id"]))
    if _meet(said):
        standardised = standardise(records, frozenset(said["left_id"]) | frozenset(said["right_id"]))
        said, unknown = _read(judgements, standardised)
    must, cannot = (_pairs(said[said["judgement"] == word]) for word in (MATCH, NO_MATCH))
    return standardised, Decided(must, cannot, _tied(standardised), said, unknown)


def _meet(said: pd.DataFrame) -> bool:
    """Whether records that were judged apart come together, because they or others like them are one node."""
    neighbours = _neighbours(said)
    denied = said[said["judgement"] == NO_MATCH]
    return any(
        left == right or _first_step(neighbours, left, right) is not None
        for left, right in zip(denied["left"].tolist(), denied["right"].tolist(), strict=True)
    )


def _read(judgements: pd.DataFrame | None, standardised: Standardised) -> tuple[pd.DataFrame, int]:
    columns = ["left_id", "right_id", "judgement", "decided_by", "reason"]
    if judgements is None or not len(judgements):
        return pd.DataFrame({name: pd.Series(dtype="object") for name in [*columns, "left", "right"]}), 0
    said = judgements.reindex(columns=columns).astype("object").reset_index(drop=True)
    wrong = ~said["judgement"].isin([MATCH, NO_MATCH, "review"])
    if wrong.any():
        raise UsageError(f"A judgement is `match` or `no_match`; {int(wrong.sum())} rows say something else.")
    node = pd.Series(standardised.node, index=standardised.records["record_id"].astype("object"))
    for side in ("left", "right"):
        said[side] = said[f"{side}_id"].astype(str).map(node).fillna(-1).astype("int64")
    known = (said["left"] >= 0) & (said["right"] >= 0) & (said["left_id"] != said["right_id"])
    said = said[known & (said["judgement"] != "review")]
    return said.sort_values(columns, kind="stable", ignore_index=True), int((~known).sum())


def _pairs(said: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    left, right = said["left"].to_numpy(np.int64), said["right"].to_numpy(np.int64)
    apart = left != right
    return np.minimum(left, right)[apart], np.maximum(left, right)[apart]


def _tied(standardised: Standardised) -> tuple[np.ndarray, np.ndarray]:
    """An adult and the child that they are parent or carer of are two people."""
    tied_row = standardised.records["tied_row"].to_numpy()
    rows = np.flatnonzero(tied_row >= 0)
    adult, child = standardised.node[rows], standardised.node[tied_row[rows]]
    people = (adult >= 0) & (child >= 0) & (adult != child)
    return np.minimum(adult, child)[people], np.maximum(adult, child)[people]


def _refuse_contradictions(said: pd.DataFrame) -> None:
    neighbours = _neighbours(said)
    denied = said[said["judgement"] == NO_MATCH]
    for left, right in zip(denied["left"].tolist(), denied["right"].tolist(), strict=True):
        decision = _first_step(neighbours, left, right)
        if decision is not None:
            one, other = said.loc[decision, ["left_id", "right_id"]]
            raise UsageError(
                f"Two judgements contradict each other: {left} and {right} are said to be two people, but {one} and "
                f"{other} to be one, which joins them. Take one of the two back."
            )


def _neighbours(said: pd.DataFrame) -> dict[Hashable, list[tuple[Hashable, int]]]:
    """For each end of a `match` decision the other ends, and the decision's row."""
    neighbours: dict[Hashable, list[tuple[Hashable, int]]] = {}
    matches = said[said["judgement"] == MATCH]
    for row, left, right in zip(matches.index, matches["left"].tolist(), matches["right"].tolist(), strict=True):
        neighbours.setdefault(left, []).append((right, row))
        neighbours.setdefault(right, []).append((left, row))
    return neighbours


def _first_step(neighbours: dict[Hashable, list[tuple[Hashable, int]]], start: Hashable, goal: Hashable) -> int | None:
    """The first decision on a way of `match` decisions from one end to another."""
    seen, queue = {start}, deque(neighbours.get(start, []))
    while queue:
        node, first = queue.popleft()
        if node == goal:
            return first
        if node not in seen:
            seen.add(node)
            queue += [(further, first) for further, _ in neighbours.get(node, [])]
    return None
