"""Every page in a real browser: for everybody, narrow, without scripts, on paper, and asking nobody else anything."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.web.browsing import WIDE, Window, barred, open_window, too_wide
from tests.web.places import MORE, WRONG, address, pages_to_see
from tests.web.serving import Served
from tests.web.signing import link_into, sign_in_link, somebody
from web.door.roles import Role
from web.door.store import Store


EVERYBODY = somebody(*Role, name="eve.everybody")
PAGES = {page.name: page for page in pages_to_see()}


@pytest.fixture(scope="module")
def seen(browser: Browser, served: Served) -> Iterator[dict[str, Window]]:
    """Two windows of somebody with every role: `scripts`, and `plain` without."""
    size = {"width": WIDE, "height": 900}
    contexts = {
        "scripts": browser.new_context(viewport=size, locale="en-GB"),
        "plain": browser.new_context(viewport=size, locale="en-GB", java_script_enabled=False),
    }
    windows = {name: open_window(context, served.address) for name, context in contexts.items()}
    for window in windows.values():
        window.go(link_into(served, EVERYBODY))
        window.press("main button")
    yield windows
    for context in contexts.values():
        context.close()


@pytest.fixture(params=[*PAGES, *MORE])
def path(request: pytest.FixtureRequest, outputs: Path) -> str:
    """The address of a page."""
    if request.param not in PAGES:
        return str(request.param)
    return address(PAGES[request.param], outputs, sign_in_link(Store(outputs), EVERYBODY).rpartition("/")[2])


def test_nothing_on_a_page_bars_anybody(seen: dict[str, Window], path: str) -> None:
    window, plain = seen["scripts"], seen["plain"]
    window.go(path)
    found = [*barred(window.page), *too_wide(window.page), *window.complaints()]
    plain.go(path)
    found += [*too_wide(plain.page), *plain.complaints()]
    assert found == []
    assert plain.page.inner_text("h1") == window.page.inner_text("h1")


@pytest.mark.parametrize("path", WRONG)
def test_what_is_not_there_is_said_in_a_page_like_the_others(seen: dict[str, Window], path: str) -> None:
    window = seen["scripts"]
    answer = window.page.goto(window.address + path)
    assert answer is not None
    assert answer.status == WRONG[path]
    found = [*barred(window.page), *too_wide(window.page), *window.complaints()]
    assert [line for line in found if "the server responded with a status of 404" not in line] == []


def test_on_paper_a_family_is_whole_without_the_menu(seen: dict[str, Window], outputs: Path) -> None:
    page = seen["scripts"].go(address(PAGES["family"], outputs))
    heads = page.locator("main h1, main h2, main th[scope=col]:not(:has(.govuk-visually-hidden))").all_inner_texts()
    pages = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    printed = " ".join(" ".join(sheet.extract_text() for sheet in pages).split())
    assert [head for head in heads if " ".join(head.split()) not in printed] == []
    assert "Sign out" not in printed
    page.emulate_media(media="print")
    assert not page.is_visible("nav[aria-label=Menu]")
    page.emulate_media(media="screen")


def test_the_first_key_leads_past_the_menu(windows: Callable[..., Window], served: Served) -> None:
    page = windows(served, EVERYBODY).go("/families")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
