"""A real browser over the real pages: everything it asks for and complains of is kept, and axe looks at what it shows.

    window = windows(served, person)        signed in by a one-time link; `javascript=False`, `width=320` may be given
    window.go("/families")                  a page; fails where it answers with an error
    window.page                             Playwright's own page, for the rest
    window.press("text=Undetermined")       a link or button that leads to another page
    window.check()                          axe, and no sideways scroll at 320 pixels

When the test ends, each window must have asked nobody but the served pages, and complained of nothing.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright


ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""No name is looked up: a page that asked for something elsewhere would not get it."""
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
WIDE, NARROW = 1280, 320
PATIENCE = 20_000
NO_BROWSER = "there is no chromium here: install it, or name one in DATAWASH_CHROMIUM"


def chromium() -> str | None:
    """The Chromium to drive: the one that DATAWASH_CHROMIUM names, else the system's; None where there is none."""
    named = os.environ.get("DATAWASH_CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next((found for found in map(shutil.which, names) if found), None)


@contextmanager
def browsing(path: str) -> Iterator[Browser]:
    """A browser of our own, started and ended here."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[ALONE, "--font-render-hinting=none"])
        yield browser
        browser.close()


@dataclass
class Window:
    """One person's window on the pages served at `address`, and what was amiss in it so far."""

    page: Page
    address: str
    amiss: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """The page at `path`, once it is there."""
        answer = self.page.goto(self.address + path, wait_until="load")
        assert answer is not None
        assert answer.ok, f"{path} answers {answer.status}: {self.page.inner_text('main')}"
        return self.page

    def complaints(self) -> list[str]:
        """What was amiss since this was last asked."""
        told, self.amiss[:] = list(self.amiss), []
        return told

    def check(self) -> None:
        """That axe finds nothing that bars somebody, and that nothing is wider than a narrow window."""
        assert barred(self.page) == []
        assert too_wide(self.page) == []

    def press(self, selector: str) -> None:
        """Click what leads to another page, and wait until that is there."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.click(selector)

    def download(self, selector: str) -> bytes:
        """The file that a click on `selector` gives."""
        with self.page.expect_download() as coming:
            self.page.click(selector)
        return coming.value.path().read_bytes()


def open_window(context: BrowserContext, address: str) -> Window:
    """A new window that keeps whatever goes amiss in it."""
    context.set_default_timeout(PATIENCE)
    window = Window(context.new_page(), address)
    context.on("request", lambda request: window.amiss.extend(_elsewhere(request, address)))
    context.on("requestfailed", lambda request: window.amiss.extend(_failed(request)))
    context.on("console", lambda said: window.amiss.extend(_complaint(said)))
    context.on("weberror", lambda error: window.amiss.append(f"an error in a script: {error.error}"))
    return window


def barred(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, and where."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    return [
        f"{page.url}: {rule['id']}, {rule['help']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways in a window of 320 pixels; the window is left as it was."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": NARROW, "height": before["height"]})
    found = page.evaluate(WIDER)
    page.set_viewport_size(before)
    return [f"{page.url} is {found[0]} pixels wide: {found[1]}"] if found else []


WIDER = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return null;
  const outside = [...document.querySelectorAll('body *')].filter(
    (one) => one.getBoundingClientRect().right > root.clientWidth + 1 && !one.closest('.dw-scroll, [tabindex="0"]'));
  return [root.scrollWidth, outside.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
}"""


def _elsewhere(request: Request, address: str) -> list[str]:
    parts = urlsplit(request.url)
    inside = f"{parts.scheme}://{parts.netloc}" == address or parts.scheme in ("data", "blob", "about")
    return [] if inside else [f"asked elsewhere: {request.url}"]


def _failed(request: Request) -> list[str]:
    """A request that a download or the next page ends is no failure."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url}: {request.failure}"]


def _complaint(said: ConsoleMessage) -> list[str]:
    """What the browser says of a page: also each thing that the policy of the page forbids."""
    return [f"{said.type} on {said.location.get('url')}: {said.text}"] if said.type in ("error", "warning") else []
