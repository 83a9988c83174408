"""The audit log: every line follows from the one before it, whoever writes at once and whatever a crash left."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.record import audit_log
from pipeline.record.audit_head import head_words, read_head
from pipeline.record.audit_log import (
    AUDIT_LOG,
    BLOCK,
    FIRST,
    MENDED,
    check_audit_log,
    current_user,
    read_ending,
    read_events,
    read_log,
    record_event,
)
from pipeline.record.audit_search import Sought, find_events
from schemas.errors import IntegrityError, LockedError


def three_events(folder) -> None:
    for event in ("wash_started", "wash_published", "list_opened"):
        record_event(folder, event, "abc", rows=3)


def test_each_line_follows_from_the_one_before(tmp_path) -> None:
    assert check_audit_log(tmp_path) == 0
    three_events(tmp_path)
    assert check_audit_log(tmp_path) == 3


@pytest.mark.parametrize("change", ["edit", "drop", "swap"])
def test_a_changed_log_is_named_with_its_line(tmp_path, change) -> None:
    three_events(tmp_path)
    path = tmp_path / AUDIT_LOG
    first, second, third = path.read_bytes().splitlines()
    edited = {"edit": [first.replace(b'"rows": 3', b'"rows": 4'), second, third], "drop": [first, third]}
    path.write_bytes(b"\n".join(edited.get(change, [second, first, third])) + b"\n")
    with pytest.raises(IntegrityError, match="line [123]: it does not follow"):
        check_audit_log(tmp_path)


@pytest.mark.parametrize("garbage", [b"\0\0\0", b"[1]", b"{}", b""])
def test_a_line_that_is_no_event_is_named_and_the_others_can_still_be_read(tmp_path, garbage: bytes) -> None:
    three_events(tmp_path)
    path = tmp_path / AUDIT_LOG
    first, second, third = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([first, garbage, third]) + b"\n")
    record_event(tmp_path, "list_opened", "abc")
    log = read_log(tmp_path)
    assert (log.followed.broken, [one.line for one in find_events(log, Sought())]) == (2, [4, 3, 1])
    with pytest.raises(IntegrityError, match="line 2: it does not follow"):
        list(read_events(tmp_path))


def test_a_user_without_a_name_is_told_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.setattr("os.getuid", lambda: 12345, raising=False)
    assert current_user() == "12345"


def test_a_log_that_is_not_there_has_no_lines_for_whom_something_is_handed_to(tmp_path: Path) -> None:
    head = read_head(tmp_path)
    assert (head.lines, head.digest) == (0, FIRST)
    assert head_words(head) == "Audit log 0:0000000000000000"
    three_events(tmp_path)
    assert read_head(tmp_path).lines == 3


def test_who_did_it_is_who_is_named_and_no_fact_changes_that(tmp_path) -> None:
    record_event(tmp_path, "list_opened", "abc", who="Ola", at="never", before="nothing")
    (event,) = read_events(tmp_path)
    assert (event["who"], event["before"]) == ("Ola", FIRST)
    assert event["at"] != "never"


@pytest.mark.parametrize("kept", [1, 30, -2])
def test_a_line_torn_by_a_crash_stops_no_reader_and_is_cut_off_with_a_record(tmp_path, kept: int) -> None:
    three_events(tmp_path)
    path = tmp_path / AUDIT_LOG
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second + third[:kept])
    assert check_audit_log(tmp_path) == 2
    assert read_log(tmp_path).torn == len(third[:kept])
    record_event(tmp_path, "list_opened", "abc")
    events = list(read_events(tmp_path))
    assert [event["event"] for event in events] == ["wash_started", "wash_published", MENDED, "list_opened"]
    assert events[2]["bytes"] == len(third[:kept])
    assert read_log(tmp_path).torn == 0


def test_a_line_that_lacks_only_its_newline_is_kept(tmp_path) -> None:
    three_events(tmp_path)
    path = tmp_path / AUDIT_LOG
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert check_audit_log(tmp_path) == 3
    record_event(tmp_path, "list_opened", "abc")
    assert check_audit_log(tmp_path) == 4
    assert len(path.read_bytes().splitlines()) == 4


@pytest.mark.parametrize("length", [1, BLOCK - 100, BLOCK, 3 * BLOCK])
def test_lines_of_any_length_are_followed(tmp_path, length: int) -> None:
    for _ in range(3):
        record_event(tmp_path, "packed", "abc", what="x" * length)
    assert check_audit_log(tmp_path) == 3
    with (tmp_path / AUDIT_LOG).open("rb") as file:
        assert read_ending(file).digest == read_log(tmp_path).followed.head


def test_no_more_of_a_long_log_is_read_than_its_end() -> None:
    class Counted(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self.taken += len(data)
            return data

    line = json.dumps({"event": "list_opened", "before": FIRST}).encode() + b"\n"
    file = Counted(line * 100_000)
    read_ending(file)
    assert file.taken == BLOCK


def test_many_processes_write_at_once_and_no_line_is_lost(tmp_path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.record.audit_log import record_event\n"
        "for number in range(25): record_event(Path(sys.argv[1]), 'list_opened', 'abc', who=sys.argv[2], number=number)"
    )
    root = Path(__file__).resolve().parents[3]
    writers = [subprocess.Popen([sys.executable, "-c", code, tmp_path, f"writer {n}"], cwd=root) for n in range(4)]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    events = list(read_events(tmp_path))
    for n in range(4):
        assert [event["number"] for event in events if event["who"] == f"writer {n}"] == list(range(25))


def test_lines_that_were_followed_are_followed_again_only_where_a_byte_changed(tmp_path, monkeypatch) -> None:
    three_events(tmp_path)
    known = read_log(tmp_path).followed
    record_event(tmp_path, "list_opened", "abc")
    whole = read_log(tmp_path)
    taken: list[int] = []
    once = audit_log.follow
    monkeypatch.setattr(audit_log, "follow", lambda lines, before: taken.append(len(lines)) or once(lines, before))
    assert read_log(tmp_path, known) == whole
    path = tmp_path / AUDIT_LOG
    path.write_bytes(path.read_bytes().replace(b"wash_started", b"wash_stopped"))
    assert read_log(tmp_path, known).followed.broken == 2
    assert taken == [1, 4]


def test_the_events_of_one_name_are_read_alone(tmp_path) -> None:
    three_events(tmp_path)
    record_event(tmp_path, "noted", "abc", what='"event": "wash_started"')
    assert [event["event"] for event in read_events(tmp_path, "wash_started")] == ["wash_started"]


def test_a_process_that_does_not_let_go_stops_nobody_for_long(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(audit_log, "PATIENCE", 0.05)
    record_event(tmp_path, "looked", "none")
    before = (tmp_path / AUDIT_LOG).read_bytes()
    with FileLock(tmp_path / f".{AUDIT_LOG}.lock"), pytest.raises(LockedError, match="Look for a datawash that hangs"):
        record_event(tmp_path, "looked", "none")
    with audit_log._one_thread, pytest.raises(LockedError, match="does not let go"):
        record_event(tmp_path, "looked", "none")
    assert (tmp_path / AUDIT_LOG).read_bytes() == before
    record_event(tmp_path, "looked", "none")
    assert check_audit_log(tmp_path) == 2
