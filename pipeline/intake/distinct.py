"""A column as its distinct texts, so that each is read once however many rows hold it; decides only what is empty."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.columns import TEXT


NOWHERE = -1
_SPACES = r"[\s\x{00A0}\x{1680}\x{2000}-\x{200D}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]+"


class Distinct(NamedTuple):
    """`texts`: the distinct texts, tidied, none empty; `rows`: for each row the place of its text, or NOWHERE."""

    texts: pa.Array
    rows: np.ndarray


class Parsed(NamedTuple):
    """What distinct texts were read as: a value each (null where there is none), and by rule which of them broke it."""

    values: pa.Array
    faults: Mapping[str, np.ndarray]


def distinct(column: pa.ChunkedArray) -> Distinct:
    """The distinct texts of a column, in composed form, without outer spaces and with single inner ones."""
    encoded = column.combine_chunks().dictionary_encode()
    texts = tidy(encoded.dictionary.cast(pa.large_string()))
    rows = encoded.indices.fill_null(NOWHERE).to_numpy(zero_copy_only=False).astype(np.int32)
    empty = truth(pc.equal(texts, ""))
    if empty.any():
        rows = np.where(np.append(empty, True)[rows], NOWHERE, rows).astype(np.int32)
    return Distinct(texts, rows)


def tidy(texts: pa.Array) -> pa.Array:
    """Texts in composed Unicode form, spaces of any kind made one, none at the ends."""
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = pc.utf8_normalize(texts, form="NFC")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, pattern=_SPACES, replacement=" "))


def truth(mask: pa.Array) -> np.ndarray:
    """An Arrow mask as numpy's; null is false."""
    return mask.fill_null(False).to_numpy(zero_copy_only=False)


def only(values: pa.Array, where: np.ndarray) -> pa.Array:
    """The values where `where` is true, null elsewhere."""
    return pc.if_else(pa.array(where), values, pa.scalar(None, values.type))


def as_series(values: pa.Array, rows: np.ndarray) -> pd.Series:
    """Row values from distinct ones: text, `Int64` or `float64`."""
    places = pa.array(rows, mask=rows == NOWHERE)
    taken = values.take(places)
    if pa.types.is_large_string(taken.type):
        return pd.Series(pd.array(taken, dtype=TEXT))
    if pa.types.is_integer(taken.type):
        return pd.Series(taken.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get))
    return pd.Series(taken.to_numpy(zero_copy_only=False))


def rows_of(faulty: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The rows whose distinct text is `faulty`."""
    return np.flatnonzero(np.append(faulty, False)[rows])
