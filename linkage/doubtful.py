"""Places addresses that lack a part, by the people who are seen there: themselves elsewhere, their kin, their surname.

An address without its flat, number or postcode is taken for the full one that agrees with it in all it has, if the same
person, else the child or parent tied to them, else one family alone of that surname is seen there. Never by likeness.
"""

import numpy as np
import pandas as pd

from linkage.codes import NONE, distinct_rows, is_in, join_codes, rank_rows, sort_columns
from linkage.places import Numbers, are_slips
from linkage.sightings import Persons, Sightings, tied_kin


PARTS = ["unit", "number", "street", "postcode", "building", "place"]
KEYS = ["person", "node"]
SURNAME_KEYS = {"unit": ["building"], "number": ["postcode"], "postcode": ["number", "street"]}


def place_sightings(sightings: Sightings, nodes: pd.DataFrame, persons: Persons) -> np.ndarray:
    """The place of each sighting, -1 for none. `nodes` is what `place_nodes` returns."""
    place = nodes["place"].to_numpy()[sightings.node]
    is_doubtful = (nodes["doubt"] != "").to_numpy()[sightings.node]
    named = sightings.person >= 0
    is_open = np.flatnonzero(is_doubtful & named)
    open_pairs = [sightings.person[is_open], sightings.node[is_open]]
    number, (person, node) = rank_rows(open_pairs), distinct_rows(open_pairs)
    distinct = pd.DataFrame({"person": person, "node": node}).join(nodes[[*PARTS[:-1], "doubt"]], on="node")
    is_firm = ~is_doubtful & named & (place >= 0) & find_useful(sightings, nodes, distinct, persons)
    found = distinct.merge(
        settle(distinct, list_firm(sightings, nodes, is_firm), persons), on=["person", "node"], how="left"
    )
    settled = place.copy()
    settled[is_open] = found["place"].fillna(NONE).to_numpy(np.int64)[number]
    return np.where(settled == NONE, place, settled)


def find_useful(sightings: Sightings, nodes: pd.DataFrame, rows: pd.DataFrame, persons: Persons) -> np.ndarray:
    """Sightings that may settle an open row: of the people in them, of those tied to them, or nearby."""
    people, near = np.zeros(len(persons.age) + 1, bool), np.zeros(len(nodes), bool)
    people[rows["person"].to_numpy()] = True
    kin = tied_kin(persons.ties)
    people[kin.loc[people[kin["person"].to_numpy()], "kin"].to_numpy()] = True
    for doubt, keys in SURNAME_KEYS.items():
        here = rows.loc[rows["doubt"] == doubt, keys].drop_duplicates()
        near |= is_in(pair_of(nodes, [keys[0], keys[-1]]), pair_of(here, [keys[0], keys[-1]]))
    return np.asarray(people[sightings.person] | near[sightings.node])


def list_firm(sightings: Sightings, nodes: pd.DataFrame, chosen: np.ndarray) -> pd.DataFrame:
    """The full addresses of these sightings, by person, with the last day."""
    person, node, day = sort_columns([sightings.person[chosen], sightings.node[chosen], sightings.day[chosen]])
    last = np.append((np.diff(person) != 0) | (np.diff(node) != 0), True)[: len(person)]
    firm = pd.DataFrame({"person": person[last], "node": node[last], "day": day[last]})
    return firm.join(nodes[PARTS].add_suffix("_full"), on="node").drop(columns="node")


def settle(rows: pd.DataFrame, firm: pd.DataFrame, persons: Persons) -> pd.DataFrame:
    """Rows of person, node, place for the open rows that people settle, the surest evidence first."""
    settled = []
    for evidence in (own_places, kin_places, surname_places):
        candidates = evidence(rows, firm, persons)
        chosen = choose_place(candidates[agree(candidates)], only_sole=evidence is not own_places)
        settled.append(chosen)
        is_left = ~is_in(pair_of(rows, KEYS), pair_of(chosen, KEYS))
        rows = rows[is_left]
    return pd.concat(settled, ignore_index=True)


def pair_of(rows: pd.DataFrame, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Two columns of codes."""
    return rows[names[0]].to_numpy(np.int64), rows[names[1]].to_numpy(np.int64)


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


def mend_slips(sightings: Sightings, place: np.ndarray, numbers: Numbers, ties: pd.DataFrame) -> np.ndarray:
    """Places with slips mended: a number one character off that of the same person, or of those tied to them.

    The place where more people are seen, or else more often, is right.
    """
    known = (sightings.person >= 0) & (place >= 0)
    person, spot = distinct_rows([sightings.person[known], place[known]])
    size = int(place.max(initial=0)) + 1
    people, times = np.bincount(spot, minlength=size), np.bincount(place[known], minlength=size)
    owner, left, right = near_places(person, spot, ties)
    better = (people[right] > people[left]) | ((people[right] == people[left]) & (times[right] > times[left]))
    owner, left, right = owner[better], left[better], right[better]
    slipped = are_slips(left, right, numbers)
    owner, left, right = owner[slipped], left[slipped], right[slipped]
    order = np.lexsort((right, -times[right], -people[right], left, owner))
    mended = (
        pd.DataFrame({"person": owner, "left": left, "right": right}).take(order).drop_duplicates(["person", "left"])
    )
    rows = np.flatnonzero(is_in((sightings.person, place), pair_of(mended, ["person", "left"])))
    near = pd.DataFrame({"person": sightings.person[rows], "left": place[rows], "row": rows})
    found = near.merge(mended, on=["person", "left"])
    corrected = place.copy()
    corrected[found["row"].to_numpy()] = found["right"].to_numpy()
    return corrected


def near_places(person: np.ndarray, spot: np.ndarray, ties: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person, a place of theirs, and another of theirs or of those tied to them; `person` is in order."""
    kin = tied_kin(ties).sort_values("person", kind="stable")
    several = np.flatnonzero(np.bincount(person)[person] > 1)
    mine, other = join_codes(person[several], person)
    of_tie, mine_too = join_codes(kin["person"].to_numpy(), person)
    of_kin, theirs = join_codes(kin["kin"].to_numpy()[of_tie], person)
    left = np.concatenate([several[mine], mine_too[of_kin]])
    right = np.concatenate([other, theirs])
    apart = spot[left] != spot[right]
    return person[left][apart], spot[left][apart], spot[right][apart]
