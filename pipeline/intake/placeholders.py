"""Words that people and systems type where they know nothing; decides which texts stand for no value at all."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.distinct import truth


_ANYWHERE = (
    *("UNKNOWN", "UNK", "NOT KNOWN", "NOT GIVEN", "NOT RECORDED", "NOT PROVIDED", "NOT STATED", "NOT AVAILABLE"),
    *("NOT APPLICABLE", "NOT SUPPLIED", "NO DATA", "TBC", "TBA", "TO BE CONFIRMED"),
)
_SIGNS = ("(NULL)", "#N/A", "#NULL!", "#REF!", "#VALUE!", "N/A", "N/K", "N.K.", "N.A.", "[NULL]", "<NULL>")
_IN_CELLS = ("NULL", "NAN", "NONE", "NA", "NK", "NIL")
_IN_NAMES = (
    *("BABY", "BABY BOY", "BABY GIRL", "BABY OF", "UNBORN", "UNBORN BABY", "UNBORN CHILD", "INFANT"),
    *("TEST", "TEST TEST", "TESTING", "DUMMY", "DO NOT USE", "DUPLICATE", "ANON", "ANONYMOUS"),
    *("UNKNOWN UNKNOWN", "UNKNOWN FEMALE", "UNKNOWN MALE", "UNKNOWN ADULT", "UNKNOWN CHILD", "UNNAMED"),
    *("NO NAME", "NO SURNAME", "NO FORENAME", "NAME UNKNOWN", "NAME NOT KNOWN", "NAME WITHHELD"),
    *("XX", "XXX", "XXXX", "XXXXX", "ZZ", "ZZZ", "ZZZZ", "AAA", "ASDF", "ABC"),
)
_IN_ADDRESSES = (
    *("NFA", "NO FIXED ABODE", "NO FIXED ADDRESS", "OF NO FIXED ABODE", "HOMELESS", "NO ADDRESS", "ADDRESS UNKNOWN"),
    *("ADDRESS NOT KNOWN", "UNKNOWN ADDRESS", "WITHHELD", "ADDRESS WITHHELD", "CONFIDENTIAL", "RESTRICTED"),
    *("TEST", "AS ABOVE", "SAME", "SAME AS ABOVE", "NONE"),
)


def in_cells(texts: pa.Array) -> np.ndarray:
    """Which texts of a column of dates, numbers, codes or identifiers stand for nothing."""
    return _is_one_of(texts, _ANYWHERE + _IN_CELLS)


def in_text(texts: pa.Array) -> np.ndarray:
    """Which texts of any other column stand for nothing: what a database prints for an empty field, or a bare mark."""
    return _is_one_of(texts, ("NULL",))


def in_names(texts: pa.Array) -> np.ndarray:
    """Which names stand for nobody. Null, Na and None are surnames that people bear, and stay."""
    return _is_one_of(texts, _ANYWHERE + _IN_NAMES)


def in_addresses(texts: pa.Array) -> np.ndarray:
    """Which addresses stand for no place."""
    return _is_one_of(texts, _ANYWHERE + _IN_ADDRESSES)


def _is_one_of(texts: pa.Array, words: tuple[str, ...]) -> np.ndarray:
    capitals = pc.utf8_upper(texts)
    bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(capitals, pattern=r"[^\pL\pN]+", replacement=" "))
    known = pc.is_in(bare, value_set=pa.array(words, type=bare.type))
    signs = pc.is_in(capitals, value_set=pa.array(_SIGNS, type=capitals.type))
    return truth(pc.or_(pc.or_(known, signs), pc.equal(bare, "")))
