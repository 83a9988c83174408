"""Guessing at the door: one password for many names, links, forms; and that none of it fills the audit log."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from pipeline.record.audit_log import AUDIT_LOG
from tests.web.doors import PASSWORD, House, Visitor, house
from web.door import failures, passwords
from web.door.accounts import account_wanted
from web.door.failures import SAID, SECONDS, Sum, count_failure
from web.door.links import link_address, make_link
from web.door.origin import origin_of
from web.door.store import SECOND


TRIES = 8
EVENTS = ("sign_in_failed", "locked_out", "address_closed", "refused", "failures_counted")


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def home(tmp_path: Path) -> House:
    """Pages behind a proxy, with somebody who has a password."""
    at = house(tmp_path, {"serve": {"proxies": ["10.0.0.9"]}, "door": {"tries_from_address": TRIES}})
    at.account(password=PASSWORD)
    return House(at.outputs, _through(at.app, "10.0.0.9"), at.door, at.clock)


def _through(app: Any, peer: str) -> Any:
    """`app` as a peer of that address reaches it."""

    async def reached(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": (peer, 40000)} if scope["type"] == "http" else scope, receive, send)

    return reached


def come(at: House, origin: str) -> Visitor:
    """Somebody's browser, from an address, as the proxy says."""
    return at.visitor(**{"x-forwarded-for": f"203.0.113.1, {origin}"})


def try_names(visitor: Visitor, count: int, password: str = "wrong") -> None:
    """Try one password for many names."""
    visitor.go("/sign-in")
    for number in range(count):
        visitor.send("/sign-in", name=f"somebody {number}", password=password)


def test_one_password_for_many_names_runs_out_where_it_is_tried_from(home: House) -> None:
    guesser = come(home, "198.51.100.7")
    try_names(guesser, TRIES)
    assert guesser.sign_in().status_code == 200, "the right one, too, is not taken from there now"
    assert come(home, "198.51.100.8").sign_in().status_code == 303, "everybody else still comes in"
    closed = home.events("address_closed")
    assert closed == [{"event": "address_closed", "who": "nobody", "origin": "198.51.100.7", "minutes": 15}]
    home.clock.now += 15 * 60
    assert guesser.sign_in().status_code == 303


def test_tries_from_a_closed_address_do_not_lock_anybody_out(home: House) -> None:
    guesser = come(home, "198.51.100.7")
    try_names(guesser, TRIES)
    for _ in range(6):
        guesser.sign_in(password="wrong")
    assert come(home, "198.51.100.8").sign_in().status_code == 303


def test_ones_own_right_password_does_not_begin_the_count_anew(home: House) -> None:
    guesser = come(home, "198.51.100.7")
    try_names(guesser, TRIES - 1)
    assert guesser.sign_in().status_code == 303
    guesser.client.cookies.clear()
    try_names(guesser, 1)
    guesser.client.cookies.clear()
    assert guesser.sign_in().status_code == 200


def test_many_who_come_from_one_address_with_the_right_password_come_in(home: House) -> None:
    for _ in range(TRIES + 2):
        assert come(home, "198.51.100.7").sign_in().status_code == 303


def test_an_attack_on_the_door_leaves_a_few_lines_and_the_right_sums(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "SAID", 5)
    guesser = come(home, "198.51.100.7")
    guesser.go("/sign-in")
    page = guesser.page
    for number in range(12):
        guesser.page = page
        guesser.send("/sign-in", name=f"name {number}", password="wrong")
        guesser.client.post("/sign-in", data={"csrf": "none"})
    assert len(home.events(*EVENTS)) == 5 + 5 + 2 + 1
    counted = [("sign_in_failed", 10), ("refused", 10)]
    assert [(event["counted"], event["failures"]) for event in home.events("failures_counted")] == counted
    home.clock.now += SECONDS
    come(home, "198.51.100.8").sign_in()
    counted += [("refused", 12), ("sign_in_failed", 12)]
    assert [(event["counted"], event["failures"]) for event in home.events("failures_counted")] == counted


def test_each_try_that_counts_against_an_account_has_its_line_whatever_else_goes_on(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "SAID", 5)
    try_names(come(home, "198.51.100.7"), TRIES)
    for _ in range(7):
        come(home, "198.51.100.8").sign_in(password="wrong")
    assert [event["event"] for event in home.events(*EVENTS) if event["who"] == "cora"] == [
        *["sign_in_failed"] * 5, "locked_out"
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/families", "/runs/x", "/sign-in/link/x", "/sign-in/oidc", "/nothing"])
def test_who_only_asks_leaves_no_line_at_all(home: House, path: str) -> None:
    for _ in range(3):
        home.visitor().go(path)
    assert not (home.outputs / AUDIT_LOG).exists()


@given(st.lists(st.integers(0, 400), min_size=1, max_size=150))
def test_no_failure_is_left_out_of_the_sum(pauses: list[int]) -> None:
    whiles: list[list[int]] = []
    now = 0
    with closing(sqlite3.connect(":memory:")) as db:
        db.row_factory = sqlite3.Row
        db.execute(SECOND.split(";")[-2])
        for pause in pauses:
            now += pause
            over = [Sum("x", len(whiles[-1]))] if whiles and now >= whiles[-1][0] + SECONDS else []
            if over or not whiles:
                whiles.append([])
            whiles[-1].append(now)
            count = len(whiles[-1])
            wanted = [one for one in over if one.failures > SAID]
            wanted += [Sum("x", count)] if count in (40, 80) else []
            assert count_failure(db, "x", now) == (count <= SAID, tuple(wanted))


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What `act` gives for each number, all of them at the same moment."""
    ready = threading.Barrier(count)

    def wait_and_act(number: int) -> Any:
        ready.wait(timeout=30)
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(wait_and_act, range(count)))


def test_a_link_that_is_pressed_by_several_at_once_lets_one_in(home: House) -> None:
    with home.door.store.change() as db:
        path = link_address("", make_link(db, account_wanted(db, "cora"), home.door.now + 60))
    visitors = [home.visitor() for _ in range(6)]
    for visitor in visitors:
        visitor.go(path)
    answers = at_once(6, lambda number: visitors[number].send(path).status_code)
    assert sorted(answers) == [303, *[410] * 5]
    assert len(home.events("signed_in")) == 1


def test_tries_that_are_made_at_once_are_no_more_than_the_others(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr("web.door.signing_in.is_right", lambda password, kept: looked.append(password) is not None)
    visitors = [come(home, f"198.51.100.{number}") for number in range(12)]
    for visitor in visitors:
        visitor.go("/sign-in")
    at_once(12, lambda number: visitors[number].send("/sign-in", name="cora", password=f"guess {number}"))
    assert len(looked) == home.door.settings.tries
    assert len(home.events("locked_out")) == 1


def request_from(client: str, *forwarded: str) -> Request:
    """A request of a connection from `client`."""
    said = [(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded]
    return Request({"type": "http", "client": (client, 1), "headers": said})


@pytest.mark.parametrize(
    ("client", "forwarded", "origin"),
    [
        ("203.0.113.5", (), "203.0.113.5"),
        ("203.0.113.5", ("198.51.100.1",), "203.0.113.5"),
        ("10.0.0.9", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.9", ("1.1.1.1, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.9", ("1.1.1.1", "198.51.100.1"), "198.51.100.1"),
        ("10.0.0.9", (), "10.0.0.9"),
        ("10.0.0.9", ("",), "10.0.0.9"),
        ("10.0.0.9", ("somewhere",), "unknown"),
        ("::ffff:10.0.0.9", ("198.51.100.1",), "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),
        ("testclient", (), "unknown"),
    ],
)
def test_where_a_request_comes_from_is_not_what_the_visitor_says(
    client: str, forwarded: tuple[str, ...], origin: str
) -> None:
    assert origin_of(request_from(client, *forwarded), ("10.0.0.0/24",)) == origin
