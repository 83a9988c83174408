"""The frame of the pages: headers, errors, files that never change, and no route without a rule."""

import json
import re
from html import escape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import web
from schemas.errors import SettingsError
from web.app import BY_TLS, HEADERS, POLICY, make_app, make_site
from web.door.entrance import open_entrance
from web.door.settings import DoorSettings
from web.home import TOPICS, section_of, topic_of
from web.routes import NAVIGATION, ROUTES
from web.settings import PagesSettings, Serve
from web.vendored import FILES, FOLDER, _without_brand, digests


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


@pytest.mark.parametrize("path", ["/help", "/borough/wash/help"])
def test_below_a_path_of_a_proxy_every_address_is_below_it(tmp_path: Path, path: str) -> None:
    settings = PagesSettings(serve=Serve(below="/borough/wash"))
    site = make_site(tmp_path, settings, open_entrance(tmp_path, settings))
    visitor = TestClient(make_app(site), base_url="http://127.0.0.1", follow_redirects=False)
    answer = visitor.get(path)
    addresses = re.findall(r'(?:href|src|action)="([^"#][^"]*)"', answer.text)
    assert addresses
    assert [address for address in addresses if not address.startswith("/borough/wash/")] == []
    assert visitor.get(addresses[0]).status_code == 200


def test_styles_and_scripts_are_kept_for_long_and_sent_packed(visitor: TestClient) -> None:
    page = visitor.get("/help").text
    for address in re.findall(r'"(/static/[^"]+)"', page):
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        plain = visitor.get(address, headers={"accept-encoding": "identity"})
        assert plain.content == answer.content


def test_a_script_finds_the_one_it_imports(visitor: TestClient) -> None:
    start = re.findall(r'src="(/static/[^"]+start\.js)"', visitor.get("/help").text)[0]
    imported = re.findall(r'from "\./([^"]+)"', visitor.get(start).text)
    assert imported == ["govuk/govuk-frontend.min.js"]
    assert visitor.get(f"{start.removesuffix('start.js')}{imported[0]}").status_code == 200


def test_no_page_has_a_style_or_a_script_of_its_own() -> None:
    folder = Path(web.__file__).parent / "templates"
    inside = re.compile(r"""<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=["']|javascript:|https?://""")
    found = {path.relative_to(folder).as_posix(): inside.findall(path.read_text()) for path in folder.rglob("*.html")}
    assert {name: what for name, what in found.items() if what} == {}


def test_every_page_has_a_name_of_its_own_and_is_read_or_sent() -> None:
    names = [page.name for page in ROUTES]
    assert len(names) == len(set(names))
    assert {page.method for page in ROUTES} <= {"GET", "POST"}


@pytest.mark.parametrize("name", TOPICS)
def test_each_help_topic_opens_for_anybody(visitor: TestClient, name: str) -> None:
    answer = visitor.get(f"/help/{name}")
    assert answer.status_code == 200
    assert f"<h1 class=\"govuk-heading-l\">{escape(TOPICS[name].title)}</h1>" in answer.text


def test_each_page_of_the_navigation_is_explained_by_a_topic() -> None:
    pages = {page.name: page for page in ROUTES}
    without = [name for name, _ in NAVIGATION if name in pages and name != "help" and topic_of(pages[name]) is None]
    assert without == []
    assert topic_of(pages["families"]) == ("list", TOPICS["list"].title)


def test_what_only_gov_uk_may_show_is_taken_out_of_the_styles() -> None:
    given = "a{b:c}@font-face{x}p{font-family:GDS Transport,arial,sans-serif}\n/*# sourceMappingURL=z */"
    assert _without_brand(given) == "a{b:c}p{font-family:arial,sans-serif}\n"


def test_where_people_come_by_https_a_browser_is_told_to_stay_there(tmp_path: Path) -> None:
    door = DoorSettings(address="https://families.example")
    settings = PagesSettings(door=door)
    site = make_site(tmp_path, settings, open_entrance(tmp_path, settings))
    visitor = TestClient(make_app(site), base_url="https://families.example", follow_redirects=False)
    assert visitor.get("/help").headers["strict-transport-security"] == "max-age=31536000"


def test_the_navigation_says_where_somebody_is() -> None:
    pages = {page.name: page for page in ROUTES}
    assert section_of(None) == "/"
    assert [section_of(pages[name]) for name in ("family", "person", "families_left", "replay", "run")] == [
        "/families", "/families", "/families", "/runs", "/runs",
    ]  # fmt: skip


def test_the_guide_tells_of_every_header_that_is_sent() -> None:
    guide = (Path(web.__file__).parents[1] / "docs" / "serving.md").read_text(encoding="utf-8")
    assert POLICY in guide
    assert [name for name in HEADERS | BY_TLS if f"`{name}" not in guide.casefold()] == []


@pytest.mark.parametrize("below", ["/families", "/sign-in"])
def test_the_pages_are_not_shown_below_a_path_of_their_own(tmp_path: Path, below: str) -> None:
    settings = PagesSettings(serve=Serve(below=below))
    with pytest.raises(SettingsError, match=f"the pages have a path {below} themselves"):
        make_site(tmp_path, settings, open_entrance(tmp_path, settings))
