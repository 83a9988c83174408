"""An analyst looks at what came in, what changed and how records were linked, and saves the run's report."""

import re
from collections.abc import Callable

import pytest

from tests.web.browsing import Window
from tests.web.serving import Served
from tests.web.signing import somebody
from web.door.roles import Role
from web.published import Published, latest


ANA = somebody(Role.ANALYST)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_the_months_extracts_are_looked_through(
    windows: Callable[..., Window], served: Served, *, javascript: bool
) -> None:
    run = latest(served.outputs)
    assert run is not None
    window = windows(served, ANA, javascript=javascript)
    page = window.go("/quality")
    assert page.locator("main svg").count() > 0
    window.press("main a:has-text('Attendance') >> nth=0")
    assert page.inner_text("h1") == "Attendance"
    assert f"{rows_of(run, 'attendance'):,}" in page.inner_text("main dl")
    window.go("/quality/change")
    assert page.locator("main svg").count() > 0
    window.go("/quality/linkage")
    assert page.locator("main svg").count() > 0

    window.go("/quality")
    report = window.download("text=Save the report of this run").decode("utf-8")
    assert "<svg" in report
    assert re.findall(r"(?:src|href)=[\"'](?!#|data:)[^\"']*", report) == []
    assert not [name for name in run.table("people")["surname"].dropna().unique() if f">{name}<" in report]


def rows_of(run: Published, extract: str) -> int:
    """How many rows of an extract were read, by the run's own manifest."""
    return sum(file.rows_read for file in run.manifest.inputs if file.extract == extract)
