"""Forms that somebody made by hand: too large, too slow, in strange letters, with files where none are taken."""

import asyncio
from pathlib import Path

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from tests.web.doors import House, house
from web import forms
from web.door.entrance import VISITOR
from web.door.tokens import form_token
from web.forms import FIELDS_KB, MOST_FIELDS, most_bytes, reading
from web.routes import ROUTES
from web.visit import ANYBODY


FORMS = [page for page in ROUTES if page.method == "POST"]
URLENCODED = "application/x-www-form-urlencoded"


@pytest.fixture
def home(tmp_path: Path) -> House:
    """Pages over nothing."""
    return house(tmp_path)


@pytest.fixture
def nobody(home: House) -> TestClient:
    """Somebody who is not signed in, and made up their own token, as anybody can."""
    client = home.visitor().client
    client.cookies.set(VISITOR, "made up")
    return client


def sign_in(nobody: TestClient, kind: str, content: bytes) -> int:
    """Send a form of one's own making to the page that anybody may send one to; the status."""
    return nobody.post("/sign-in", content=content, headers={"content-type": kind}).status_code


def test_only_the_page_that_takes_a_file_takes_a_large_form() -> None:
    assert [page.path for page in FORMS if page.takes_file] == ["/review/upload"]
    assert not any(page.allowed is ANYBODY for page in FORMS if page.takes_file)
    assert {most_bytes(page, 20) for page in FORMS if not page.takes_file} == {FIELDS_KB << 10}


def test_who_is_not_signed_in_sends_no_large_form(nobody: TestClient, home: House) -> None:
    large = b"csrf=x&name=" + b"a" * (FIELDS_KB << 10)
    assert sign_in(nobody, URLENCODED, large) == 413
    assert sign_in(nobody, "multipart/form-data; boundary=x", b"--x\r\n" + large) == 413
    assert home.events() == []


@pytest.mark.parametrize("length", ["-1", "1e9", "\u00b2", " ", "9" * 13, "9" * 5000, "0x10", "+1"])
def test_a_length_that_is_none_is_not_believed(nobody: TestClient, length: str) -> None:
    said = {"content-type": URLENCODED, "content-length": length.encode("latin-1")}
    assert nobody.post("/sign-in", content=b"csrf=x", headers=said).status_code == 413


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "raw_unicode_escape", "utf-16", "idna", "rot13", "hex"])
def test_letters_of_another_kind_are_not_read(nobody: TestClient, charset: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\\ud800\r\n--x--\r\n'
    assert sign_in(nobody, f"multipart/form-data; boundary=x; charset={charset}", part) == 400


@pytest.mark.parametrize("field", [b"name=a%00b", b"a%00b=c", b"name=%00"])
def test_no_field_holds_what_is_no_letter(nobody: TestClient, field: bytes) -> None:
    assert sign_in(nobody, URLENCODED, b"csrf=" + form_token("made up").encode() + b"&" + field) == 400


def test_a_file_where_none_is_taken_is_refused(nobody: TestClient, home: House) -> None:
    fields = {"csrf": form_token("made up"), "name": "cora", "password": "x"}
    answer = nobody.post("/sign-in", data=fields, files={"file": ("a.xlsx", b"PK")})
    assert answer.status_code == 400
    assert home.events() == []


def test_more_fields_than_any_form_has_are_not_taken(nobody: TestClient) -> None:
    fields = b"&".join(b"a=1" for _ in range(MOST_FIELDS + 1))
    assert sign_in(nobody, URLENCODED, fields) == 400


def test_a_form_that_dribbles_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "PATIENCE", 0.05)
    page = next(page for page in FORMS if page.name == "sign_in_password")

    async def dribbling() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def read() -> None:
        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", URLENCODED.encode())], "app": None}
        async with reading(Request(scope, dribbling), page, 1):
            pass

    with pytest.raises(HTTPException) as told:
        asyncio.run(read())
    assert told.value.status_code == 408


def test_who_goes_away_in_the_middle_of_a_form_is_no_bug() -> None:
    page = next(page for page in FORMS if page.name == "sign_in_password")

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def read() -> None:
        scope = {"type": "http", "method": "POST", "headers": [(b"content-type", URLENCODED.encode())], "app": None}
        async with reading(Request(scope, gone), page, 1):
            pass

    with pytest.raises(HTTPException) as told:
        asyncio.run(read())
    assert told.value.status_code == 400
