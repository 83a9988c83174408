"""Ways for a test to be somebody at the pages: each role has a person of its own, made up."""

from starlette.applications import Starlette
from starlette.testclient import TestClient

from web.door.interim import InterimDoor
from web.door.roles import Person, Role
from web.visit import Site


HOST = "http://127.0.0.1"
NAMES = {
    Role.COORDINATOR: "cora.coordinator",
    Role.ANALYST: "ana.analyst",
    Role.REVIEWER: "rev.reviewer",
    Role.AUDITOR: "aud.auditor",
    Role.ADMINISTRATOR: "adam.administrator",
}


def somebody(*roles: Role, areas: frozenset[str] = frozenset(), name: str | None = None) -> Person:
    """A person with `roles`, called after the first of them unless a name is given."""
    return Person(name or NAMES[roles[0]], frozenset(roles), areas)


def sign_in_link(site: Site, person: Person) -> str:
    """The path of a one-time link that lets `person` in."""
    assert isinstance(site.door, InterimDoor)
    return f"/sign-in/link/{site.door.link(person)}"


def signed_in(app: Starlette, site: Site, person: Person) -> TestClient:
    """Somebody's browser, as far as it needs no screen: it follows no redirect unless it is asked to."""
    client = TestClient(app, base_url=HOST, follow_redirects=False)
    assert client.get(sign_in_link(site, person)).status_code == 303
    return client
