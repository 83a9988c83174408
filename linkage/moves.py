"""Corrects homes by family: those who moved with their children or parents, and those who have no home but theirs."""

import numpy as np
import pandas as pd

from linkage.places import NONE
from linkage.residence import Residence


PARTNER_YEARS = 15


def follow_family(
    home: Residence, options: pd.DataFrame, ties: pd.DataFrame, surnames: pd.DataFrame, age: np.ndarray
) -> Residence:
    """Move those whose kin have all left their place since they were last seen there, to where most of the kin went.

    Kin of a place are those seen there who are tied, or share a surname, and are of two generations or partners by age.
    """
    kin = kin_of_place(home, options, ties, surnames, age)
    kin["kin_home"] = home.place[kin["kin"].to_numpy()]
    kin["kin_since"] = home.first[kin["kin"].to_numpy()]
    kin["until"] = home.last[kin["person"].to_numpy()]
    stayed = kin[(kin["kin_home"] == kin["place"])].groupby("person")["kin_last"].max()
    moved = kin[(kin["kin_home"] != kin["place"]) & (kin["kin_home"] >= 0) & (kin["kin_since"] > kin["until"])]
    moved = moved[moved["person"].map(stayed).fillna(np.iinfo(np.int64).min) < moved["kin_since"]]
    votes = moved.groupby(["person", "kin_home"], as_index=False).agg(votes=("kin", "size"), since=("kin_since", "min"))
    order = votes.sort_values(
        ["person", "votes", "since", "kin_home"], ascending=[True, False, False, True], kind="stable"
    )
    best = order.drop_duplicates("person")
    return rehouse(home, best["person"].to_numpy(), best["kin_home"].to_numpy(), best["since"].to_numpy())


def kin_of_place(
    home: Residence, options: pd.DataFrame, ties: pd.DataFrame, surnames: pd.DataFrame, age: np.ndarray
) -> pd.DataFrame:
    """Rows of person, kin, place (the person's home, where the kin was seen too) and the kin's last day there."""
    seen = options[["person", "place", "last"]]
    at_home = seen[seen["place"].to_numpy() == home.place[seen["person"].to_numpy()]][["person", "place"]]
    places = pd.concat(
        [ties.set_axis(["person", "kin"], axis=1), ties[["child", "adult"]].set_axis(["person", "kin"], axis=1)]
    )
    tied = at_home.merge(places, on="person")
    elsewhere = seen[seen["place"].to_numpy() != home.place[seen["person"].to_numpy()]].merge(surnames, on="person")
    busy = at_home[at_home["place"].isin(elsewhere["place"])].merge(surnames, on="person")
    everyone = (
        seen[seen["place"].isin(elsewhere["place"])].merge(surnames, on="person").rename(columns={"person": "kin"})
    )
    named = busy.merge(everyone[["kin", "place", "surname"]], on=["place", "surname"])[["person", "place", "kin"]]
    named = named[named["person"] != named["kin"]]
    gap = np.abs(age[named["person"].to_numpy()] - age[named["kin"].to_numpy()])
    child = (age[named["person"].to_numpy()] < 18) | (age[named["kin"].to_numpy()] < 18)
    named = named[child | ~(gap > PARTNER_YEARS)]
    both = pd.concat([tied, named]).drop_duplicates()
    return both.merge(seen.rename(columns={"person": "kin", "last": "kin_last"}), on=["kin", "place"])


def rehouse(home: Residence, person: np.ndarray, place: np.ndarray, since: np.ndarray) -> Residence:
    """The residence with these people moved; the place they left is their rival."""
    moved = Residence(*(column.copy() for column in home))
    moved.rival[person] = np.where(home.place[person] == place, home.rival[person], home.place[person])
    moved.place[person], moved.first[person], moved.last[person] = place, since, since
    moved.surety[person] = np.minimum(home.surety[person], 0.8)
    return moved


def join_tied(
    label: np.ndarray, joins: np.ndarray, ties: pd.DataFrame, home: Residence
) -> tuple[np.ndarray, np.ndarray]:
    """Put those who have no home of their own (`joins`) into the household of those they are tied to.

    An adult goes to the children, a child to the adults; where these live apart, to most of them, then to the latest
    seen. Returns the labels and who was moved.
    """
    both = pd.concat(
        [ties.set_axis(["person", "kin"], axis=1), ties[["child", "adult"]].set_axis(["person", "kin"], axis=1)]
    )
    open_ties = both[joins[both["person"].to_numpy()] & ~joins[both["kin"].to_numpy()]]
    kin = open_ties["kin"].to_numpy()
    rows = pd.DataFrame({"person": open_ties["person"].to_numpy(), "label": label[kin], "last": home.last[kin]})
    votes = rows.groupby(["person", "label"], as_index=False).agg(votes=("last", "size"), last=("last", "max"))
    order = votes.sort_values(["person", "votes", "last", "label"], ascending=[True, False, False, True], kind="stable")
    best = order.drop_duplicates("person")
    joined, moved = label.copy(), np.zeros(len(label), bool)
    joined[best["person"].to_numpy()] = best["label"].to_numpy()
    moved[best["person"].to_numpy()] = True
    return joined, moved


__all__ = ["NONE", "follow_family", "join_tied"]
