"""Remembers which households and families were split off from which; decides only whose overlap counts for whom.

A family of which one person after the other is found at a new address ends under its first id: what was split off and
comes together again counts as never parted.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from linkage.overlap import MERGED, SPLIT, read_ids, strongest, write_ids
from schemas.columns import TEXT


GROUPS = {"household": "H", "family": "F"}
"""The kinds of group, with the letter of their ids."""


def read_origins(origins: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """The table (kind, id, origin_id) by kind, in numbers: number, origin. Empty ones where a run did not keep it."""
    known = pd.DataFrame(columns=["kind", "id", "origin_id"], dtype=TEXT) if origins is None else origins
    of_kind = {kind: known[known["kind"] == kind] for kind in GROUPS}
    return {
        kind: pd.DataFrame({"number": read_ids(rows["id"]), "origin": read_ids(rows["origin_id"])})
        for kind, rows in of_kind.items()
    }


def write_origins(origins: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table (kind, id, origin_id) of what `list_origins` found for each kind."""
    tables = [
        pd.DataFrame(
            {
                "kind": pd.Series(kind, index=found.index, dtype=TEXT),
                "id": write_ids(GROUPS[kind], found["number"].to_numpy()),
                "origin_id": write_ids(GROUPS[kind], found["origin"].to_numpy()),
            }
        )
        for kind, found in origins.items()
    ]
    return pd.concat(tables, ignore_index=True)


def take_back(edges: pd.DataFrame, before: np.ndarray, origins: pd.DataFrame) -> pd.DataFrame:
    """Edges in which what was once split off from a group, and is where most of it is now, counts as its own.

    `edges` has before, now and marks, as `count_shared` returns them; `before` holds the earlier groups' numbers by
    code, `origins` rows of number and origin.
    """
    code = pd.Index(before).get_indexer
    known = pd.DataFrame({"before": code(origins["origin"]), "part": code(origins["number"])})
    known = known[(known >= 0).all(axis="columns")]
    most = strongest(edges, "before", "now", len(before))
    parts = edges.rename(columns={"before": "part"})
    together = known.assign(now=most[known["before"]]).merge(parts, on=["part", "now"]).drop(columns="part")
    return pd.concat([edges, together]).groupby(["before", "now"], as_index=False).sum()


def list_origins(changes: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Which of the present groups were split off from which (number, origin), in this run or in those before (`known`).

    What came of a group came of that one's origins too. `changes` as in `Numbered`.
    """
    fresh = changes.loc[changes["change"] == SPLIT, ["number", "previous"]].rename(columns={"previous": "origin"})
    older = known.rename(columns={"origin": "older", "number": "origin"})
    further = fresh.merge(older, on="origin")[["number", "older"]].rename(columns={"older": "origin"})
    found = pd.concat([known, fresh, further])
    here = changes.loc[changes["change"] != MERGED, "number"]
    return found[found.isin(here.array).all(axis="columns")].sort_values(["number", "origin"], ignore_index=True)
