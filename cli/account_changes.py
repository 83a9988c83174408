"""What `datawash accounts` does, and how it is told; each change is in the audit log as that of this process's user."""

import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from cli.say import Report, many, table
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder
from reports.packs.wording import moment
from schemas.errors import UsageError
from web.door import changes
from web.door.accounts import Account, account_wanted, all_accounts, tidy_areas
from web.door.changes import Hand
from web.door.links import link_address
from web.door.roles import Person, Role
from web.door.store import Store
from web.settings import load_pages_settings


def add_account(
    outputs: Path, settings: Path | None, name: str, roles: tuple[str, ...], areas: tuple[str, ...]
) -> Report:
    """Add an account and make its first link. UsageError where the name is taken, or is none."""
    person = Person(name, frozenset(map(Role, roles)), tidy_areas(areas))
    account = changes.add(_hand(outputs), person)
    return _linked(outputs, settings, account, [f"Added: {_line(account)}."])


def make_link(outputs: Path, settings: Path | None, name: str, forget: bool) -> Report:
    """Make a link for an account. UsageError where there is none called so, or it is locked."""
    account = _account(outputs, name)
    if forget:
        account = changes.reset(_hand(outputs), account.number)
    return _linked(outputs, settings, account, [])


def change_rights(
    outputs: Path, name: str, roles: tuple[str, ...], areas: tuple[str, ...], all_areas: bool
) -> Report:
    """Give an account other roles, other areas, or both. UsageError where neither is said."""
    if areas and all_areas:
        raise UsageError("Give --area or --all-areas, not both.")
    if not (roles or areas or all_areas):
        raise UsageError("Say which --role or which --area it is to have instead.")
    before = _account(outputs, name)
    kept = frozenset() if all_areas else tidy_areas(areas) or before.person.areas
    wanted = Person(before.name, frozenset(map(Role, roles)) or before.person.roles, kept)
    account = changes.change_rights(_hand(outputs), before.number, wanted)
    return Report(_facts(account), [f"Now: {_line(account)}."])


def lock_account(outputs: Path, name: str, opened: bool) -> Report:
    """Lock an account, or open it again. UsageError where there is none called so."""
    act = changes.unlock if opened else changes.lock
    account = act(_hand(outputs), _account(outputs, name).number)
    return Report(_facts(account), [f"{account.name} may sign in again." if opened else f"{account.name} is locked."])


def list_accounts(outputs: Path) -> Report:
    """Every account."""
    with _store(outputs).read() as db:
        accounts = all_accounts(db)
    if not accounts:
        return Report({"accounts": []}, ["Nobody may sign in yet: datawash accounts add NAME --role ROLE"])
    head = ("name", "roles", "areas", "signs in by", "last signed in", "")
    rows = [head, *(_row(account) for account in accounts)]
    return Report({"accounts": [_facts(one) for one in accounts]}, [f"{many(len(accounts), 'account')}:", *table(rows)])


def _hand(outputs: Path) -> Hand:
    private_folder(outputs)
    return Hand(Store(outputs), partial(record_event, outputs, run_id="none"), int(time.time()))


def _store(outputs: Path) -> Store:
    if not outputs.is_dir():
        raise UsageError(f"There is no folder {outputs.name}: --outputs names the one with the runs.")
    return Store(outputs)


def _account(outputs: Path, name: str) -> Account:
    with _store(outputs).read() as db:
        return account_wanted(db, name)


def _linked(outputs: Path, settings: Path | None, account: Account, said: list[str]) -> Report:
    known = load_pages_settings(outputs, settings)
    hours = known.door.link_hours
    token = changes.give_link(_hand(outputs), account.number, hours)
    address = link_address(known.door.address or known.serve.address, token)
    lines = [*said, f"Lets {account.name} in once, within {many(hours, 'hour')}:", f"  {address}"]
    return Report({**_facts(account), "link": address, "hours": hours}, lines)


def _facts(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "roles": sorted(account.person.roles),
        "areas": sorted(account.person.areas),
        "locked": account.locked,
        "password": account.password is not None,
        "council_sign_in": account.subject is not None,
        "last_signed_in": _iso(account.seen),
    }


def _row(account: Account) -> tuple[str, ...]:
    roles, areas = ", ".join(sorted(account.person.roles)), ", ".join(sorted(account.person.areas)) or "all"
    state = "locked" if account.locked else ""
    return (account.name, roles, areas, account.ways, moment(_iso(account.seen)) or "never", state)


def _line(account: Account) -> str:
    areas = f"areas {', '.join(sorted(account.person.areas))}" if account.person.areas else "every area"
    return f"{account.name}, {', '.join(sorted(account.person.roles))}, {areas}"


def _iso(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
