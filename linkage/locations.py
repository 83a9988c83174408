"""Distinct standardised places of records: which dwelling, number, street and postcode; resolves no household."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.address_parts import rewrite_where
from linkage.addresses import code_addresses
from linkage.codes import distinct_rows, spread_of
from linkage.encode import (
    MISSING,
    Coded,
    as_objects,
    combine_codes,
    encode_text,
    recode,
    with_missing,
    without_null_texts,
)
from linkage.settings_parts import TrustSettings
from linkage.text_order import GOLDEN, NO_TEXT, first_texts, hash_texts
from linkage.trust import are_default_numbers


UK_POSTCODE = r"^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$"
MARKS = r"[^\p{L}\p{N}]+"
NOT_PLAIN = "[^a-z0-9 ]|  |^ | $"
SHORTEST_LINE = 8
CODED = ("address_key", "unit", "number", "street", "postcode", "uprn")


class Locations(NamedTuple):
    """Distinct standardised places.

    `texts`: address_key, unit, number, street, postcode, uprn, address (as given), coded per place. Codes per place, -1
    missing: `dwelling` (by UPRN, else address key), `number`, `unit`, `street` (in `streets`), `line` (the whole
    address, in `lines`), `postcode` (in `postcodes`), `sector` and `area` of the postcode, `uprn`; `abode` tells people
    of one name apart (`with_abodes`). `content` is a 64-bit hash.
    """

    texts: dict[str, Coded]
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
    abode: np.ndarray


def standardise_locations(told: Sequence[pd.Series], settings: TrustSettings) -> tuple[np.ndarray, Locations, int]:
    """Each record's place (-1 for none), and the places, by what is `told`: address, postcode and UPRN.

    A UPRN typed for "not known" counts as missing; of how many records it was is returned too.
    """
    lines, postcodes, uprns = (encode_text(column, ordered=False) for column in told)
    is_default = are_default_numbers(uprns.codes, (postcodes.codes,), settings)
    own = Coded(np.where(is_default, np.int32(MISSING), uprns.codes), uprns.values)
    return *_collapse(code_addresses(lines, postcodes, own), lines), int(is_default.sum())


def with_abodes(place: np.ndarray, places: Locations, streets: float, addresses: int) -> Locations:
    """The places, with what tells two people of one name apart: where they live, by postcode.

    By the number of the house too where the postcode is of more than so many streets, and addresses: a town's. `place`
    is by record, -1 for none.
    """
    weight = np.bincount(place[place != MISSING], minlength=len(places.postcode))
    of_streets = spread_of(places.postcode, places.street, weight)
    of_homes = spread_of(places.postcode, places.dwelling, np.ones(len(weight)))
    wide = ((of_streets > streets) & (of_homes > addresses))[places.postcode]
    numbered = np.where(places.number == MISSING, MISSING, combine_codes([places.postcode, places.number]))
    home = pd.factorize(numbered)[0] + len(places.postcodes)
    abode = np.where(wide, np.where(numbered == MISSING, MISSING, home), places.postcode)
    return places._replace(abode=abode.astype(np.int32))


def are_crowded(place: np.ndarray, places: Locations, name: np.ndarray, most: int) -> np.ndarray:
    """Whether more than `most` different names are recorded at the dwelling, or under the line, of each place.

    `place` and `name` are codes by record (place -1 for none).
    """
    crowded = np.zeros(len(places.line), dtype=bool)
    for spot in (places.dwelling, places.line):
        of_record = with_missing(spot)[place]
        many = np.bincount(of_record[of_record != MISSING], minlength=int(spot.max(initial=MISSING)) + 1) > most
        rows = np.flatnonzero(np.append(many, False)[of_record])
        people = np.bincount(distinct_rows([of_record[rows], name[rows]])[0], minlength=len(many) + 1)
        crowded |= people[spot] > most
    return crowded


def _collapse(coded: dict[str, Coded], address: Coded) -> tuple[np.ndarray, Locations]:
    """Places of one address key and UPRN are one; where no key was found, those of one line and postcode.

    Of the addresses as given, the first in the order of texts stands for the place.
    """
    key, uprn, postcode = (coded[name].codes for name in ("address_key", "uprn", "postcode"))
    keyless = key == MISSING
    line = np.full(len(key), MISSING, np.int32)
    line[keyless] = _plain(Coded(address.codes[keyless], address.values)).codes
    identity = combine_codes([key, uprn, line, np.where(keyless, postcode, MISSING)])
    nothing = keyless & (uprn == MISSING) & (line == MISSING) & (postcode == MISSING)
    place, distinct = pd.factorize(identity)
    first = first_texts(place, address.codes, address.values, len(distinct))
    texts = {name: Coded(coded[name].codes[first], coded[name].values) for name in CODED}
    for name in ("unit", "number", "street"):
        texts[name] = recode(texts[name].codes, without_null_texts(texts[name].values), ordered=False)
    texts["address"] = Coded(address.codes[first], address.values)
    return np.where(nothing, MISSING, place).astype(np.int32), _describe(texts)


def _plain(lines: Coded) -> Coded:
    """Lines in lower case with nothing but letters, digits and single spaces."""
    used, distinct = pd.factorize(lines.codes, use_na_sentinel=False)
    taken = lines.values.take(pa.array(distinct, mask=distinct == MISSING))
    return recode(used, _plain_lines(taken), ordered=False)


def _describe(texts: dict[str, Coded]) -> Locations:
    key, unit, number, street, postcode, uprn = (texts[name] for name in CODED)
    plain = _plain(texts["address"])
    short = pc.less(pc.utf8_length(plain.values), SHORTEST_LINE)
    line = recode(plain.codes, pc.if_else(short, None, plain.values), ordered=False)
    sector, area = (recode(postcode.codes, part, ordered=False) for part in _split_postcodes(postcode.values))
    return Locations(
        texts=texts,
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
        abode=postcode.codes,
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
        total = total * GOLDEN + _hash_codes(np.where(counts, coded.codes, MISSING), coded.values)
    return total


def _hash_codes(codes: np.ndarray, values: pa.Array) -> np.ndarray:
    """A hash of the text of each code; one for a missing text."""
    used = np.flatnonzero(np.bincount(codes + 1, minlength=len(values) + 1)[1:])
    hashes = np.full(len(values) + 1, NO_TEXT)
    hashes[used] = hash_texts(values.take(pa.array(used)))
    return hashes[codes]


def _plain_lines(lines: pa.Array) -> pa.Array:
    return rewrite_where(pc.replace_substring(pc.utf8_lower(lines), ", ", " "), NOT_PLAIN, _replace_marks)


def _replace_marks(lines: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(lines, MARKS, " "))
