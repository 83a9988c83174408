"""Places addresses that lack a part, by the people who are seen there: themselves elsewhere, their kin, their surname.

An address without its flat, number or postcode is taken for the full one that agrees with it in all it has, if the same
person, else the child or parent tied to them, else one family alone of that surname is seen there. Never by likeness.
"""

import numpy as np
import pandas as pd

from linkage.places import NONE
from linkage.sightings import Sightings


PARTS = ["unit", "number", "street", "postcode", "building", "place"]
SURNAME_KEYS = {"unit": ["building"], "number": ["postcode"], "postcode": ["number", "street"]}


def place_sightings(
    sightings: Sightings, nodes: pd.DataFrame, ties: pd.DataFrame, surnames: pd.DataFrame
) -> np.ndarray:
    """The place of each sighting, -1 for none. `nodes` is what `place_nodes` returns."""
    place = np.append(nodes["place"].to_numpy(), NONE)[sightings.node]
    doubt = nodes["doubt"].to_numpy()[sightings.node]
    known = sightings.person >= 0
    table = pd.DataFrame({"person": sightings.person, "node": sightings.node, "day": sightings.day})
    open_rows = table[(doubt != "") & known][["person", "node"]].drop_duplicates()
    firm = table[(doubt == "") & known & (place >= 0)]
    firm = firm.groupby(["person", "node"], as_index=False)["day"].max()
    firm = firm.join(nodes[PARTS], on="node").drop(columns="node")
    settled = settle_open(open_rows, firm, nodes, ties, surnames)
    found = table[["person", "node"]].merge(settled, on=["person", "node"], how="left")["place"]
    return np.where(found.notna(), found.fillna(NONE), place).astype(np.int64)


def settle_open(
    open_rows: pd.DataFrame, firm: pd.DataFrame, nodes: pd.DataFrame, ties: pd.DataFrame, surnames: pd.DataFrame
) -> pd.DataFrame:
    """Rows of person, node, place for the open rows that people settle, the surest evidence first."""
    rows = open_rows.join(nodes[[*PARTS[:-1], "doubt"]], on="node")
    kin = pd.concat(
        [ties.set_axis(["person", "kin"], axis=1), ties[["child", "adult"]].set_axis(["person", "kin"], axis=1)]
    )
    settled = []
    for evidence in (own_places, kin_places, surname_places):
        candidates = evidence(rows, firm, kin, surnames)
        chosen = choose_place(candidates, only_sole=evidence is not own_places)
        settled.append(chosen)
        rows = rows.merge(chosen[["person", "node"]], on=["person", "node"], how="left", indicator=True)
        rows = rows[rows.pop("_merge") == "left_only"]
    return pd.concat(settled, ignore_index=True)


def own_places(rows: pd.DataFrame, firm: pd.DataFrame, kin: pd.DataFrame, surnames: pd.DataFrame) -> pd.DataFrame:
    """Full addresses of the same person."""
    return rows.merge(firm, on="person", suffixes=("", "_full"))


def kin_places(rows: pd.DataFrame, firm: pd.DataFrame, kin: pd.DataFrame, surnames: pd.DataFrame) -> pd.DataFrame:
    """Full addresses of the children and parents tied to the person."""
    relatives = rows.merge(kin, on="person")
    return relatives.merge(firm.rename(columns={"person": "kin"}), on="kin", suffixes=("", "_full"))


def surname_places(rows: pd.DataFrame, firm: pd.DataFrame, kin: pd.DataFrame, surnames: pd.DataFrame) -> pd.DataFrame:
    """Full addresses, in the building or postcode or street that is known, of people with a surname of the person's."""
    named = rows.merge(surnames, on="person")
    families = firm.merge(surnames, on="person").drop(columns="person")
    families = families.groupby(["surname", *PARTS], as_index=False)["day"].max()
    found = []
    for doubt, keys in SURNAME_KEYS.items():
        here = named[(named["doubt"] == doubt) & (named[keys] >= 0).all(axis=1)]
        right = families.rename(columns={name: f"{name}_full" for name in PARTS})
        on = ["surname", *[f"{name}_full" for name in keys]]
        found.append(here.merge(right, left_on=["surname", *keys], right_on=on))
    return pd.concat(found, ignore_index=True)


def choose_place(candidates: pd.DataFrame, *, only_sole: bool) -> pd.DataFrame:
    """The place of each open row among the candidates that agree with it: the only one, or else the latest."""
    full = "place_full" if "place_full" in candidates else "place"
    rows = candidates[agree(candidates)].rename(columns={full: "place"})[["person", "node", "place", "day"]]
    rows = rows.groupby(["person", "node", "place"], as_index=False)["day"].max()
    if only_sole:
        rows = rows[~rows.duplicated(["person", "node"], keep=False)]
    rows = rows.sort_values(["day", "place"], ascending=[False, True], kind="stable")
    return rows.drop_duplicates(["person", "node"])[["person", "node", "place"]]


def agree(pairs: pd.DataFrame) -> np.ndarray:
    """Whether a full address has every part that the open one has, of the same value."""
    same_building = ((pairs["building"] == pairs["building_full"]) & (pairs["building"] >= 0)).to_numpy()
    fits = {part: fit(pairs, part) for part in ("unit", "number", "street", "postcode")}
    somewhere = ((pairs["postcode"] == pairs["postcode_full"]) & (pairs["postcode"] >= 0)).to_numpy()
    somewhere |= ((pairs["street"] == pairs["street_full"]) & (pairs["street"] >= 0)).to_numpy()
    elsewhere = fits["number"] & fits["street"] & fits["postcode"] & somewhere
    return np.asarray(fits["unit"] & (same_building | elsewhere))


def fit(pairs: pd.DataFrame, part: str) -> np.ndarray:
    left, right = pairs[part].to_numpy(), pairs[f"{part}_full"].to_numpy()
    return np.asarray((left == right) | (left == NONE) | (right == NONE))
