"""Distinct standardised places of records: which dwelling, number, street and postcode each is; resolves no household."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.addresses import standardise_addresses
from linkage.encode import MISSING, Coded, combine_codes, encode_text, recode
from schemas.columns import TEXT


UK_POSTCODE = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?) (\d)[A-Z]{2}$")
MARKS = re.compile(r"[^\w]+")
SHORTEST_LINE = 8


class Locations(NamedTuple):
    """Distinct standardised places.

    `table`: address_key, unit, number, street, postcode, uprn, address (as given), all text. Codes per place, -1 missing:
    `dwelling` (by UPRN, else address key), `number`, `unit`, `street` (in `streets`), `line` (the whole address, in `lines`),
    `postcode` (in `postcodes`), `sector` and `area` of the postcode. `content` is a 64-bit hash of the place.
    """

    table: pd.DataFrame
    dwelling: np.ndarray
    number: np.ndarray
    unit: np.ndarray
    street: np.ndarray
    line: np.ndarray
    postcode: np.ndarray
    sector: np.ndarray
    area: np.ndarray
    streets: np.ndarray
    lines: np.ndarray
    postcodes: np.ndarray
    content: np.ndarray


def standardise_locations(address: pd.Series, postcode: pd.Series, uprn: pd.Series) -> tuple[np.ndarray, Locations]:
    """Each record's place (-1 for none), and the places."""
    given = [encode_text(column) for column in (address, postcode, uprn)]
    key = combine_codes([coded.codes for coded in given])
    triple, distinct = pd.factorize(key)
    first = np.empty(len(distinct), dtype=np.int64)
    first[triple[::-1]] = np.arange(len(triple) - 1, -1, -1)
    texts = [_texts(coded, first) for coded in given]
    table = standardise_addresses(*texts).reset_index(drop=True)
    table["address"] = texts[0]
    return _collapse(triple, table)


def _texts(coded: Coded, rows: np.ndarray) -> pd.Series:
    values = pd.array([*coded.values, None], dtype=TEXT)
    return pd.Series(values.take(coded.codes[rows]))


def _collapse(triple: np.ndarray, table: pd.DataFrame) -> tuple[np.ndarray, Locations]:
    """Places of one address key and UPRN are one; where no key was found, those of one line and postcode."""
    line = encode_text(table["address"], _plain_line)
    key = pd.factorize(table["address_key"])[0]
    uprn, code = pd.factorize(table["uprn"])[0], pd.factorize(table["postcode"])[0]
    keyless = key == MISSING
    identity = combine_codes([key, uprn, np.where(keyless, line.codes, MISSING), np.where(keyless, code, MISSING)])
    place, _ = pd.factorize(identity)
    nothing = keyless & (uprn == MISSING) & (line.codes == MISSING) & (code == MISSING)
    by_text = table["address"].fillna("").to_numpy(dtype=object)
    order = np.lexsort((by_text.astype(str), place))
    first = order[np.flatnonzero(np.diff(place[order], prepend=-1))]
    kept = table.iloc[first].reset_index(drop=True)
    return np.where(nothing, MISSING, place)[triple], _describe(kept, Coded(line.codes[first], line.values))


def _describe(table: pd.DataFrame, line: Coded) -> Locations:
    number, unit, street, key, postcode = (
        encode_text(table[name]) for name in ("number", "unit", "street", "address_key", "postcode")
    )
    long_enough = np.array([len(text) >= SHORTEST_LINE for text in line.values] + [False])
    lines = recode(np.where(long_enough[line.codes], line.codes, MISSING), [*line.values, ""])
    sectors, areas = (recode(postcode.codes, [*map(part, postcode.values), ""]) for part in (_sector, _area))
    return Locations(
        table=table,
        dwelling=_dwelling(table),
        number=number.codes,
        unit=unit.codes,
        street=street.codes,
        line=lines.codes,
        postcode=postcode.codes,
        sector=sectors.codes,
        area=areas.codes,
        streets=np.array(street.values, dtype=object),
        lines=np.array(lines.values, dtype=object),
        postcodes=np.array(postcode.values, dtype=object),
        content=_content(table, key, lines, postcode),
    )


def _dwelling(table: pd.DataFrame) -> np.ndarray:
    """UPRN where given, or where the address key is known by one UPRN alone; else the address key."""
    known = table.dropna(subset=["address_key", "uprn"])[["address_key", "uprn"]].drop_duplicates()
    single = known[~known["address_key"].duplicated(keep=False)].set_index("address_key")["uprn"]
    by_key = table["address_key"].map(single)
    best = table["uprn"].fillna(by_key.astype(TEXT))
    return pd.factorize(best.fillna("key " + table["address_key"]))[0].astype(np.int32)


def _content(table: pd.DataFrame, key: Coded, line: Coded, postcode: Coded) -> np.ndarray:
    """A hash that does not depend on how the address was written where a key was found."""
    keyless = key.codes == MISSING
    uprn = encode_text(table["uprn"])
    parts = [(key, key.codes), (uprn, uprn.codes)]
    parts += [(part, np.where(keyless, part.codes, MISSING)) for part in (line, postcode)]
    total = np.zeros(len(table), dtype=np.uint64)
    for coded, codes in parts:
        hashes = pd.util.hash_array(np.array([*coded.values, ""], dtype=object))
        total = total * np.uint64(0x9E3779B97F4A7C15) + hashes[codes]
    return total


def _plain_line(text: str) -> str:
    return MARKS.sub(" ", text.casefold()).strip()


def _sector(postcode: str) -> str:
    british = UK_POSTCODE.match(postcode)
    return f"{british[1]} {british[2]}" if british else postcode[:-1]


def _area(postcode: str) -> str:
    british = UK_POSTCODE.match(postcode)
    return british[1] if british else postcode[:2]
