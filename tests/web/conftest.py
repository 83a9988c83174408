"""What the tests of the pages share: two washed months, the pages over them, and somebody who is signed in.

    outputs        two months of the sample, a folder of this process's own: only pages and the audit log write into it
    own_outputs    a copy of it, to be changed
    site, app      the pages over `outputs`
    client(role)   a TestClient that is signed in; `areas` and `name` may be given
    served         `datawash serve` over `outputs`
    windows        a real browser's windows: `windows(served, somebody(Role.COORDINATOR)).go("/families")`
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.web.browsing import NO_BROWSER, WIDE, Window, browsing, chromium, open_window
from tests.web.serving import Served, serving
from tests.web.signing import link_into, signed_in, somebody
from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.door.roles import Person, Role
from web.settings import PagesSettings
from web.visit import Site


ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
AUGUST, SEPTEMBER = "2013-08-31", "2013-09-30"
STRUCK_OUT = "mental_health,2013-07-16,2013-08-30,"
"""What Health takes back between the two months: the one local criterion of a listed family, which leaves the list."""


class Months(NamedTuple):
    """The extracts of either month, and where both are washed."""

    august: Path
    september: Path
    outputs: Path


def datawash(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; fails with what it said when it does not end well."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DATAWASH"))}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=environment,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def months(tmp_path_factory: pytest.TempPathFactory) -> Months:
    """The sample washed for two months by the real command, once for all test processes; not to be changed."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    found = Months(SAMPLE, place / "september", place / "washed-months")
    with FileLock(place / "washed-months.lock"):
        if not (place / "washed-months.done").exists():
            _wash(found)
            (place / "washed-months.done").touch()
    return found


def _wash(months: Months) -> None:
    shutil.copytree(SAMPLE, months.september, ignore=shutil.ignore_patterns("truth"))
    local = months.september / "local_indicators.csv"
    rows = local.read_text(encoding="utf-8").splitlines(keepends=True)
    local.write_text("".join(row for row in rows if STRUCK_OUT not in row), encoding="utf-8")
    for extracts, day in ((months.august, AUGUST), (months.september, SEPTEMBER)):
        datawash("wash", extracts, "--as-of", day, "--outputs", months.outputs, "--plain")


@pytest.fixture(scope="session")
def outputs(months: Months, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two months, for every test of this process that does not change a run or a decision."""
    return Path(shutil.copytree(months.outputs, tmp_path_factory.mktemp("pages") / "outputs"))


@pytest.fixture
def own_outputs(months: Months, tmp_path: Path) -> Path:
    """The two months in a folder of the test's own, to be changed."""
    return Path(shutil.copytree(months.outputs, tmp_path / "outputs"))


@pytest.fixture(scope="session")
def site(outputs: Path) -> Site:
    """What every visit to `app` shares."""
    return make_site(outputs, PagesSettings(), open_entrance(outputs, PagesSettings()))


@pytest.fixture(scope="session")
def app(site: Site) -> Starlette:
    """The pages over the two months."""
    return make_app(site)


@pytest.fixture(scope="session")
def client(app: Starlette, site: Site) -> Callable[..., TestClient]:
    """`client(Role.COORDINATOR)`: somebody of that role, signed in. The same role, areas and name are one session."""

    @cache
    def of(*roles: Role, areas: frozenset[str] = frozenset(), name: str | None = None) -> TestClient:
        return signed_in(app, site, somebody(*roles, areas=areas, name=name))

    return of


@pytest.fixture(scope="session")
def served(outputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`datawash serve` over the two months: a process of its own."""
    with serving(outputs, tmp_path_factory.mktemp("served") / "said.txt") as pages:
        yield pages


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser; the test is skipped, and says why, where there is none.

    One for each module: while Playwright runs, no other test of this process could run a loop of its own.
    """
    path = chromium()
    if path is None:
        pytest.skip(NO_BROWSER)
    with browsing(path) as found:
        yield found


@pytest.fixture
def windows(browser: Browser) -> Iterator[Callable[..., Window]]:
    """`windows(served, person)`: a window in which `person` is signed in; at the end none has anything amiss."""
    opened: list[Window] = []

    def window(pages: Served, person: Person | None = None, *, javascript: bool = True, width: int = WIDE) -> Window:
        size = {"width": width, "height": 900}
        context = browser.new_context(java_script_enabled=javascript, viewport=size, locale="en-GB")
        opened.append(open_window(context, pages.address))
        if person is not None:
            opened[-1].go(link_into(pages, person))
            opened[-1].press("main button")
        return opened[-1]

    yield window
    amiss = [line for one in opened for line in one.amiss]
    for one in opened:
        one.page.context.close()
    assert amiss == []
