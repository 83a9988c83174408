"""Signing in with the council's own account: against a provider in a process of its own, honest and not."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.web.doors import House, Visitor, house
from tests.web.provider import CLIENT, SECRET, Provider, providing
from web.door import oidc
from web.door.changes import Hand, lock, reset
from web.door.entrance import SESSION, TRIP
from web.door.oidc import come_back, new_trip, set_out
from web.door.roles import Role
from web.door.settings import OIDC_SECRET


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The council's own sign-in."""
    with providing() as found:
        yield found


@pytest.fixture
def at(tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> House:
    """Pages that use it."""
    monkeypatch.setenv(OIDC_SECRET, SECRET)
    return house(tmp_path, {"oidc": {"issuer": provider.issuer, "client_id": CLIENT}})


def there(visitor: Visitor, path: str = "/sign-in/oidc") -> str:
    """Out to the provider and as far as it leads; the path that it leads back to."""
    answer = visitor.go(path)
    assert answer.status_code == 303
    away = httpx.get(answer.headers["location"])
    back = urlsplit(away.headers["location"])
    return f"{back.path}?{back.query}"


def come(at: House, provider: Provider, visitor: Visitor | None = None, **somebody: Any) -> Any:
    """Somebody signs in there and comes back; the answer."""
    provider.next(**{"sub": "1", "preferred_username": "cora"} | somebody)
    visitor = visitor or at.visitor()
    return visitor.go(there(visitor), **{"sec-fetch-site": "cross-site"})


def test_who_signs_in_there_is_signed_in_here(at: House, provider: Provider) -> None:
    at.account()
    visitor = at.visitor()
    assert f'href="{"/sign-in/oidc?next=%2Fpassword"}"' in visitor.go("/sign-in?next=/password").text
    provider.next(sub="1", preferred_username="Cora")
    answer = visitor.go(there(visitor, "/sign-in/oidc?next=/password"), **{"sec-fetch-site": "cross-site"})
    assert '<meta http-equiv="refresh" content="0; url=/password">' in answer.text
    assert TRIP not in visitor.client.cookies
    assert "Signed in as cora" in visitor.go("/password").text
    assert at.events() == [{"event": "signed_in", "who": "cora", "how": "oidc"}]


def test_the_cookie_of_the_trip_comes_back_from_there_and_no_other_does(at: House, provider: Provider) -> None:
    said = at.visitor().go("/sign-in/oidc").headers["set-cookie"].lower()
    assert said.startswith("datawash_trip=")
    assert all(word in said for word in ("httponly", "samesite=lax", "max-age=600"))
    at.account()
    assert "samesite=strict" in come(at, provider).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        *((claim, "InvalidClaimError") for claim in ("iss", "aud", "nonce", "at_hash")),
        ("exp", "ExpiredTokenError"),
        ("sub", "MissingClaimError"),
        ("key", "BadSignatureError"),
        ("unsigned", "UnsupportedAlgorithmError"),
        ("hmac", "UnsupportedAlgorithmError"),
        ("refused", "It did not let you in."),
    ],
)
def test_what_is_not_to_be_believed_lets_nobody_in(at: House, provider: Provider, lie: str, why: str) -> None:
    at.account()
    answer = come(at, provider, lie=lie)
    assert answer.status_code == 403
    assert "You are not signed in" in answer.text
    assert why in answer.text
    assert SESSION not in answer.cookies
    assert at.events() == [{"event": "sign_in_failed", "who": "nobody", "how": "oidc"}]


@pytest.mark.parametrize(
    ("lie", "said"), [("issuer", "by another address"), ("unsafe", "no safe jwks_uri"), ("down", "does not answer")]
)
def test_a_provider_that_is_not_what_it_was_is_told_of(at: House, provider: Provider, lie: str, said: str) -> None:
    at.account()
    provider.next(sub="1", preferred_username="cora")
    visitor = at.visitor()
    back = there(visitor)
    provider.next(lie=lie)
    assert said in visitor.go(back).text
    if lie != "unsafe":
        assert said in at.visitor().go("/sign-in/oidc").text


def test_a_provider_that_is_not_there_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OIDC_SECRET, SECRET)
    at = house(tmp_path, {"oidc": {"issuer": "http://127.0.0.1:9", "client_id": CLIENT}})
    assert "does not answer" in at.visitor().go("/sign-in/oidc").text


def test_a_trip_comes_back_once_to_the_same_browser_and_in_time(at: House, provider: Provider) -> None:
    at.account()
    provider.next(sub="1", preferred_username="cora")
    visitor, other = at.visitor(), at.visitor()
    back = there(visitor)
    there(other)
    assert "began in another browser" in other.go(back).text
    assert "began in another browser" in at.visitor().go(back).text
    trip = visitor.client.cookies[TRIP]
    assert visitor.go(back).status_code == 200
    visitor.client.cookies.clear()
    visitor.client.cookies.set(TRIP, trip)
    assert "began in another browser" in visitor.go(back).text, "it is over"
    late = at.visitor()
    back = there(late)
    at.clock.now += 601
    assert "It took too long" in late.go(back).text


def test_a_state_that_nobody_set_out_with_comes_to_nothing(at: House) -> None:
    assert at.visitor().go("/sign-in/oidc/back").status_code == 403
    assert at.visitor().go("/sign-in/oidc/back?state=x&code=y").status_code == 403


def test_setting_out_again_and_again_fills_nothing(at: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "MOST_TRIPS", 3)
    for _ in range(5):
        with at.door.store.change() as db:
            state, browser = set_out(db, new_trip("/"), at.door.now + 600, at.door.now)
    with at.door.store.change() as db:
        assert db.execute("SELECT count(*) FROM trip").fetchone()[0] == 3
        assert come_back(db, state, browser, at.door.now)


def test_where_enough_wait_for_the_provider_the_pages_still_answer(at: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "OUTSIDE", threading.BoundedSemaphore(1))
    with oidc.OUTSIDE:
        assert "Too many are signing in there at once" in at.visitor().go("/sign-in/oidc").text
    assert at.visitor().go("/sign-in/oidc").status_code == 303


def test_what_goes_there_tells_no_secret(at: House) -> None:
    address = at.visitor().go("/sign-in/oidc").headers["location"]
    asked = parse_qs(urlsplit(address).query)
    assert set(asked) == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert asked["redirect_uri"] == ["http://127.0.0.1/sign-in/oidc/back"]
    assert SECRET not in address


def test_who_has_no_account_here_does_not_come_in(at: House, provider: Provider) -> None:
    answer = come(at, provider, preferred_username="stranger")
    assert "no open account called stranger" in answer.text
    assert at.events() == [{"event": "sign_in_failed", "who": "stranger", "how": "oidc"}]


def test_a_locked_account_does_not_come_in(at: House, provider: Provider) -> None:
    lock(Hand(at.door.store, lambda event, **facts: None, 0), at.account().number)
    assert come(at, provider).status_code == 403


def test_somebody_who_is_given_a_name_that_another_had_does_not_get_the_account(at: House, provider: Provider) -> None:
    cora = at.account()
    assert come(at, provider, sub="1").status_code == 200
    assert "somebody else has this name now" in come(at, provider, sub="2").text
    assert come(at, provider, sub="1", preferred_username="cora.married").status_code == 200, "the same person as ever"
    reset(Hand(at.door.store, lambda event, **facts: None, 0), cora.number)
    assert come(at, provider, sub="2").status_code == 200


def test_another_claim_may_be_the_name(tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OIDC_SECRET, SECRET)
    at = house(tmp_path, {"oidc": {"issuer": provider.issuer, "client_id": CLIENT, "claim": "email"}})
    at.account("cora@council.example", Role.ANALYST)
    assert "does not say email" in come(at, provider).text
    assert "does not vouch" in come(at, provider, email="cora@council.example").text
    assert come(at, provider, email="cora@council.example", email_verified=True).status_code == 200


def test_a_wrong_secret_is_refused_there(tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OIDC_SECRET, "x" * 40)
    at = house(tmp_path, {"oidc": {"issuer": provider.issuer, "client_id": CLIENT}})
    at.account()
    assert "cannot be believed (OAuthError)" in come(at, provider).text


def test_pages_that_do_not_use_it_have_no_such_page(tmp_path: Path) -> None:
    at = house(tmp_path)
    assert at.visitor().go("/sign-in/oidc").status_code == 404
    assert "/sign-in/oidc" not in at.visitor().go("/sign-in").text
