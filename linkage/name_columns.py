"""Codes the five name columns of records in one vocabulary; parts the first forename from those that follow."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.encode import MISSING, Coded, combine_codes, encode_text, first_rows, recode, with_missing
from linkage.names import Names, clean_names, index_names, part_forenames


SURNAMES = {"surname": "surname", "former": "former_surname", "preferred": "preferred_surname"}


def code_names(
    records: pd.DataFrame, column: Callable[[pd.DataFrame, str], pd.Series]
) -> tuple[dict[str, np.ndarray], Names, dict[str, Coded]]:
    """Codes of `forename`, `middle`, `surname`, `former`, `preferred` (-1 missing), and the one vocabulary they are of.

    Forenames after the first, in one field, are middle names: "John Peter" is John, middle Peter. "Anne-Marie" is one.
    Returned too are `forename` and `surname` as they were given.
    """
    forename, middle, *surnames = (
        encode_text(column(records, name), ordered=False) for name in ("forename", "middle_names", *SURNAMES.values())
    )
    first, rest = part_forenames(forename.values)
    texts = {"forename": Coded(forename.codes, first)}
    texts["middle"] = _join(recode(forename.codes, rest), recode(middle.codes, clean_names(middle.values)))
    for field, coded in zip(SURNAMES, surnames, strict=True):
        texts[field] = Coded(coded.codes, clean_names(coded.values))
    names, codes = index_names(pa.concat_arrays([coded.values for coded in texts.values()]))
    parts = np.split(codes, np.cumsum([len(coded.values) for coded in texts.values()]))
    columns = {
        field: with_missing(part)[coded.codes] for (field, coded), part in zip(texts.items(), parts, strict=False)
    }
    return columns, names, {"forename": forename, "surname": surnames[0]}


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
