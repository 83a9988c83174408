"""The way to the council's own sign-in and back; decides which account somebody has who comes from there."""

import sqlite3

from starlette.responses import RedirectResponse, Response

from web.door.accounts import Account, account_called, account_of_subject, set_subject
from web.door.entrance import TRIP, TRIP_SECONDS, Entrance
from web.door.oidc import CHANGED, OutsideError, Provider, Somebody, address_out, come_back, new_trip, set_out, who_came
from web.door.sessions import How
from web.door.signing_in import base_of, enter, entrance_of, onward_path, turn_back
from web.visit import NotFoundError, Visit


def go_out(visit: Visit) -> Response:
    """To the council's sign-in."""
    door, provider = entrance_of(visit), _provider(visit)
    trip = new_trip(onward_path(visit))
    with door.store.change() as db:
        state, browser = set_out(db, trip, door.now + TRIP_SECONDS, door.now)
    try:
        answer = RedirectResponse(address_out(provider, trip, state), status_code=303)
    except OutsideError as error:
        return turn_back(visit, How.OIDC, f"The council's sign-in: {error}")
    door.hold(answer, TRIP, browser)
    return answer


def come_in(visit: Visit) -> Response:
    """Back from the council's sign-in: in, or why not."""
    door, provider = entrance_of(visit), _provider(visit)
    named: str | None = None
    try:
        with door.store.change() as db:
            trip = come_back(db, visit.query.get("state", ""), door.held(visit.request, TRIP), door.now)
        if "error" in visit.query:
            raise OutsideError("It did not let you in.")
        somebody = who_came(provider, trip, visit.query.get("code", ""))
        named = somebody.name
        account = _account_of(door, somebody)
    except OutsideError as error:
        return turn_back(visit, How.OIDC, f"The council's sign-in: {error}", named)
    return enter(visit, account, How.OIDC, trip.onward)


def _account_of(door: Entrance, somebody: Somebody) -> Account:
    """The account of whom the council's sign-in names. OutsideError where there is none.

    The first time the name tells; from then on what never changes there: somebody who is given the name of one who
    left does not come in.
    """
    with door.store.change() as db:
        account = account_of_subject(db, somebody.subject) or _first_time(db, somebody)
    if account is None or account.locked:
        raise OutsideError(f"These pages have no open account called {somebody.name}.")
    return account


def _first_time(db: sqlite3.Connection, somebody: Somebody) -> Account | None:
    account = account_called(db, somebody.name)
    if account is None:
        return None
    if account.subject:
        raise OutsideError(CHANGED)
    if not account.locked:
        set_subject(db, account, somebody.subject)
    return account


def _provider(visit: Visit) -> Provider:
    door = entrance_of(visit)
    if not door.oidc.issuer:
        raise NotFoundError("These pages do not use the council's own sign-in.")
    return Provider(door.oidc, door.oidc_secret, f"{base_of(visit)}/sign-in/oidc/back")
