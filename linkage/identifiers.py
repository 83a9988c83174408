"""Unique pupil numbers and national insurance numbers: which are well formed, and so may decide who is who."""

import re


UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
UPN_FORM = re.compile(r"^[A-Z]\d{11}[\dA-Z]$")
NINO_FORM = re.compile(r"^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$")
NINO_LENGTH = 8
SPACES = re.compile(r"[\s-]+")


def clean_upn(text: str) -> str:
    """Upper-case without spaces."""
    return SPACES.sub("", text).upper()


def clean_nino(text: str) -> str:
    """The first eight characters, upper-case without spaces: the suffix letter tells nobody apart."""
    return SPACES.sub("", text).upper()[:NINO_LENGTH]


def is_upn(text: str) -> bool:
    """Whether the check letter is right: weights 2 to 13 over the digits, modulo 23 (DfE UPN guide); temporary ones too."""
    if not UPN_FORM.match(text):
        return False
    last = text[12] if text[12].isdigit() else None
    if last is None and text[12] not in UPN_LETTERS:
        return False
    values = [int(digit) for digit in text[1:12]] + [int(last) if last is not None else UPN_LETTERS.index(text[12])]
    total = sum(weight * value for weight, value in zip(range(2, 14), values, strict=True))
    return text[0] == UPN_LETTERS[total % 23]


def is_nino(text: str) -> bool:
    """Whether the form is one that HMRC gives out (NIM39110); temporary and reserved prefixes are not."""
    return NINO_FORM.match(text) is not None
