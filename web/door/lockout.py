"""How often a password may be wrong; decides when an account takes none for a while, and counts before it looks.

A try is counted before the password is compared, so that many at once are no way round. For a name that is no account's
the same is counted, and nothing is kept from which that name could be told: somebody may have typed a password there.
"""

import hashlib
import sqlite3
from typing import NamedTuple

from web.door.accounts import Account


class Limit(NamedTuple):
    """So many tries within so many seconds, and none for as long after that."""

    tries: int
    seconds: int


def about(account: Account | None, name: str) -> str:
    """Under what the tries for `name` are counted."""
    return f"account {account.number}" if account else f"name {hashlib.sha256(name.encode()).hexdigest()[:4]}"


def count_try(db: sqlite3.Connection, counted: str, limit: Limit, now: int) -> int:
    """How many tries are left after this one; -1 where there was none left for it."""
    row = db.execute("SELECT wrong, since FROM attempt WHERE about = ?", (counted,)).fetchone()
    wrong, since = (row["wrong"], row["since"]) if row and now < row["since"] + limit.seconds else (0, now)
    if wrong >= limit.tries:
        return -1
    last = wrong + 1 == limit.tries
    db.execute("INSERT OR REPLACE INTO attempt VALUES (?, ?, ?)", (counted, wrong + 1, now if last else since))
    db.execute("DELETE FROM attempt WHERE since + ? <= ?", (limit.seconds, now))
    return limit.tries - wrong - 1


def from_address(origin: str) -> str:
    """Under what the tries from an address are counted."""
    return f"address {origin}"


def give_back(db: sqlite3.Connection, counted: str) -> None:
    """Take one try back, as where the password was right: whoever guesses cannot begin anew by their own."""
    db.execute("UPDATE attempt SET wrong = wrong - 1 WHERE about = ? AND wrong > 0", (counted,))


def forget_tries(db: sqlite3.Connection, counted: str) -> None:
    """Begin to count anew, as after a right password."""
    db.execute("DELETE FROM attempt WHERE about = ?", (counted,))
