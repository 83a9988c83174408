"""Hashes standardised mentions into identities, by which a person is known again in the next run; decides no ids.

An identity is a 64-bit number that depends on nothing but the standardised texts, the same in every run and on every
machine; in tables it is 16 hex digits.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from linkage.encode import distinct_texts
from linkage.text_order import hash_texts, mix, sort_pairs


COARSE = (("forename", "surname", "date_of_birth"), ("upn",), ("nino",))
NOTHING = np.uint64(0)
HEX_PAIRS = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint16)


class Hashed(NamedTuple):
    """A column as codes of values, -1 missing, and the hash of each value."""

    codes: np.ndarray
    hashes: np.ndarray


def identify(
    nodes: Mapping[str, Hashed] | pd.DataFrame,
    person: np.ndarray,
    fine: Sequence[str],
    coarse: Sequence[Sequence[str]] = COARSE,
) -> pd.DataFrame:
    """Hash standardised mentions into identities.

    `nodes` has one row per distinct standardised mention: columns of text, category or date, or `Hashed`; `person` the
    code of whose it is. `fine` columns are hashed together; each of `coarse` is hashed where all its columns are there,
    so that a person all of whose mentions change is still known. Returns distinct rows of `identity` (uint64), `person`
    and `is_fine`, sorted by identity.
    """
    people = np.asarray(person, np.int64)
    wanted = [columns for columns in coarse if set(columns) <= set(nodes)]
    hashed = {name: hash_values(nodes[name]) for name in sum(map(tuple, wanted), ())}
    each = (hashed[name] if name in hashed else hash_values(nodes[name]) for name in fine)
    rows = [(hash_together(each, "mention"), people)]
    for columns in wanted:
        whole = np.flatnonzero(np.logical_and.reduce([hashed[name] != NOTHING for name in columns]))
        rows.append((hash_together([hashed[name][whole] for name in columns], "+".join(columns)), people[whole]))
    identity, owner = (np.concatenate(column) for column in zip(*rows, strict=True))
    is_fine = np.arange(len(identity)) < len(people)
    order = sort_pairs(identity, owner)
    identity, owner, is_fine = identity[order], owner[order], is_fine[order]
    new = np.ones(len(identity), bool)
    new[1:] = (identity[1:] != identity[:-1]) | (owner[1:] != owner[:-1])
    return pd.DataFrame({"identity": identity[new], "person": owner[new], "is_fine": is_fine[new]})


def hash_values(column: pd.Series | Hashed) -> np.ndarray:
    """A hash of each value's text; `NOTHING` where missing."""
    if not isinstance(column, Hashed):
        codes, texts = distinct_texts(column)
        column = Hashed(codes, hash_texts(texts))
    return np.append(column.hashes, NOTHING)[column.codes]


def hash_together(columns: Iterable[np.ndarray], purpose: str) -> np.ndarray:
    """Hash columns of hashes, row by row; one purpose differs from another."""
    start = np.array([zlib.crc32(purpose.encode())], np.uint64)
    return reduce(lambda total, hashed: mix(total ^ hashed), columns, start)


def read_hex(texts: pa.Array) -> np.ndarray:
    """Identities of their 16 hex digits."""
    whole = pa.concat_arrays([texts.cast(pa.large_string())])
    if len(whole) == 0:
        return np.empty(0, np.uint64)
    letters = np.frombuffer(whole.buffers()[2], np.uint8)[: 16 * len(whole)].reshape(-1, 16)
    nibbles = np.where(letters > ord("9"), letters - (ord("a") - 10), letters - ord("0")).astype(np.uint8)
    packed = (nibbles[:, 0::2] << 4) | nibbles[:, 1::2]
    return packed.view(">u8").ravel().astype(np.uint64)


def write_hex(identities: np.ndarray) -> pd.Series:
    """Identities as 16 hex digits."""
    letters = HEX_PAIRS[identities.astype(">u8").view(np.uint8)]
    offsets = np.arange(0, 16 * len(identities) + 1, 16, dtype=np.int64)
    array = pa.LargeStringArray.from_buffers(len(identities), pa.py_buffer(offsets), pa.py_buffer(letters))
    return pd.Series(pd.arrays.ArrowStringArray(array))


def order_people(identities: pd.DataFrame, size: int) -> np.ndarray:
    """People in the order of content: by smallest fine identity, then by all of their identities together."""
    owner, identity = identities["person"].to_numpy(), identities["identity"].to_numpy()
    fine = np.flatnonzero(identities["is_fine"].to_numpy())[::-1]
    first = np.full(size, np.iinfo(np.uint64).max)
    first[owner[fine]] = identity[fine]
    order = np.argsort(first)
    same = np.flatnonzero(first[order][1:] == first[order][:-1])
    tied = np.zeros(size, bool)
    tied[order[same]] = tied[order[same + 1]] = True
    rows = np.flatnonzero(tied[owner])
    together = np.zeros(size, np.uint64)
    np.add.at(together, owner[rows], identity[rows])
    return sort_pairs(first, together)
