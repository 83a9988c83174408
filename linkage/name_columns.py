"""Codes the five name columns of records in one vocabulary; parts the first forename from those that follow."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from linkage.encode import MISSING, Coded, combine_codes, encode_text, first_rows
from linkage.names import PARTICLES, TITLES, Names, clean_name, index_names


SURNAMES = {"surname": "surname", "former": "former_surname", "preferred": "preferred_surname"}


def code_names(
    records: pd.DataFrame, column: Callable[[pd.DataFrame, str], pd.Series]
) -> tuple[dict[str, np.ndarray], Names]:
    """Codes of `forename`, `middle`, `surname`, `former`, `preferred` (-1 missing), and the one vocabulary they are of.

    Forenames after the first, in one field, are middle names: "John Peter" is John, middle Peter. "Anne-Marie" is one.
    """
    texts = _part_forenames(encode_text(column(records, "forename")), encode_text(column(records, "middle_names")))
    for field, name in SURNAMES.items():
        coded = encode_text(column(records, name))
        texts[field] = coded.codes, [clean_name(value) for value in coded.values.to_pylist()]
    names, code = index_names(text for _, values in texts.values() for text in values)
    return {field: _recode(codes, values, code) for field, (codes, values) in texts.items()}, names


def _part_forenames(forename: Coded, middle: Coded) -> dict[str, tuple[np.ndarray, list[str]]]:
    """The first forename, and all that follow with the middle names; each as codes and cleaned texts."""
    parted = [part_forename(value) for value in forename.values.to_pylist()]
    both, distinct = pd.factorize(combine_codes([forename.codes, middle.codes]))
    first = first_rows(both, len(distinct))
    given = [*(clean_name(value) for value in middle.values.to_pylist()), ""]
    rest = [*(value for _, value in parted), ""]
    pairs = zip(forename.codes[first].tolist(), middle.codes[first].tolist(), strict=True)
    middles = [f"{rest[left]} {given[right]}".strip() for left, right in pairs]
    return {"forename": (forename.codes, [value for value, _ in parted]), "middle": (both, middles)}


def part_forename(text: str) -> tuple[str, str]:
    """The first forename and the rest, both cleaned."""
    if text.isalpha():
        return clean_name(text), ""
    chunks = text.split()
    while len(chunks) > 1 and chunks[0].casefold().strip(".") in TITLES:
        chunks = chunks[1:]
    if len(chunks) < 2 or chunks[0].casefold().strip(".") in PARTICLES or not clean_name(chunks[0]):
        return clean_name(text), ""
    return clean_name(chunks[0]), clean_name(" ".join(chunks[1:]))


def _recode(codes: np.ndarray, texts: list[str], code: dict[str, int]) -> np.ndarray:
    lookup = [code.get(text.replace(" ", ""), MISSING) for text in texts]
    return np.array([*lookup, MISSING], dtype=np.int32)[codes]
