"""Sessions: who is signed in, kept here and not in the browser; decides when one ends."""

import sqlite3
from enum import StrEnum
from typing import NamedTuple

from web.door.accounts import Account, account_numbered
from web.door.tokens import mark_of, new_token


class How(StrEnum):
    """By what somebody signed in."""

    PASSWORD = "password"  # noqa: S105 - a word, not a password
    LINK = "link"
    PROXY = "proxy"
    OIDC = "oidc"


LOOKED = 60
"""When somebody was last here is kept to this many seconds: it is not written at every click."""


class Session(NamedTuple):
    """Whose session it is, and by what it began. `due`: it is to be kept that they are here."""

    account: Account
    how: How
    due: bool = False


def start_session(db: sqlite3.Connection, account: Account, how: How, now: int, ends: int) -> str:
    """The token of a new session of `account`; those that have ended are cleared away."""
    db.execute("DELETE FROM session WHERE ends <= ?", (now,))
    token = new_token()
    row = (mark_of(token), account.number, how, ends, now)
    db.execute("INSERT INTO session (mark, account, how, ends, seen) VALUES (?, ?, ?, ?, ?)", row)
    return token


def session_of(db: sqlite3.Connection, token: str, now: int, idle: int) -> Session | None:
    """The session that `token` stands for; None where it has ended, where nobody came by it for `idle` seconds, or
    where its account is locked."""
    row = db.execute(
        "SELECT * FROM session WHERE mark = ? AND ends > ? AND seen + ? > ?", (mark_of(token), now, idle, now)
    ).fetchone()
    account = account_numbered(db, row["account"]) if row else None
    if account is None or account.locked:
        return None
    return Session(account, How(row["how"]), due=now >= row["seen"] + LOOKED)


def keep_seen(db: sqlite3.Connection, token: str, now: int) -> None:
    """Keep that somebody is here by a session."""
    db.execute("UPDATE session SET seen = ? WHERE mark = ?", (now, mark_of(token)))


def end_session(db: sqlite3.Connection, token: str) -> None:
    """End one session."""
    db.execute("DELETE FROM session WHERE mark = ?", (mark_of(token),))


def end_sessions(db: sqlite3.Connection, account: Account) -> None:
    """End every session of an account."""
    db.execute("DELETE FROM session WHERE account = ?", (account.number,))
