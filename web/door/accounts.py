"""Accounts: who may sign in, with which roles and areas; decides what a name may be and that none is without a role."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from schemas.errors import UsageError
from web.door.roles import Person, Role


LONGEST_NAME, LONGEST_AREA = 100, 60


class Account(NamedTuple):
    """Somebody who may sign in, and what is known of how: whether by a password, or known to the council's sign-in."""

    number: int
    person: Person
    password: str | None
    subject: str | None
    locked: bool
    added: int
    seen: int | None

    @property
    def name(self) -> str:
        """What they are called, here and in the audit log."""
        return self.person.name

    @property
    def ways(self) -> str:
        """How they sign in, in words."""
        kept = {"a password": self.password, "the council's own sign-in": self.subject}
        return " or ".join(way for way, held in kept.items() if held) or "a link"


def add_account(db: sqlite3.Connection, person: Person, now: int) -> Account:
    """A new account. UsageError where its name is no name or is taken, or where it has no role."""
    name = checked_name(person.name)
    if account_called(db, name):
        raise UsageError(f"There is an account called {name} already.")
    added = db.execute(
        "INSERT INTO account (name, known_as, roles, areas, added) VALUES (?, ?, ?, ?, ?)",
        (name, _known_as(name), _roles(person.roles), _areas(person.areas), now),
    )
    return account_numbered(db, added.lastrowid or 0)


def account_called(db: sqlite3.Connection, name: str) -> Account | None:
    """The account called `name`, in capitals or not; None where there is none."""
    row = db.execute("SELECT * FROM account WHERE known_as = ?", (_known_as(name),)).fetchone()
    return _account(row) if row else None


def account_wanted(db: sqlite3.Connection, name: str) -> Account:
    """The account called `name`. UsageError where there is none."""
    account = account_called(db, name)
    if account is None:
        raise UsageError(f"There is no account called {name}.")
    return account


def account_numbered(db: sqlite3.Connection, number: int) -> Account:
    """The account with a number. UsageError where there is none."""
    row = db.execute("SELECT * FROM account WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise UsageError("There is no such account.")
    return _account(row)


def account_of_subject(db: sqlite3.Connection, subject: str) -> Account | None:
    """The account that the council's sign-in knows as `subject`; None where it was never here."""
    row = db.execute("SELECT * FROM account WHERE subject = ?", (subject,)).fetchone()
    return _account(row) if row else None


def all_accounts(db: sqlite3.Connection) -> list[Account]:
    """Every account, by name."""
    return [_account(row) for row in db.execute("SELECT * FROM account ORDER BY known_as")]


def set_rights(db: sqlite3.Connection, account: Account, roles: Iterable[Role], areas: Iterable[str]) -> None:
    """Give an account these roles and areas instead of those it has. UsageError where no role is left."""
    row = (_roles(roles), _areas(areas), account.number)
    db.execute("UPDATE account SET roles = ?, areas = ? WHERE number = ?", row)


def set_locked(db: sqlite3.Connection, account: Account, locked: bool) -> None:
    """Lock an account, or open it again."""
    db.execute("UPDATE account SET locked = ? WHERE number = ?", (locked, account.number))


def set_password(db: sqlite3.Connection, account: Account, hashed: str | None) -> None:
    """Keep the hash of an account's password, or none."""
    db.execute("UPDATE account SET password = ? WHERE number = ?", (hashed, account.number))


def set_subject(db: sqlite3.Connection, account: Account, subject: str | None) -> None:
    """Keep as whom the council's sign-in knows an account."""
    db.execute("UPDATE account SET subject = ? WHERE number = ?", (subject, account.number))


def set_seen(db: sqlite3.Connection, account: Account, now: int) -> None:
    """Keep when an account last signed in."""
    db.execute("UPDATE account SET seen = ? WHERE number = ?", (now, account.number))


def checked_name(name: str) -> str:
    """`name` as an account has it. UsageError where it is empty, too long, or holds what cannot be read."""
    tidy = unicodedata.normalize("NFC", " ".join(name.split()))
    if not tidy or len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise UsageError(f"An account's name has 1 to {LONGEST_NAME} letters, digits and signs that can be read.")
    return tidy


def tidy_areas(areas: Iterable[str]) -> frozenset[str]:
    """Areas as somebody wrote them, without the empty ones."""
    return frozenset(tidy for area in areas if (tidy := " ".join(area.split())))


def _account(row: sqlite3.Row) -> Account:
    roles = frozenset(Role(role) for role in json.loads(row["roles"]))
    person = Person(row["name"], roles, frozenset(json.loads(row["areas"])))
    kept = {name: row[name] for name in ("number", "password", "subject", "added", "seen")}
    return Account(person=person, locked=bool(row["locked"]), **kept)


def _known_as(name: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _roles(roles: Iterable[Role]) -> str:
    if not (named := sorted(roles)):
        raise UsageError("An account has at least one role.")
    return json.dumps(named)


def _areas(areas: Iterable[str]) -> str:
    if any(len(area) > LONGEST_AREA or not area.isprintable() for area in areas):
        raise UsageError(f"An area has a name of at most {LONGEST_AREA} characters.")
    return json.dumps(sorted(areas))
