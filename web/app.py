"""The application: every page of `ROUTES`, the headers on every answer, and the pages for what goes wrong."""

from pathlib import Path

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reports.page import table_cells
from reports.svg import named
from reports.workbook import heading
from schemas.errors import SettingsError
from web.dispatch import endpoint, http_error, lost_page
from web.home import section_of, topic_of
from web.routes import NAVIGATION, ROUTES
from web.settings import PagesSettings
from web.static_files import address_of, answer, static_files
from web.visit import Door, Site
from web.wording import CRITERIA, FILTERS, ROLES, RULES, VERDICTS


THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
BY_TLS = {"strict-transport-security": "max-age=31536000"}


def make_site(outputs: Path, settings: PagesSettings, door: Door) -> Site:
    """What every visit shares, over the runs below `outputs`. SettingsError where settings and pages do not fit."""
    _hold_apart(settings.serve.below)
    return Site(outputs, settings, door, _environment(), ROUTES, NAVIGATION)


def make_app(site: Site) -> Starlette:
    """The application of `site`."""
    files = static_files(site.settings.look)
    named = filter(None, (*site.settings.serve.names, site.settings.door.host))
    site.environment.globals["static"] = address_of(files, site.settings.serve.below)
    routes = [Route(page.path, endpoint(site, page), methods=[page.method], name=page.name) for page in site.pages]
    routes.append(Route("/static/{mark}/{name:path}", answer(files), methods=["GET"], name="static"))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Below, path=site.settings.serve.below),
            Middleware(SafeHeaders, site=site),
            Middleware(TrustedHostMiddleware, allowed_hosts=[*THIS_MACHINE, *named]),
        ],
        exception_handlers={HTTPException: http_error(site)},
    )
    app.router.redirect_slashes = False
    return app


def _hold_apart(below: str) -> None:
    """The path below which the pages are shown must not be one of theirs: nobody could tell which of them is meant."""
    if below and any(f"{page.path}/".startswith(f"{below}/") for page in ROUTES):
        raise SettingsError(f"serve.below: the pages have a path {below} themselves; choose another, as /datawash.")


class Below:
    """Lets the pages be shown under a path of a proxy, whether the proxy takes that path off or leaves it."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app, self.path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, its addresses being below the path."""
        if self.path and scope["type"] == "http":
            asked = scope["path"] if scope["path"].startswith(f"{self.path}/") else self.path + scope["path"]
            scope.update({"path": asked, "root_path": self.path})
        await self.app(scope, receive, send)


class SafeHeaders:
    """Puts the headers on every answer, where the answer has none of its own; lets no error out to the server's log."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.lost = app, lost_page(site)
        wanted = HEADERS | (BY_TLS if site.settings.door.secure else {})
        self.headers = [(name.encode(), value.encode()) for name, value in wanted.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers."""
        begun = False

        async def send_safely(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                own = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in self.headers if one[0] not in own)]
            await send(message)

        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if _ends_twice(scope):
            return await Response("Bad request", 400, {"connection": "close"})(scope, receive, send_safely)
        try:
            await self.app(scope, receive, send_safely)
        except Exception as error:
            answer = await run_in_threadpool(self.lost, Request(scope), error)
            if not begun:
                await answer(scope, receive, send_safely)


def _ends_twice(scope: Scope) -> bool:
    """Whether a request says in two ways where it ends: a proxy might go by the other, and see two requests."""
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}


class Missing(jinja2.Undefined):
    """What a template says that nobody gave it: it may ask whether it is there, and fails where it would print it."""

    def __str__(self) -> str:
        self._fail_with_undefined_error()


def _environment() -> jinja2.Environment:
    loader = jinja2.ChoiceLoader([
        jinja2.PackageLoader("web", "templates"),
        jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
    ])
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=Missing, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    environment.filters |= FILTERS | {"cells": table_cells, "heading": heading, "named": named}
    environment.globals |= {"topic_of": topic_of, "section_of": section_of}
    environment.globals |= {"CRITERIA": CRITERIA, "VERDICTS": VERDICTS, "RULES": RULES}
    environment.globals |= {"ROLES": ROLES}
    return environment
