"""The administrator's pages: who has an account, which roles and areas it has, links to sign in, locking.

They show nobody's data but names of people of the council, and let nobody change their own account.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from starlette.responses import Response

from pipeline.areas import PLACE
from reports.packs.wording import moment
from schemas.errors import DataWashError, UsageError
from schemas.nearest import nearest
from web.door import changes
from web.door.accounts import Account, account_numbered, all_accounts, tidy_areas
from web.door.changes import Hand
from web.door.links import link_address
from web.door.roles import Person, Role
from web.door.signing_in import base_of, entrance_of
from web.visit import NotFoundError, RefusedError, Visit


DUTIES = {
    Role.COORDINATOR: "Sees the families of their areas with the evidence, and downloads lists",
    Role.ANALYST: "Sees every family, and the quality of the extracts and runs; downloads lists",
    Role.REVIEWER: "Decides which records are the same person",
    Role.AUDITOR: "Reads families, runs and the audit log; verifies and replays runs; changes nothing",
    Role.ADMINISTRATOR: "Says who may sign in, and as what; sees no families",
}


class Shown(NamedTuple):
    """An account as a page shows it: when they last signed in, and since when there is the account."""

    account: Account
    seen: str
    since: str


def people(visit: Visit) -> Response:
    """Everybody who has an account."""
    with entrance_of(visit).store.read() as db:
        accounts = all_accounts(db)
    visit.note(accounts=len(accounts))
    return visit.page("door/people.html", people=[_shown(account) for account in accounts])


def ask_new(visit: Visit) -> Response:
    """The form for a new account."""
    return _form(visit, None, Person("", frozenset()))


def add_person(visit: Visit) -> Response:
    """A new account, and a link for its first sign-in."""
    wanted = _wanted(visit, visit.form.get("name", ""))
    try:
        _check_areas(visit, wanted.areas)
        account = changes.add(_hand(visit), wanted)
    except UsageError as error:
        return _form(visit, None, wanted, str(error))
    return _show_link(visit, account)


def see_person(visit: Visit) -> Response:
    """One account, and what may be done with it."""
    account = _account(visit)
    visit.note(account=account.name)
    return _form(visit, account, account.person)


def change_person(visit: Visit) -> Response:
    """Other roles or areas for an account."""
    account = _others(visit)
    wanted = _wanted(visit, account.name)
    try:
        _check_areas(visit, wanted.areas - account.person.areas)
        changes.change_rights(_hand(visit), account.number, wanted)
    except UsageError as error:
        return _form(visit, account, wanted, str(error))
    return visit.go("person_account", number=account.number)


def link_person(visit: Visit) -> Response:
    """A link by which somebody signs in once."""
    return _show_link(visit, _others(visit))


def lock_person(visit: Visit) -> Response:
    """Lock an account, or open it again, as the form says."""
    account = _others(visit)
    act = changes.lock if visit.form.get("lock") == "yes" else changes.unlock
    act(_hand(visit), account.number)
    return visit.go("person_account", number=account.number)


def reset_person(visit: Visit) -> Response:
    """Forget how somebody signs in, and give them a link."""
    account = changes.reset(_hand(visit), _others(visit).number)
    return visit.go("person_account", number=account.number) if account.locked else _show_link(visit, account)


def _hand(visit: Visit) -> Hand:
    door = entrance_of(visit)
    return Hand(door.store, visit.record, door.now)


def _account(visit: Visit) -> Account:
    number = visit.part("number")
    try:
        with entrance_of(visit).store.read() as db:
            return account_numbered(db, int(number) if number.isdecimal() and len(number) < 10 else 0)
    except UsageError as error:
        raise NotFoundError(str(error)) from None


def _others(visit: Visit) -> Account:
    """The account that the page is about, where it is not the visitor's own: two people stand behind each right."""
    account = _account(visit)
    if account.name == visit.person.name:
        raise RefusedError("Nobody changes their own account here. Ask another administrator.")
    return account


def _wanted(visit: Visit, name: str) -> Person:
    roles = frozenset(role for role in Role if f"role_{role}" in visit.form)
    return Person(name, roles, tidy_areas(visit.form.get("areas", "").splitlines()))


def _form(visit: Visit, account: Account | None, wanted: Person, wrong: str = "") -> Response:
    return visit.page(
        "door/person.html",
        shown=_shown(account) if account else None,
        wanted=wanted,
        duties=DUTIES,
        known=_known_areas(visit),
        wrong=wrong,
    )


def _known_areas(visit: Visit) -> list[str]:
    """The areas that the council names, and those where the latest run has a family; none if that cannot be read."""
    run = visit.latest
    if run is None or not run.has("family_areas"):
        return []
    try:
        named, there = run.settings.areas.postcodes, run.table("family_areas", ["area"])["area"].dropna()
    except DataWashError:
        return []
    return sorted({*named, *(str(area) for area in there if area)})


def _check_areas(visit: Visit, areas: Iterable[str]) -> None:
    """UsageError where an area is no postcode district, nor one that is known: a slip would hide every family."""
    known = _known_areas(visit)
    for area in areas:
        if known and area not in known and not PLACE.fullmatch(area):
            near = nearest(area, known)
            advice = f"Did you mean {near}?" if near else "Those that there are stand below the field."
            raise UsageError(f"There is no area called {area}. {advice}")


def _shown(account: Account) -> Shown:
    return Shown(account, _moment(account.seen), _moment(account.added))


def _moment(seconds: int | None) -> str:
    return "" if seconds is None else moment(datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds"))


def _show_link(visit: Visit, account: Account) -> Response:
    door = entrance_of(visit)
    token = changes.give_link(_hand(visit), account.number, door.settings.link_hours)
    address = link_address(base_of(visit), token)
    return visit.page("door/link_made.html", account=account, address=address, hours=door.settings.link_hours)
