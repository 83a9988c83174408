"""Codes the five name columns of records in one vocabulary; parts the first forename from those that follow."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.encode import MISSING, Coded, combine_codes, encode_text, first_rows, recode, with_missing
from linkage.names import Names, clean_names, index_names, nicknames, part_forenames, part_full_name


SURNAMES = {"surname": "surname", "former": "former_surname", "preferred": "preferred_surname"}
HABIT = 0.3
"""Of records with a surname and no forename, those whose surname reads as a full name: from here on it is taken for one
(fewer are double surnames)."""


def code_names(
    records: pd.DataFrame, column: Callable[[pd.DataFrame, str], pd.Series]
) -> tuple[dict[str, np.ndarray], Names, dict[str, Coded]]:
    """Codes of `forename`, `middle`, `surname`, `former`, `preferred` (-1 missing), and the one vocabulary they are of.

    Forenames after the first, in one field, are middle names: "John Peter" is John, middle Peter. "Anne-Marie" is one.
    Where whole names are written in the field of the surname, they are parted. Returned too are `forename` and
    `surname` as they were given.
    """
    forename, middle, *surnames = (
        encode_text(column(records, name), ordered=False) for name in ("forename", "middle_names", *SURNAMES.values())
    )
    first, rest = part_forenames(forename.values)
    texts = {"forename": Coded(forename.codes, first)}
    texts["middle"] = _join(recode(forename.codes, rest), recode(middle.codes, clean_names(middle.values)))
    for field, coded in zip(SURNAMES, surnames, strict=True):
        texts[field] = Coded(coded.codes, clean_names(coded.values))
    texts |= _part_full_names(texts, surnames[0])
    names, codes = index_names(pa.concat_arrays([coded.values for coded in texts.values()]))
    parts = np.split(codes, np.cumsum([len(coded.values) for coded in texts.values()]))
    columns = {
        field: with_missing(part)[coded.codes] for (field, coded), part in zip(texts.items(), parts, strict=False)
    }
    return columns, names, {"forename": forename, "surname": surnames[0]}


def _part_full_names(texts: dict[str, Coded], given: Coded) -> dict[str, Coded]:
    """Forename, middle and surname, with whole names in the field of the surname (as `given`) parted.

    Only of records without a forename, and only where that is the habit.
    """
    lone = np.flatnonzero((texts["forename"].codes == MISSING) & (given.codes != MISSING))
    used, distinct = pd.factorize(given.codes[lone])
    known = set(nicknames().number) | set(texts["forename"].values.to_pylist())
    parted = [part_full_name(text, known) for text in given.values.take(pa.array(distinct)).to_pylist()]
    is_whole = np.array([name is not None for name in parted], dtype=bool)[used] if len(used) else np.zeros(0, bool)
    if not is_whole.any() or is_whole.mean() < HABIT:
        return {}
    return {
        field: _with_own(texts[field], lone[is_whole], [parted[name][place] for name in used[is_whole].tolist()])
        for place, field in enumerate(("forename", "middle", "surname"))
    }


def _with_own(coded: Coded, rows: np.ndarray, texts: list[str]) -> Coded:
    """The codes with others at some rows, whose texts are given; an empty one is missing."""
    own = recode(None, pa.array(texts, pa.string()), ordered=False)
    codes = coded.codes.copy()
    codes[rows] = np.where(own.codes == MISSING, MISSING, own.codes + np.int32(len(coded.values)))
    values = coded.values.cast(pa.string())
    return Coded(codes, pa.concat_arrays([values, own.values.cast(pa.string())]))


def _join(rest: Coded, given: Coded) -> Coded:
    """The forenames after the first with the middle names given, in one text."""
    codes = np.where(rest.codes != MISSING, rest.codes, given.codes + np.int32(len(rest.values)))
    codes[(rest.codes == MISSING) & (given.codes == MISSING)] = MISSING
    both = np.flatnonzero((rest.codes != MISSING) & (given.codes != MISSING))
    pair, distinct = pd.factorize(combine_codes([rest.codes[both], given.codes[both]]))
    first = both[first_rows(pair, len(distinct))]
    left, right = rest.values.take(pa.array(rest.codes[first])), given.values.take(pa.array(given.codes[first]))
    joined = pc.binary_join_element_wise(left, right, " ")
    codes[both] = pair + len(rest.values) + len(given.values)
    return Coded(codes, pa.concat_arrays([rest.values, given.values, joined]))
