"""Which families are put to the next panel, and what earlier panels decided; changes no rank and no verdict."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd
from dateutil.relativedelta import relativedelta

from criteria.settings import Panel
from schemas.columns import TEXT, empty_table
from schemas.programme import PanelHistory


OFFER, DEFER, DECLINE = "offer", "defer", "decline"


class NextPanel(NamedTuple):
    """`listed`: ids of the families on the panel's list, in the order of their rank; `history` with them; counts."""

    listed: list[str]
    history: pd.DataFrame
    counts: dict[str, int]


def follow_history(history: pd.DataFrame, became: dict[str, str]) -> pd.DataFrame:
    """Earlier panels under today's ids: a family that merged into another is that family; `put_as` stays."""
    return history.assign(family_id=history["family_id"].replace(became).astype(TEXT)).drop_duplicates(
        ["family_id", "put_on", "put_as"]).reset_index(drop=True)


def record_decisions(history: pd.DataFrame, decisions: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """The history with what the forms say was decided: of two days the later one counts.

    A decision without the day of its panel belongs to the last one that the family was put to. One about a family that
    no panel was given is kept as well, as of its own day.
    """
    for told in decisions.itertuples(index=False):
        about = history["family_id"] == told.family_id
        put_on = told.put_on if pd.notna(told.put_on) else history.loc[about, "put_on"].max()
        put_on = put_on if pd.notna(put_on) else told.decided_on
        if pd.isna(put_on):
            continue
        row = {"family_id": told.family_id, "put_on": put_on, "put_as": told.put_as, "decision": told.decision,
               "decided_on": told.decided_on, "back_on": _back_on(told, put_on, panel)}
        history = _lay(history, row)
    return history.sort_values(["family_id", "put_on", "put_as"], ignore_index=True)


def _back_on(told: Any, put_on: pd.Timestamp, panel: Panel) -> pd.Timestamp:
    if told.decision != DEFER:
        return pd.NaT
    if pd.notna(told.come_back_on):
        return told.come_back_on
    start = told.decided_on if pd.notna(told.decided_on) else put_on
    return pd.Timestamp(start.date() + relativedelta(months=panel.deferred_months))


def _lay(history: pd.DataFrame, row: dict) -> pd.DataFrame:
    """The history with this row laid over the same family's of the same panel, unless that is decided later."""
    same = (history["family_id"] == row["family_id"]) & (history["put_on"] == row["put_on"])
    own = same & (history["put_as"] == row["put_as"])
    same = own if own.any() else same
    if (history.loc[same, "decided_on"] > row["decided_on"]).any():
        return history
    kept = history.loc[same, "put_as"].iloc[0] if same.any() else row["put_as"]
    made = pd.DataFrame([row | {"put_as": kept}]).astype(history.dtypes)
    return pd.concat([history[~same], made], ignore_index=True)


def latest(history: pd.DataFrame) -> pd.DataFrame:
    """How each family stands with the last panel that it was put to; where it was put twice that day, as decided."""
    order = history.sort_values(["family_id", "put_on", "decided_on", "put_as"], na_position="first")
    decided = order["decision"].notna()
    order = order.assign(decided=decided).sort_values(["family_id", "put_on", "decided"], kind="stable")
    return order.drop(columns="decided").drop_duplicates("family_id", keep="last")


def next_panel(
    families: pd.DataFrame, history: pd.DataFrame, on_programme: Iterable[str], as_of: pd.Timestamp, *,
    size: int,
) -> NextPanel:
    """Put the first families in the order of rank, as many as the month's panel takes.

    Not put: a family with an open case; one that was put before, unless the panel put it off and its day has come. One
    that was put earlier in the same month and waits for the panel stays on the list. `families` stand by rank.
    """
    last = latest(history).set_index("family_id").reindex(families["family_id"])
    month = (last["put_on"].dt.to_period("M") == as_of.to_period("M")).to_numpy()
    put, decision = last["put_on"].notna().to_numpy(), last["decision"]
    attached = families["family_id"].isin(list(on_programme)).to_numpy()
    waits = put & decision.isna().to_numpy()
    due = ((decision == DEFER) & (last["back_on"] <= as_of)).fillna(False).to_numpy(dtype=bool)
    stays = waits & month & ~attached
    free = (~put | due) & ~attached
    places = max(size - int(stays.sum()) - _decided(history, as_of), 0)
    fresh = free & (free.cumsum() <= places)
    added = families.loc[fresh, "family_id"]
    rows = pd.DataFrame({"family_id": added, "put_on": as_of, "put_as": added, "decision": None, "decided_on": pd.NaT,
                         "back_on": pd.NaT}).astype(empty_table(PanelHistory).dtypes)
    counts = {
        "panel_listed": int((stays | fresh).sum()), "panel_listed_again": int((fresh & due).sum()),
        "panel_on_programme_already": int(attached.sum()), "panel_for_a_later_month": int((free & ~fresh).sum()),
        "panel_waiting_for_a_decision": int((waits & ~month).sum()),
    }
    history = pd.concat([history, rows], ignore_index=True).sort_values(["family_id", "put_on"], ignore_index=True)
    return NextPanel(families.loc[stays | fresh, "family_id"].tolist(), history, counts)


def _decided(history: pd.DataFrame, as_of: pd.Timestamp) -> int:
    """How many families of this month's panel have been decided already: their places are taken."""
    this = history["put_on"].dt.to_period("M") == as_of.to_period("M")
    return history.loc[this & history["decision"].notna(), "family_id"].nunique()
