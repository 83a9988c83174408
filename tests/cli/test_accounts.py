"""`datawash accounts`: who may sign in, said and changed from the command line, and recorded as its user's doing."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from pipeline.record.audit_log import current_user, read_events
from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.settings import PagesSettings


@pytest.fixture
def accounts(look, tmp_path: Path):
    """Run `datawash accounts` over a folder of its own."""
    (tmp_path / "outputs").mkdir()

    def run(*arguments: str):
        return look("accounts", *arguments, "--outputs", tmp_path / "outputs")

    run.outputs = tmp_path / "outputs"
    return run


def test_an_account_from_the_first_link_to_the_lock(accounts) -> None:
    added = accounts("add", "jo.bloggs", "--role", "coordinator", "--role", "reviewer", "--area", "ZB1")
    assert added.code == 0
    assert "Added: jo.bloggs, coordinator, reviewer, areas ZB1." in added.out
    assert "Lets jo.bloggs in once, within 24 hours:\n  http://127.0.0.1:8600/sign-in/link/" in added.out
    changed = accounts("role", "JO.BLOGGS", "--role", "analyst", "--all-areas")
    assert changed.out == "Now: jo.bloggs, analyst, every area.\n"
    assert accounts("lock", "jo.bloggs").out == "jo.bloggs is locked.\n"
    assert accounts("link", "jo.bloggs").err == "The account jo.bloggs is locked. Open it first.\n"
    assert accounts("lock", "jo.bloggs", "--open").out == "jo.bloggs may sign in again.\n"
    listed = accounts("list").out.splitlines()
    assert listed[0] == "1 account:"
    assert re.split(" {2,}", listed[2].strip()) == ["jo.bloggs", "analyst", "all", "a link", "never"]
    events = list(read_events(accounts.outputs))
    assert {event["who"] for event in events} == {current_user()}
    assert [event["event"] for event in events] == [
        *("account_added", "account_link_made", "account_changed", "account_locked", "account_opened"),
    ]


def test_a_link_made_here_lets_in_there(accounts) -> None:
    settings = '[door]\naddress = "https://families.council.example"\nlink_hours = 2\n'
    (accounts.outputs / "pages.toml").write_text(settings)
    made = accounts("add", "jo", "--role", "auditor", "--json").facts
    assert made["link"].startswith("https://families.council.example/sign-in/link/")
    assert made["hours"] == 2
    site = make_site(accounts.outputs, PagesSettings(), open_entrance(accounts.outputs, PagesSettings()))
    visitor = TestClient(make_app(site), base_url="http://127.0.0.1")
    assert "Sign in as" in visitor.get(urlsplit(made["link"]).path).text


def test_a_new_link_may_forget_how_somebody_signed_in(accounts) -> None:
    accounts("add", "jo", "--role", "auditor")
    assert accounts("link", "jo", "--forget").code == 0
    assert [event["event"] for event in read_events(accounts.outputs)][-2:] == ["account_reset", "account_link_made"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "jo", "--role", "king"), "'king' is not one of 'coordinator'"),
        (("add", "jo"), "Missing option '--role'"),
        (("add", " ", "--role", "auditor"), "name has 1 to 100"),
        (("link", "nobody"), "There is no account called nobody."),
        (("role", "jo"), "Say which --role or which --area"),
        (("role", "jo", "--area", "ZB1", "--all-areas"), "Give --area or --all-areas, not both."),
    ],
)
def test_a_mistake_is_answered_with_what_to_write(accounts, arguments: tuple[str, ...], said: str) -> None:
    ran = accounts(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert not (accounts.outputs / "audit_log.jsonl").exists()


def test_areas_stay_where_only_roles_are_said(accounts) -> None:
    accounts("add", "jo", "--role", "coordinator", "--area", "ZB1")
    assert accounts("role", "jo", "--role", "auditor", "--json").facts["areas"] == ["ZB1"]
    assert accounts("role", "jo", "--area", "ZB2", "--json").facts["roles"] == ["auditor"]


def test_a_folder_that_there_is_not_is_not_made(look, tmp_path: Path) -> None:
    assert look("accounts", "list", "--outputs", tmp_path / "elsewhere").code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_nobody_yet_is_told_how_to_begin(accounts) -> None:
    assert accounts("list").out == "Nobody may sign in yet: datawash accounts add NAME --role ROLE\n"
