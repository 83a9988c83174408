"""The door of the pages: who a request comes from, by its cookie; decides what a cookie is called and where it goes.

It holds no session and no account: those are in the store, so several processes may serve at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from web.door.failures import Failed, count_failure
from web.door.lockout import Limit
from web.door.origin import origin_of
from web.door.proxy import said_by_proxy
from web.door.roles import Person
from web.door.sessions import How, Session, keep_seen, session_of
from web.door.settings import OIDC_SECRET, PROXY_SECRET, DoorSettings, OidcSettings, ProxySettings, secret_of
from web.door.store import Store
from web.door.tokens import form_token, new_token, same
from web.settings import PagesSettings


SESSION, VISITOR, TRIP = "datawash_session", "datawash_visitor", "datawash_trip"
TRIP_SECONDS = 600


@dataclass(frozen=True, eq=False)
class Entrance:
    """What says who has come: the store, the settings, the secrets, and a clock.

    `secure`: browsers come by https, and their cookies travel by nothing else. `proxies`: where a proxy of ours comes
    from.
    """

    store: Store
    settings: DoorSettings
    proxy: ProxySettings
    oidc: OidcSettings
    secure: bool = False
    proxies: tuple[str, ...] = ()
    proxy_secret: str = ""
    oidc_secret: str = ""
    clock: Callable[[], float] = time.time

    @property
    def now(self) -> int:
        """The time, in seconds."""
        return int(self.clock())

    @cached_property
    def limit(self) -> Limit:
        """How often a password of one account may be wrong."""
        return Limit(self.settings.tries, self.settings.closed_minutes * 60)

    @cached_property
    def limit_there(self) -> Limit:
        """How often passwords from one address may be wrong, whosever they are."""
        return Limit(self.settings.tries_from_address, self.settings.closed_minutes * 60)

    def origin(self, request: Request) -> str:
        """Where a request comes from."""
        return origin_of(request, self.proxies)

    def count_failure(self, event: str) -> Failed:
        """Count a failure that anybody can cause; what the audit log is to have of it."""
        with self.store.change() as db:
            return count_failure(db, event, self.now)

    def person(self, request: Request) -> Person | None:
        """Who is signed in, if anybody, with the roles that they have by now."""
        session = self.session(request)
        return session.account.person if session else None

    def session(self, request: Request) -> Session | None:
        """The session that the request's cookie stands for; None where it has ended or the proxy says another name."""
        if not hasattr(request.state, "datawash_session"):
            request.state.datawash_session = self._session(request)
        found: Session | None = request.state.datawash_session
        return found

    def said_by_proxy(self, request: Request) -> str | None:
        """The name that a trusted proxy gives whoever sent this request."""
        return said_by_proxy(request, self.proxy, self.proxy_secret)

    def token(self, request: Request) -> str:
        """What the forms of this visitor carry."""
        return form_token(self.held(request, SESSION) if self.session(request) else self.visitor(request))

    def trusts(self, request: Request, token: str) -> bool:
        """Whether `token` is what this visitor's forms carry."""
        holds = self.session(request) is not None or bool(self.held(request, VISITOR))
        return holds and same(token, self.token(request))

    def visitor(self, request: Request) -> str:
        """What the browser of somebody who is not signed in holds; a new secret where it holds none yet."""
        held = self.held(request, VISITOR)
        if not held and not hasattr(request.state, "datawash_visitor"):
            request.state.datawash_visitor = new_token()
        return held or str(request.state.datawash_visitor)

    def held(self, request: Request, cookie: str) -> str:
        """What the browser holds in a cookie; empty where it holds none."""
        return request.cookies.get(self._called(cookie), "")

    def hold(self, answer: Response, cookie: str, value: str) -> None:
        """Have the browser hold `value` in a cookie that no script reads and that no other site's page sends.

        The one for a trip to the council's sign-in must come back with somebody who comes from there.
        """
        lasts = {SESSION: self.settings.hours * 3600, TRIP: TRIP_SECONDS}.get(cookie)
        where = "lax" if cookie == TRIP else "strict"
        answer.set_cookie(
            self._called(cookie), value, max_age=lasts, path="/", httponly=True, secure=self.secure,
            samesite=where,  # type: ignore[arg-type]
        )

    def drop(self, answer: Response, cookie: str) -> None:
        """Have the browser forget a cookie."""
        answer.delete_cookie(self._called(cookie), path="/", httponly=True, secure=self.secure)

    def _called(self, cookie: str) -> str:
        return f"__Host-{cookie}" if self.secure else cookie

    def _session(self, request: Request) -> Session | None:
        token = self.held(request, SESSION)
        if not token:
            return None
        with self.store.read() as db:
            session = session_of(db, token, self.now, self.settings.idle_minutes * 60)
        if session and session.how is How.PROXY and not self._still_says(request, session):
            return None
        if session and session.due:
            with self.store.change() as db:
                keep_seen(db, token, self.now)
        return session

    def _still_says(self, request: Request, session: Session) -> bool:
        said = self.said_by_proxy(request)
        return said is not None and said.casefold() == session.account.name.casefold()


def open_entrance(outputs: Path, settings: PagesSettings) -> Entrance:
    """The door of the pages over `outputs`. SettingsError where the settings want a secret that there is not."""
    proxy, oidc = settings.proxy, settings.oidc
    return Entrance(
        Store(outputs),
        settings.door,
        proxy,
        oidc,
        secure=settings.door.secure or settings.serve.certificate is not None,
        proxies=settings.proxies,
        proxy_secret=secret_of(PROXY_SECRET, proxy.secret_file, outputs) if proxy.peers else "",
        oidc_secret=secret_of(OIDC_SECRET, oidc.secret_file, outputs) if oidc.issuer else "",
    )
