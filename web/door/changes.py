"""What is done to an account, from the pages or from the command line; decides that nothing changes unrecorded.

Each change and its line in the audit log stand or fall together: the line is written before the change is kept.
"""

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from schemas.errors import UsageError
from web.door.accounts import (
    Account,
    account_numbered,
    add_account,
    set_locked,
    set_password,
    set_rights,
    set_subject,
)
from web.door.links import drop_links, make_link
from web.door.lockout import about, forget_tries
from web.door.roles import Person
from web.door.sessions import end_sessions
from web.door.store import Store


ADDED, CHANGED, LINKED = "account_added", "account_changed", "account_link_made"
LOCKED, OPENED, RESET = "account_locked", "account_opened", "account_reset"


class Hand(NamedTuple):
    """Who changes something, as it reaches here: the store, what writes the audit log, and the time."""

    store: Store
    tell: Callable[..., None]
    now: int


def add(hand: Hand, person: Person) -> Account:
    """A new account. UsageError as `add_account` has it."""
    with hand.store.change() as db:
        account = add_account(db, person, hand.now)
        hand.tell(ADDED, account=account.name, **_rights(account.person))
        return account


def change_rights(hand: Hand, number: int, wanted: Person) -> Account:
    """Give an account the roles and areas of `wanted`, at once: a session that is open has them too."""
    with hand.store.change() as db:
        before = account_numbered(db, number)
        set_rights(db, before, wanted.roles, wanted.areas)
        after = account_numbered(db, number)
        had = {f"{name}_before": value for name, value in _rights(before.person).items()}
        hand.tell(CHANGED, account=after.name, **_rights(after.person), **had)
        return after


def give_link(hand: Hand, number: int, hours: int) -> str:
    """The token of a sign-in link for an account. UsageError where it is locked."""
    with hand.store.change() as db:
        account = account_numbered(db, number)
        if account.locked:
            raise UsageError(f"The account {account.name} is locked. Open it first.")
        hand.tell(LINKED, account=account.name, hours=hours)
        return make_link(db, account, hand.now + hours * 3600)


def lock(hand: Hand, number: int) -> Account:
    """Lock an account: whoever is signed in by it is out, and its links end."""
    with hand.store.change() as db:
        account = account_numbered(db, number)
        hand.tell(LOCKED, account=account.name)
        set_locked(db, account, True)
        _end_all(db, account)
        return account_numbered(db, number)


def unlock(hand: Hand, number: int) -> Account:
    """Open a locked account, and let its password be tried again."""
    with hand.store.change() as db:
        account = account_numbered(db, number)
        hand.tell(OPENED, account=account.name)
        set_locked(db, account, False)
        forget_tries(db, about(account, account.name))
        return account_numbered(db, number)


def reset(hand: Hand, number: int) -> Account:
    """Forget how an account signs in: its password, and as whom the council's sign-in knows it. It is out at once."""
    with hand.store.change() as db:
        account = account_numbered(db, number)
        hand.tell(RESET, account=account.name)
        set_password(db, account, None)
        set_subject(db, account, None)
        forget_tries(db, about(account, account.name))
        _end_all(db, account)
        return account_numbered(db, number)


def _end_all(db: sqlite3.Connection, account: Account) -> None:
    end_sessions(db, account)
    drop_links(db, account)


def _rights(person: Person) -> dict[str, str]:
    return {"roles": ", ".join(sorted(person.roles)), "areas": ", ".join(sorted(person.areas)) or "all"}
