"""Ways for a test to be somebody at the pages: each role has a person of its own, made up."""

import time

from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.web.serving import Served
from web.door.accounts import Account, account_called, add_account, set_rights
from web.door.entrance import SESSION, Entrance
from web.door.links import link_address, make_link
from web.door.roles import Person, Role
from web.door.sessions import How, start_session
from web.door.store import Store
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


def account_of(store: Store, person: Person) -> Account:
    """The account of `person`, with these roles and areas and no others."""
    with store.change() as db:
        account = account_called(db, person.name) or add_account(db, person, int(time.time()))
        set_rights(db, account, person.roles, person.areas)
    return account


def sign_in_link(store: Store, person: Person) -> str:
    """The path of a one-time link that lets `person` in, once its button is pressed."""
    account = account_of(store, person)
    with store.change() as db:
        return link_address("", make_link(db, account, int(time.time()) + 3600))


def link_into(pages: Served, person: Person) -> str:
    """The path of a one-time link into pages that another process serves."""
    return sign_in_link(Store(pages.outputs), person)


def signed_in(app: Starlette, site: Site, person: Person) -> TestClient:
    """Somebody's browser, as far as it needs no screen: it follows no redirect unless it is asked to."""
    door = site.door
    assert isinstance(door, Entrance)
    account = account_of(door.store, person)
    with door.store.change() as db:
        token = start_session(db, account, How.LINK, door.now, door.now + 3600)
    return TestClient(app, base_url=HOST, follow_redirects=False, cookies={SESSION: token})
