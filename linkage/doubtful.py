"""Places addresses that lack a part, by the people who are seen there: themselves elsewhere, their kin, their surname.

An address without its flat, number or postcode is taken for the full one that agrees with it in all it has, if the same
person, else the child or parent tied to them, else one family alone of that surname is seen there. Never by likeness.
"""

import numpy as np
import pandas as pd

from linkage.places import NONE
from linkage.sightings import Persons, Sightings, is_in, tied_kin


PARTS = ["unit", "number", "street", "postcode", "building", "place"]
SURNAME_KEYS = {"unit": ["building"], "number": ["postcode"], "postcode": ["number", "street"]}


def place_sightings(sightings: Sightings, nodes: pd.DataFrame, persons: Persons) -> np.ndarray:
    """The place of each sighting, -1 for none. `nodes` is what `place_nodes` returns."""
    place = nodes["place"].to_numpy()[sightings.node]
    is_doubtful = (nodes["doubt"] != "").to_numpy()[sightings.node]
    named = sightings.person >= 0
    is_open = np.flatnonzero(is_doubtful & named)
    is_firm = np.flatnonzero(~is_doubtful & named & (place >= 0))
    table = pd.DataFrame({"person": sightings.person, "node": sightings.node, "day": sightings.day})
    firm = table.take(is_firm).groupby(["person", "node"], as_index=False)["day"].max()
    firm = firm.join(nodes[PARTS].add_suffix("_full"), on="node").drop(columns="node")
    open_rows = table.take(is_open)[["person", "node"]].reset_index(drop=True)
    distinct = open_rows.drop_duplicates().join(nodes[[*PARTS[:-1], "doubt"]], on="node")
    found = open_rows.merge(settle(distinct, firm, persons), on=["person", "node"], how="left")["place"]
    settled = place.copy()
    settled[is_open] = found.fillna(pd.Series(place[is_open])).to_numpy()
    return settled


def settle(rows: pd.DataFrame, firm: pd.DataFrame, persons: Persons) -> pd.DataFrame:
    """Rows of person, node, place for the open rows that people settle, the surest evidence first."""
    settled = []
    for evidence in (own_places, kin_places, surname_places):
        candidates = evidence(rows, firm, persons)
        chosen = choose_place(candidates[agree(candidates)], only_sole=evidence is not own_places)
        settled.append(chosen)
        is_left = ~is_in(pair_of(rows), pair_of(chosen))
        rows = rows[is_left]
    return pd.concat(settled, ignore_index=True)


def pair_of(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The person and the node of each row."""
    return rows["person"].to_numpy(np.int64), rows["node"].to_numpy(np.int64)


def own_places(rows: pd.DataFrame, firm: pd.DataFrame, persons: Persons) -> pd.DataFrame:
    """Full addresses of the same person."""
    return rows.merge(firm, on="person")


def kin_places(rows: pd.DataFrame, firm: pd.DataFrame, persons: Persons) -> pd.DataFrame:
    """Full addresses of the children and parents tied to the person."""
    relatives = rows.merge(tied_kin(persons.ties), on="person")
    return relatives.merge(firm.rename(columns={"person": "kin"}), on="kin")


def surname_places(rows: pd.DataFrame, firm: pd.DataFrame, persons: Persons) -> pd.DataFrame:
    """Full addresses, in the building or postcode or street that is known, of people with a surname of the person's."""
    named = rows.merge(persons.surnames, on="person")
    families = firm.merge(persons.surnames, on="person").drop(columns="person")
    families = families.groupby([name for name in families if name != "day"], as_index=False)["day"].max()
    found = []
    for doubt, keys in SURNAME_KEYS.items():
        here = named[(named["doubt"] == doubt) & (named[keys] >= 0).all(axis=1)]
        found.append(
            here.merge(families, left_on=["surname", *keys], right_on=["surname", *[f"{key}_full" for key in keys]])
        )
    return pd.concat(found, ignore_index=True)


def choose_place(candidates: pd.DataFrame, *, only_sole: bool) -> pd.DataFrame:
    """The place of each open row among its candidates: the only one, or else the latest."""
    rows = candidates.rename(columns={"place_full": "place"})
    rows = rows.groupby(["person", "node", "place"], as_index=False)["day"].max()
    if only_sole:
        rows = rows[~rows.duplicated(["person", "node"], keep=False)]
    rows = rows.sort_values(["day", "place"], ascending=[False, True], kind="stable")
    return rows.drop_duplicates(["person", "node"])[["person", "node", "place"]]


def agree(pairs: pd.DataFrame) -> np.ndarray:
    """Whether a full address has every part that the open one has, of the same value."""
    fits = {part: fit(pairs, part) for part in ("unit", "number", "street", "postcode")}
    same = {part: is_same(pairs, part) for part in ("building", "street", "postcode")}
    elsewhere = fits["number"] & fits["street"] & fits["postcode"] & (same["street"] | same["postcode"])
    return np.asarray(fits["unit"] & (same["building"] | elsewhere))


def fit(pairs: pd.DataFrame, part: str) -> np.ndarray:
    """Whether a part of the address agrees with the full one, or is not known on a side."""
    left, right = pairs[part].to_numpy(), pairs[f"{part}_full"].to_numpy()
    return np.asarray((left == right) | (left == NONE) | (right == NONE))


def is_same(pairs: pd.DataFrame, part: str) -> np.ndarray:
    """Whether a part of the address is known on both sides and the same."""
    left, right = pairs[part].to_numpy(), pairs[f"{part}_full"].to_numpy()
    return np.asarray((left == right) & (left != NONE))


def mend_slips(sightings: Sightings, place: np.ndarray, slips: pd.DataFrame, ties: pd.DataFrame) -> np.ndarray:
    """Places with slips mended: a number one character off that of the same person, or of those tied to them.

    `slips` has pairs of places, left and right. The place where more people are seen, or else more often, is right.
    """
    size = max(int(place.max(initial=0)), int(slips["left"].max()) if len(slips) else 0) + 1
    has_slip = np.zeros(size + 1, bool)
    has_slip[slips["left"].to_numpy()] = True
    rows = np.flatnonzero((sightings.person >= 0) & has_slip[place])
    near = pd.DataFrame({"person": sightings.person[rows], "place": place[rows], "row": rows})
    options = near[["person", "place"]].drop_duplicates()
    people, times = np.bincount(options["place"], minlength=size), np.bincount(near["place"], minlength=size)
    theirs = tied_kin(ties).merge(options.rename(columns={"person": "kin"}), on="kin")
    there = pd.concat([options, theirs[["person", "place"]]])
    pairs = options.merge(slips, left_on="place", right_on="left")
    left, right = pairs["left"].to_numpy(), pairs["right"].to_numpy()
    known = is_in((pairs["person"].to_numpy(), right), (there["person"].to_numpy(), there["place"].to_numpy()))
    better = (people[right] > people[left]) | ((people[right] == people[left]) & (times[right] > times[left]))
    order = np.lexsort((right, -times[right], -people[right], left, pairs["person"]))
    mended = pairs.take(order[(known & better)[order]]).drop_duplicates(["person", "left"])
    found = near.merge(mended[["person", "left", "right"]], left_on=["person", "place"], right_on=["person", "left"])
    corrected = place.copy()
    corrected[found["row"].to_numpy()] = found["right"].to_numpy()
    return corrected
