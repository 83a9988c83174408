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


class Session(NamedTuple):
    """Whose session it is, and by what it began."""

    account: Account
    how: How


def start_session(db: sqlite3.Connection, account: Account, how: How, now: int, ends: int) -> str:
    """The token of a new session of `account`; those that have ended are cleared away."""
    db.execute("DELETE FROM session WHERE ends <= ?", (now,))
    token = new_token()
    db.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (mark_of(token), account.number, how, ends))
    return token


def session_of(db: sqlite3.Connection, token: str, now: int) -> Session | None:
    """The session that `token` stands for; None where it has ended, or its account is locked."""
    row = db.execute("SELECT * FROM session WHERE mark = ? AND ends > ?", (mark_of(token), now)).fetchone()
    account = account_numbered(db, row["account"]) if row else None
    return None if account is None or account.locked else Session(account, How(row["how"]))


def end_session(db: sqlite3.Connection, token: str) -> None:
    """End one session."""
    db.execute("DELETE FROM session WHERE mark = ?", (mark_of(token),))


def end_sessions(db: sqlite3.Connection, account: Account) -> None:
    """End every session of an account."""
    db.execute("DELETE FROM session WHERE account = ?", (account.number,))
