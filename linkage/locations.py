"""Distinct standardised places of records: which dwelling, number, street and postcode; resolves no household."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.addresses import standardise_addresses
from linkage.encode import MISSING, Coded, as_objects, combine_codes, encode_text, first_rows, recode
from schemas.columns import TEXT


UK_POSTCODE = r"^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$"
MARKS = r"[^\p{L}\p{N}]+"
SHORTEST_LINE = 8
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Locations(NamedTuple):
    """Distinct standardised places.

    `table`: address_key, unit, number, street, postcode, uprn, address (as given), all text. Codes per place, -1
    missing: `dwelling` (by UPRN, else address key), `number`, `unit`, `street` (in `streets`), `line` (the whole
    address, in `lines`), `postcode` (in `postcodes`), `sector` and `area` of the postcode, `uprn`. `content` is a
    64-bit hash.
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
    uprn: np.ndarray
    streets: np.ndarray
    lines: np.ndarray
    postcodes: np.ndarray
    content: np.ndarray


def standardise_locations(address: pd.Series, postcode: pd.Series, uprn: pd.Series) -> tuple[np.ndarray, Locations]:
    """Each record's place (-1 for none), and the places."""
    given = [encode_text(column) for column in (address, postcode, uprn)]
    triple, distinct = pd.factorize(combine_codes([coded.codes for coded in given]))
    first = first_rows(triple, len(distinct))
    texts = [_texts(coded, first) for coded in given]
    table = standardise_addresses(*texts).reset_index(drop=True)
    table["address"] = texts[0]
    place, locations = _collapse(table, given[0].codes[first])
    return place[triple], locations


def _texts(coded: Coded, rows: np.ndarray) -> pd.Series:
    return pd.Series(pd.array(coded.values, dtype=TEXT).take(coded.codes[rows], allow_fill=True))


def _collapse(table: pd.DataFrame, address: np.ndarray) -> tuple[np.ndarray, Locations]:
    """Places of one address key and UPRN are one; where no key was found, those of one line and postcode.

    `address` codes the address as given, in the order of texts: the first stands for the place.
    """
    coded = {name: encode_text(table[name], ordered=False) for name in ("address_key", "uprn", "postcode")}
    coded["line"] = encode_text(table["address"], _plain_lines, ordered=False)
    key, uprn, postcode, line = (part.codes for part in coded.values())
    keyless = key == MISSING
    identity = combine_codes([key, uprn, np.where(keyless, line, MISSING), np.where(keyless, postcode, MISSING)])
    nothing = keyless & (uprn == MISSING) & (line == MISSING) & (postcode == MISSING)
    place, _ = pd.factorize(identity)
    order = np.lexsort((address, place))
    first = order[np.flatnonzero(np.diff(place[order], prepend=-1))]
    kept = table.iloc[first].reset_index(drop=True)
    parts = {name: Coded(part.codes[first], part.values) for name, part in coded.items()}
    return np.where(nothing, MISSING, place), _describe(kept, parts)


def _describe(table: pd.DataFrame, parts: dict[str, Coded]) -> Locations:
    number, unit, street = (encode_text(table[name], ordered=False) for name in ("number", "unit", "street"))
    key, uprn, postcode = (parts[name] for name in ("address_key", "uprn", "postcode"))
    texts = parts["line"].values
    line = recode(
        parts["line"].codes, pc.if_else(pc.less(pc.utf8_length(texts), SHORTEST_LINE), None, texts), ordered=False
    )
    sector, area = (recode(postcode.codes, part, ordered=False) for part in _split_postcodes(postcode.values))
    return Locations(
        table=table,
        dwelling=_dwellings(key.codes, uprn.codes),
        number=number.codes,
        unit=unit.codes,
        street=street.codes,
        line=line.codes,
        postcode=postcode.codes,
        sector=sector.codes,
        area=area.codes,
        uprn=uprn.codes,
        streets=as_objects(street.values),
        lines=as_objects(line.values),
        postcodes=as_objects(postcode.values),
        content=_content(key, uprn, line, postcode),
    )


def _split_postcodes(postcodes: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Sectors and areas: "ZB1 2" and "ZB1" of "ZB1 2QX"; of another form of postcode all but its end, and its start."""
    british = pc.match_substring_regex(postcodes, UK_POSTCODE)
    ends = [pc.utf8_slice_codeunits(postcodes, 0, stop) for stop in (-2, -1)]
    outward = pc.struct_field(pc.extract_regex(postcodes, r"^(?P<area>\S+)"), "area")
    return pc.if_else(british, *ends), pc.if_else(british, outward, pc.utf8_slice_codeunits(postcodes, 0, 2))


def _dwellings(key: np.ndarray, uprn: np.ndarray) -> np.ndarray:
    """UPRN where given, or where the address key is known by one UPRN alone; else the address key."""
    both = np.flatnonzero((key != MISSING) & (uprn != MISSING))
    pairs = pd.DataFrame({"key": key[both], "uprn": uprn[both]}).drop_duplicates()
    single = pairs[~pairs["key"].duplicated(keep=False)]
    of_key = np.full(key.max(initial=MISSING) + 2, MISSING, dtype=np.int64)
    of_key[single["key"]] = single["uprn"]
    best = np.where(uprn != MISSING, uprn, of_key[key])
    by_key = np.where(key != MISSING, key + uprn.max(initial=MISSING) + 1, MISSING)
    return np.where(best != MISSING, best, by_key).astype(np.int32)


def _content(key: Coded, uprn: Coded, line: Coded, postcode: Coded) -> np.ndarray:
    """A hash that does not depend on how the address was written where a key was found."""
    keyless = key.codes == MISSING
    total = np.zeros(len(key.codes), dtype=np.uint64)
    for coded, counts in ((key, True), (uprn, True), (line, keyless), (postcode, keyless)):
        total = total * GOLDEN + hash_codes(np.where(counts, coded.codes, MISSING), coded.values)
    return total


def hash_codes(codes: np.ndarray, values: pa.Array) -> np.ndarray:
    """A 64-bit hash of the text of each code, the same in every run; one for a missing text."""
    used = np.flatnonzero(np.bincount(codes + 1, minlength=len(values) + 1)[1:])
    hashes = np.ones(len(values) + 1, dtype=np.uint64)
    if len(used):
        hashes[used] = pd.util.hash_array(as_objects(values.take(pa.array(used))))
    return hashes[codes]


def _plain_lines(lines: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(pc.utf8_lower(lines), MARKS, " "))
