"""A backup comes back whole or not at all, whoever writes meanwhile; and nothing that lets anybody in is in it."""

import errno
import io
import json
import os
import signal
import sqlite3
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.backup import writing
from pipeline.backup.container import LIST, Packing, is_safe
from pipeline.backup.holdings import REPLAYING, list_holdings
from pipeline.backup.restoring import restore_backup
from pipeline.backup.sealing import encrypting, opening
from pipeline.backup.soundness import check_outputs
from pipeline.backup.writing import write_backup
from pipeline.decisions.answering import Asked, Given, Reviewer, record_answers
from pipeline.decisions.store import read_decisions
from pipeline.keys.encryption import Recipients, own_identities
from pipeline.record.audit_log import read_events, record_event
from pipeline.record.chain import Chain, append_to
from pipeline.record.run import only_wash
from schemas.errors import DataWashError, IntegrityError, LockedError, SettingsError, StorageError, UsageError
from tests.upgrade.kept import FIRST, kept_outputs
from web.door.accounts import account_called, add_account
from web.door.changes import Hand, lock, unlock
from web.door.roles import Person, Role
from web.door.store import Store, forget_comings


STORES = {"pages/door.sqlite": forget_comings}


@pytest.fixture(autouse=True)
def private_process() -> Iterator[None]:
    """Files are for this user alone, as where any command starts."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outputs in use; not to be changed but by its audit log."""
    return kept_outputs(tmp_path_factory.mktemp("full"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Outputs with little in them, and of each kind something."""
    outputs = tmp_path / "outputs"
    outputs.mkdir(mode=0o700)
    record_event(outputs, "wash_started", "0123456789ab")
    answer(outputs, 1)
    with Store(outputs).change() as db:
        add_account(db, Person("jo.bloggs", frozenset({Role.REVIEWER}), frozenset()), 1)
    (outputs / "packs").mkdir()
    (outputs / "packs" / "F0000001.pdf").write_bytes(b"%PDF invented")
    return outputs


def answer(outputs: Path, number: int) -> None:
    asked = Asked(f"R{number}", "pair", f"x:{number}", f"y:{number}", f"h1-{number}", f"h2-{number}")
    by = Reviewer("Ann", date(2013, 10, 2), "run", "model")
    record_answers(outputs, [(asked, Given("match", reason="small_slips"))], by)


def content(outputs: Path) -> dict[str, bytes]:
    """Every file that a backup takes and that does not change while it is made."""
    return {name: (outputs / name).read_bytes() for name in list_holdings(outputs).still}


def beside(outputs: Path) -> list[str]:
    """What stands in the folder of the outputs folder."""
    return sorted(path.name for path in outputs.parent.iterdir())


def test_everything_comes_back_byte_for_byte_and_verifies(full: Path, tmp_path: Path) -> None:
    written = write_backup(full, tmp_path / "b.tar", tidy=STORES)
    restored = restore_backup(tmp_path / "b.tar", tmp_path / "new" / "outputs")
    back = tmp_path / "new" / "outputs"
    assert content(back) == content(full)
    for name in ("decisions.jsonl", "claims/register.jsonl", "releases/releases.jsonl", "claims/2013-14-Q3/claim.json"):
        assert (back / name).read_bytes() == (full / name).read_bytes()
    assert restored.found.amiss == written.contents.amiss == ()
    assert (restored.found.runs, restored.found.archived) == (2, 11)
    assert restored.found.lines["claims/register.jsonl"] == 8
    assert [event["event"] for event in read_events(back)][-2:] == ["backed_up", "restored"]
    if os.name == "posix":
        assert [path for path in (tmp_path / "b.tar", *back.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_a_restored_store_has_the_accounts_and_nothing_that_lets_anybody_in(full: Path, tmp_path: Path) -> None:
    write_backup(full, tmp_path / "b.tar", tidy=STORES)
    restore_backup(tmp_path / "b.tar", tmp_path / "back")
    with Store(tmp_path / "back").read() as db:
        cora, gone = account_called(db, "cora.coordinator"), account_called(db, "gone.leaver")
        counts = "SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM link), (SELECT count(*) FROM trip)"
        comings = list(db.execute(counts).fetchone())
    assert cora is not None
    assert cora.person.areas == {"SP4"}
    assert gone is not None
    assert gone.locked
    assert comings == [0, 0, 0]
    with Store(full).read() as db:
        assert db.execute("SELECT count(*) FROM session").fetchone()[0] == 1


def test_what_lives_for_a_moment_stays_behind(small: Path, tmp_path: Path) -> None:
    for name in ("pages/searches.sqlite", "prefect/prefect.db", "2013-09-30-0123.part/tables/people.parquet",
                 "archive/.half.part", ".opened/ab/extract.csv", f"pages/replays/0001/{REPLAYING}/a.csv",
                 "oidc.key", "pages/door.sqlite-wal"):  # fmt: skip
        (small / name).parent.mkdir(parents=True, exist_ok=True)
        if not (small / name).exists():
            (small / name).write_bytes(b"Zqmoment")
    (small / ".rights.key").write_bytes(b"kept")
    (small / "elsewhere").symlink_to(tmp_path)
    kept = {one.file for one in write_backup(small, tmp_path / "b.tar").contents.files}
    assert kept == {"audit_log.jsonl", "decisions.jsonl", "pages/door.sqlite", "packs/F0000001.pdf", ".rights.key"}
    assert b"Zqmoment" not in (tmp_path / "b.tar").read_bytes()
    assert list_holdings(small).links == ("elsewhere",)


@pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
def test_a_backup_that_was_cut_or_changed_is_refused_and_nothing_is_left(
    small: Path, tmp_path: Path, encrypted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "b.tar"
    write_backup(small, whole, own_key(monkeypatch) if encrypted else None, STORES)
    data, there = whole.read_bytes(), beside(tmp_path / "new")
    step = max(1, len(data) // 24)
    cut = [data[:end] for end in range(0, len(data) - 1, step)]
    flipped = [data[:at] + bytes([data[at] ^ 64]) + data[at + 1 :] for at in range(5, len(data), step)]
    refused = 0
    for number, changed in enumerate([*cut, *flipped]):
        whole.write_bytes(changed)
        try:
            restore_backup(whole, tmp_path / "new")
        except DataWashError:
            refused += 1
            assert beside(tmp_path / "new") == there
        else:
            assert not encrypted
            assert number >= len(cut) or len(changed) > len(data) - 10240, "only the padding at its end may go"
            assert content(tmp_path / "new") == content(small)
            (tmp_path / "new").rename(tmp_path / f"fine{number}")
            there = beside(tmp_path / "new")
    assert refused > 40


def own_key(monkeypatch: pytest.MonkeyPatch) -> Recipients:
    """A key that this process has, as a recipient."""
    pyrage = pytest.importorskip("pyrage")
    identity = pyrage.x25519.Identity.generate()
    monkeypatch.setenv("DATAWASH_ENCRYPTION_KEY", str(identity))
    return Recipients((str(identity.to_public()),))


def test_an_encrypted_backup_shows_nothing_and_opens_with_its_key_alone(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backup(small, tmp_path / "b.tar.age", own_key(monkeypatch))
    data = (tmp_path / "b.tar.age").read_bytes()
    assert not any(word in data for word in (b"jo.bloggs", b"decisions", b"invented", LIST.encode()))
    own_key(monkeypatch)
    with pytest.raises(SettingsError, match="other keys"):
        restore_backup(tmp_path / "b.tar.age", tmp_path / "back")
    monkeypatch.delenv("DATAWASH_ENCRYPTION_KEY")
    monkeypatch.setenv("DATAWASH_KEYS", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="no key here"):
        restore_backup(tmp_path / "b.tar.age", tmp_path / "back")
    assert beside(small) == ["b.tar.age", "outputs"]


def encrypted_by_hand(path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What somebody made with the plain `age` tool, to a key that this process has."""
    pyrage = pytest.importorskip("pyrage")
    keys = [pyrage.x25519.Recipient.from_str(key) for key in own_key(monkeypatch).keys]
    path.write_bytes(pyrage.encrypt(data, keys))
    return path


def test_an_encrypted_backup_with_more_padding_comes_back_and_is_read_to_its_end(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backup(small, tmp_path / "b.tar")
    padded = (tmp_path / "b.tar").read_bytes() + b"\0" * (1 << 20)
    path = encrypted_by_hand(tmp_path / "b.tar.age", padded, monkeypatch)
    restore_backup(path, tmp_path / "back")
    assert content(tmp_path / "back") == content(small)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(IntegrityError, match="changed, cut off or damaged since it was encrypted"):
        restore_backup(path, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_an_encrypted_file_that_is_no_backup_is_refused_for_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crafted = io.BytesIO()
    with tarfile.open(fileobj=crafted, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../out.txt"))
    path = encrypted_by_hand(tmp_path / "b.tar.age", crafted.getvalue() + b"\0" * (1 << 20), monkeypatch)
    with pytest.raises(IntegrityError, match="something else than plain files"):
        restore_backup(path, tmp_path / "back")
    assert beside(tmp_path / "back") == ["b.tar.age"]


@pytest.mark.parametrize("way", ["written", "read"])
def test_whoever_stops_an_encrypted_backup_half_way_leaves_no_thread_at_work(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = encrypted_by_hand(tmp_path / "b.tar.age", b"\0" * (1 << 20), monkeypatch)
    keys, threads = own_identities(), threading.active_count()
    file = io.BytesIO(path.read_bytes())
    stream = encrypting(file, own_key(monkeypatch)) if way == "written" else opening(file, keys)
    with pytest.raises(KeyboardInterrupt), stream:
        raise KeyboardInterrupt
    assert threading.active_count() == threads


@pytest.mark.parametrize("name", ["../out", "/out", "a/../../out", "C:\\out", "a//b", "a\\b", "", ".", "a\nb"])
def test_no_name_in_a_backup_leads_out_of_the_folder(name: str) -> None:
    assert not is_safe(name)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, b"climb"])
def test_a_crafted_backup_puts_nothing_anywhere(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("../out.txt" if kind == b"climb" else "inside")
    member.type, member.linkname = (tarfile.REGTYPE if kind == b"climb" else kind), str(tmp_path)
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.addfile(member, io.BytesIO())
    with pytest.raises(IntegrityError, match="no backup"):
        restore_backup(tmp_path / "b.tar", tmp_path / "place" / "back")
    assert beside(tmp_path / "b.tar") == ["b.tar", "place"]
    assert list((tmp_path / "place").iterdir()) == []


def test_nothing_is_restored_over_what_is_there_nor_a_backup_put_where_it_would_be_lost(
    small: Path, tmp_path: Path
) -> None:
    write_backup(small, tmp_path / "b.tar")
    before = content(small)
    for refused, said in (
        (lambda: restore_backup(tmp_path / "b.tar", small), "is not empty"),
        (lambda: restore_backup(tmp_path / "none.tar", tmp_path / "back"), "There is no backup"),
        (lambda: write_backup(small, tmp_path / "b.tar"), "is there already"),
        (lambda: write_backup(small, small / "b.tar"), "below the outputs folder itself"),
        (lambda: write_backup(small, tmp_path / "gone" / "b.tar"), "There is no folder .*gone"),
        (lambda: write_backup(tmp_path / "none", tmp_path / "c.tar"), "There is no outputs folder"),
    ):
        with pytest.raises(UsageError, match=said):
            refused()
    assert content(small) == before


def test_a_backup_is_restored_to_a_folder_that_is_there_and_empty(small: Path, tmp_path: Path) -> None:
    write_backup(small, tmp_path / "b.tar")
    (tmp_path / "back" / "below").mkdir(parents=True)
    restore_backup(tmp_path / "b.tar", tmp_path / "back")
    assert content(tmp_path / "back") == content(small)
    assert not (tmp_path / "back" / "below").exists()


def test_half_a_backup_that_a_killed_one_left_goes_and_that_of_other_outputs_stays(
    small: Path, tmp_path: Path
) -> None:
    left = writing._part(tmp_path / "b.tar", writing._mark(small))
    other = writing._part(tmp_path / "b.tar", writing._mark(tmp_path / "others"))
    for path in (left, other):
        path.write_bytes(b"half")
    write_backup(small, tmp_path / "b.tar")
    assert beside(small) == sorted(["b.tar", "outputs", other.name])


def test_no_backup_is_made_while_a_wash_is(small: Path, tmp_path: Path) -> None:
    with only_wash(small), pytest.raises(LockedError):
        write_backup(small, tmp_path / "b.tar")
    assert beside(small) == ["outputs"]


@pytest.mark.parametrize("encrypted", [False, True], ids=["clear", "encrypted"])
def test_a_full_disk_leaves_no_half_backup(
    small: Path, tmp_path: Path, encrypted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.RawIOBase):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "encrypting", lambda file, keys: encrypting(Full(), keys))
    with pytest.raises(StorageError, match="No space left"):
        write_backup(small, tmp_path / "b.tar", own_key(monkeypatch) if encrypted else None)
    assert beside(small) == ["outputs"]


def test_what_was_damaged_before_is_backed_up_named_and_named_again(tmp_path: Path) -> None:
    outputs = kept_outputs(tmp_path)
    (outputs / FIRST / "master_list.csv").write_text("changed", encoding="utf-8")
    written = write_backup(outputs, tmp_path / "b.tar")
    assert "  changed: master_list.csv" in written.contents.amiss
    restored = restore_backup(tmp_path / "b.tar", tmp_path / "back")
    assert restored.found.amiss == written.contents.amiss
    assert (tmp_path / "back" / FIRST / "master_list.csv").read_text(encoding="utf-8") == "changed"


def test_backups_made_while_people_work_are_each_of_one_moment(small: Path, tmp_path: Path) -> None:
    """Reviewers decide and an administrator locks and opens an account: what the log says is what the store says."""
    done = threading.Event()
    store = Store(small)
    with store.read() as db:
        number = db.execute("SELECT number FROM account").fetchone()[0]

    def decide() -> None:
        for count in range(2, 10_000):
            if done.is_set():
                return
            answer(small, count)

    def administer() -> None:
        hand = Hand(store, lambda event, **facts: record_event(small, event, "door", **facts), 1)
        while not done.is_set():
            lock(hand, number)
            unlock(hand, number)

    people = [threading.Thread(target=work) for work in (decide, administer)]
    for person in people:
        person.start()
    try:
        for made in range(2):
            write_backup(small, tmp_path / f"{made}.tar", tidy=STORES)
    finally:
        done.set()
        for person in people:
            person.join()
    for made in range(2):
        back = tmp_path / f"back{made}"
        assert restore_backup(tmp_path / f"{made}.tar", back).found.amiss == ()
        events = [event["event"] for event in read_events(back) if event["event"].startswith("account_")]
        with closing(sqlite3.connect(back / "pages" / "door.sqlite")) as db:
            locked = db.execute("SELECT locked FROM account").fetchone()[0]
        assert bool(locked) == (events[-1:] == ["account_locked"])
        assert len(read_decisions(back)) == sum(1 for _ in read_events(back, "decisions_written"))


def test_a_disk_that_gives_back_something_else_is_found_out_and_keeps_no_backup(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bad(io.RawIOBase):
        """A disk that loses a bit."""

        def __init__(self, file: io.BufferedWriter) -> None:
            self.file = file

        def write(self, data: bytes) -> int:
            return self.file.write(bytes(data).replace(b"invented", b"inverted"))

    monkeypatch.setattr(writing, "encrypting", lambda file, keys: encrypting(Bad(file), keys))
    with pytest.raises(IntegrityError, match="not what was written"):
        write_backup(small, tmp_path / "b.tar")
    assert beside(small) == ["outputs"]


@pytest.mark.parametrize("lock", [".decisions.jsonl.lock", ".audit_log.jsonl.lock", "claims/.signing.lock"])
def test_who_does_not_stop_writing_is_not_waited_for_for_ever(
    small: Path, tmp_path: Path, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / "claims").mkdir()
    for place in ("pipeline.record.locks", "pipeline.backup.moment", "pipeline.record.audit_log"):
        monkeypatch.setattr(f"{place}.PATIENCE", 0.05)
    with FileLock(small / lock), pytest.raises(LockedError):
        write_backup(small, tmp_path / "b.tar")
    assert beside(small) == ["outputs"]


def test_two_do_not_restore_to_one_place(small: Path, tmp_path: Path) -> None:
    write_backup(small, tmp_path / "b.tar")
    with FileLock(tmp_path / ".back.restoring.lock"), pytest.raises(LockedError, match="already"):
        restore_backup(tmp_path / "b.tar", tmp_path / "back")
    restore_backup(tmp_path / "b.tar", tmp_path / "back")


LISTED = {"kind": "datawash backup", "form": 1, "made_at": "2013-09-30T00:00:00+00:00", "code_version": "0"} | {
    "files": []
}


@pytest.mark.parametrize(
    ("said", "match"),
    [
        (b"not json", "is not one"),
        (b"[]", "is not one"),
        (json.dumps(LISTED | {"kind": "another"}).encode(), "is not one"),
        (json.dumps(LISTED | {"form": 2}).encode(), "later version"),
        (json.dumps(LISTED | {"files": [{"file": "a", "sha256": "0", "bytes": 1}]}).encode(), "not whole"),
        (None, "not whole"),
    ],
    ids=["text", "list", "another", "later", "missing", "none"],
)
def test_a_list_that_is_none_or_names_what_is_not_there_is_refused(
    tmp_path: Path, said: bytes | None, match: str
) -> None:
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        for data in [said] if said is not None else []:
            member = tarfile.TarInfo(LIST)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    with pytest.raises(IntegrityError, match=match):
        restore_backup(tmp_path / "b.tar", tmp_path / "back")
    assert beside(tmp_path / "b.tar") == ["b.tar"]


def test_a_file_that_becomes_shorter_while_it_is_copied_ends_the_backup() -> None:
    with pytest.raises(IntegrityError, match="became shorter"):
        Packing(io.BytesIO()).add("a.txt", io.BytesIO(b"abc"), 5)


def test_a_chain_that_was_changed_is_named_also_one_of_which_nothing_else_is_known(small: Path, tmp_path: Path) -> None:
    kind = Chain("other.jsonl", "other_written", "other", "Not read.", "first.")
    for number in range(2):
        append_to(small, small / "other.jsonl", kind, lambda entries, number=number: [("said", {"number": number})])
    assert check_outputs(small).lines["other.jsonl"] == 2
    for name in ("decisions.jsonl", "other.jsonl"):
        path = small / name
        path.write_bytes(path.read_bytes().replace(b'"before": "0', b'"before": "1', 1))
    amiss = write_backup(small, tmp_path / "b.tar").contents.amiss
    assert [line.split(",")[0] for line in amiss] == ["decisions.jsonl", "other.jsonl"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("act", ["backup", "restore"])
def test_killed_at_any_moment_nothing_half_stands_and_the_next_one_sweeps(
    small: Path, tmp_path: Path, act: str
) -> None:
    """Kill -9, later each time, until it comes to its end: nothing under a name that is looked for, but whole."""
    whole, kept = tmp_path / "kept.tar", content(small)
    write_backup(small, whole, tidy=STORES)

    def work() -> None:
        if act == "backup":
            write_backup(small, tmp_path / "b.tar", tidy=STORES)
        else:
            restore_backup(whole, tmp_path / "back")

    made = tmp_path / ("b.tar" if act == "backup" else "back")
    moments = 0
    while not made.exists():
        moments += 1
        killed_after(0.0002 * moments**1.8, work)
        assert moments < 60
    assert moments > 3
    if act == "backup":
        restore_backup(made, tmp_path / "back")
    assert content(tmp_path / "back") == kept
    assert set(beside(small)) <= {"b.tar", "back", "kept.tar", "outputs", ".back.restoring.lock"}


def killed_after(seconds: float, work: Callable[[], None]) -> None:
    """Do something in a copy of this process, and kill that after so long."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
