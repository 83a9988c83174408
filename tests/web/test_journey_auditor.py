"""An auditor with nothing installed verifies a run, washes it again and compares, and looks up who saw a family."""

from collections.abc import Callable

import pytest

from tests.web.browsing import Window, barred, too_wide
from tests.web.places import listed
from tests.web.serving import Served
from tests.web.signing import somebody
from web.door.roles import Role
from web.published import latest


AUDREY = somebody(Role.AUDITOR)
REPLAYED = 180_000
"""Milliseconds: a replay gives way to everybody else."""

Windows = Callable[..., Window]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_a_run_is_verified_and_told_by_the_audit_log(windows: Windows, served: Served, *, javascript: bool) -> None:
    run = latest(served.outputs)
    assert run is not None
    family = listed(served.outputs)["family_id"].iat[0]
    window = windows(served, AUDREY, javascript=javascript)
    page = window.go(f"/family/{family}")
    assert page.inner_text("h1").startswith(f"Family {family}")
    window.press("nav[aria-label=Menu] >> text=Runs")
    window.press(f"main a:has-text('{run.run_id}') >> nth=0")
    assert run.run_id in page.inner_text("main")
    window.go(f"/runs/{run.folder.name}/verify")
    window.press("text=Verify now")
    assert "Sound" in page.inner_text("main")
    assert f"{len(run.manifest.outputs):,} published files" in page.inner_text("main")

    window.press("nav[aria-label=Menu] >> text=Audit log")
    page.fill("#about", family)
    page.select_option("#who", AUDREY.name)
    window.press("main form button:has-text('Look')")
    rows = page.locator("main table tbody tr").all_inner_texts()
    assert rows
    assert all(AUDREY.name in row and family in row for row in rows)


def test_a_replay_is_started_followed_and_equal(windows: Windows, served: Served) -> None:
    run = latest(served.outputs)
    assert run is not None
    window = windows(served, AUDREY)
    page = window.go(f"/runs/{run.folder.name}/replay")
    window.press("text=Start the replay")
    assert page.inner_text("h1").startswith("Replay ")
    assert [*barred(page), *too_wide(page)] == []
    page.wait_for_selector(".govuk-panel__title, .govuk-error-summary__title, .govuk-warning-text", timeout=REPLAYED)
    assert page.inner_text(".govuk-panel__title") == "Equal"
    assert [*barred(page), *too_wide(page)] == []
    assert page.locator("main table >> text=Differs").count() == 0
    assert page.locator("main table >> text=Same").count() > 40
