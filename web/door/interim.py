"""Signing in by a one-time link alone, held in memory: enough for one person on their own machine."""

import hmac
import secrets
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from web.door.roles import Person
from web.visit import Visit


COOKIE = "datawash_session"


class _Session(NamedTuple):
    person: Person
    token: str


class InterimDoor:
    """Sessions by the id in a strict cookie, and links that let somebody in once."""

    def __init__(self) -> None:
        self._links: dict[str, Person] = {}
        self._sessions: dict[str, _Session] = {}

    def link(self, person: Person) -> str:
        """A token that lets `person` in once."""
        token = secrets.token_urlsafe(24)
        self._links[token] = person
        return token

    def enter(self, token: str) -> str | None:
        """The id of a new session for whom `token` lets in; None where it lets nobody in."""
        person = self._links.pop(token, None)
        if person is None:
            return None
        session = secrets.token_urlsafe(24)
        self._sessions[session] = _Session(person, secrets.token_urlsafe(24))
        return session

    def leave(self, request: Request) -> None:
        """End this visitor's session."""
        self._sessions.pop(request.cookies.get(COOKIE, ""), None)

    def person(self, request: Request) -> Person | None:
        """Who is signed in, if anybody."""
        session = self._sessions.get(request.cookies.get(COOKIE, ""))
        return session.person if session else None

    def token(self, request: Request) -> str:
        """What the forms of this visitor carry."""
        session = self._sessions.get(request.cookies.get(COOKIE, ""))
        return session.token if session else ""

    def trusts(self, request: Request, token: str) -> bool:
        """Whether `token` is what this visitor's forms carry."""
        return bool(token) and hmac.compare_digest(token, self.token(request))


def sign_in(visit: Visit) -> Response:
    """How to come in."""
    return visit.page("door/sign_in.html")


def enter(visit: Visit) -> Response:
    """In by a one-time link."""
    door = visit.site.door
    session = door.enter(visit.part("token")) if isinstance(door, InterimDoor) else None
    if session is None:
        return visit.page("door/sign_in.html", status=403, spent=True)
    answer = visit.go("home")
    answer.set_cookie(COOKIE, session, max_age=8 * 3600, httponly=True, samesite="strict")
    return answer


def sign_out(visit: Visit) -> Response:
    """Out, and the session ended."""
    if isinstance(visit.site.door, InterimDoor):
        visit.site.door.leave(visit.request)
    answer = visit.go("sign_in")
    answer.delete_cookie(COOKIE)
    return answer
