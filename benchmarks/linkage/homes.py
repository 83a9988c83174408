"""Households by simple rules on addresses, for any people: what ours is held against; nothing of the product."""

import numpy as np
import pandas as pd


def by_record(lines: pd.Series) -> np.ndarray:
    """Records under one address (null: a household of its own) are one household."""
    return _alone_where_missing(pd.factorize(lines)[0])


def by_person(person: np.ndarray, lines: pd.Series, seen: pd.Series | None = None) -> np.ndarray:
    """All records of a person at one of the person's addresses: the latest seen, else the one most records say."""
    frame = pd.DataFrame({"person": person, "line": pd.factorize(lines)[0]})
    frame["seen"] = 0 if seen is None else pd.to_datetime(seen).astype("int64").to_numpy()
    known = frame[frame["line"] >= 0]
    votes = known.groupby(["person", "line"]).agg(seen=("seen", "max"), votes=("seen", "size")).reset_index()
    order = ["person", "seen", "votes"] if seen is not None else ["person", "votes", "seen"]
    chosen = votes.sort_values(order, kind="stable").drop_duplicates("person", keep="last").set_index("person")["line"]
    home = frame["person"].map(chosen).fillna(-1).to_numpy().astype(np.int64)
    return np.where(home >= 0, home, -2 - frame["person"].to_numpy().astype(np.int64))


def _alone_where_missing(codes: np.ndarray) -> np.ndarray:
    return np.where(codes >= 0, codes, -2 - np.arange(len(codes)))
