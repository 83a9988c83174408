"""Signing in and out at the pages: by a password, a link, a trusted proxy; and what the audit log has of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from schemas.errors import SettingsError
from tests.web.doors import PASSWORD, House, house
from web.door import passwords
from web.door.changes import Hand, give_link, lock
from web.door.entrance import SESSION, open_entrance
from web.door.links import link_address
from web.door.lockout import count_try
from web.door.roles import Role
from web.door.settings import PROXY_SECRET
from web.settings import PagesSettings


SECRET = "of the proxy, and of nobody else at all"
AWAY = "https://families.council.example"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def home(tmp_path: Path) -> House:
    """Pages for this machine alone."""
    return house(tmp_path)


@pytest.fixture
def away(tmp_path: Path) -> House:
    """Pages that people of the council come to by https."""
    return house(tmp_path, {"door": {"address": AWAY}})


def link_for(at: House, name: str) -> str:
    """The path of a new sign-in link."""
    account = at.account(name)
    hand = Hand(at.door.store, lambda event, **facts: None, at.door.now)
    return link_address("", give_link(hand, account.number, 1))


def test_in_by_a_password_and_out_again(home: House) -> None:
    home.account(password=PASSWORD)
    visitor = home.visitor()
    assert visitor.go("/password").headers["location"] == "/sign-in?next=/password"
    answer = visitor.sign_in("CORA", next="/password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert "Signed in as cora" in visitor.go("/password").text
    token = visitor.client.cookies[SESSION]
    assert visitor.send("/sign-out").headers["location"] == "/sign-in?out=1"
    visitor.client.cookies.set(SESSION, token)
    assert visitor.go("/password").status_code == 303, "the session is ended on the server"
    assert home.events() == [
        {"event": "signed_in", "who": "cora", "how": "password"},
        {"event": "signed_out", "who": "cora"},
    ]


@pytest.mark.parametrize(("name", "password"), [("cora", "not the one"), ("nobody", PASSWORD), ("locked", PASSWORD)])
def test_a_refusal_does_not_tell_what_was_wrong(home: House, name: str, password: str) -> None:
    home.account(password=PASSWORD)
    lock(Hand(home.door.store, lambda event, **facts: None, 0), home.account("locked", password=PASSWORD).number)
    answer = home.visitor().sign_in(name, password)
    assert answer.status_code == 200
    assert "The name or the password is not right, or no password is taken just now." in answer.text
    assert password not in answer.text
    assert SESSION not in answer.cookies


def test_what_was_typed_as_a_name_is_not_recorded(home: House) -> None:
    home.visitor().sign_in("my secret password", "cora")
    assert home.events() == [{"event": "sign_in_failed", "who": "nobody", "how": "password"}]
    assert "secret password" not in (home.outputs / "audit_log.jsonl").read_text()


@pytest.mark.parametrize(("name", "password"), [("", PASSWORD), ("cora", ""), ("  ", "")])
def test_an_empty_field_is_said_to_be_empty(home: House, name: str, password: str) -> None:
    assert "Enter your name and your password" in home.visitor().sign_in(name, password).text
    assert home.events() == []


def test_after_five_wrong_tries_none_is_taken_for_a_quarter_of_an_hour(home: House) -> None:
    home.account(password=PASSWORD)
    visitor = home.visitor()
    for _ in range(5):
        visitor.sign_in(password="wrong")
    assert visitor.sign_in().status_code == 200, "the right one, too, is not taken now"
    home.clock.now += 15 * 60 - 1
    assert visitor.sign_in().status_code == 200
    home.clock.now += 1
    assert visitor.sign_in().status_code == 303
    assert home.events("locked_out") == [{"event": "locked_out", "who": "cora", "minutes": 15}]
    assert len(home.events("sign_in_failed")) == 7


def test_tries_for_a_name_that_is_no_account_s_run_out_alike(home: House) -> None:
    said = [home.visitor().sign_in("nobody", "wrong").text for _ in range(6)]
    assert len({re.sub('value="[^"]+"', "", text) for text in said}) == 1
    assert len(home.events("locked_out")) == 1


def test_a_right_password_begins_the_count_anew(home: House) -> None:
    home.account(password=PASSWORD)
    for password in (*["wrong"] * 4, PASSWORD, *["wrong"] * 4, PASSWORD):
        answer = home.visitor().sign_in(password=password)
    assert answer.status_code == 303


def test_a_try_counts_before_the_password_is_looked_at(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def look(password: str, kept: str | None) -> bool:
        with home.door.store.change() as db:
            seen.append(count_try(db, "account 1", home.door.limit, home.door.now))
        return False

    home.account(password=PASSWORD)
    monkeypatch.setattr("web.door.signing_in.is_right", look)
    home.visitor().sign_in()
    assert seen == [3], "four were left when it looked"


def test_a_session_is_new_at_each_sign_in_and_the_one_before_ends(home: House) -> None:
    home.account(password=PASSWORD)
    visitor = home.visitor()
    visitor.client.cookies.set(SESSION, "fixed by somebody else")
    visitor.sign_in()
    first = visitor.client.cookies.get(SESSION, domain="127.0.0.1")
    assert first != "fixed by somebody else"
    visitor.client.cookies.clear()
    visitor.client.cookies.set(SESSION, str(first))
    visitor.go("/sign-in/link/none")
    link = link_for(home, "rev")
    visitor.go(link)
    visitor.send(link)
    again = home.visitor()
    again.client.cookies.set(SESSION, str(first))
    assert again.go("/password").status_code == 303, "the session before is ended"


def test_a_session_lasts_eight_hours_and_no_longer(home: House) -> None:
    home.account(password=PASSWORD)
    visitor = home.visitor()
    visitor.sign_in()
    for _ in range(9):
        home.clock.now += 3000
        assert visitor.go("/password").status_code == 200
    home.clock.now += 8 * 3600 - 9 * 3000 - 1
    assert visitor.go("/password").status_code == 200
    home.clock.now += 1
    assert visitor.go("/password").status_code == 303


def test_who_does_nothing_for_an_hour_is_signed_out(home: House) -> None:
    home.account(password=PASSWORD)
    visitor = home.visitor()
    visitor.sign_in()
    home.clock.now += 3599
    assert visitor.go("/password").status_code == 200
    home.clock.now += 3600
    assert visitor.go("/password").status_code == 303


def test_two_processes_share_sessions_and_a_lock_acts_at_once(home: House) -> None:
    account = home.account(password=PASSWORD)
    visitor = home.visitor()
    visitor.sign_in()
    other = house(home.outputs)
    elsewhere = other.visitor()
    elsewhere.client.cookies = visitor.client.cookies
    assert elsewhere.go("/password").status_code == 200
    lock(Hand(other.door.store, lambda event, **facts: None, 0), account.number)
    assert visitor.go("/password").status_code == 303


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\tb", "javascript:alert(1)", "", "/\n/x"]
)
def test_nobody_is_sent_to_another_site(home: House, path: str) -> None:
    home.account(password=PASSWORD)
    assert home.visitor().sign_in(next=path).headers["location"] == "/"


def test_cookies_of_a_machine_s_own_pages_are_strict_and_not_for_scripts(home: House) -> None:
    home.account(password=PASSWORD)
    said = home.visitor().sign_in().headers.get_list("set-cookie")[0].lower()
    assert said.startswith("datawash_session=")
    assert all(word in said for word in ("httponly", "path=/", "samesite=strict", "max-age=28800"))
    assert "secure" not in said


def test_cookies_of_a_council_s_pages_travel_by_https_alone(away: House) -> None:
    away.account(password=PASSWORD)
    visitor = away.visitor()
    assert visitor.go("/sign-in").headers["set-cookie"].startswith("__Host-datawash_visitor=")
    said = visitor.send("/sign-in", name="cora", password=PASSWORD).headers.get_list("set-cookie")[0]
    assert said.startswith("__Host-datawash_session=")
    assert all(word in said.lower() for word in ("secure", "httponly", "path=/;", "samesite=strict"))
    assert "domain" not in said.lower()


def test_a_sign_in_form_of_another_site_is_not_taken(home: House) -> None:
    home.account(password=PASSWORD)
    mine, theirs = home.visitor(), home.visitor()
    theirs.go("/sign-in")
    mine.page = theirs.page
    assert mine.send("/sign-in", name="cora", password=PASSWORD).status_code == 403
    assert home.visitor().send("/sign-in", name="cora", password=PASSWORD).status_code == 403


def test_a_link_lets_in_once_and_only_when_its_button_is_pressed(home: House) -> None:
    link = link_for(home, "rev")
    scanner, visitor = home.visitor(), home.visitor()
    for _ in range(3):
        assert "Sign in as" in scanner.go(link).text
    visitor.go(link)
    answer = visitor.send(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert home.visitor().go(link).status_code == 410
    scanner.go("/sign-in")
    assert scanner.send(link).status_code == 410
    assert home.events("signed_in", "sign_in_failed") == [
        {"event": "signed_in", "who": "rev", "how": "link"},
        {"event": "sign_in_failed", "who": "nobody", "how": "link"},
    ]


def test_a_link_is_too_old_after_its_hours(home: House) -> None:
    link = link_for(home, "rev")
    home.clock.now += 3600
    assert home.visitor().go(link).status_code == 410


def test_who_comes_by_a_link_is_asked_for_a_password_and_then_needs_no_link(away: House) -> None:
    link, visitor = link_for(away, "rev"), away.visitor()
    visitor.go(link)
    assert visitor.send(link).headers["location"] == "/password"
    visitor.go("/password")
    assert "Choose at least 12 characters" in visitor.send("/password", new="short").text
    before = visitor.client.cookies["__Host-datawash_session"]
    assert "Your password is kept" in visitor.send("/password", new=PASSWORD).text
    assert visitor.client.cookies["__Host-datawash_session"] != before
    assert visitor.go("/password").status_code == 200
    assert away.visitor().sign_in("rev").status_code == 303
    assert away.events("password_set") == [{"event": "password_set", "who": "rev"}]


def test_another_password_wants_the_one_before_and_ends_other_sessions(home: House) -> None:
    home.account(password=PASSWORD)
    here, there = home.visitor(), home.visitor()
    here.sign_in()
    there.sign_in()
    here.go("/password")
    assert "This is not your password" in here.send("/password", old="wrong", new="a new one, and long").text
    assert "Your password is kept" in here.send("/password", old=PASSWORD, new="a new one, and long").text
    assert here.go("/password").status_code == 200
    assert there.go("/password").status_code == 303
    assert home.visitor().sign_in().status_code == 200
    assert home.visitor().sign_in(password="a new one, and long").status_code == 303


def test_the_password_before_is_not_guessed_there_either(home: House) -> None:
    home.account(password=PASSWORD)
    visitor = home.visitor()
    visitor.sign_in()
    visitor.go("/password")
    for _ in range(5):
        visitor.send("/password", old="wrong", new="a new one, and long")
    answer = visitor.send("/password", old=PASSWORD, new="a new one, and long")
    assert "it was tried too often" in answer.text


def test_a_password_manager_knows_the_fields(home: House) -> None:
    home.account(password=PASSWORD)
    visitor = home.visitor()
    fields = re.findall(r'<input[^>]*autocomplete="([^"]+)"', visitor.go("/sign-in").text)
    assert fields == ["username", "current-password"]
    visitor.sign_in()
    fields = re.findall(r'<input[^>]*autocomplete="([^"]+)"', visitor.go("/password").text)
    assert fields == ["username", "current-password", "new-password"]
    assert "onpaste" not in visitor.page


def test_where_there_are_no_passwords_none_is_asked_for_or_taken(tmp_path: Path) -> None:
    at = house(tmp_path, {"door": {"passwords": False}})
    at.account(password=PASSWORD)
    visitor = at.visitor()
    assert 'name="password"' not in visitor.go("/sign-in").text
    assert visitor.send("/sign-in", name="cora", password=PASSWORD).status_code != 303


def test_where_the_audit_log_cannot_be_written_nobody_comes_in(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **facts: object) -> None:
        raise OSError(28, "No space left on device")

    home.account(password=PASSWORD)
    monkeypatch.setattr("web.visit.record_event", full)
    answer = home.visitor().sign_in()
    assert answer.status_code == 503
    assert SESSION not in answer.cookies
    with home.door.store.read() as db:
        assert db.execute("SELECT count(*) FROM session").fetchone()[0] == 0


def test_who_is_signed_in_and_comes_from_another_site_is_led_on_by_a_page_of_ours(home: House) -> None:
    answer = home.visitor().go("/sign-in?next=/password", **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0; url=/sign-in?next=/password">' in answer.text
    home.account(password=PASSWORD)
    visitor = home.visitor()
    visitor.sign_in()
    answer = visitor.go("/sign-in?next=/password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")


@pytest.fixture
def proxied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., House]:
    """Pages behind a proxy that signs people in, as a peer of some address reaches them."""
    monkeypatch.setenv(PROXY_SECRET, SECRET)

    def at(peer: str = "10.0.0.7") -> House:
        found = house(tmp_path, {"proxy": {"peers": ["10.0.0.0/24", "::1"]}})
        return House(found.outputs, _from(found.app, peer), found.door, found.clock)

    return at


def _from(app: Any, peer: str) -> Any:
    """`app` as a peer of that address reaches it."""

    async def reached(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": (peer, 40000)} if scope["type"] == "http" else scope, receive, send)

    return reached


def headers(name: str = "cora", secret: str = SECRET) -> dict[str, str]:
    return {"x-forwarded-user": name, "x-datawash-proxy": secret}


@pytest.mark.parametrize("peer", ["10.0.0.7", "::1", "::ffff:10.0.0.7"])
def test_a_trusted_proxy_says_who_comes(proxied: Callable[..., House], peer: str) -> None:
    at = proxied(peer)
    at.account()
    visitor = at.visitor(**headers("Cora"))
    assert 'content="0; url=/password"' in visitor.go("/sign-in?next=/password").text
    assert "Signed in as cora" in visitor.go("/password").text
    assert at.events() == [{"event": "signed_in", "who": "cora", "how": "proxy"}]


@pytest.mark.parametrize(
    ("peer", "said"),
    [
        ("10.0.1.7", headers()),
        ("testclient", headers()),
        ("10.0.0.7", headers(secret="another secret, as long as the right one")),
        ("10.0.0.7", {"x-forwarded-user": "cora"}),
        ("10.0.0.7", headers(name=" ")),
        ("10.0.0.7", {"x-datawash-proxy": SECRET}),
    ],
)
def test_nobody_else_says_who_comes(proxied: Callable[..., House], peer: str, said: dict[str, str]) -> None:
    at = proxied(peer)
    at.account()
    answer = at.visitor(**said).go("/sign-in")
    assert "<h1 class=\"govuk-heading-l\">Sign in</h1>" in answer.text
    assert SESSION not in answer.cookies


def test_a_name_that_is_said_twice_is_not_believed(proxied: Callable[..., House]) -> None:
    at = proxied()
    at.account()
    at.account("rev")
    twice = [("x-datawash-proxy", SECRET), ("x-forwarded-user", "cora"), ("x-forwarded-user", "rev")]
    answer = at.visitor().client.get("/sign-in", headers=twice)
    assert SESSION not in answer.cookies


def test_a_proxied_session_is_of_whom_the_proxy_still_names(proxied: Callable[..., House]) -> None:
    at = proxied()
    at.account()
    at.account("rev", Role.REVIEWER)
    visitor = at.visitor(**headers())
    visitor.go("/sign-in")
    assert visitor.go("/password").status_code == 200
    assert visitor.go("/password", **{"x-forwarded-user": "rev"}).status_code == 303
    visitor.client.headers.pop("x-datawash-proxy")
    assert visitor.go("/password").status_code == 303


def test_who_has_no_account_here_is_told_and_recorded(proxied: Callable[..., House]) -> None:
    at = proxied()
    answer = at.visitor(**headers("stranger")).go("/sign-in")
    assert answer.status_code == 403
    assert "These pages have no open account called stranger." in answer.text
    assert at.events() == [{"event": "sign_in_failed", "who": "stranger", "how": "proxy"}]


def test_who_signs_out_is_not_in_again_at_once(proxied: Callable[..., House]) -> None:
    at = proxied()
    at.account()
    visitor = at.visitor(**headers())
    visitor.go("/sign-in")
    visitor.go("/password")
    answer = visitor.go(visitor.send("/sign-out").headers["location"])
    assert "You are signed out." in answer.text
    assert "Sign in again" in answer.text
    assert visitor.go("/password").status_code == 303


def test_a_proxy_without_a_secret_is_a_mistake_in_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PROXY_SECRET, raising=False)
    with pytest.raises(SettingsError, match=PROXY_SECRET):
        open_entrance(tmp_path, PagesSettings.model_validate({"proxy": {"peers": ["10.0.0.7"]}}))
