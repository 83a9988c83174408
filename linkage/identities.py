"""Hashes standardised mentions into identities, by which a person is known again in the next run; decides no ids.

Identities are the first 8 bytes of a sha256: uint64 within a run, 16 hex digits in tables.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from schemas.columns import TEXT
from schemas.engine import open_engine


COARSE = (("forename", "surname", "date_of_birth"), ("upn",), ("nino",))
FINE_GRADE, COARSE_GRADE = 1, 0
HEX_DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)


def identify(
    nodes: pd.DataFrame, person: np.ndarray, fine: Sequence[str], coarse: Sequence[Sequence[str]] = COARSE
) -> pd.DataFrame:
    """Hash standardised mentions into identities.

    `nodes` has one row per distinct standardised mention (text, category or date), `person` the code of whose it
    is. `fine` columns are hashed together; each of `coarse` is hashed where all its columns are there, so that a
    person all of whose mentions change is still known. Returns distinct rows of `identity` (uint64), `person` and
    `is_fine`, sorted by identity.
    """
    people = np.asarray(person, np.int64)
    rows = [(hash_columns(nodes, fine, "mention"), people, np.full(len(people), FINE_GRADE))]
    for columns in coarse:
        if set(columns) <= set(nodes.columns):
            whole = nodes[list(columns)].notna().all(axis=1).to_numpy()
            hashed = hash_columns(nodes[whole], columns, "+".join(columns))
            rows.append((hashed, people[whole], np.full(len(hashed), COARSE_GRADE)))
    identity, owner, grade = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((owner, identity))
    identity, owner, grade = identity[order], owner[order], grade[order]
    new = np.ones(len(identity), bool)
    new[1:] = (identity[1:] != identity[:-1]) | (owner[1:] != owner[:-1])
    return pd.DataFrame({"identity": identity[new], "person": owner[new], "is_fine": grade[new] == FINE_GRADE})


def hash_columns(nodes: pd.DataFrame, columns: Sequence[str], purpose: str) -> np.ndarray:
    """Hash the columns' texts, row by row; a null differs from an empty text, and one purpose from another."""
    table = pa.Table.from_pandas(nodes[list(columns)], preserve_index=False)
    table = table.append_column("row", pa.array(np.arange(len(nodes))))
    pieces = ", ".join(f"coalesce('=' || cast(\"{name}\" as varchar), '')" for name in columns)
    digest = f"substr(sha256(concat_ws(chr(31), '{purpose}', {pieces})), 1, 16)"
    with open_engine() as con:
        con.register("nodes", table)
        found = con.sql(f"select row, {digest} as identity from nodes").to_arrow_table()  # noqa: S608
    hashed = np.empty(len(nodes), np.uint64)
    hashed[found.column("row").to_numpy()] = read_hex(found.column("identity").combine_chunks())
    return hashed


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
    packed = identities.astype(">u8").view(np.uint8).reshape(-1, 8)
    letters = np.empty((len(identities), 16), np.uint8)
    letters[:, 0::2], letters[:, 1::2] = HEX_DIGITS[packed >> 4], HEX_DIGITS[packed & 15]
    offsets = np.arange(0, 16 * len(identities) + 1, 16, dtype=np.int64)
    array = pa.LargeStringArray.from_buffers(len(identities), pa.py_buffer(offsets), pa.py_buffer(letters.tobytes()))
    return pd.Series(array, dtype=TEXT)


def order_people(identities: pd.DataFrame, size: int) -> np.ndarray:
    """People in the order of content: by smallest fine identity, then by all of their identities together."""
    owner, identity = identities["person"].to_numpy(), identities["identity"].to_numpy()
    together = np.zeros(size, np.uint64)
    np.add.at(together, owner, identity)
    first = np.full(size, np.iinfo(np.uint64).max)
    fine = identities["is_fine"].to_numpy()
    np.minimum.at(first, owner[fine], identity[fine])
    return np.lexsort((together, first))
