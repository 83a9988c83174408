"""Pupil, insurance and property numbers and postcodes: distinct texts to their standard form, or the rule they break.

Sources: the Department for Education's guide to UPNs (check letter modulo 23; a temporary number ends in a letter),
HMRC's manual on NINOs (letters and prefixes that are not issued), the ONS postcode directory (area ZZ stands for no
address) and GeoPlace on UPRNs (up to 12 digits).
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.distinct import Parsed, only, truth
from schemas.person import NINO_PATTERN, UK_POSTCODE_PATTERN, UPN_PATTERN


CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_VALUE_OF = np.zeros(128, dtype=np.int64)
_VALUE_OF[[ord(letter) for letter in CHECK_LETTERS]] = np.arange(len(CHECK_LETTERS))
_VALUE_OF[[ord(digit) for digit in "0123456789"]] = np.arange(10)
_UNKNOWN_UPN = r"^UN[1-5]$"
_NOT_ISSUED = r"^(BG|GB|KN|NK|NT|TN|ZZ|CR|FY|MW|NC|PP|PY|PZ)"
_OUTWARD = r"^[A-Z]{1,2}\d[A-Z\d]?$"
_UPRN = r"^0*([1-9]\d{0,11})(\.0+)?$"


def parse_upns(texts: pa.Array) -> Parsed:
    """Unique pupil numbers in capitals without spaces; UN1 to UN5 ("unknown") are placeholders."""
    upns = _compact(texts)
    unknown = _matches(upns, _UNKNOWN_UPN)
    formed = _matches(upns, UPN_PATTERN)
    right = formed.copy()
    right[formed] = _check_letter_fits(upns.filter(pa.array(formed)))
    faults = {"placeholder": unknown, "upn_form": ~formed & ~unknown, "upn_check_letter": formed & ~right}
    return Parsed(only(upns, right), faults)


def _check_letter_fits(upns: pa.Array) -> np.ndarray:
    """Whether each well-formed UPN's first letter is the one that its other characters, weighted 2 to 13, give."""
    if not len(upns):
        return np.zeros(0, dtype=bool)
    letters = np.frombuffer("".join(upns.to_pylist()).encode("ascii"), dtype=np.uint8).reshape(-1, 13)
    sums = _VALUE_OF[letters[:, 1:]] @ np.arange(2, 14)
    return _VALUE_OF[letters[:, 0]] == sums % len(CHECK_LETTERS)


def parse_ninos(texts: pa.Array) -> Parsed:
    """National Insurance numbers in capitals without spaces, the suffix as it stands or left out."""
    ninos = _compact(texts)
    good = _matches(ninos, NINO_PATTERN) & ~_matches(ninos, _NOT_ISSUED)
    return Parsed(only(ninos, good), {"nino_form": ~good})


def parse_postcodes(texts: pa.Array) -> Parsed:
    """Postcodes in capitals with one space; those of area ZZ stand for no address and are placeholders.

    One that is foreign, or misspelt, still says who lives where others do, and is kept as it stands. Half a postcode,
    and what is no code at all, is not.
    """
    compact = _compact(texts)
    spaced = pc.replace_substring_regex(compact, pattern=r"^(.*)(\d[A-Z]{2})$", replacement=r"\1 \2")
    pseudo = _matches(compact, r"^(ZZ\d.*|0+|9+)$")
    good = _matches(spaced, UK_POSTCODE_PATTERN) & ~pseudo
    code = _matches(compact, r"^[A-Z\d]{4,8}$") & _matches(compact, r"\d") & ~_matches(compact, _OUTWARD)
    foreign = code & ~good & ~pseudo
    faults = {"placeholder": pseudo, "postcode_foreign": foreign, "postcode_form": ~good & ~pseudo & ~foreign}
    return Parsed(only(spaced, good | foreign), faults)


def parse_uprns(texts: pa.Array) -> Parsed:
    """Property reference numbers as digits without leading noughts; a spreadsheet's `.0` is taken off."""
    compact = _compact(texts)
    good = _matches(compact, _UPRN)
    digits = pc.replace_substring_regex(compact, pattern=_UPRN, replacement=r"\1")
    return Parsed(only(digits, good), {"uprn_form": ~good})


def _compact(texts: pa.Array) -> pa.Array:
    return pc.utf8_upper(pc.replace_substring_regex(texts, pattern=r"[\s\-]+", replacement=""))


def _matches(texts: pa.Array, pattern: str) -> np.ndarray:
    return truth(pc.match_substring_regex(texts, pattern=pattern))
