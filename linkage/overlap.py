"""Pairs the groups of two runs by largest overlap; decides who keeps an id, never what a group is."""

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from schemas.columns import TEXT


def match_by_overlap(edges: pd.DataFrame, strengths: list[str]) -> pd.DataFrame:
    """Match each earlier group to at most one present group and back, the strongest overlap first.

    `edges` has integer columns `before` and `now` and the columns named in `strengths`, strongest first; ties go to the
    smallest `before`, then the smallest `now`. Returns the chosen rows of `before` and `now`.
    """
    order = [*strengths, "before", "now"]
    left = edges.sort_values(order, ascending=[False] * len(strengths) + [True, True], kind="stable")
    chosen = []
    while len(left):
        best = left[~left["before"].duplicated() & ~left["now"].duplicated()]
        chosen.append(best[["before", "now"]])
        left = left[~left["before"].isin(best["before"]) & ~left["now"].isin(best["now"])]
    return pd.concat(chosen, ignore_index=True) if chosen else edges[["before", "now"]].head(0)


def strongest(edges: pd.DataFrame, strengths: list[str], side: str, other: str) -> pd.Series:
    """For each group of `side`, the group of `other` that it shares most with."""
    order = edges.sort_values([*strengths, other], ascending=[False] * len(strengths) + [True], kind="stable")
    return order.drop_duplicates(side).set_index(side)[other]


def number_groups(
    matched: pd.DataFrame, before_numbers: np.ndarray, order: np.ndarray, last: int
) -> tuple[np.ndarray, int]:
    """Numbers of the present groups: the matched keep theirs, the rest number on from `last` in the order given.

    `order` lists the present groups that want a number; others get 0. Returns numbers by group and the last one given.
    """
    size = int(max(order.max(initial=-1), matched["now"].max() if len(matched) else -1)) + 1
    numbers = np.zeros(size, np.int64)
    numbers[matched["now"].to_numpy()] = before_numbers[matched["before"].to_numpy()]
    fresh = order[numbers[order] == 0]
    numbers[fresh] = last + 1 + np.arange(len(fresh))
    return numbers, last + len(fresh)


def list_changes(
    kind: str, numbers: pd.Series, before: pd.Series, edges: pd.DataFrame, strengths: list[str]
) -> pd.DataFrame:
    """One row per present id (new, kept, split) and per earlier id that lives on under another (merged).

    `numbers` and `before` give the id text of present and earlier groups by their code.
    """
    kept = numbers.isin(before)
    parent = numbers.index.to_series().map(strongest(edges, strengths, "now", "before")).map(before)
    split = ~kept & parent.notna()
    present = pd.DataFrame({"id": numbers, "previous_id": numbers.where(kept, parent)})
    present["change"] = np.select([kept, split], ["kept", "split"], "new")
    gone = before[~before.isin(numbers)]
    into = gone.index.to_series().map(strongest(edges, strengths, "before", "now")).map(numbers)
    merged = pd.DataFrame({"id": into, "previous_id": gone, "change": "merged"})[into.notna()]
    table = pd.concat([present, merged], ignore_index=True).astype(TEXT)
    table.insert(0, "kind", pd.Series(kind, index=table.index, dtype=TEXT))
    return table.sort_values(["id", "change", "previous_id"], kind="stable", ignore_index=True)


def write_ids(letter: str, numbers: np.ndarray) -> pd.Series:
    """Ids such as P0000042; null for 0."""
    padded = pc.utf8_lpad(pc.cast(numbers, "string"), 7, "0")
    ids = pd.Series(pc.binary_join_element_wise(letter, padded, ""), dtype=TEXT)
    return ids.where(numbers > 0)


def read_ids(ids: pd.Series) -> np.ndarray:
    """The numbers of ids written by `write_ids`."""
    return ids.astype(TEXT).str.slice(1).astype("int64").to_numpy()
