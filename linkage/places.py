"""Tells which addresses are one dwelling: by UPRN, else by unit and number under a postcode; knows nothing of people.

A *building* is a number under a postcode, its streets alike; a *place* is a dwelling in it, with a unit or without. An
address that lacks a part is *doubtful*: it has a place of its own, if any, until people decide it (see `doubtful`).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from linkage.codes import (
    NONE,
    code_texts,
    first_rows,
    join_codes,
    number_rows,
    order_rows,
    rank_rows,
    spread_of,
    sums,
)
from linkage.household_settings import HouseholdSettings


PARTS = ("unit", "number", "street", "postcode", "uprn")
SECTOR = r"^([A-Z]{1,2}[0-9][A-Z0-9]? [0-9])[A-Z]{2}$"


class Nodes(NamedTuple):
    """Distinct addresses: the code of each mention's, and a table of codes of their parts (-1 for null).

    `table` has unit, number, street, postcode, uprn (codes in alphabetical order) and `weight` (mentions); `texts`
    holds the texts of each part in the order of their codes.
    """

    of_mention: np.ndarray
    table: pd.DataFrame
    texts: dict[str, pd.Series]


def find_nodes(mentions: pd.DataFrame) -> Nodes:
    """Code the distinct addresses of mentions; codes follow content, never the order of rows."""
    coded = {part: code_texts(mentions[part]) for part in PARTS}
    texts = {part: names for part, (_, names) in coded.items()}
    met = number_rows([codes for codes, _ in coded.values()])
    first = first_rows(met)
    columns = [codes[first] for codes, _ in coded.values()]
    order = order_rows(columns[::-1])
    node = np.empty(len(order), np.int64)
    node[order] = np.arange(len(order))
    table = pd.DataFrame({part: column[order] for part, column in zip(PARTS, columns, strict=True)})
    table["weight"] = np.bincount(met, minlength=len(order))[order]
    return Nodes(node[met], table, texts)


def place_nodes(nodes: Nodes, settings: HouseholdSettings) -> pd.DataFrame:
    """The node table with `building`, `place` (-1 for none) and `doubt` (unit, number, postcode, or empty when firm).

    Two addresses are one place if they have one UPRN; or number, unit and postcode are the same and the streets at
    least `street_likeness` alike (Jaro-Winkler). A UPRN given to several units is the building's, and tells nothing;
    nor does a postcode of more than `postcode_streets` streets, which counts as missing.
    """
    table = nodes.table.copy()
    postcode, street, weight = (table[name].to_numpy() for name in ("postcode", "street", "weight"))
    table.loc[spread_of(postcode, street, weight)[postcode] > settings.postcode_streets, "postcode"] = NONE
    table["building"] = find_buildings(table, nodes.texts["street"], settings.street_likeness)
    table["building"] = join_within_sector(table, nodes.texts["postcode"])
    doubt = doubts(table)
    table["building"] = complete_buildings(table)
    own_uprn = useful_uprns(table)
    building = table["building"].to_numpy()
    dwelling = np.where(building >= 0, number_rows([building, table["unit"].to_numpy()]), NONE)
    whole = np.where(doubt != "unit", dwelling, NONE)
    told = sole_uprn(whole, own_uprn, table["weight"].to_numpy())
    uprn = np.where(own_uprn >= 0, own_uprn, np.where(whole >= 0, told[whole], NONE))
    offset = len(nodes.texts["uprn"])
    table["place"] = np.where(uprn >= 0, uprn, np.where(dwelling >= 0, offset + dwelling, NONE))
    anchored = pd.Series(own_uprn).isin(own_uprn[(doubt == "") & (own_uprn >= 0)])
    table["doubt"] = np.where(anchored, "", doubt)
    return table


def find_buildings(table: pd.DataFrame, streets: pd.Series, likeness: float) -> np.ndarray:
    """A building per number and postcode, split where streets differ; -1 without number or postcode."""
    whole = np.flatnonzero(((table["number"] >= 0) & (table["postcode"] >= 0)).to_numpy())
    postcode, number, street, weight = (
        table[name].to_numpy()[whole] for name in ("postcode", "number", "street", "weight")
    )
    spot, written = rank_rows([postcode, number]), rank_rows([postcode, number, street])
    first = first_rows(written)
    order = np.lexsort((-street[first], -sums(written, weight, len(first)), spot[first]))
    street, spot = street[first][order], spot[first][order]
    found, left = spot.copy(), np.flatnonzero(np.bincount(spot)[spot] > 1)
    built = int(spot.max(initial=NONE)) + 1
    while len(left):
        group = pd.factorize(spot[left])[0]
        anchor = street[left[first_rows(group)]][group]
        alike = are_alike(street[left], anchor, streets, likeness)
        left = left[~alike]
        found[left] = built + pd.factorize(spot[left])[0]
        built = max(built, int(found[left].max(initial=NONE)) + 1)
    building = np.full(len(table), NONE, np.int64)
    of_written = np.empty(len(first), np.int64)
    of_written[order] = found
    building[whole] = of_written[written]
    return building


def are_alike(left: np.ndarray, right: np.ndarray, streets: pd.Series, likeness: float) -> np.ndarray:
    """Whether streets are the same, nearly the same, or one of them missing."""
    alike = (left == right) | (left == NONE) | (right == NONE)
    unsure = np.flatnonzero(~alike)
    names = streets.to_numpy(object)
    pairs = names[left[unsure]].tolist(), names[right[unsure]].tolist()
    alike[unsure] = cpdist(*pairs, scorer=JaroWinkler.similarity) >= likeness
    return alike


def join_within_sector(table: pd.DataFrame, postcodes: pd.Series) -> np.ndarray:
    """Buildings, where one number of one street is written under two postcodes of a sector, as the most written one."""
    sector = postcodes.str.extract(SECTOR, expand=False)
    codes = np.append(code_texts(sector)[0], NONE)[table["postcode"].to_numpy()]
    known = np.flatnonzero((table["building"] >= 0) & (table["street"] >= 0) & (codes >= 0))
    spot = rank_rows([codes[known], *(table[name].to_numpy()[known] for name in ("number", "street"))])
    building = table["building"].to_numpy()[known]
    first_building = building[first_rows(spot)][spot]
    several = np.flatnonzero(np.bincount(spot, weights=building != first_building)[spot] > 0)
    columns = {
        "spot": spot[several],
        "building": building[several],
        "weight": table["weight"].to_numpy()[known[several]],
    }
    rows = pd.DataFrame(columns).groupby(["spot", "building"], as_index=False)["weight"].sum()
    rows = rows.sort_values(["weight", "building"], ascending=[False, True], kind="stable")
    main = rows.groupby("spot")["building"].transform("first")
    moved = rows.assign(main=main)[main != rows["building"]].drop_duplicates("building")
    joined = np.arange(int(table["building"].max()) + 2) if len(table) else np.zeros(1, np.int64)
    joined[-1] = NONE
    joined[moved["building"].to_numpy()] = moved["main"].to_numpy()
    return joined[table["building"].to_numpy()]


def complete_buildings(table: pd.DataFrame) -> np.ndarray:
    """Buildings, with those of addresses that lack a part: the only one of that number and street, else their own."""
    building = table["building"].to_numpy().copy()
    keys = ["number", "street"]
    known = table.loc[(table["building"] >= 0) & (table["street"] >= 0), [*keys, "building"]].drop_duplicates()
    sole = known[~known.duplicated(keys, keep=False)]
    lacking = ((building < 0) & (table["postcode"] < 0) & (table["number"] >= 0) & (table["street"] >= 0)).to_numpy()
    building[lacking] = table.loc[lacking, keys].merge(sole, on=keys, how="left")["building"].fillna(NONE).to_numpy()
    flats = (table["number"] < 0) & (table["postcode"] >= 0) & (table["unit"] >= 0) & (table["street"] >= 0)
    own = (building < 0) & (lacking | flats.to_numpy())
    columns = [table[name].to_numpy()[own] for name in ("postcode", "number", "street")]
    building[own] = building.max(initial=NONE) + 1 + number_rows(columns)
    return building


def useful_uprns(table: pd.DataFrame) -> np.ndarray:
    """UPRNs, less those of whole buildings: given to more than one unit of one building."""
    known = (table["uprn"] >= 0) & (table["unit"] >= 0) & (table["building"] >= 0)
    units = table.loc[known, ["uprn", "building", "unit"]].drop_duplicates()
    shared = units.loc[units.duplicated(["uprn", "building"]), "uprn"]
    return table["uprn"].where(~table["uprn"].isin(shared), NONE).to_numpy()


def sole_uprn(dwelling: np.ndarray, uprn: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The UPRN of each dwelling that has but one, or one thrice as often as the next; else -1.

    Only a UPRN that is most often written with that dwelling counts.
    """
    pairs = pd.DataFrame({"dwelling": dwelling, "uprn": uprn, "weight": weight})
    pairs = pairs[(pairs["dwelling"] >= 0) & (pairs["uprn"] >= 0)]
    pairs = pairs.groupby(["dwelling", "uprn"], as_index=False)["weight"].sum()
    usual = pairs.sort_values(["uprn", "weight", "dwelling"], ascending=[True, False, True], kind="stable")
    usual = usual.drop_duplicates("uprn")
    usual = usual.sort_values(["dwelling", "weight", "uprn"], ascending=[True, False, True], kind="stable")
    second = usual["weight"].shift(-1).where(usual["dwelling"].shift(-1) == usual["dwelling"], 0)
    sole = usual[~usual["dwelling"].duplicated() & (usual["weight"] >= 3 * second)]
    found = np.full(int(dwelling.max(initial=NONE)) + 2, NONE, np.int64)
    found[sole["dwelling"].to_numpy()] = sole["uprn"].to_numpy()
    return found


def doubts(table: pd.DataFrame) -> np.ndarray:
    """What an address lacks: its unit, in a building that has units; its number; its postcode."""
    with_units = table.loc[(table["unit"] >= 0) & (table["building"] >= 0), "building"].unique()
    no_unit = (table["unit"] < 0) & table["building"].isin(with_units)
    no_number = (table["number"] < 0) & (table["postcode"] >= 0)
    no_postcode = (table["number"] >= 0) & (table["street"] >= 0) & (table["postcode"] < 0)
    return np.select([no_unit, no_number, no_postcode], ["unit", "number", "postcode"], "")


class Numbers(NamedTuple):
    """What tells whether the number of one place is a slip of another's: full addresses, by place; the numbers."""

    table: pd.DataFrame
    texts: np.ndarray


def list_numbers(table: pd.DataFrame, numbers: pd.Series) -> Numbers:
    """The full addresses among the nodes, in the order of their places."""
    whole = (table[["place", "number", "street", "postcode"]] >= 0).all(axis=1)
    rows = table.loc[whole, ["place", "unit", "number", "street", "postcode"]]
    return Numbers(rows.sort_values("place", kind="stable", ignore_index=True), numbers.to_numpy(object))


def are_slips(left: np.ndarray, right: np.ndarray, numbers: Numbers) -> np.ndarray:
    """Whether pairs of places are of one unit, street and postcode, their numbers one character apart."""
    spots = numbers.table["place"].to_numpy()
    pair, of_left = join_codes(left, spots)
    again, of_right = join_codes(right[pair], spots)
    pair, of_left = pair[again], of_left[again]
    columns = {name: numbers.table[name].to_numpy() for name in ("unit", "street", "postcode", "number")}
    near = (left != right)[pair] & (columns["number"][of_left] != columns["number"][of_right])
    for name in ("unit", "street", "postcode"):
        near &= columns[name][of_left] == columns[name][of_right]
    texts = [numbers.texts[columns["number"][side[near]]].tolist() for side in (of_left, of_right)]
    slip = cpdist(*texts, scorer=OSA.distance, score_cutoff=1) <= 1
    found = np.zeros(len(left), bool)
    found[pair[near][slip]] = True
    return found
