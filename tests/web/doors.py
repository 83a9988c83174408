"""A door with nothing behind it, for the tests of signing in: its settings, a clock to be set, a visitor's browser."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pipeline.record.audit_log import read_events
from tests.web.signing import HOST
from web.app import make_app, make_site
from web.door.accounts import Account, add_account, set_password
from web.door.entrance import Entrance, open_entrance
from web.door.passwords import hashed
from web.door.roles import Person, Role
from web.settings import PagesSettings


PASSWORD = "harbour lights and gulls"


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1_380_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclasses.dataclass(frozen=True)
class House:
    """Pages over an empty folder, their door, and its clock."""

    outputs: Path
    app: Starlette
    door: Entrance
    clock: Clock

    def account(self, name: str = "cora", *roles: Role, password: str | None = None, **rest: Any) -> Account:
        """A new account: a coordinator's, unless roles are given."""
        with self.door.store.change() as db:
            account = add_account(db, Person(name, frozenset(roles or {Role.COORDINATOR}), **rest), self.door.now)
            if password:
                set_password(db, account, hashed(password))
        return account

    def visitor(self, **headers: str) -> "Visitor":
        """Somebody's browser."""
        base = self.door.settings.address or HOST
        return Visitor(TestClient(self.app, base_url=base, follow_redirects=False, headers=headers))

    def events(self, *wanted: str) -> list[dict[str, Any]]:
        """What the audit log has of signing in, or of the events that are named; without when and where."""
        kept = [event for event in read_events(self.outputs) if not wanted or event["event"] in wanted]
        return [
            {name: value for name, value in event.items() if name not in ("at", "before", "page", "run_id")}
            for event in kept
        ]


class Visitor:
    """A browser that fills in forms: it brings back the token that the page before had."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page = ""

    def go(self, path: str, **headers: str) -> Any:
        """Ask for a page."""
        answer = self.client.get(path, headers=headers)
        self.page = answer.text
        return answer

    def send(self, path: str, **form: str) -> Any:
        """Send a form of the page that was asked for last."""
        token = re.search('name="csrf" value="([^"]+)"', self.page)
        answer = self.client.post(path, data={"csrf": token[1] if token else "", **form})
        self.page = answer.text
        return answer

    def sign_in(self, name: str = "cora", password: str = PASSWORD, **form: str) -> Any:
        """Sign in by a password."""
        self.go("/sign-in")
        return self.send("/sign-in", name=name, password=password, **form)


def house(outputs: Path, settings: dict[str, Any] | None = None, **more: Any) -> House:
    """A house over `outputs`, with the settings that `pages.toml` would have."""
    known = PagesSettings.model_validate(settings or {})
    clock = Clock()
    door = dataclasses.replace(open_entrance(outputs, known), clock=clock, **more)
    site = make_site(outputs, known, door)
    site = dataclasses.replace(site, environment=_templates(site.environment))
    return House(outputs, make_app(site), door, clock)


_read: list[jinja2.Environment] = []


def _templates(environment: jinja2.Environment) -> jinja2.Environment:
    """The templates, read and compiled once for every house."""
    if not _read:
        _read.append(environment)
    return _read[0]
