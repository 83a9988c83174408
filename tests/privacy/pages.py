"""Every page over a wash of planted extracts, asked for by somebody with every role; what came back, in parts."""

import dataclasses
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.web.places import address
from tests.web.signing import HOST, signed_in, somebody
from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.door.roles import Role
from web.routes import FAMILY, LISTS, REVIEW, ROUTES
from web.settings import PagesSettings
from web.visit import Page, Site


IDENTIFIED = {page.name for page in (*LISTS, *FAMILY, *REVIEW)}
"""Pages that are about families: what they show is what they are for."""

ASKED = [page for page in ROUTES if page.method == "GET" and page.name not in ("replay", "sign_in_oidc")]
CHOSEN = ("{form}", "{release}", "{topic}")
"""Parts of an address that stand for a choice, not for a thing."""

LINK = re.compile(r'(?:href|src|action|formaction|content|data-[\w-]+|name|id|for)="([^"]*)"')


class House(NamedTuple):
    """The pages over an outputs folder, and somebody with every role."""

    outputs: Path
    site: Site
    visitor: TestClient


class Answer(NamedTuple):
    """What came back for a page: what a browser may keep, everything around the body, and the body."""

    name: str
    status: int
    kept: str
    around: bytes
    body: bytes


def open_house(outputs: Path) -> House:
    """The pages over `outputs`."""
    site = make_site(outputs, PagesSettings(), open_entrance(outputs, PagesSettings()))
    return House(outputs, site, signed_in(make_app(site), site, somebody(*Role, name="eve.everybody")))


def with_handler(house: House, handler: Callable[..., Any]) -> TestClient:
    """Somebody at pages of which each does the same."""
    pages = tuple(page._replace(handler=handler, needs_run=False) for page in ROUTES)
    app: Starlette = make_app(dataclasses.replace(house.site, pages=pages))
    return TestClient(app, base_url=HOST, follow_redirects=False, cookies=house.visitor.cookies)


def ask_everything(house: House) -> list[Answer]:
    """Every page that can be asked for, once."""
    pages = [page for page in ASKED if not any(part in page.path for part in CHOSEN)]
    return [answer_of(page, house.visitor.get(address(page, house.outputs))) for page in pages]


def answer_of(page: Page, response: Any) -> Answer:
    """A response in parts; what is in a workbook is unpacked."""
    links = LINK.findall(response.text) if "html" in response.headers.get("content-type", "") else []
    around = "\n".join([str(response.url), *response.headers.values(), *map(unquote, links)])
    kept = response.headers.get("cache-control", "")
    return Answer(page.name, response.status_code, kept, around.lower().encode(), unpacked(response.content).lower())


def unpacked(content: bytes) -> bytes:
    """The parts of a workbook, one after the other; anything else as it is."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())
