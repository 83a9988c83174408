"""A small OpenID provider of a made-up council, in a process of its own: strict, and it lies when told.

    python -m tests.web.provider http://127.0.0.1:8700      serves it on loopback
    provider.next(sub="1", preferred_username="cora")       who signs in next
    provider.next(sub="1", lie="nonce")                     and what is wrong with what it says of them
"""

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.web.serving import free_port


CLIENT, SECRET = "data-wash", "the secret of data-wash at the council"
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


class Provider(NamedTuple):
    """Where a provider answers."""

    issuer: str

    def next(self, **somebody: Any) -> None:
        """Who signs in next, and what is wrong with what it says of them."""
        asked = urllib.request.Request(f"{self.issuer}/next", json.dumps(somebody).encode(), method="POST")
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            assert answer.status == 200


@contextmanager
def providing(host: str = "127.0.0.1") -> Iterator[Provider]:
    """A provider in a process of its own, until the end of the block."""
    port = free_port()
    provider = Provider(f"http://{host}:{port}")
    process = subprocess.Popen([sys.executable, "-m", "tests.web.provider", provider.issuer], cwd=ROOT)
    try:
        _wait(provider, process)
        yield provider
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait(provider: Provider, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None
        assert time.monotonic() < end, "the provider did not answer in time"
        try:
            return provider.next()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)


class Council:
    """What the provider knows while it serves: its keys, who comes next, and the codes that it gave."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.other_key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.somebody: dict[str, Any] = {}
        self.codes: dict[str, dict[str, Any]] = {}

    async def be(self, request: Request) -> Response:
        """Who signs in next."""
        self.somebody = await request.json()
        return JSONResponse({})

    async def lead(self, request: Request) -> Response:
        """A page of another site than ours, with a link to ours."""
        return _link(request.query_params["to"])

    async def tell(self, request: Request) -> Response:
        """What a client must know."""
        lie = self.somebody.get("lie")
        known = {"issuer": "http://127.0.0.1:1" if lie == "issuer" else self.issuer}
        for name in ("authorization", "token"):
            known[f"{name}_endpoint"] = f"{self.issuer}/{name}"
        known["jwks_uri"] = "http://keys.example/jwks" if lie == "unsafe" else f"{self.issuer}/jwks"
        return JSONResponse(known, status_code=500 if lie == "down" else 200)

    async def keys(self, request: Request) -> Response:
        """The key that its tokens are signed by."""
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """Lets in whoever comes next, without a password."""
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        if self.somebody.get("lie") == "refused":
            said = {"error": "access_denied"}
        else:
            said = {"code": secrets.token_urlsafe()}
            self.codes[said["code"]] = {**asked, "somebody": dict(self.somebody)}
        back = f"{asked['redirect_uri']}?{urlencode({**said, 'state': asked['state']})}"
        return _link(back) if self.somebody.get("asks") else RedirectResponse(back)

    async def token(self, request: Request) -> Response:
        """What it says of whom a code was given for: once, to the client that asked, which knows its own verifier."""
        form = await request.form()
        asked = self.codes.pop(str(form["code"]), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form["code_verifier"]).encode()).digest())
        if (
            asked is None
            or request.headers.get("authorization") != f"Basic {known}"
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge.rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        access = secrets.token_urlsafe()
        token = self._said(asked, access)
        return JSONResponse({"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": token})

    def _said(self, asked: dict[str, Any], access: str) -> str:
        lie = asked["somebody"].pop("lie", None)
        now = int(time.time())
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": "http://elsewhere.example" if lie == "iss" else self.issuer,
            "aud": "another client" if lie == "aud" else CLIENT,
            "iat": now,
            "exp": now - 3600 if lie == "exp" else now + 60,
            "nonce": "another" if lie == "nonce" else asked["nonce"],
            "at_hash": "another" if lie == "at_hash" else base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            **asked["somebody"],
        }
        if lie == "sub":
            del claims["sub"]
        if lie == "unsigned":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        if lie == "hmac":
            said = f"{_part({'alg': 'HS256', 'kid': '1'})}.{_part(claims)}"
            mark = hmac.new(self.key.as_pem(private=False), said.encode(), hashlib.sha256).digest()
            return f"{said}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.other_key if lie == "key" else self.key)


def _link(to: str) -> Response:
    return HTMLResponse(f'<a href="{escape(to)}">On</a>')


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def application(issuer: str) -> Starlette:
    """The provider's pages."""
    council = Council(issuer)
    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", council.tell),
            Route("/jwks", council.keys),
            Route("/authorization", council.authorize),
            Route("/token", council.token, methods=["POST"]),
            Route("/away", council.lead),
            Route("/next", council.be, methods=["POST"]),
        ]
    )


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[1].rpartition(":")[2]), log_level="error")
