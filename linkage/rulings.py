"""Decides which of people's decisions stand: what is superseded, settled or to be asked again; none may contradict.

A later decision about the same two takes the place of an earlier one: people may change their mind, and say so by the
day. Without days, and through chains, nobody can tell which is meant, so both are named and nothing is linked.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from linkage.tracing import CARRIED, CHANGED, SAME, Traced, trace
from schemas.errors import UsageError


MATCH, NO_MATCH = "match", "no_match"
TOGETHER, ELSEWHERE = "same_household", "other_household"
PEOPLE, HOMES = (MATCH, NO_MATCH), (TOGETHER, ELSEWHERE)
COLUMNS = ("left_id", "right_id", "judgement", "decided_by", "decided_on", "reason", "left_hash", "right_hash", "row")
APPLIED, CARRIED_OVER, AGAIN = "applied", "carried over", "check again"
SETTLED, SUPERSEDED, NOT_HERE = "settled since", "superseded", "unknown"
OUTCOMES = {SAME: APPLIED, CARRIED: CARRIED_OVER, CHANGED: AGAIN}
AS_SAID = {MATCH: "one person", NO_MATCH: "two people", TOGETHER: "of one household", ELSEWHERE: "of two households"}


class Ruled(NamedTuple):
    """Decisions as they were given, with what became of each (`outcome`), and the records that each is about."""

    given: pd.DataFrame
    traced: list[Traced]

    def places(self, *, words: Collection[str], outcomes: Collection[str] = (APPLIED, CARRIED_OVER)) -> list[int]:
        """The places of decisions of these words that came to this: by default those that stand."""
        chosen = self.given["judgement"].isin(list(words)) & self.given["outcome"].isin(list(outcomes))
        return [int(place) for place in chosen.to_numpy().nonzero()[0]]


def rule(judgements: pd.DataFrame | None, records: pd.DataFrame) -> Ruled:
    """What becomes of each of `judgements` among `records`; UsageError where two that stand contradict each other."""
    given = _read(judgements)
    if not len(given):
        return Ruled(given.assign(outcome=pd.Series(dtype="object")), [])
    traced = trace(given, records, apart=given["judgement"].isin([NO_MATCH, ELSEWHERE]).to_numpy())
    outcomes = [OUTCOMES.get(one.state, NOT_HERE) for one in traced]
    ruled = Ruled(given.assign(outcome=outcomes), traced)
    for words in (PEOPLE, HOMES):
        ruled = _supersede(ruled, words)
    _refuse_chains(ruled, PEOPLE, (MATCH,))
    _refuse_chains(ruled, HOMES, (TOGETHER, MATCH))
    return _settle(ruled)


def _read(judgements: pd.DataFrame | None) -> pd.DataFrame:
    """Decisions with all their columns, in an order of their own; a row that is no decision is left out."""
    if judgements is None:
        return pd.DataFrame(columns=list(COLUMNS), dtype="object")
    given = judgements.reindex(columns=list(COLUMNS)).astype("object").reset_index(drop=True)
    given = given[given["judgement"].notna() & (given["judgement"] != "review")]
    wrong = ~given["judgement"].isin([*PEOPLE, *HOMES])
    if wrong.any():
        words = ", ".join(f"`{word}`" for word in (*PEOPLE, *HOMES))
        raise UsageError(f"A judgement is one of {words}; {int(wrong.sum())} rows say something else.")
    given = given.where(given.notna(), None)
    order = [given[name].fillna("").astype(str) for name in COLUMNS if name != "row"]
    return given.loc[pd.concat(order, axis=1).sort_values(list(COLUMNS[:-1]), kind="stable").index].reset_index(
        drop=True
    )


def _supersede(ruled: Ruled, words: tuple[str, str]) -> Ruled:
    """Of decisions about the same two that differ the later stands."""
    given, days = ruled.given.copy(), pd.to_datetime(ruled.given["decided_on"], errors="coerce")
    for one, other in _about_the_same(ruled, ruled.places(words=words)):
        if given.at[one, "judgement"] == given.at[other, "judgement"]:
            continue
        if pd.isna(days[one]) or pd.isna(days[other]) or days[one] == days[other]:
            raise UsageError(
                f"Two judgements contradict each other: {_named(given, one)}, and {_named(given, other)}. Take one of "
                "the two back, or give both a decided_on: the later one holds."
            )
        given.at[one if days[one] < days[other] else other, "outcome"] = SUPERSEDED
    return ruled._replace(given=given)


def _about_the_same(ruled: Ruled, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of decisions that are about the same two records, or records that say the same."""
    touching: dict[int, set[int]] = {}
    for place in places:
        for row in (*ruled.traced[place].left.rows, *ruled.traced[place].right.rows):
            touching.setdefault(row, set()).add(place)
    for place in places:
        left, right = (set(side.rows) for side in ruled.traced[place])
        near = set().union(*(touching[row] for row in left)) & set().union(*(touching[row] for row in right))
        for other in sorted(near):
            one, two = (set(side.rows) for side in ruled.traced[other])
            if other > place and ((one & left and two & right) or (one & right and two & left)):
                yield place, other


def _refuse_chains(ruled: Ruled, words: tuple[str, str], joining: tuple[str, ...]) -> None:
    """Refuse a decision that two are not one where others, one after the other, make them one."""
    neighbours: dict[int, list[tuple[int, int]]] = {}
    for place in ruled.places(words=joining):
        rows = [*ruled.traced[place].left.rows, *ruled.traced[place].right.rows]
        for row in rows[1:]:
            neighbours.setdefault(rows[0], []).append((row, place))
            neighbours.setdefault(row, []).append((rows[0], place))
    for place in ruled.places(words=words[1:]):
        way = _way(neighbours, ruled.traced[place].left.rows, set(ruled.traced[place].right.rows))
        if way:
            joined = ", and ".join(_named(ruled.given, step) for step in way)
            raise UsageError(
                f"Judgements contradict each other: {_named(ruled.given, place)}, but {joined}, which joins them. "
                "Take one of these back."
            )


def _way(neighbours: dict[int, list[tuple[int, int]]], start: Sequence[int], goal: set[int]) -> list[int]:
    """The decisions on a shortest way from one of `start` to one of `goal`; none where there is no way."""
    came: dict[int, tuple[int, int] | None] = dict.fromkeys(start)
    queue = deque(start)
    while queue:
        row = queue.popleft()
        if row in goal:
            return _steps(came, row)
        for further, place in neighbours.get(row, []):
            if further not in came:
                came[further] = (row, place)
                queue.append(further)
    return []


def _steps(came: dict[int, tuple[int, int] | None], row: int) -> list[int]:
    steps: list[int] = []
    while (step := came[row]) is not None:
        row, place = step
        if place not in steps:
            steps.insert(0, place)
    return steps


def _settle(ruled: Ruled) -> Ruled:
    """Ask nobody again who has been asked again already: a later decision about the same two settles an older one."""
    given, days = ruled.given.copy(), pd.to_datetime(ruled.given["decided_on"], errors="coerce")
    for words in (PEOPLE, HOMES):
        changed = ruled.places(words=words, outcomes=(AGAIN,))
        both = [*changed, *ruled.places(words=words)] if changed else []
        for one, other in _about_the_same(ruled, sorted(both)):
            for old, new in ((one, other), (other, one)):
                earlier = not days[old] > days[new]
                if given.at[old, "outcome"] == AGAIN and given.at[new, "outcome"] != SETTLED and earlier:
                    given.at[old, "outcome"] = SETTLED
    return ruled._replace(given=given)


def _named(given: pd.DataFrame, place: int) -> str:
    """A decision as a person finds it: its row in the file where that is known, else its ids."""
    row = given.loc[place]
    said = AS_SAID[row["judgement"]]
    if row["row"] is not None:
        return f"{row['row']} says that its two records are {said}"
    return f"{row['left_id']} and {row['right_id']} are said to be {said}"
