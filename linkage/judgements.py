"""People's decisions in terms of nodes: they hold whatever the weights, through chains; asks nobody, weighs nothing."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.rulings import AGAIN, HOMES, MATCH, NO_MATCH, NOT_HERE, PEOPLE, TOGETHER, Ruled, rule
from linkage.settings import LinkageSettings
from linkage.standardise import Standardised, standardise


SAID = ("place", "left", "right", "judgement", "decided_by", "reason", "left_row", "right_row")
ASKED = ("place", "left_row", "right_row", "left", "right", "judgement", "decided_on")


class Decided(NamedTuple):
    """Decisions as pairs of nodes (left < right): `must` be one person, `cannot` be; nor can `tied` ones.

    `said` has a row per decision and two nodes that it stands for: place (row of `ruled.given`), left, right,
    judgement, decided_by, reason, left_row, right_row (of the records to show). `homes` is the same for decisions about
    households. `again` has a row per decision to be checked again: place, left_row, right_row, left, right, judgement,
    decided_on.
    """

    must: tuple[np.ndarray, np.ndarray]
    cannot: tuple[np.ndarray, np.ndarray]
    tied: tuple[np.ndarray, np.ndarray]
    said: pd.DataFrame
    homes: pd.DataFrame
    again: pd.DataFrame
    ruled: Ruled

    @property
    def pairs(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """All pairs of nodes that a decision is about: they are weighed whatever they weigh."""
        return [self.must, self.cannot, _pairs(self.again)]


def standardise_judged(
    records: pd.DataFrame, judgements: pd.DataFrame | None, settings: LinkageSettings | None = None
) -> tuple[Standardised, Decided]:
    """Standardise records so that none that are judged apart, or tied to each other, share a node; and the decisions.

    `judgements` as for `linkage.link`, `settings` as for `standardise`. Raises UsageError where decisions contradict
    each other, through chains too; it names the rows of the file, or the records.
    """
    standardised = standardise(records, settings=settings)
    ruled = rule(judgements, records)
    apart = _tied_to_their_like(standardised)
    if _meet(_list_said(ruled, standardised, PEOPLE)):
        apart |= _judged_records(ruled, standardised)
    if apart:
        standardised = standardise(records, apart, settings)
    said = _list_said(ruled, standardised, PEOPLE)
    must = [said.loc[said["judgement"] == MATCH, ["left", "right"]], _alike(ruled, standardised, said)]
    return standardised, Decided(
        _pairs(pd.concat(must, ignore_index=True)),
        _pairs(said[said["judgement"] == NO_MATCH]),
        _tied(standardised),
        said,
        _list_said(ruled, standardised, HOMES),
        _list_again(ruled, standardised),
        _without_people(ruled, standardised),
    )


def _list_said(ruled: Ruled, standardised: Standardised, words: tuple[str, str]) -> pd.DataFrame:
    """The pairs of nodes that each decision of these words stands for, with the records that it is shown on."""
    rows = []
    for place in ruled.places(words=words):
        own = ruled.given.loc[place, ["judgement", "decided_by", "reason"]].tolist()
        sides = [_nodes_of(side.rows, standardised.node) for side in ruled.traced[place]]
        for (left, left_row), (right, right_row) in product(*(side.items() for side in sides)):
            rows.append((place, left, right, *own, left_row, right_row))
    numbers = dict.fromkeys(("left", "right", "left_row", "right_row"), "int64")
    return pd.DataFrame(rows, columns=list(SAID)).astype(numbers)


def _nodes_of(rows: tuple[int, ...], node: np.ndarray) -> dict[int, int]:
    """The nodes of records, and the first record of each."""
    nodes: dict[int, int] = {}
    for row in rows:
        if node[row] >= 0:
            nodes.setdefault(int(node[row]), row)
    return nodes


def _meet(said: pd.DataFrame) -> bool:
    """Whether records that were judged apart come together, because they or others like them are one node."""
    group: dict[int, int] = {}

    def root(node: int) -> int:
        while group.get(node, node) != node:
            node = group[node]
        return node

    for left, right in _ends(said, MATCH):
        group[root(left)] = root(right)
    return any(root(left) == root(right) for left, right in _ends(said, NO_MATCH))


def _ends(said: pd.DataFrame, word: str) -> Iterator[tuple[int, int]]:
    chosen = said[said["judgement"] == word]
    return zip(chosen["left"].tolist(), chosen["right"].tolist(), strict=True)


def _judged_records(ruled: Ruled, standardised: Standardised) -> frozenset[str]:
    rows = {row for place in ruled.places(words=PEOPLE) for side in ruled.traced[place] for row in side.rows}
    return frozenset(standardised.records["record_id"].iloc[sorted(rows)].astype(str))


def _alike(ruled: Ruled, standardised: Standardised, said: pd.DataFrame) -> pd.DataFrame:
    """Pairs of nodes of records that say the very same, of which a decision holds for all."""
    apart = {frozenset(pair) for pair in _ends(said, NO_MATCH)}
    pairs = []
    for place in ruled.places(words=PEOPLE):
        for side in ruled.traced[place]:
            first, *others = _nodes_of(side.rows, standardised.node) or (-1,)
            pairs += [(first, other) for other in others if frozenset((first, other)) not in apart]
    return pd.DataFrame(pairs, columns=["left", "right"], dtype="int64")


def _list_again(ruled: Ruled, standardised: Standardised) -> pd.DataFrame:
    """Decisions to be checked again, on the records to show: of those about the same two the last."""
    rows = []
    for place in ruled.places(words=(*PEOPLE, *HOMES), outcomes=(AGAIN,)):
        shown = [next((row for row in side.rows if standardised.node[row] >= 0), -1) for side in ruled.traced[place]]
        if min(shown) >= 0:
            nodes = [int(standardised.node[row]) for row in shown]
            rows.append((place, *shown, *nodes, *ruled.given.loc[place, ["judgement", "decided_on"]]))
    return pd.DataFrame(rows, columns=list(ASKED)).astype({"left": "int64", "right": "int64"})


def _without_people(ruled: Ruled, standardised: Standardised) -> Ruled:
    """A decision about a record that names nobody is about nobody."""
    nobody = [any(all(standardised.node[row] < 0 for row in side.rows) for side in traced) for traced in ruled.traced]
    outcome = ruled.given["outcome"].mask(np.array(nobody, dtype=bool), NOT_HERE)
    return ruled._replace(given=ruled.given.assign(outcome=outcome))


def together(homes: pd.DataFrame) -> np.ndarray:
    """Whether each decision about households says that two live together."""
    return (homes["judgement"] == TOGETHER).to_numpy(dtype=bool)


def _pairs(said: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    left, right = said["left"].to_numpy(np.int64), said["right"].to_numpy(np.int64)
    apart = left != right
    return np.minimum(left, right)[apart], np.maximum(left, right)[apart]


def _tied_to_their_like(standardised: Standardised) -> frozenset[str]:
    """Records of an adult and a child who say the very same of themselves."""
    tied_row, node = standardised.records["tied_row"].to_numpy(), standardised.node
    adult = np.flatnonzero(tied_row >= 0)
    adult = adult[(node[adult] >= 0) & (node[adult] == node[tied_row[adult]]) & (tied_row[adult] != adult)]
    rows = np.union1d(adult, tied_row[adult])
    return frozenset(standardised.records["record_id"].iloc[rows].astype(str))


def _tied(standardised: Standardised) -> tuple[np.ndarray, np.ndarray]:
    """An adult and the child that they are parent or carer of are two people."""
    tied_row = standardised.records["tied_row"].to_numpy()
    rows = np.flatnonzero(tied_row >= 0)
    adult, child = standardised.node[rows], standardised.node[tied_row[rows]]
    people = (adult >= 0) & (child >= 0) & (adult != child)
    return np.minimum(adult, child)[people], np.maximum(adult, child)[people]
