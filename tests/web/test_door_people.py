"""The administrator's pages, and the same by the command line: every change is recorded, and none is of one's own."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.record.audit_log import current_user, read_events, record_event
from schemas.errors import UsageError
from tests.web.doors import House, Visitor, house
from web.door import changes
from web.door.accounts import Account, account_called
from web.door.changes import Hand
from web.door.first import own_link
from web.door.roles import Person, Role
from web.serving import prepared, sign_in_address


@pytest.fixture
def at(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.fixture
def admin(at: House) -> Visitor:
    """An administrator, who has come by a link."""
    return into(at, at.account("adam", Role.ADMINISTRATOR))


def into(at: House, account: Account) -> Visitor:
    """A visitor who has come by a link of `account`."""
    token = changes.give_link(Hand(at.door.store, lambda event, **facts: None, at.door.now), account.number, 1)
    visitor = at.visitor()
    visitor.go(f"/sign-in/link/{token}")
    assert visitor.send(f"/sign-in/link/{token}").status_code == 303
    return visitor


def account(at: House, name: str) -> Account:
    with at.door.store.read() as db:
        found = account_called(db, name)
    assert found is not None
    return found


def test_somebody_is_added_and_comes_in_by_the_link_that_is_shown(at: House, admin: Visitor) -> None:
    admin.go("/people/new")
    form = {"name": "cora", "role_coordinator": "yes", "role_reviewer": "yes", "areas": " Old  Harbour \n\nZB1"}
    shown = admin.send("/people/new", **form)
    (link,) = re.findall(r'value="http://127.0.0.1(/sign-in/link/[^"]+)"', shown.text)
    visitor = at.visitor()
    assert "Sign in as" in visitor.go(link).text
    assert visitor.send(link).status_code == 303
    roles = frozenset({Role.COORDINATOR, Role.REVIEWER})
    assert account(at, "cora").person == Person("cora", roles, frozenset({"Old Harbour", "ZB1"}))
    rights = {"roles": "coordinator, reviewer", "areas": "Old Harbour, ZB1"}
    assert at.events("account_added", "account_link_made") == [
        {"event": "account_added", "who": "adam", "account": "cora", **rights},
        {"event": "account_link_made", "who": "adam", "account": "cora", "hours": 24},
    ]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "cora"}, "at least one role"),
        ({"name": "", "role_auditor": "yes"}, "name has 1 to 100"),
        ({"name": "ADAM", "role_auditor": "yes"}, "There is an account called ADAM already"),
        ({"name": "cora", "role_auditor": "yes", "areas": "x" * 61}, "at most 60"),
    ],
)
def test_what_cannot_be_added_is_asked_for_again(at: House, admin: Visitor, form: dict[str, str], said: str) -> None:
    admin.go("/people/new")
    page = admin.send("/people/new", **form).text
    assert said in page
    assert "<title>Error: Add a person" in page
    assert at.events("account_added") == []


def test_the_list_says_who_may_do_what_and_how_they_sign_in(at: House, admin: Visitor) -> None:
    at.account("cora", password="harbour lights and gulls", areas=frozenset({"ZB1"}))
    page = " ".join(admin.go("/people").text.split())
    rows = [re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row) for row in page.split("<tr")[2:]]
    cells = [[re.sub("<[^>]+>", "", cell).strip() for cell in row] for row in rows]
    assert cells == [
        ["adam", "Administrator", "All", "a link", "24 Sep 2013, 05:20 UTC", "Open"],
        ["cora", "Coordinator", "ZB1", "a password", "Never", "Open"],
    ]
    assert at.events("people_viewed") == [{"event": "people_viewed", "who": "adam", "accounts": 2}]


def test_roles_change_at_once_and_both_the_old_and_the_new_are_recorded(at: House, admin: Visitor) -> None:
    cora = at.account("cora")
    coras = into(at, cora)
    assert coras.go("/people").status_code == 403
    path = f"/people/{cora.number}"
    admin.go(path)
    assert admin.send(path, role_administrator="yes").status_code == 303
    assert coras.go("/people").status_code == 200
    assert at.events("account_changed") == [
        {
            "event": "account_changed", "who": "adam", "account": "cora", "areas": "all", "areas_before": "all",
            "roles": "administrator", "roles_before": "coordinator",
        }
    ]


def test_a_locked_account_is_out_at_once_and_opens_again(at: House, admin: Visitor) -> None:
    cora = at.account("cora")
    coras = into(at, cora)
    path = f"/people/{cora.number}"
    admin.go(path)
    admin.send(f"{path}/lock", lock="yes")
    assert coras.go("/password").status_code == 303
    assert "Nobody signs in by this account." in admin.go(path).text
    admin.send(f"{path}/lock", lock="yes")
    assert account(at, "cora").locked, "pressed twice it stays locked"
    admin.go(path)
    admin.send(f"{path}/lock", lock="no")
    assert not account(at, "cora").locked
    assert coras.go("/password").status_code == 303, "a session that was ended stays ended"
    assert [event["event"] for event in at.events("account_locked", "account_opened")] == [
        *("account_locked", "account_locked", "account_opened"),
    ]


def test_what_may_be_known_to_others_is_forgotten(at: House, admin: Visitor) -> None:
    cora = at.account("cora", password="harbour lights and gulls")
    coras = into(at, cora)
    admin.go(f"/people/{cora.number}")
    assert "/sign-in/link/" in admin.send(f"/people/{cora.number}/reset").text
    assert account(at, "cora").password is None
    assert coras.go("/password").status_code == 303
    assert at.events("account_reset") == [{"event": "account_reset", "who": "adam", "account": "cora"}]


@pytest.mark.parametrize("path", ["", "/link", "/lock", "/reset"])
def test_nobody_changes_their_own_account(at: House, admin: Visitor, path: str) -> None:
    own = f"/people/{account(at, 'adam').number}"
    assert "This is your own account." in admin.go(own).text
    assert admin.send(own + path, role_auditor="yes", lock="yes").status_code == 403
    assert account(at, "adam").person.roles == {Role.ADMINISTRATOR}
    assert not account(at, "adam").locked
    assert at.events("refused")[0]["who"] == "adam"


@pytest.mark.parametrize("number", ["99", "x", "1e3", "9" * 30, "-1", "٣"])
def test_an_account_that_there_is_not_is_not_found(admin: Visitor, number: str) -> None:
    assert admin.go(f"/people/{number}").status_code == 404


def test_a_change_that_cannot_be_recorded_is_none(
    at: House, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **facts: object) -> None:
        raise OSError(28, "No space left on device")

    cora = at.account("cora")
    admin.go(f"/people/{cora.number}")
    monkeypatch.setattr("web.visit.record_event", full)
    page = admin.page
    for path in ("", "/lock", "/reset", "/link"):
        admin.page = page
        assert admin.send(f"/people/{cora.number}{path}", role_auditor="yes", lock="yes").status_code == 503
    assert account(at, "cora") == cora
    with at.door.store.read() as db:
        assert db.execute("SELECT count(*) FROM link WHERE account = ?", (cora.number,)).fetchone()[0] == 0


def test_an_area_that_there_is_not_is_asked_for_again(client: Callable[..., TestClient]) -> None:
    admin = Visitor(client(Role.ADMINISTRATOR))
    known = re.findall(r"govuk-details__text[^>]*>([^<]+)", admin.go("/people/new").text)[0].split(", ")
    form = {"name": "somebody.else", "role_coordinator": "yes"}
    slip = f"{known[0]}{known[0][-1]}{known[0][-1]}"
    said = admin.send("/people/new", **form, areas=slip).text
    assert f"There is no area called {slip}. Did you mean {known[0]}?" in said
    assert "There is no area called Nowhere." in admin.send("/people/new", **form, areas="Nowhere").text
    assert "A sign-in link for" in admin.send("/people/new", **form, areas=f"{known[0]}\nQQ9").text


def test_names_are_shown_as_they_are_written(at: House, admin: Visitor) -> None:
    at.account('<b>"O\'Brien" & {{ 7*7 }}</b>')
    page = admin.go("/people").text
    assert "&lt;b&gt;&#34;O&#39;Brien&#34; &amp; {{ 7*7 }}&lt;/b&gt;" in page


def test_who_starts_the_pages_on_their_own_machine_has_every_role(tmp_path: Path) -> None:
    at = house(tmp_path)
    hand = Hand(at.door.store, partial(record_event, tmp_path, run_id="none"), at.door.now)
    first, again = own_link(at.door, hand), own_link(at.door, hand)
    assert first
    assert again != first
    assert account(at, current_user()).person == Person(current_user(), frozenset(Role))
    changes.lock(hand, 1)
    assert own_link(at.door, hand) is None


def test_pages_that_others_come_to_give_no_link_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "pages.toml").write_text('[door]\naddress = "https://families.council.example"\n')
    served = prepared(tmp_path, None, "0.0.0.0", None)
    assert sign_in_address(served) is None


def test_pages_are_not_open_to_other_machines_without_an_address(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="by which address people come"):
        prepared(tmp_path, None, "0.0.0.0", None)


def test_a_link_of_the_pages_own_is_recorded(tmp_path: Path) -> None:
    address = sign_in_address(prepared(tmp_path, None, None, 8601))
    assert address
    assert address.startswith("http://127.0.0.1:8601/sign-in/link/")
    assert [event["event"] for event in read_events(tmp_path)] == ["account_added", "account_link_made"]
    assert address.rsplit("/", 1)[1] not in (tmp_path / "audit_log.jsonl").read_text()
