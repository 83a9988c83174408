"""Requests that no browser sends, byte by byte to a real server: malformed, doubled, endless, or never finished."""

import http.client
import socket
import ssl
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.doors import house
from tests.web.raw import Wire, answered, make_certificate, wired
from web import patience
from web.patience import ANSWER, FORM, REQUEST
from web.settings import Serve


HELP = b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM_HEAD = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """Pages over nothing, on loopback, that lose patience soon."""
    with pytest.MonkeyPatch.context() as patch, wired(house(tmp_path_factory.mktemp("wire")).app) as found:
        patch.setattr(patience, "LOOK", 0.02)
        patch.setattr(patience, "SECONDS", {REQUEST: 0.25, FORM: 0.25, ANSWER: 0.25})
        yield found


def status(said: bytes) -> int:
    """The status of the first answer; 0 where there is none."""
    return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/1.1 ") else 0


def test_the_server_answers_as_it_should(wire: Wire) -> None:
    said = wire.send(HELP + b"Connection: close\r\n\r\n")
    assert status(said) == 200
    assert b"server:" not in said.lower().partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "head",
    [
        b"GET /help HTTP/1.1\r\n\r\n",
        b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        b"GET /help HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /help HTTP/1.1\r\nHost: 127.0.0.1@evil.example\r\n\r\n",
        b"GET /help HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n",
        b"GET /help HTTP/1.1\r\nHost: 127.0.0.1, evil.example\r\n\r\n",
        b"GET /help HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET /help HTTP/1.0\r\n\r\n",
        b"GET http://evil.example/help HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\r\n folded\r\nBad Header: x\r\n\r\n",
        b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\nX\x00Y: a\r\n\r\n",
        b"GET /he\xfflp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /help\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        FORM_HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        FORM_HEAD + b"Content-Length: -1\r\n\r\n",
        FORM_HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        FORM_HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_request_that_is_none_is_refused_without_a_page(wire: Wire, head: bytes) -> None:
    assert status(wire.send(head)) in (400, 501)


def test_a_body_in_two_ways_is_one_request(wire: Wire) -> None:
    """Where a proxy and the pages would see two requests in other places, one of them could be another's."""
    both = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    said = wire.send(FORM_HEAD + both + HELP + b"\r\n")
    assert status(said) == 400
    assert said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("head", [b"X-A: " + b"a" * 200_000, b"\r\n".join(b"X-%d: a" % at for at in range(20_000))])
def test_headers_have_an_end(wire: Wire, head: bytes) -> None:
    assert status(wire.send(HELP, head, b"\r\n\r\n")) in (0, 400)


def test_an_address_has_an_end(wire: Wire) -> None:
    assert status(wire.send(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")) in (0, 400)


def test_a_header_cannot_be_put_into_an_answer(wire: Wire) -> None:
    for path in (b"/sign-in?next=/a%0d%0aSet-Cookie:%20evil=1", b"/families/%0d%0aSet-Cookie:%20evil=1"):
        said = wire.send(b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert b"evil=1" not in said.partition(b"\r\n\r\n")[0].replace(b"%0D%0ASet-Cookie", b"")


@pytest.mark.parametrize("method", [b"TRACE", b"OPTIONS", b"CONNECT", b"PUT", b"PATCH", b"DELETE", b"PROPFIND", b"get"])
def test_a_method_that_no_page_has_shows_nothing(wire: Wire, method: bytes) -> None:
    said = wire.send(method + b" /help HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: secret=1\r\nConnection: close\r\n\r\n")
    assert status(said) in (400, 405)
    assert b"secret=1" not in said


def test_no_socket_is_opened_instead_of_a_page(wire: Wire) -> None:
    upgrade = b"Connection: upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    assert status(wire.send(HELP + upgrade)) == 200


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /he",
        HELP,
        HELP + b"X-A: a",
        FORM_HEAD + b"Content-Length: 100\r\n\r\ncsrf=",
        FORM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\ncsrf=\r\n",
        HELP + b"\r\n" + HELP,
    ],
    ids=["nothing", "half a line", "half a head", "half a header", "half a form", "chunks", "a second half"],
)
def test_what_is_never_finished_is_cut_off(wire: Wire, begun: bytes) -> None:
    with wire.open() as one:
        one.sendall(begun)
        began = time.monotonic()
        answered(one)
        assert time.monotonic() - began < 5


def test_what_dribbles_is_cut_off(wire: Wire) -> None:
    with wire.open() as one:
        one.sendall(HELP)
        began = time.monotonic()
        with pytest.raises((ConnectionError, BrokenPipeError)):
            while time.monotonic() - began < 5:
                one.sendall(b"X-A: a\r\n")
                time.sleep(0.05)


def test_an_answer_that_nobody_takes_is_given_up(wire: Wire) -> None:
    """Many requests at once, and nothing of their answers is read."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", wire.port))
        one.settimeout(5)
        began = time.monotonic()
        with pytest.raises((ConnectionError, TimeoutError)):
            while time.monotonic() - began < 5:
                one.sendall((HELP + b"\r\n") * 50)
        assert time.monotonic() - began < 5


def test_an_answer_on_a_connection_that_is_kept_does_not_wait(wire: Wire) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", wire.port, timeout=10)
    took = []
    for _ in range(9):
        began = time.monotonic()
        asked.request("GET", "/help")
        assert asked.getresponse().read()
        took.append(time.monotonic() - began)
    asked.close()
    assert min(took[1:]) < 0.03


def test_nothing_of_all_this_is_held_afterwards(wire: Wire) -> None:
    end = time.monotonic() + 5
    while wire.holds() and time.monotonic() < end:
        time.sleep(0.05)
    assert wire.holds() == 0
    assert status(wire.send(HELP + b"Connection: close\r\n\r\n")) == 200


def test_one_address_does_not_take_every_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "NEAR", ())
    monkeypatch.setattr(patience, "AT_ONCE", 3)
    with wired(house(tmp_path).app) as there:
        held = [there.open() for _ in range(3)]
        for one in held:
            one.sendall(b"GET")
        time.sleep(0.1)
        assert status(there.send(HELP + b"\r\n")) == 0
        for one in held:
            one.close()
        time.sleep(0.1)
        assert status(there.send(HELP + b"Connection: close\r\n\r\n")) == 200
    with wired(house(tmp_path).app, proxies=("127.0.0.0/8",)) as there:
        held = [there.open() for _ in range(5)]
        assert status(there.send(HELP + b"Connection: close\r\n\r\n")) == 200
        for one in held:
            one.close()


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """The pages, serving TLS by themselves."""
    place = tmp_path_factory.mktemp("tls")
    serve = Serve(certificate=place / "pages.pem", key=place / "pages.key")
    make_certificate(place / "pages.pem", place / "pages.key")
    with wired(house(place / "outputs").app, serve) as found:
        yield found


def greet(at: Wire, newest: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> tuple[str, str]:
    """The version and the cipher that the pages agree on with somebody who knows nothing newer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = newest
    context.set_ciphers(ciphers)
    with at.open() as plain, context.wrap_socket(plain) as safe:
        cipher = safe.cipher()
        assert cipher is not None
        return str(safe.version()), cipher[0]


def test_tls_is_of_today(tls: Wire) -> None:
    assert greet(tls, ssl.TLSVersion.TLSv1_3)[0] == "TLSv1.3"
    version, cipher = greet(tls, ssl.TLSVersion.TLSv1_2)
    assert version == "TLSv1.2"
    assert cipher.startswith("ECDHE-")
    assert "GCM" in cipher or "CHACHA20" in cipher


@pytest.mark.parametrize("ciphers", ["AES128-SHA:@SECLEVEL=0", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", "AES256-SHA"])
def test_tls_that_can_be_broken_is_not_spoken(tls: Wire, ciphers: str) -> None:
    with pytest.raises(ssl.SSLError):
        greet(tls, ssl.TLSVersion.TLSv1_2, ciphers)


def test_tls_of_long_ago_is_not_spoken(tls: Wire) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        greet(tls, ssl.TLSVersion.TLSv1_1)
