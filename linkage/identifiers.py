"""Unique pupil numbers and national insurance numbers: which are well formed, and so may decide who is who."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
UPN_FORM = r"^[A-HJ-NP-RT-Z]\d{12}$"
UPN_LENGTH, NINO_LENGTH = 13, 8
NINO_FORM = r"^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$"
NOT_GIVEN_OUT = r"^(BG|GB|KN|NK|NT|TN|ZZ)"
SPACES = r"[\s-]+"


def clean_upns(texts: pa.Array) -> pa.Array:
    """Upper-case without spaces."""
    return pc.replace_substring_regex(pc.utf8_upper(texts), SPACES, "")


def clean_ninos(texts: pa.Array) -> pa.Array:
    """The first eight characters, upper-case without spaces: the suffix letter tells nobody apart."""
    return pc.utf8_slice_codeunits(clean_upns(texts), 0, NINO_LENGTH)


def are_upns(texts: pa.Array) -> np.ndarray:
    """Whether a number is a permanent one and its check letter is right.

    The check letter: weights 2 to 13 over the other twelve characters, modulo 23. The last character of a temporary
    number is a letter: a pupil has one until the real one is known, so two such say nothing against each other.
    Source: DfE, Unique pupil numbers guide.
    """
    formed = pc.fill_null(pc.match_substring_regex(texts, UPN_FORM), False).to_numpy(zero_copy_only=False)
    valid = np.zeros(len(texts), dtype=bool)
    if formed.any():
        plain = texts.filter(pa.array(formed)).to_numpy(zero_copy_only=False).astype(f"S{UPN_LENGTH}")
        letters = plain.view(np.uint8).reshape(-1, UPN_LENGTH)
        values = np.zeros(256, dtype=np.int64)
        values[np.frombuffer(b"0123456789", np.uint8)] = np.arange(10)
        values[np.frombuffer(UPN_LETTERS.encode(), np.uint8)] = np.arange(len(UPN_LETTERS))
        total = values[letters[:, 1:]] @ np.arange(2, 14)
        valid[formed] = total % len(UPN_LETTERS) == values[letters[:, 0]]
    return valid


def are_ninos(texts: pa.Array) -> np.ndarray:
    """Whether the form is one that HMRC gives out (NIM39110); temporary and reserved prefixes are not."""
    formed = pc.and_(
        pc.match_substring_regex(texts, NINO_FORM), pc.invert(pc.match_substring_regex(texts, NOT_GIVEN_OUT))
    )
    return pc.fill_null(formed, False).to_numpy(zero_copy_only=False)
