"""Signing in, by whatever proves it, and out again; decides where somebody goes then, and that each try is recorded."""

import re
from typing import NamedTuple
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from web.door.accounts import LONGEST_NAME, Account, account_called, set_password, set_seen
from web.door.entrance import SESSION, TRIP, VISITOR, Entrance
from web.door.failures import end_counts
from web.door.links import account_of_link, drop_links
from web.door.lockout import about, count_try, forget_tries, from_address, give_back
from web.door.passwords import hashed, is_right, needs_hashing
from web.door.sessions import How, end_session, start_session
from web.visit import NOBODY, Visit


FAILED, LOCKED_OUT, SIGNED_IN = "sign_in_failed", "locked_out", "signed_in"
ADDRESS_CLOSED = "address_closed"
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class Left(NamedTuple):
    """How many tries are left for an account, and for the address that they come from; -1 where there was none."""

    account: int
    address: int


def entrance_of(visit: Visit) -> Entrance:
    """The door of this site."""
    door = visit.site.door
    if not isinstance(door, Entrance):
        raise TypeError("these pages have another door")
    return door


def sign_in(visit: Visit) -> Response:
    """The ways to sign in; onward for whoever is signed in, or whom a trusted proxy names."""
    door = entrance_of(visit)
    if visit.request.headers.get("sec-fetch-site") == "cross-site":
        return lead(visit, f"{visit.address('sign_in')}?next={quote(onward_path(visit))}")
    if visit.someone is not None:
        return RedirectResponse(onward_path(visit), status_code=303)
    named = door.said_by_proxy(visit.request)
    if named and "out" not in visit.query:
        return _enter_by_proxy(visit, named)
    return ask(visit, named=named)


def sign_in_by_password(visit: Visit) -> Response:
    """In by a name and a password, or the form again: it does not say which of the two was wrong."""
    door = entrance_of(visit)
    name, password = " ".join(visit.form.get("name", "").split()), visit.form.get("password", "")
    if not door.settings.passwords or not name or not password:
        return ask(visit, wrong="Enter your name and your password")
    there = from_address(door.origin(visit.request))
    with door.store.change() as db:
        account = account_called(db, name)
        left_there = count_try(db, there, door.limit_there, door.now)
        left = count_try(db, about(account, name), door.limit, door.now) if left_there >= 0 else -1
    if left < 0 or not is_right(password, account.password if account else None) or not account or account.locked:
        return _wrong_password(visit, account, Left(left, left_there))
    with door.store.change() as db:
        give_back(db, there)
        if needs_hashing(account.password):
            set_password(db, account, hashed(password))
    return enter(visit, account, How.PASSWORD)


def see_link(visit: Visit) -> Response:
    """Whom a sign-in link is for. It lets in only once its button is pressed: programs that read mail open links."""
    door = entrance_of(visit)
    with door.store.read() as db:
        account = account_of_link(db, visit.part("token"), door.now)
    status = 200 if account else 410
    return _with_visitor(visit, "door/link.html", account=account, token=visit.part("token"), status=status)


def sign_in_by_link(visit: Visit) -> Response:
    """In by a sign-in link, which is then spent."""
    door = entrance_of(visit)
    with door.store.change() as db:
        account = account_of_link(db, visit.part("token"), door.now)
        if account:
            drop_links(db, account)
    if account is None:
        visit.record_failure(FAILED, how=How.LINK)
        return _with_visitor(visit, "door/link.html", account=None, token="", status=410)  # noqa: S106 - none
    chooses = door.settings.passwords and door.settings.address
    return enter(visit, account, How.LINK, visit.address("password" if chooses else "home"))


def sign_out(visit: Visit) -> Response:
    """Out: the session is ended here, whatever the browser keeps."""
    door = entrance_of(visit)
    visit.record("signed_out")
    with door.store.change() as db:
        end_session(db, door.held(visit.request, SESSION))
    answer = visit.go("sign_in", query={"out": 1})
    door.drop(answer, SESSION)
    return answer


def enter(visit: Visit, account: Account, how: How, to: str | None = None) -> Response:
    """A new session of `account`, whatever session the browser had before, and on to `to`."""
    door = entrance_of(visit)
    with door.store.change() as db:
        visit.record_sums(end_counts(db, door.now))
        visit.record(SIGNED_IN, who=account.name, how=how)
        forget_tries(db, about(account, account.name))
        end_session(db, door.held(visit.request, SESSION))
        set_seen(db, account, door.now)
        token = start_session(db, account, how, door.now, door.now + door.settings.hours * 3600)
    path = to or onward_path(visit)
    answer = RedirectResponse(path, status_code=303) if visit.request.method == "POST" else lead(visit, path)
    door.hold(answer, SESSION, token)
    door.drop(answer, VISITOR)
    door.drop(answer, TRIP)
    return answer


def turn_back(visit: Visit, how: How, why: str, named: str | None = None) -> Response:
    """Not in, and why: the audit log has it."""
    visit.record_failure(FAILED, who=(named or NOBODY)[:LONGEST_NAME], how=how)
    return ask(visit, wrong=why, status=403)


def ask(visit: Visit, *, wrong: str = "", named: str | None = None, status: int = 200) -> Response:
    """The page with the ways to sign in, and what was wrong with the last try."""
    door = entrance_of(visit)
    return _with_visitor(
        visit, "door/sign_in.html", door=door, wrong=wrong, named=named, out="out" in visit.query,
        onward=onward_path(visit), status=status, typed=visit.form.get("name", ""),
    )  # fmt: skip


def lead(visit: Visit, path: str) -> Response:
    """A page that leads on at once to another of ours.

    Who comes from another site, as from the council's sign-in, would not send our cookie after a mere redirect: a
    strict cookie goes only where one of our own pages leads.
    """
    return visit.page("door/onward.html", to=path)


def onward_path(visit: Visit) -> str:
    """The page that somebody wanted when they were asked to sign in: never one of another site."""
    asked = visit.form.get("next") or visit.query.get("next") or ""
    return asked if OWN_PATH.fullmatch(asked) else visit.address("home")


def base_of(visit: Visit) -> str:
    """The address of these pages, as their visitors' browsers have it."""
    return entrance_of(visit).settings.address or str(visit.request.base_url).rstrip("/")


def _enter_by_proxy(visit: Visit, named: str) -> Response:
    with entrance_of(visit).store.read() as db:
        account = account_called(db, named)
    if account is None or account.locked:
        return turn_back(visit, How.PROXY, f"These pages have no open account called {named}.", named)
    return enter(visit, account, How.PROXY)


def _wrong_password(visit: Visit, account: Account | None, left: Left) -> Response:
    """The form again. Each try that counted against an account has a line of its own: they cannot be many."""
    door, settings = entrance_of(visit), entrance_of(visit).settings
    who, minutes = account.name if account else NOBODY, settings.closed_minutes
    tell = visit.record if account and left.account >= 0 else visit.record_failure
    tell(FAILED, who=who, how=How.PASSWORD)
    if left.account == 0:
        tell(LOCKED_OUT, who=who, minutes=minutes)
    if left.address == 0:
        visit.record_failure(ADDRESS_CLOSED, who=NOBODY, origin=door.origin(visit.request), minutes=minutes)
    return ask(
        visit,
        wrong="The name or the password is not right, or no password is taken just now. "
        f"After {settings.tries} wrong tries none is taken for {settings.closed_minutes} minutes.",
    )


def _with_visitor(visit: Visit, template: str, *, status: int = 200, **context: object) -> Response:
    """A page with a form for somebody who is not signed in: their browser holds a secret that the form answers to."""
    door = entrance_of(visit)
    answer = visit.page(template, status=status, **context)
    if visit.someone is None:
        door.hold(answer, VISITOR, door.visitor(visit.request))
    return answer
