"""Who may open what: every route, by every method, for each role. A route under no rule of this table fails.

The table stands apart from the routes on purpose: it is what the council was told, they are what the pages do.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pipeline.record.audit_log import read_events
from tests.web.signing import HOST, signed_in, somebody
from web.app import make_app, make_site
from web.door.entrance import SESSION, open_entrance
from web.door.roles import Role
from web.door.tokens import form_token
from web.routes import NAVIGATION, ROUTES
from web.settings import PagesSettings
from web.visit import ANYBODY, EVERYONE, Open, Page, Site, Visit


C, AN, R, AU, AD = Role.COORDINATOR, Role.ANALYST, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR
MAY_HERE: dict[str, Open | set[Role]] = {"/": EVERYONE, "/review": {AN, R}}
MAY: dict[str, Open | set[Role]] = {
    "/help": ANYBODY,
    "/accessibility": ANYBODY,
    "/sign-in": ANYBODY,
    "/sign-out": EVERYONE,
    "/password": EVERYONE,
    "/people": {AD},
    "/families": {C, AN, AU},
    "/family": {C, AN, AU},
    "/person": {C, AN, AU},
    "/review": {R},
    "/review/agreement": {AN},
    "/review/decisions": {AN, R, AU},
    "/quality": {AN},
    "/quality/change": {C, AN, AU},
    "/figures": {C, AN, R, AU},
    "/figures/release": {AN},
    "/runs": {AN, AU},
    "/runs/{run}/verify": {AU},
    "/runs/{run}/replay": {AU},
    "/replays": {AU},
    "/audit": {AU},
}
UNRECORDED = {
    *("home", "help", "help_topic", "accessibility"),
    *("sign_in", "sign_in_password", "sign_in_link", "sign_in_link_spend", "sign_in_oidc", "sign_in_oidc_back"),
    *("password", "password_choose", "person_new", "person_add", "person_change", "person_link", "person_lock"),
    *("person_reset", "review_next", "review_back", "run_verify", "run_replay", "replay"),
}
"""Pages that show nobody's data, or that record what they do themselves, in one go with doing it."""
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
pages = pytest.mark.parametrize("page", ROUTES, ids=lambda page: f"{page.method} {page.path}")


class House(NamedTuple):
    """The pages with nothing behind their doors, and somebody of each role before them; None is nobody."""

    site: Site
    app: Starlette
    visitors: dict[Role | None, TestClient]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Every page as the routes have it, but for its handler, which shows nothing."""
    outputs = tmp_path_factory.mktemp("house")
    site = make_site(outputs, PagesSettings(), open_entrance(outputs, PagesSettings()))
    empty = tuple(page._replace(handler=_nothing, needs_run=False) for page in site.pages)
    site = dataclasses.replace(site, pages=empty)
    app = make_app(site)
    visitors: dict[Role | None, TestClient] = {role: signed_in(app, site, somebody(role)) for role in Role}
    visitors[None] = TestClient(app, base_url=HOST, follow_redirects=False)
    with ExitStack() as stack:
        for visitor in visitors.values():
            stack.enter_context(visitor)  # one loop for all that it asks
        yield House(site, app, visitors)


def _nothing(visit: Visit) -> Response:
    return Response(status_code=204)


def rule(path: str) -> Open | set[Role]:
    """What the tables say of a path: of this page, else the longest line that leads there; StopIteration if none."""
    parts = path.split("/")
    leading = ("/".join(parts[:end]) for end in range(len(parts), 1, -1))
    return MAY_HERE.get(path) or next(MAY[start] for start in leading if start in MAY)


def address(page: Page) -> str:
    """An address of a page: whatever stands in its parts."""
    return page.path.replace("{", "").replace("}", "").replace(":path", "")


def ask(visitor: TestClient, page: Page, **form: str) -> int:
    """Ask for a page as its form would; the status."""
    token = form_token(visitor.cookies.get(SESSION, ""))
    data = {"csrf": token, **form} if page.method == "POST" else None
    return visitor.request(page.method, address(page), data=data).status_code


@pages
def test_each_role_comes_in_where_it_may_and_nowhere_else(house: House, page: Page) -> None:
    may = rule(page.path)
    for role, visitor in house.visitors.items():
        status = ask(visitor, page)
        if may is ANYBODY:
            wanted = 403 if page.method == "POST" and role is None else 204
        elif role is None:
            wanted = 303
        else:
            wanted = 204 if isinstance(may, Open) or role in may else 403
        assert status == wanted, f"{role or 'nobody'}"


@pages
def test_a_page_answers_to_no_other_method(house: House, page: Page) -> None:
    there = {one.method for one in ROUTES if address(one) == address(page) or _same_shape(one, page)}
    there |= {"HEAD"} if "GET" in there else set()
    answers = {method: house.visitors[None].request(method, address(page)).status_code for method in METHODS}
    assert {method for method, status in answers.items() if status != 405} == there


@pages
def test_a_form_without_its_token_changes_nothing(house: House, page: Page) -> None:
    if page.method != "POST":
        return
    may = rule(page.path)
    role = next(iter(Role)) if isinstance(may, Open) else next(iter(may))
    assert ask(house.visitors[role], page, csrf="") == 403
    assert ask(house.visitors[role], page, csrf=form_token("another's")) == 403
    across = {"sec-fetch-site": "cross-site"}
    data = {"csrf": form_token(house.visitors[role].cookies[SESSION])}
    assert house.visitors[role].post(address(page), data=data, headers=across).status_code == 403


def test_nothing_is_served_but_the_routes_and_files_that_never_change(house: House) -> None:
    served = {route.path for route in house.app.routes if isinstance(route, Route)}
    assert len(house.app.routes) == len(ROUTES) + 1
    assert served == {page.path for page in ROUTES} | {"/static/{mark}/{name:path}"}


def test_names_of_pages_are_each_one_pages() -> None:
    names = [page.name for page in ROUTES]
    assert len(names) == len(set(names))
    assert {name for name, _ in NAVIGATION if name in names} <= set(names)


def test_a_page_is_in_the_audit_log_unless_it_shows_nobodys_data() -> None:
    assert {page.name for page in ROUTES if not page.event} <= UNRECORDED


def test_administrators_see_no_data_and_nobody_else_sees_accounts() -> None:
    theirs = {page.name for page in ROUTES if not isinstance(page.allowed, Open) and AD in page.allowed}
    assert theirs == {page.name for page in ROUTES if page.path.startswith("/people")}
    assert all(page.allowed == {AD} for page in ROUTES if page.name in theirs)


def test_nobody_but_a_reviewer_decides_and_an_auditor_changes_nothing() -> None:
    changing = [page for page in ROUTES if page.method == "POST" and not isinstance(page.allowed, Open)]
    assert [page.path for page in changing if page.path.startswith("/review") and page.allowed != {R}] == []
    auditors = {page.path for page in changing if AU in page.allowed}
    assert auditors <= {
        *("/families/search", "/runs/{run}/verify", "/runs/{run}/replay", "/replays/{number}/stop"),
    }


def test_two_roles_open_what_either_opens_and_none_opens_nothing(house: House) -> None:
    both = signed_in(house.app, house.site, somebody(C, AU, name="both"))
    assert [ask(both, page) for page in ROUTES if page.name in ("families", "audit")] == [204, 204]
    nobody = somebody(C)._replace(roles=frozenset())
    assert not any(page.admits(nobody) for page in ROUTES if page.allowed is not ANYBODY)


def test_who_is_refused_stands_in_the_audit_log(house: House) -> None:
    page = next(page for page in ROUTES if page.name == "people")
    ask(house.visitors[AU], page)
    events = list(read_events(house.site.outputs))
    assert (events[-1]["event"], events[-1]["who"], events[-1]["page"]) == ("refused", "aud.auditor", "people")


def _same_shape(one: Page, other: Page) -> bool:
    """Whether two paths meet: `/people/new` is also a `/people/{number}`."""
    pairs = list(zip(one.path.split("/"), address(other).split("/"), strict=False))
    longer = len(one.path.split("/")) == len(other.path.split("/"))
    return longer and all(left == right or left.startswith("{") for left, right in pairs)
