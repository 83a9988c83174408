"""Ids for whoever is outside the team: one key for each recipient, so that two of them cannot lay their lists together.

A keyed id is made of the own id (F0000001) and the recipient's key, and is the same each time. Whoever has the key
finds the own id again by trying those there are; nobody else does. It decides no more than how such an id looks.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

import pandas as pd

from pipeline.keys.private import NAME, Secret, find_key
from schemas.errors import UsageError


RECIPIENT = "recipient-"
OWN = re.compile(r"\b[FHP]\d{7}\b")
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WHAT = b"datawash outside id 1\n"
LENGTH = 16


def recipient_key_name(recipient: str) -> str:
    """What the key of a recipient is called; UsageError where their name does not do for a file."""
    name = f"{RECIPIENT}{recipient.strip().lower()}"
    if not NAME.fullmatch(name):
        raise UsageError("A recipient is named by letters, digits and hyphens, such as `dwp` or `internal-audit`.")
    return name


def new_recipient_key() -> str:
    """A new private key, as text."""
    return secrets.token_hex(32)


def recipient_key(recipient: str) -> Secret:
    """The key of a recipient; UsageError where there is none yet."""
    found = find_key(recipient_key_name(recipient))
    if found is None:
        raise UsageError(f"There is no key for {recipient} yet: datawash keys recipient {recipient}")
    return found


def keyed_id(own: str, key: Secret) -> str:
    """The id that a recipient gets for an own one: `F-` and 16 letters and digits, 80 bits of an HMAC-SHA256."""
    digest = hmac.new(key.lines[0].encode(), WHAT + own.encode(), hashlib.sha256).digest()
    bits = int.from_bytes(digest[:10], "big")
    letters = (CROCKFORD[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return f"{own[0]}-{''.join(letters)}"


def with_keyed_ids(table: pd.DataFrame, key: Secret) -> pd.DataFrame:
    """The table with a recipient's ids in the place of our own, wherever in a text one stands."""
    known: dict[str, str] = {}

    def outside(found: re.Match[str]) -> str:
        return known.setdefault(found[0], keyed_id(found[0], key))

    texts = [name for name in table.columns if pd.api.types.is_string_dtype(table[name].dtype)]
    changed = {name: table[name].map(lambda text: OWN.sub(outside, text), na_action="ignore") for name in texts}
    return table.assign(**{name: column.astype(table[name].dtype) for name, column in changed.items()})


def own_id(keyed: str, candidates: Iterable[str], key: Secret) -> str | None:
    """Which of our own ids a recipient's id is of; None where it is of none of them."""
    wanted = keyed.strip().upper()
    return next((own for own in candidates if hmac.compare_digest(keyed_id(own, key), wanted)), None)
