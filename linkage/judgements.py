"""People's decisions about pairs of records: they hold whatever the weights, through chains; none may contradict."""

from collections import deque
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
    denied = said[said["judgement"] == NO_MATCH]
    alike = denied[denied["left"] == denied["right"]]
    if len(alike):
        standardised = standardise(records, frozenset(alike["left_id"]) | frozenset(alike["right_id"]))
        said, unknown = _read(judgements, standardised)
    must, cannot = (_pairs(said[said["judgement"] == word]) for word in (MATCH, NO_MATCH))
    _refuse_contradictions(said)
    return standardised, Decided(must, cannot, _tied(standardised), said, unknown)


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
    neighbours: dict[int, list[tuple[int, int]]] = {}
    for row in said[said["judgement"] == MATCH].itertuples():
        neighbours.setdefault(row.left, []).append((row.right, row.Index))
        neighbours.setdefault(row.right, []).append((row.left, row.Index))
    for row in said[said["judgement"] == NO_MATCH].itertuples():
        decision = _first_step(neighbours, row.left, row.right)
        if decision is not None:
            other = said.loc[decision]
            raise UsageError(
                f"Two judgements contradict each other: {row.left_id} and {row.right_id} are said to be two people, "
                f"but {other.left_id} and {other.right_id} to be one, which joins them. Take one of the two back."
            )


def _first_step(neighbours: dict[int, list[tuple[int, int]]], start: int, goal: int) -> int | None:
    """The first decision on a way of `match` decisions from one node to another."""
    seen, queue = {start}, deque(((node, row) for node, row in neighbours.get(start, [])))
    while queue:
        node, first = queue.popleft()
        if node == goal:
            return first
        if node not in seen:
            seen.add(node)
            queue += [(further, first) for further, _ in neighbours.get(node, [])]
    return None
