"""What the door keeps: accounts, passwords, links, sessions, tries; nothing in it lets anybody in by itself."""

import os
import sqlite3
import stat
import threading
import time
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import SettingsError, StorageError, UsageError
from web.door import passwords
from web.door.accounts import (
    account_called,
    add_account,
    all_accounts,
    checked_name,
    set_locked,
    set_rights,
    tidy_areas,
)
from web.door.links import account_of_link, make_link
from web.door.lockout import Limit, about, count_try, forget_tries
from web.door.roles import Person, Role
from web.door.sessions import LOOKED, How, end_sessions, keep_seen, session_of, start_session
from web.door.settings import PROXY_SECRET, DoorSettings, OidcSettings, ProxySettings, secret_of
from web.door.store import TABLES, VERSION, Store
from web.door.tokens import form_token, mark_of, new_token


CORA = Person("Cora", frozenset({Role.COORDINATOR, Role.REVIEWER}), frozenset({"ZB1"}))
NOW = 1_380_000_000
IDLE = 3600
posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are for POSIX")


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@posix
def test_the_file_and_its_folder_are_for_this_user_alone(store: Store) -> None:
    before = os.umask(0o022)
    try:
        with store.change() as db:
            add_account(db, CORA, NOW)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
    finally:
        os.umask(before)
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    assert {mode for name, mode in modes.items() if not name.endswith(".lock")} == {0o600}
    assert {"door.sqlite", "door.sqlite-wal"} <= set(modes)


def test_a_change_stands_as_a_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(RuntimeError), store.change() as db:
        add_account(db, CORA, NOW)
        raise RuntimeError
    with store.read() as db:
        assert all_accounts(db) == []


def test_a_later_version_s_file_is_not_touched(store: Store) -> None:
    with store.change() as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StorageError, match="later version"), Store(store.path.parents[1]).read():
        pass


def test_an_earlier_version_s_file_is_brought_up_and_lets_in_whom_it_did(store: Store) -> None:
    store.path.parent.mkdir()
    account = ("1", "Cora", "cora", '["coordinator"]', "[]", "a hash", None, 0, NOW, None)
    with closing(sqlite3.connect(store.path)) as db:
        db.executescript(TABLES + "PRAGMA user_version = 1;")
        db.execute("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", account)
        db.execute("INSERT INTO session VALUES (?, 1, 'link', ?)", (mark_of("held"), int(time.time()) + 60))
        db.commit()
    with store.read() as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
        session = session_of(db, "held", int(time.time()), IDLE)
        assert session is not None
        assert (session.account.name, session.account.password) == ("Cora", "a hash")


def test_a_file_that_is_no_store_is_said_to_be_none(store: Store) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"not a database, but long enough to be taken for something" * 20)
    with pytest.raises(StorageError, match="door.sqlite below the outputs cannot be used"), store.read():
        pass


def test_several_at_once_wait_for_each_other(store: Store) -> None:
    def add(number: int) -> None:
        with Store(store.path.parents[1]).change() as db:
            add_account(db, CORA._replace(name=f"person {number}"), NOW)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as db:
        assert len(all_accounts(db)) == 8


def test_an_account_is_found_in_capitals_or_not_and_only_once(store: Store) -> None:
    with store.change() as db:
        account = add_account(db, CORA, NOW)
        assert account.person == CORA
        assert (account.password, account.subject, account.locked, account.seen) == (None, None, False, None)
        assert account_called(db, " CORA ") == account
        with pytest.raises(UsageError, match="already"):
            add_account(db, CORA._replace(name="cORA"), NOW)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\x1b[2Jb", "\u202eevil"])
def test_a_name_that_cannot_be_read_is_none(name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        checked_name(name)


@given(st.text(max_size=100))
def test_a_name_that_is_taken_stays_what_it_is(name: str) -> None:
    try:
        taken = checked_name(name)
    except UsageError:
        return
    assert checked_name(taken) == taken


def test_an_account_has_a_role(store: Store) -> None:
    with store.change() as db, pytest.raises(UsageError, match="at least one role"):
        add_account(db, CORA._replace(roles=frozenset()), NOW)
    with store.change() as db:
        account = add_account(db, CORA, NOW)
        with pytest.raises(UsageError, match="at least one role"):
            set_rights(db, account, [], [])


def test_areas_are_as_somebody_wrote_them() -> None:
    assert tidy_areas(["  Old   Harbour ", "", "ZB1"]) == {"Old Harbour", "ZB1"}


def test_nothing_that_is_kept_lets_anybody_in(store: Store) -> None:
    with store.change() as db:
        account = add_account(db, CORA, NOW)
        link = make_link(db, account, NOW + 10)
        session = start_session(db, account, How.LINK, NOW, NOW + 10)
    with sqlite3.connect(store.path) as db:
        dump = "\n".join(db.iterdump())
    db.close()
    assert mark_of(link) in dump
    assert not [secret for secret in (link, session, form_token(session)) if secret in dump]


def test_a_link_lets_in_until_it_ends_or_another_is_made(store: Store) -> None:
    with store.change() as db:
        account = add_account(db, CORA, NOW)
        first = make_link(db, account, NOW + 10)
        assert account_of_link(db, first, NOW + 9) == account
        assert account_of_link(db, first, NOW + 10) is None
        second = make_link(db, account, NOW + 10)
        assert account_of_link(db, first, NOW) is None
        set_locked(db, account, True)
        assert account_of_link(db, second, NOW) is None


def test_a_session_ends_with_its_time_its_account_and_when_it_is_ended(store: Store) -> None:
    with store.change() as db:
        account = add_account(db, CORA, NOW)
        token = start_session(db, account, How.PASSWORD, NOW, NOW + 10)
        assert session_of(db, token, NOW + 9, IDLE) == (account, How.PASSWORD, False)
        assert session_of(db, token, NOW + 10, IDLE) is None
        assert session_of(db, new_token(), NOW, IDLE) is None
        set_locked(db, account, True)
        assert session_of(db, token, NOW, IDLE) is None
        set_locked(db, account, False)
        end_sessions(db, account)
        assert session_of(db, token, NOW, IDLE) is None


def test_a_session_ends_when_nobody_comes_by_it(store: Store) -> None:
    with store.change() as db:
        token = start_session(db, add_account(db, CORA, NOW), How.PASSWORD, NOW, NOW + 8 * IDLE)
        fresh, still = session_of(db, token, NOW + LOOKED - 1, IDLE), session_of(db, token, NOW + LOOKED, IDLE)
        assert fresh is not None
        assert still is not None
        assert (fresh.due, still.due) == (False, True)
        assert session_of(db, token, NOW + IDLE - 1, IDLE)
        assert session_of(db, token, NOW + IDLE, IDLE) is None
        keep_seen(db, token, NOW + IDLE - 1)
        assert session_of(db, token, NOW + IDLE, IDLE)


def test_the_roles_of_a_session_are_those_of_today(store: Store) -> None:
    with store.change() as db:
        account = add_account(db, CORA, NOW)
        token = start_session(db, account, How.PASSWORD, NOW, NOW + 10)
        set_rights(db, account, [Role.AUDITOR], [])
        session = session_of(db, token, NOW, IDLE)
        assert session is not None
        assert session.account.person == Person("Cora", frozenset({Role.AUDITOR}))


def test_tries_are_counted_run_out_and_come_back(store: Store) -> None:
    limit = Limit(3, 60)
    with store.change() as db:
        assert [count_try(db, "x", limit, NOW) for _ in range(5)] == [2, 1, 0, -1, -1]
        assert count_try(db, "x", limit, NOW + 59) == -1
        assert count_try(db, "x", limit, NOW + 60) == 2
        forget_tries(db, "x")
        assert count_try(db, "x", limit, NOW + 60) == 2


def test_the_last_try_closes_for_the_whole_time(store: Store) -> None:
    limit = Limit(2, 60)
    with store.change() as db:
        assert [count_try(db, "x", limit, at) for at in (NOW, NOW + 50)] == [1, 0]
        assert count_try(db, "x", limit, NOW + 109) == -1
        assert count_try(db, "x", limit, NOW + 110) == 1


def test_tries_for_no_account_tell_no_name() -> None:
    assert "secret" not in about(None, "my secret password typed as a name")
    assert len(about(None, "x")) == len("name ") + 4


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12"),
        ("x" * 257, "at most 256"),
        ("Password2013!", "first that are tried"),
        ("aaaaaaaaaaaaaaa", "first that are tried"),
        ("cora.bloggs.1", "first that are tried"),
    ],
)
def test_a_password_that_should_not_be_chosen(password: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        passwords.check_password(password, "cora.bloggs", 12)


@pytest.mark.parametrize("password", ["harbour lights and gulls", "correct horse", "пароль на каждый день"])
def test_length_is_all_that_is_asked_for(password: str) -> None:
    passwords.check_password(password, "cora", 12)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_a_password_is_known_again_and_no_other_is(password: str, other: str) -> None:
    kept = passwords.hashed(password)
    assert passwords.is_right(password, kept)
    same = unicodedata.normalize("NFKC", password) == unicodedata.normalize("NFKC", other)
    assert passwords.is_right(other, kept) is same


def test_no_password_is_right_where_none_is_kept() -> None:
    assert passwords.is_right("nobody's", None) is False
    assert passwords.is_right("x", "no hash at all") is False
    assert passwords.is_right("x" * 300, passwords.hashed("y")) is False


def test_a_hash_by_weaker_rules_is_made_anew() -> None:
    kept = passwords.hashed("x")
    assert passwords.needs_hashing(kept) is False
    assert passwords.needs_hashing(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash("x")) is True
    assert passwords.needs_hashing(None) is False


@pytest.mark.parametrize("address", ["http://families.council.example", "families.council.example", "ftp://x", "https://"])
def test_others_come_by_https_alone(address: str) -> None:
    with pytest.raises(ValueError, match="https://families.council.example is wanted"):
        DoorSettings(address=address)
    with pytest.raises(ValueError, match="wanted"):
        OidcSettings(issuer=address, client_id="x")


def test_an_address_says_whether_it_is_safe() -> None:
    assert (DoorSettings().host, DoorSettings().secure) == ("", False)
    far, near = DoorSettings(address="https://a.example/families/"), DoorSettings(address="http://localhost:8600")
    assert (far.address, far.host, far.secure) == ("https://a.example/families", "a.example", True)
    assert (near.host, near.secure) == ("localhost", False)


def test_settings_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="no address such as"):
        ProxySettings(peers=("proxy.council.example",))
    with pytest.raises(ValueError, match="client_id"):
        OidcSettings(issuer="https://login.example")


def test_a_secret_is_in_the_environment_or_in_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "proxy.secret"
    file.write_text("f" * 40 + "\n")
    file.chmod(0o600)
    assert secret_of(PROXY_SECRET, Path("proxy.secret"), tmp_path) == "f" * 40
    monkeypatch.setenv(PROXY_SECRET, "e" * 40)
    assert secret_of(PROXY_SECRET, file, tmp_path) == "e" * 40
    monkeypatch.setenv(PROXY_SECRET, "short")
    with pytest.raises(SettingsError, match="fewer than 32"):
        secret_of(PROXY_SECRET, None, tmp_path)


def test_a_secret_that_is_not_there_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROXY_SECRET, raising=False)
    with pytest.raises(SettingsError, match="put it into DATAWASH_PROXY_SECRET"):
        secret_of(PROXY_SECRET, None, tmp_path)
    with pytest.raises(SettingsError, match="cannot be read as a file"):
        secret_of(PROXY_SECRET, Path("none"), tmp_path)


@posix
def test_a_secret_that_others_can_read_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROXY_SECRET, raising=False)
    (tmp_path / "secret").write_text("f" * 40)
    (tmp_path / "secret").chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        secret_of(PROXY_SECRET, Path("secret"), tmp_path)
