"""Standardises addresses: one key per dwelling, with its unit, number, street and postcode; knows nothing of people."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.address_parts import address_words, rewrite_where, split_lines
from linkage.encode import MISSING, Coded, combine_codes, distinct_texts, first_rows, recode, take_texts, with_missing


COLUMNS = ["address_key", "unit", "number", "street", "postcode", "uprn"]
SPACED_POSTCODE = r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$"
POSTCODE_AT_END = r"(?P<found>(?:^|[ ,])[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})[ ,.]*$"
PSEUDO_POSTCODE = r"^(ZZ99|BFPO|BF1 ?)|^(UNKNOWN|NONE|N/?K|N/?A|NULL|NOT KNOWN|X+|0+)$"
LINES = 1 << 16  # parsed at a time: what is worked on stays small
KEY_PARTS = ("unit", "number", "street", "postcode")


def standardise_addresses(address: pd.Series, postcode: pd.Series, uprn: pd.Series) -> pd.DataFrame:
    """Standardise addresses, row by row, computing on distinct values.

    `address` is one line, `postcode` and `uprn` text; any of them may be null. Returns, with the index of `address`,
    string[pyarrow] columns: `address_key` (unit, number, street and postcode joined by `|`; null where the line names
    no dwelling), `unit` ("2", "B", "ROOM 3"), `number` (or a house's name), `street`, `postcode` (the given one, else
    the one that ends the line; pseudo ones such as ZZ99 are null; one not of UK form is kept as text), `uprn`.
    """
    coded = code_addresses(*(Coded(*distinct_texts(column)) for column in (address, postcode, uprn)))
    return pd.DataFrame({name: take_texts(coded[name].values, coded[name].codes) for name in COLUMNS}).set_axis(
        address.index
    )


def code_addresses(address: Coded, postcode: Coded, uprn: Coded) -> dict[str, Coded]:
    """What `standardise_addresses` returns, as codes."""
    coded = {
        name: Coded(with_missing(part.codes)[address.codes], part.values)
        for name, part in parse_lines(address.values).items()
    }
    given = recode(postcode.codes, standardise_postcodes(postcode.values), ordered=False)
    coded["postcode"] = either(given, coded["postcode"])
    coded["uprn"] = recode(uprn.codes, standardise_uprns(uprn.values), ordered=False)
    return coded | {"address_key": join_keys(coded)}


def either(first: Coded, second: Coded) -> Coded:
    """The first, and where that is missing, the second."""
    if not len(second.values):
        return first
    both = recode(None, pa.concat_arrays([first.values, second.values]), ordered=False)
    left, right = with_missing(both.codes[: len(first.values)]), with_missing(both.codes[len(first.values) :])
    return Coded(np.where(first.codes != MISSING, left[first.codes], right[second.codes]), both.values)


def parse_lines(lines: pa.Array) -> dict[str, Coded]:
    """Unit, number and street of each line, and the postcode that ends it."""
    parts = [lines[start : start + LINES] for start in range(0, max(len(lines), 1), LINES)]
    with ThreadPoolExecutor(2) as pool:
        parsed = list(pool.map(parse_some, parts))
    return {name: one_after_another([part[name] for part in parsed]) for name in parsed[0]}


def one_after_another(parts: list[Coded]) -> Coded:
    """Codes of parts, each with values of its own, as codes of one column."""
    both = recode(None, pa.concat_arrays([part.values for part in parts]), ordered=False)
    found = np.split(both.codes, np.cumsum([len(part.values) for part in parts])[:-1])
    codes = [with_missing(of_values)[part.codes] for of_values, part in zip(found, parts, strict=True)]
    return Coded(np.concatenate(codes), both.values)


def parse_some(lines: pa.Array) -> dict[str, Coded]:
    """What `parse_lines` returns, of some lines."""
    upper = pc.fill_null(pc.utf8_trim_whitespace(pc.utf8_upper(lines)), "")
    found = pc.struct_field(pc.extract_regex(upper, POSTCODE_AT_END), "found")
    bare = rewrite_where(upper, POSTCODE_AT_END, lambda ended: pc.replace_substring_regex(ended, POSTCODE_AT_END, ""))
    unusable = pc.match_substring_regex(upper, r"\b(" + "|".join(address_words()["no_address"]) + r")\b")
    parts = split_lines(pc.if_else(unusable, "", bare))
    ending = recode(None, pc.utf8_trim(found, " ,"), ordered=False)
    return parts | {"postcode": recode(ending.codes, standardise_postcodes(ending.values), ordered=False)}


def standardise_postcodes(codes: pa.Array) -> pa.Array:
    """Upper-case with one space where of UK form, else upper-case text; pseudo postcodes become null."""
    upper = pc.utf8_trim_whitespace(pc.utf8_upper(codes))
    packed = pc.replace_substring_regex(upper, r"[^\p{L}0-9]+", "")
    british = pc.match_substring_regex(packed, SPACED_POSTCODE)
    spaced = pc.if_else(british, pc.replace_substring_regex(packed, SPACED_POSTCODE, r"\1 \2"), upper)
    pseudo = pc.or_(pc.match_substring_regex(spaced, PSEUDO_POSTCODE), pc.equal(packed, ""))
    return pc.if_else(pseudo, None, pc.replace_substring(spaced, "|", " "))


def standardise_uprns(texts: pa.Array) -> pa.Array:
    """Up to twelve digits without leading zeros, else null."""
    digits = pc.utf8_ltrim(pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), r"\.0$", ""), "0")
    return pc.if_else(pc.match_substring_regex(digits, "^[1-9][0-9]{0,11}$"), digits, None)


def join_keys(coded: dict[str, Coded]) -> Coded:
    """The key of a dwelling; none where the number (or the flat and the street) is not known."""
    parts = [coded[name].codes for name in KEY_PARTS]
    unit, number, street, postcode = (part != MISSING for part in parts)
    rows = np.flatnonzero((number | (unit & street)) & (postcode | (street & number)))
    found, distinct = pd.factorize(combine_codes([part[rows] for part in parts]))
    first = rows[first_rows(found, len(distinct))]
    columns = [text_or_nothing(coded[name], first) for name in KEY_PARTS]
    codes = np.full(len(parts[0]), MISSING, np.int32)
    codes[rows] = found
    return Coded(codes, pc.binary_join_element_wise(*columns, "|"))


def text_or_nothing(coded: Coded, rows: np.ndarray) -> pa.Array:
    """Texts at rows; empty where missing."""
    values = pa.concat_arrays([coded.values, pa.array([""])])
    codes = coded.codes[rows]
    return values.take(pa.array(np.where(codes == MISSING, len(coded.values), codes)))


def as_strings(values: pd.Series) -> pa.Array:
    """The column as one Arrow array of text."""
    array = pa.array(values)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.string())
