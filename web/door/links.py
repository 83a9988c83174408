"""Sign-in links: each lets one person in, once, for some hours; decides that a new one ends those before it."""

import sqlite3

from web.door.accounts import Account, account_numbered
from web.door.tokens import mark_of, new_token


def make_link(db: sqlite3.Connection, account: Account, ends: int) -> str:
    """The token of a new link for `account`."""
    drop_links(db, account)
    token = new_token()
    db.execute("INSERT INTO link VALUES (?, ?, ?)", (mark_of(token), account.number, ends))
    return token


def account_of_link(db: sqlite3.Connection, token: str, now: int) -> Account | None:
    """Whom a link lets in; None where it was used, is too old, or its account is locked."""
    row = db.execute("SELECT account FROM link WHERE mark = ? AND ends > ?", (mark_of(token), now)).fetchone()
    account = account_numbered(db, row["account"]) if row else None
    return None if account is None or account.locked else account


def link_address(base: str, token: str) -> str:
    """What somebody opens to sign in by a link."""
    return f"{base}/sign-in/link/{token}"


def drop_links(db: sqlite3.Connection, account: Account) -> None:
    """End every link of an account."""
    db.execute("DELETE FROM link WHERE account = ?", (account.number,))
