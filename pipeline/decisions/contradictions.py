"""Decisions that stand and cannot all be right: two are apart, and others, one after the other, make them one.

The next wash stops at them and names them; here they are found as soon as they are taken, so that somebody can take
one back. Says not which.
"""

from collections import deque
from typing import NamedTuple

import pandas as pd

from schemas.words import Answer


JOINING = {Answer.NO_MATCH: (Answer.MATCH,), Answer.OTHER_HOUSEHOLD: (Answer.SAME_HOUSEHOLD, Answer.MATCH)}


class Contradiction(NamedTuple):
    """A decision that two are apart, and those that join them: each as people find it (`row` of what stands)."""

    apart: str
    joined: tuple[str, ...]


def find_contradictions(standing: pd.DataFrame) -> list[Contradiction]:
    """Every decision among those that stand (`opinions.standing`) that others contradict."""
    found = []
    for apart, joining in JOINING.items():
        neighbours = _neighbours(standing[standing["judgement"].isin(list(joining))])
        for row in standing[standing["judgement"] == apart].itertuples(index=False):
            way = _way(neighbours, str(row.left_hash), str(row.right_hash))
            found += [Contradiction(str(row.row), tuple(way))] if way else []
    return found


def _neighbours(joined: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    near: dict[str, list[tuple[str, str]]] = {}
    for row in joined.itertuples(index=False):
        near.setdefault(row.left_hash, []).append((row.right_hash, row.row))
        near.setdefault(row.right_hash, []).append((row.left_hash, row.row))
    return near


def _way(near: dict[str, list[tuple[str, str]]], start: str, goal: str) -> list[str]:
    """The decisions on a shortest way from one record to the other; none where there is no way."""
    came: dict[str, list[str]] = {start: []}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there, row in near.get(here, []):
            if there not in came:
                came[there] = [*came[here], row]
                queue.append(there)
    return came.get(goal, []) if goal != start else []
