"""The council's own sign-in, by OpenID Connect: whom it says has come; decides what it must prove to be believed.

The code flow with PKCE: a trip out is kept in the store, comes back once, to the same browser, within some minutes.
Nothing that the provider answers is shown or logged.
"""

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from schemas.errors import DataWashError
from web.door.settings import LOOPBACK, OidcSettings
from web.door.tokens import mark_of, new_token, same


ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512"]
PATIENCE = 10
LEEWAY = 60
MOST_TRIPS = 2000
"""How many trips may be out: past that the oldest is given up, so that nobody fills the store by setting out."""

OUTSIDE = threading.BoundedSemaphore(8)
"""How many may wait for the provider at once: the others are told to try again, and every page still answers."""

CHANGED = "It says that somebody else has this name now. An administrator can let these pages forget who had it."


class OutsideError(DataWashError):
    """The council's sign-in did not answer, or what it said is not to be believed."""


class Provider(NamedTuple):
    """The council's sign-in as these pages know it: the settings, the secret, the address that it leads back to."""

    settings: OidcSettings
    secret: str
    back: str


class Trip(NamedTuple):
    """What is kept while somebody is at the council's sign-in."""

    nonce: str
    verifier: str
    onward: str


class Somebody(NamedTuple):
    """Whom the council's sign-in names: by what never changes there, and by the name that the account here has."""

    subject: str
    name: str


def set_out(db: sqlite3.Connection, trip: Trip, ends: int, now: int) -> tuple[str, str]:
    """Keep a trip; what the provider brings back of it, and what the browser holds meanwhile."""
    state, browser = new_token(), new_token()
    db.execute("DELETE FROM trip WHERE ends <= ?", (now,))
    db.execute(
        "DELETE FROM trip WHERE rowid IN (SELECT rowid FROM trip ORDER BY rowid DESC LIMIT -1 OFFSET ?)",
        (MOST_TRIPS - 1,),
    )
    row = (mark_of(state), mark_of(browser), *trip, ends)
    db.execute("INSERT INTO trip VALUES (?, ?, ?, ?, ?, ?)", row)
    return state, browser


def come_back(db: sqlite3.Connection, state: str, browser: str, now: int) -> Trip:
    """The trip that comes back, which is then over. OutsideError where this browser was on none."""
    row = db.execute("SELECT * FROM trip WHERE mark = ? AND ends > ?", (mark_of(state), now)).fetchone()
    if row is None or not same(row["browser"], mark_of(browser)):
        raise OutsideError("It took too long, or began in another browser.")
    db.execute("DELETE FROM trip WHERE mark = ?", (mark_of(state),))
    return Trip(row["nonce"], row["verifier"], row["onward"])


def new_trip(onward: str) -> Trip:
    """A trip with secrets of its own, which ends at the page `onward`."""
    return Trip(new_token(), new_token(), onward)


def address_out(provider: Provider, trip: Trip, state: str) -> str:
    """Where the browser goes to sign in. OutsideError where the provider does not say."""
    with _session(provider) as session:
        known = _known(session, provider.settings)
        endpoint = _endpoint(known, "authorization_endpoint")
        address, _ = session.create_authorization_url(
            endpoint, state=state, nonce=trip.nonce, code_verifier=trip.verifier
        )
        return str(address)


def who_came(provider: Provider, trip: Trip, code: str) -> Somebody:
    """Whom the provider names for `code`. OutsideError where it does not, or where that is not to be believed."""
    with _session(provider) as session:
        known = _known(session, provider.settings)
        keys = _asked(session, _endpoint(known, "jwks_uri"))
        try:
            sent = session.fetch_token(
                _endpoint(known, "token_endpoint"), code=code, code_verifier=trip.verifier, timeout=PATIENCE
            )
            return _believed(provider.settings, trip, sent, (str(known["issuer"]), keys))
        except (OAuthError, JoseError, OSError, ValueError, KeyError, TypeError) as error:
            raise OutsideError(f"What it said cannot be believed ({type(error).__name__}).") from None


def _believed(settings: OidcSettings, trip: Trip, sent: Mapping[str, Any], by: tuple[str, Any]) -> Somebody:
    issuer, keys = by
    token = jwt.decode(sent["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
    ours = {"iss": issuer, "aud": settings.client_id}
    wanted = {name: {"essential": True, "value": value} for name, value in ours.items()}
    params = {"nonce": trip.nonce, "client_id": settings.client_id, "access_token": sent.get("access_token")}
    claims = CodeIDToken(token.claims, token.header, wanted, params)
    claims.validate(leeway=LEEWAY)
    name = claims.get(settings.claim)
    if not isinstance(name, str) or not name.strip():
        raise OutsideError(f"It does not say {settings.claim}, by which these pages know people.")
    if settings.claim == "email" and claims.get("email_verified") is not True:
        raise OutsideError("It does not vouch for the e-mail address, by which these pages know people.")
    return Somebody(f"{issuer} {claims['sub']}", name.strip())


@contextmanager
def _session(provider: Provider) -> Iterator[Any]:
    """To ask the provider something. OutsideError where enough others wait for it."""
    settings = provider.settings
    if not OUTSIDE.acquire(blocking=False):
        raise OutsideError("Too many are signing in there at once. Try again in a moment.")
    try:
        with OAuth2Session(
            settings.client_id,
            provider.secret,
            scope=settings.scopes,
            redirect_uri=provider.back,
            code_challenge_method="S256",
        ) as session:
            yield session
    finally:
        OUTSIDE.release()


def _known(session: Any, settings: OidcSettings) -> dict[str, Any]:
    known = _asked(session, f"{settings.issuer}/.well-known/openid-configuration")
    if str(known.get("issuer", "")).rstrip("/") != settings.issuer:
        raise OutsideError("It calls itself by another address than pages.toml does.")
    return known


def _asked(session: Any, address: str) -> dict[str, Any]:
    try:
        answer = session.get(address, withhold_token=True, timeout=PATIENCE, allow_redirects=False)
        found = answer.json() if answer.status_code == 200 else None
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise OutsideError("It does not answer. Try again in a while.")
    return found


def _endpoint(known: Mapping[str, Any], name: str) -> str:
    address = str(known.get(name, ""))
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return address
    raise OutsideError(f"It gives no safe {name}.")
