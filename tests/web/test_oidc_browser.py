"""The way to the council's own sign-in and back in a real browser, where the two are different sites.

Strict cookies are the trap: what another site leads to does not get them. Only a browser shows that somebody is in.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline.record.audit_log import read_events
from tests.web.provider import CLIENT, SECRET, Provider, providing
from tests.web.serving import Served, serving
from tests.web.signing import account_of, somebody
from web.door.roles import Role
from web.door.store import Store


SETTINGS = """
[oidc]
issuer = "{issuer}"
client_id = "{client}"
secret_file = "oidc.secret"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The council's own sign-in: of another name than the pages, so of another site."""
    with providing("localhost") as found:
        yield found


@pytest.fixture(scope="module")
def pages(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Pages over nothing that use it."""
    outputs: Path = tmp_path_factory.mktemp("oidc")
    (outputs / "pages.toml").write_text(SETTINGS.format(issuer=provider.issuer, client=CLIENT))
    (outputs / "oidc.secret").write_text(SECRET)
    (outputs / "oidc.secret").chmod(0o600)
    with serving(outputs, outputs / "said.txt") as served:
        yield served


def test_who_comes_back_from_another_site_is_in(browser: Browser, pages: Served, provider: Provider) -> None:
    adam = somebody(Role.ADMINISTRATOR)
    account_of(Store(pages.outputs), adam)
    provider.next(sub="1", preferred_username=adam.name, asks=True)
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{pages.address}/people")
    page.click("text=Sign in with your council account")
    page.wait_for_url(f"{provider.issuer}/**")
    page.click("text=On")
    page.wait_for_url(f"{pages.address}/people")
    assert page.inner_text("h1") == "People"
    cookies = {cookie["name"]: cookie["sameSite"] for cookie in page.context.cookies()}
    assert cookies == {"datawash_session": "Strict"}
    page.goto(f"{provider.issuer}/away?to={pages.address}/people")
    page.click("text=On")
    page.wait_for_url(f"{pages.address}/people")
    assert page.inner_text("h1") == "People", "who is in stays in, wherever the link stood"
    events = [event["event"] for event in read_events(pages.outputs)]
    assert events[-3:] == ["signed_in", "people_viewed", "people_viewed"]
    page.context.close()
