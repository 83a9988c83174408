"""The seal on a line of the audit log, where this process has the key for it; decides whether a line bears a right one.

A chain of digests can be made again by whoever changes it. A seal (HMAC-SHA256 of the line) only by who has the key.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from enum import Enum

from pipeline.keys.private import find_key


AUDIT = "audit"
"""The name of the key that seals the audit log."""

SEAL = "seal"
_BEGINS = b', "seal": "'
_LENGTH = 8 + 1 + 64


class Seal(Enum):
    """What a line's seal says: `UNKNOWN` is one of a key that is not here, `NONE` a line without one."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    NONE = "none"


Keys = Mapping[bytes, bytes]
"""Keys by their number, the newest first."""


def new_audit_key() -> str:
    """A new private key, as text."""
    return secrets.token_hex(32)


def audit_keys() -> Keys:
    """The keys that this process has for the audit log; none where it has none."""
    found = find_key(AUDIT)
    texts = () if found is None else found.lines
    return {_number(text.encode()): text.encode() for text in texts}


def sealed(line: bytes, keys: Keys) -> bytes:
    """The line of an event, with the seal of the newest key; as it is where there is none."""
    if not keys:
        return line
    number, key = next(iter(keys.items()))
    return line[:-1] + _BEGINS + number + b":" + _mac(key, line) + b'"}'


def seal_of(line: bytes, keys: Keys) -> Seal:
    """What the seal of a line says."""
    body, begins, rest = line.rpartition(_BEGINS)
    if not begins:
        return Seal.NONE
    if len(rest) != _LENGTH + 2:
        return Seal.WRONG
    number, _, mac = rest[:-2].partition(b":")
    if number not in keys:
        return Seal.UNKNOWN
    right = hmac.compare_digest(_mac(keys[number], body + b"}"), mac)
    return Seal.RIGHT if right and rest.endswith(b'"}') else Seal.WRONG


def key_number(text: str) -> str:
    """What a key for the audit log is known by: says nothing about the key."""
    return _number(text.encode()).decode()


def _mac(key: bytes, line: bytes) -> bytes:
    return hmac.new(key, line, hashlib.sha256).hexdigest().encode()


def _number(key: bytes) -> bytes:
    return hmac.new(key, b"datawash audit key", hashlib.sha256).hexdigest()[:8].encode()
