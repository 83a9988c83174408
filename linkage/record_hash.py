"""Digests of what a record says of a person: by them a decision about a record is known again in next month's files.

A record id holds the digest of its file, so next month the same row has another id. The hash of a record is a function
of what its row says and of nothing else: not of other rows, its file, its place in it, or the model. Letter case and
punctuation do not count. A record that says too little to be told from others (a name alone) is also known by its
source and day.

The hash is `h1-IDENTITY-CORE`: 16 digits each, by way of sha256, of all that the record says, and of what it can be
recognised by when the rest changed (UPN, else NINO, else name and date of birth, else name and address). It has no key,
because whoever replays a wash elsewhere must find the same; so who knows somebody's details can try whether a hash is
theirs. It is as personal as the names beside it, and stands where names may stand and nowhere else.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.encode import MISSING, Coded, encode_dates, encode_text
from linkage.text_order import GOLDEN


VERSION = "h1"
NAMES = ("forename", "middle_names", "surname", "former_surname", "preferred_surname")
CODES = ("postcode", "uprn", "upn", "nino")
DATES = ("date_of_birth", "observed_on")
SAID = (*NAMES, "sex", "address", *CODES, "date_of_birth")
WHOLE = (*SAID, "role_hint", "source", "observed_on")
CORES: dict[str, Sequence[str]] = {
    "upn": ("upn",),
    "nino": ("nino",),
    "birth": ("forename", "surname", "date_of_birth"),
    "thin": (*SAID, "role_hint", "source"),
    "place": ("forename", "surname", "address"),
}
"""What a changed record may be recognised by, the surest first; `thin` is for records that say too little."""

NOTHING = np.uint64(0)
WRITTEN = re.compile(r"^h1-([0-9a-f]{16})-([0-9a-f]{16})$")


class Hash(NamedTuple):
    """A written hash, taken apart."""

    identity: int
    core: int


def read_hash(text: Any) -> Hash | None:
    """A hash as it was written; None for nothing, and for what is no hash of this version."""
    found = WRITTEN.match(text.strip()) if isinstance(text, str) else None
    return Hash(int(found[1], 16), int(found[2], 16)) if found else None


class Contents:
    """What records say, tidied and hashed value by value: digests of all of it, and of what can be recognised."""

    def __init__(self, records: pd.DataFrame) -> None:
        """Tidy what `records` (columns as for `linkage.link`) say."""
        columns = {name: _tidy_texts(_column(records, name), name) for name in WHOLE if name not in DATES}
        self.hashed = {name: _hash_texts(coded, name) for name, coded in columns.items()}
        self.hashed |= {name: _hash_dates(_column(records, name)) for name in DATES}
        known = {name: hashes != NOTHING for name, hashes in self.hashed.items()}
        full = _is_word(columns["forename"])
        placed = known["address"] | known["postcode"] | known["uprn"]
        identified, born = known["upn"] | known["nino"], known["date_of_birth"]
        self.is_thin = ~(identified | (full & ((known["surname"] & (born | placed)) | (born & placed))))
        self.hashed["role_hint"] = np.where(identified | born, NOTHING, self.hashed["role_hint"])
        for name in ("source", "observed_on"):
            self.hashed[name] = np.where(self.is_thin, self.hashed[name], NOTHING)

    def identities(self) -> np.ndarray:
        """The digest of all that each record says; `NOTHING` where it says nothing of anybody."""
        says = np.logical_or.reduce([self.hashed[name] != NOTHING for name in SAID])
        return np.where(says, self._mix(WHOLE), NOTHING)

    def cores(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The rows that can be recognised by `name` (of `CORES`), and their digests."""
        digests = self._mix(CORES[name]) ^ np.uint64(zlib.crc32(name.encode()))
        whole = np.logical_and.reduce([self.hashed[column] != NOTHING for column in CORES[name]])
        rows = np.flatnonzero(self.is_thin if name == "thin" else whole)
        return rows, digests[rows]

    def _mix(self, columns: Sequence[str]) -> np.ndarray:
        total = np.zeros(len(self.is_thin), dtype=np.uint64)
        for name in columns:
            total = (total ^ self.hashed[name]) * GOLDEN
            total ^= total >> np.uint64(29)
        return total


def hash_records(records: pd.DataFrame) -> np.ndarray:
    """The hash of each record, as text."""
    contents = Contents(records)
    identity = contents.identities()
    core = identity.copy()
    for name in reversed(CORES):
        rows, digests = contents.cores(name)
        core[rows] = digests
    written = [f"{VERSION}-{one:016x}-{two:016x}" for one, two in zip(identity.tolist(), core.tolist(), strict=True)]
    return np.array(written, dtype=object)


def _tidy_texts(column: pd.Series, name: str) -> Coded:
    return encode_text(column, _tidy("" if name in CODES else " ", 1 if name == "sex" else None), ordered=False)


def _hash_texts(coded: Coded, name: str) -> np.ndarray:
    start = hashlib.sha256(f"{VERSION} {name}\x1f".encode())
    digests = []
    for text in coded.values.to_pylist():
        one = start.copy()
        one.update(text.encode())
        digests.append(one.digest()[:8])
    return np.append(np.frombuffer(b"".join(digests), ">u8").astype(np.uint64), NOTHING)[coded.codes]


def _hash_dates(column: pd.Series) -> np.ndarray:
    """Dates as their packed digits, spread over 64 bits."""
    packed = encode_dates(column)
    return np.where(packed == MISSING, NOTHING, packed.astype(np.uint64) * GOLDEN)


def _is_word(coded: Coded) -> np.ndarray:
    """Whether a name is more than an initial."""
    longer = pc.greater(pc.utf8_length(coded.values), 1).to_numpy(zero_copy_only=False)
    return np.append(longer, False).astype(bool)[coded.codes]


def _tidy(between: str, letters: int | None) -> Callable[[pa.Array], pa.Array]:
    def tidy(texts: pa.Array) -> pa.Array:
        plain = pc.replace_substring_regex(pc.utf8_lower(texts), r"[^\p{L}\p{N}]+", between)
        return pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(plain), 0, letters)

    return tidy


def _column(records: pd.DataFrame, name: str) -> pd.Series:
    return records[name] if name in records else pd.Series(None, index=records.index, dtype="object")
