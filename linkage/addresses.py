"""Standardises addresses: one key per dwelling, with its unit, number, street and postcode; knows nothing of people."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.address_parts import address_words, split_lines
from schemas.columns import TEXT


COLUMNS = ["address_key", "unit", "number", "street", "postcode", "uprn"]
SPACED_POSTCODE = r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$"
POSTCODE_AT_END = r"(?P<found>(?:^|[ ,])[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})[ ,.]*$"
PSEUDO_POSTCODE = r"^(ZZ99|BFPO|BF1 ?)|^(UNKNOWN|NONE|N/?K|N/?A|NULL|NOT KNOWN|X+|0+)$"


def standardise_addresses(address: pd.Series, postcode: pd.Series, uprn: pd.Series) -> pd.DataFrame:
    """Standardise addresses, row by row, computing on distinct values.

    `address` is one line, `postcode` and `uprn` text; any of them may be null. Returns, with the index of `address`,
    string[pyarrow] columns: `address_key` (unit, number, street and postcode joined by `|`; null where the line names
    no dwelling), `unit` ("2", "B", "ROOM 3"), `number` (or a house's name), `street`, `postcode` (the given one, else
    the one that ends the line; pseudo ones such as ZZ99 are null; one not of UK form is kept as text), `uprn`.
    """
    lines, line_codes = distinct(address)
    codes, code_codes = distinct(postcode)
    parts, ending = parse_lines(lines)
    given = standardise_postcodes(codes)
    pair_codes, first = number_pairs(line_codes, code_codes, len(codes) + 1)
    rows = parts.take(line_codes[first]).reset_index(drop=True)
    pair_postcode = given.take(code_codes[first]).reset_index(drop=True)
    ending_here = ending.take(line_codes[first]).reset_index(drop=True)
    rows["postcode"] = pair_postcode.fillna(ending_here)
    rows["address_key"] = join_key(rows)
    table = rows.take(pair_codes)
    table.index = address.index
    table["uprn"] = standardise_uprn(uprn).to_numpy()
    return table[COLUMNS].astype(TEXT)


def distinct(values: pd.Series) -> tuple[pa.Array, np.ndarray]:
    """Distinct texts with a null at the end, and each row's code among them."""
    encoded = as_strings(values.astype(TEXT)).dictionary_encode()
    texts = encoded.dictionary
    codes = pc.fill_null(encoded.indices, len(texts)).to_numpy(zero_copy_only=False).astype(np.int64)
    return pa.concat_arrays([texts, pa.nulls(1, pa.string())]), codes


def number_pairs(left: np.ndarray, right: np.ndarray, base: int) -> tuple[np.ndarray, np.ndarray]:
    """Number distinct pairs of codes; return each row's number and, per number, a row that has it."""
    codes, values = pd.factorize(left * base + right)
    first = np.full(len(values), 0, np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return codes, first


def parse_lines(lines: pa.Array) -> tuple[pd.DataFrame, pd.Series]:
    """Unit, number and street of each line, and the postcode that ends it."""
    upper = pc.fill_null(pc.utf8_trim_whitespace(pc.utf8_upper(lines)), "")
    found = pc.struct_field(pc.extract_regex(upper, POSTCODE_AT_END), "found")
    bare = pc.if_else(pc.is_valid(found), pc.replace_substring_regex(upper, POSTCODE_AT_END, ""), upper)
    unusable = pc.match_substring_regex(upper, r"\b(" + "|".join(address_words()["no_address"]) + r")\b")
    parts = split_lines(pc.if_else(unusable, "", bare))
    ending = pc.utf8_trim(pc.fill_null(found, ""), " ,")
    return parts, standardise_postcodes(pc.if_else(pc.equal(ending, ""), None, ending))


def standardise_postcodes(codes: pa.Array) -> pd.Series:
    """Upper-case with one space where of UK form, else upper-case text; pseudo postcodes become null."""
    upper = pc.utf8_trim_whitespace(pc.utf8_upper(codes))
    packed = pc.replace_substring_regex(upper, r"[^\p{L}0-9]+", "")
    british = pc.match_substring_regex(packed, SPACED_POSTCODE)
    spaced = pc.if_else(british, pc.replace_substring_regex(packed, SPACED_POSTCODE, r"\1 \2"), upper)
    pseudo = pc.or_(pc.match_substring_regex(spaced, PSEUDO_POSTCODE), pc.equal(packed, ""))
    return pd.Series(pc.if_else(pseudo, None, spaced), dtype=TEXT)


def standardise_uprn(uprn: pd.Series) -> pd.Series:
    """Up to twelve digits without leading zeros, else null."""
    texts, codes = distinct(uprn)
    digits = pc.utf8_ltrim(pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), r"\.0$", ""), "0")
    valid = pc.match_substring_regex(digits, "^[1-9][0-9]{0,11}$")
    return pd.Series(pc.if_else(valid, digits, None), dtype=TEXT).take(codes).reset_index(drop=True)


def join_key(rows: pd.DataFrame) -> pd.Series:
    """The key of a dwelling; null where the number (or the flat and the street) is not known."""
    named = rows["number"].notna() | (rows["unit"].notna() & rows["street"].notna())
    placed = rows["postcode"].notna() | (rows["street"].notna() & rows["number"].notna())
    columns = [as_strings(rows[name].fillna("")) for name in ("unit", "number", "street", "postcode")]
    joined = pd.Series(pc.binary_join_element_wise(*columns, "|"), dtype=TEXT)
    return joined.where(named & placed)


def as_strings(values: pd.Series) -> pa.Array:
    """The column as one Arrow array of text."""
    array = pa.array(values)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.string())
