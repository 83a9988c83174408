"""The frame of the pages: headers, errors, files that never change, and no route without a rule."""

import json

import pytest
from starlette.testclient import TestClient

from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.settings import PagesSettings
from web.vendored import FILES, FOLDER, digests


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Somebody who is not signed in, where nothing was washed."""
    outputs = tmp_path_factory.mktemp("none")
    site = make_site(outputs, PagesSettings(), open_entrance(outputs, PagesSettings()))
    return TestClient(make_app(site), base_url="http://127.0.0.1", follow_redirects=False)


def test_the_files_of_the_design_system_are_those_of_their_manifest() -> None:
    manifest = json.loads((FOLDER / "MANIFEST.json").read_text())
    assert manifest["sha256"] == digests()


def test_no_crown_no_typeface_and_no_address_elsewhere_is_in_the_styles() -> None:
    styles = (FOLDER / FILES[0]).read_text()
    assert not [word for word in ("GDS Transport", "@font-face", "/assets/", "crest", "url(http") if word in styles]


def test_who_is_not_signed_in_is_sent_to_sign_in(visitor: TestClient) -> None:
    answer = visitor.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")


@pytest.mark.parametrize("address", ["/help", "/nothing/here", "/accessibility", "/static/0/nothing"])
def test_every_answer_has_the_headers(visitor: TestClient, address: str) -> None:
    headers = visitor.get(address).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"


def test_a_strange_host_is_refused(visitor: TestClient) -> None:
    assert visitor.get("/help", headers={"host": "elsewhere.example"}).status_code == 400
