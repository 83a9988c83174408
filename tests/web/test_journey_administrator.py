"""An administrator adds a person by a one-time link: they come in with role and area, until they are locked out."""

from collections.abc import Callable

import pytest

from pipeline.record.audit_log import read_events
from tests.web.browsing import Window
from tests.web.serving import Served
from tests.web.signing import somebody
from web.door.roles import Role


ADAM = somebody(Role.ADMINISTRATOR)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_a_person_is_added_comes_in_once_and_is_locked_out(
    windows: Callable[..., Window], served: Served, *, javascript: bool
) -> None:
    name = f"nora.new.{'scripts' if javascript else 'plain'}"
    window = windows(served, ADAM, javascript=javascript)
    page = window.page
    assert page.inner_text("h1") == "People"
    assert page.locator("nav[aria-label=Menu] a").all_text_contents() == ["People", "Help"]
    window.press("text=Add a person")
    page.fill("#name", name)
    page.check("#role_coordinator")
    page.fill("#areas", "ZB1")
    window.press("text=Add this person")
    if not page.locator("#address").count():
        window.press("text=Make a sign-in link")
    link = page.input_value("#address").removeprefix(served.address)

    new = windows(served, javascript=javascript)
    new.go(link)
    new.press("main button")
    assert new.page.inner_text("h1") == "Families on the list"
    assert f"Signed in as {name}" in new.page.inner_text("header")
    again = windows(served, javascript=javascript)
    answer = again.page.goto(served.address + link)
    assert answer is not None
    assert answer.status == 410
    assert again.page.inner_text("h1") == "This link does not let anybody in"
    again.complaints()

    window.go("/people")
    window.press(f"text={name}")
    window.press("text=Lock this account")
    new.go("/families")
    assert new.page.inner_text("h1") == "Sign in"
    events = [entry["event"] for entry in read_events(served.outputs) if name in entry.values()]
    assert events
