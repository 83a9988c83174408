"""An audit log that was changed, reordered, cut or written again: each is found, and named differently."""

import hashlib
import json
from pathlib import Path

import pytest

from pipeline.keys.audit_seal import Seal, audit_keys, new_audit_key, seal_of, sealed
from pipeline.record.audit_faults import Kind, check_log, require_sound
from pipeline.record.audit_log import AUDIT_LOG, read_events, read_log, record_event
from pipeline.record.audit_search import Sought, find_events
from schemas.errors import IntegrityError, SettingsError


KEY = new_audit_key()
LINES = 8


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATAWASH_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("DATAWASH_AUDIT_KEY", raising=False)


@pytest.fixture(params=["with a key", "without"])
def sealing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param == "with a key":
        monkeypatch.setenv("DATAWASH_AUDIT_KEY", KEY)
    return request.param == "with a key"


@pytest.fixture
def outputs(tmp_path: Path, sealing: bool) -> Path:
    """Eight events, and a run that saw seven of them."""
    for number in range(LINES):
        record_event(tmp_path, "list_opened", "abc", number=number)
        if number == LINES - 2:
            _publish(tmp_path, "2013-09-30-abc")
    return tmp_path


def _publish(outputs: Path, name: str) -> None:
    followed = read_log(outputs).followed
    (outputs / name).mkdir()
    head = {"lines": followed.lines, "digest": followed.head}
    (outputs / name / "manifest.json").write_text(json.dumps({"audit": head}), encoding="utf-8")


def write(outputs: Path, lines: list[bytes]) -> None:
    (outputs / AUDIT_LOG).write_bytes(b"".join(line + b"\n" for line in lines))


def lines_of(outputs: Path) -> list[bytes]:
    return (outputs / AUDIT_LOG).read_bytes().splitlines()


def kinds(outputs: Path) -> list[Kind]:
    return [fault.kind for fault in check_log(outputs).faults]


def chained(lines: list[bytes]) -> list[bytes]:
    """The same lines, each made to follow from the one before by who has no key."""
    before, again = "0" * 64, []
    for line in lines:
        event = json.loads(line) | {"before": before}
        again.append(json.dumps(event, sort_keys=True).encode())
        before = hashlib.sha256(again[-1]).hexdigest()
    return again


def test_a_whole_log_has_no_fault(outputs: Path, sealing: bool) -> None:
    found = check_log(outputs)
    assert (found.lines, found.faults, found.notes) == (LINES, (), ())
    assert found.sealed == (LINES if sealing else 0)
    assert all("seal" not in one.facts for one in find_events(read_log(outputs), Sought()))
    assert len(list(read_events(outputs))) == LINES


def test_a_cut_tail_is_named_and_by_whom_more_was_seen(outputs: Path) -> None:
    write(outputs, lines_of(outputs)[:4])
    (fault,) = check_log(outputs).faults
    assert (fault.kind, fault.line) == (Kind.CUT, 4)
    assert fault.words == "it was cut off after line 4: the manifest of 2013-09-30-abc saw 7 lines."
    (outputs / AUDIT_LOG).unlink()
    assert kinds(outputs) == [Kind.CUT]


@pytest.mark.parametrize("at", range(LINES - 1))
def test_an_edited_line_is_named(outputs: Path, at: int) -> None:
    lines = lines_of(outputs)
    lines[at] = lines[at].replace(b'"number": ', b'"number": 1')
    write(outputs, lines)
    (fault,) = check_log(outputs).faults
    assert (fault.kind, fault.line) == (Kind.CHANGED, at + 1) or (
        fault.kind is Kind.REWRITTEN and at == LINES - 2
    ), "the line before the last is also the one that the run saw"


def test_an_edited_last_line_is_found_where_lines_are_sealed(outputs: Path, sealing: bool) -> None:
    lines = lines_of(outputs)
    write(outputs, [*lines[:-1], lines[-1].replace(b'"number": 7', b'"number": 8')])
    assert kinds(outputs) == ([Kind.CHANGED] if sealing else []), "nobody has seen the last line yet but its seal"


@pytest.mark.parametrize("at", range(LINES - 1))
def test_a_reordered_pair_is_named(outputs: Path, at: int) -> None:
    lines = lines_of(outputs)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    write(outputs, lines)
    (fault,) = check_log(outputs).faults
    assert (fault.kind, fault.line) == (Kind.REORDERED, at + 1)
    assert f"line {at + 1} belongs after line {at + 2}" in fault.words


@pytest.mark.parametrize("at", range(1, LINES - 2))
@pytest.mark.parametrize("many", [1, 2])
def test_lines_taken_out_are_counted(outputs: Path, at: int, many: int) -> None:
    lines = lines_of(outputs)
    del lines[at : min(at + many, LINES - 2)]
    write(outputs, lines)
    found = [fault for fault in check_log(outputs).faults if fault.kind is Kind.TAKEN_OUT]
    assert [fault.line for fault in found] == [at + 1]
    assert found[0].words.startswith(("1 line was", "2 lines were"))


def test_a_line_put_in_is_named(outputs: Path) -> None:
    lines = lines_of(outputs)
    forged = json.loads(lines[3]) | {"number": 99}
    forged.pop("seal", None)
    write(outputs, [*lines[:3], json.dumps(forged, sort_keys=True).encode(), *lines[3:]])
    assert (Kind.PUT_IN, 4) in [(fault.kind, fault.line) for fault in check_log(outputs).faults]


def test_a_copy_of_a_line_further_down_is_named_with_where_it_belongs(outputs: Path) -> None:
    lines = lines_of(outputs)
    write(outputs, [*lines[:5], lines[2], *lines[5:]])
    found = check_log(outputs).faults
    assert [(fault.kind, fault.line) for fault in found if fault.kind is not Kind.REWRITTEN] == [(Kind.REORDERED, 6)]
    assert found[0].words == "lines stand in another order: line 6 belongs after line 2."


@pytest.mark.parametrize(
    "said",
    [b"\xff", b"[]", b'{"audit": "x"}', b'{"audit": {"lines": 7}}', b'{"audit": {"lines": "x", "digest": 1}}'],
)
def test_a_damaged_manifest_hides_nothing_that_another_saw(outputs: Path, said: bytes) -> None:
    (outputs / "2013-10-31-def").mkdir()
    (outputs / "2013-10-31-def" / "manifest.json").write_bytes(said)
    assert check_log(outputs).faults == ()
    write(outputs, lines_of(outputs)[:4])
    assert kinds(outputs) == [Kind.CUT]


def test_a_log_that_was_written_again_is_found_by_its_seals_or_by_who_saw_it(outputs: Path, sealing: bool) -> None:
    lines = lines_of(outputs)
    lines[2] = lines[2].replace(b'"number": 2', b'"number": 3')
    write(outputs, chained(lines))
    assert read_log(outputs).followed.broken is None
    assert kinds(outputs) == ([Kind.CHANGED] if sealing else [Kind.REWRITTEN])


def test_garbage_is_named(outputs: Path) -> None:
    lines = lines_of(outputs)
    write(outputs, [*lines[:2], b"\0garbage", *lines[3:]])
    assert (check_log(outputs).faults[0].kind, check_log(outputs).faults[0].line) == (Kind.CHANGED, 3)
    with pytest.raises(IntegrityError, match="line 3 was changed: it is no event"):
        require_sound(outputs)


def test_without_anybody_who_saw_it_an_edited_line_and_a_lost_one_are_told_as_either(tmp_path: Path) -> None:
    for number in range(4):
        record_event(tmp_path, "list_opened", "abc", number=number)
    lines = lines_of(tmp_path)
    write(tmp_path, [lines[0], *lines[2:]])
    assert kinds(tmp_path) == [Kind.UNCLEAR]
    assert "does not follow" in check_log(tmp_path).faults[0].words


def test_lines_written_without_the_key_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record_event(tmp_path, "list_opened", "abc")
    monkeypatch.setenv("DATAWASH_AUDIT_KEY", KEY)
    record_event(tmp_path, "list_opened", "abc")
    assert check_log(tmp_path).notes == (), "lines of before there was a key need none"
    monkeypatch.delenv("DATAWASH_AUDIT_KEY")
    record_event(tmp_path, "list_opened", "abc")
    assert check_log(tmp_path).notes == ()
    monkeypatch.setenv("DATAWASH_AUDIT_KEY", KEY)
    assert "1 of the lines of audit_log.jsonl after the first sealed one bear no seal, the first is line 3" in (
        check_log(tmp_path).notes[0]
    )


def test_a_new_key_seals_and_the_one_before_still_proves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATAWASH_AUDIT_KEY", KEY)
    record_event(tmp_path, "list_opened", "abc")
    other = new_audit_key()
    monkeypatch.setenv("DATAWASH_AUDIT_KEY", f"{other}\n{KEY}")
    record_event(tmp_path, "list_opened", "abc")
    assert check_log(tmp_path).sealed == 2
    monkeypatch.setenv("DATAWASH_AUDIT_KEY", other)
    found = check_log(tmp_path)
    assert (found.sealed, found.faults) == (1, ())
    assert "1 lines of audit_log.jsonl are sealed with a key that is not here" in found.notes[0]


def test_a_seal_is_one_of_the_line_and_of_the_key() -> None:
    keys = {b"00000000": b"key"}
    line = b'{"event": "list_opened"}'
    assert seal_of(sealed(line, keys), keys) is Seal.RIGHT
    assert json.loads(sealed(line, keys))["event"] == "list_opened"
    assert seal_of(sealed(line, keys).replace(b"opened", b"closed"), keys) is Seal.WRONG
    assert seal_of(sealed(line, keys), {b"00000000": b"other"}) is Seal.WRONG
    assert seal_of(sealed(line, keys), {b"11111111": b"key"}) is Seal.UNKNOWN
    assert seal_of(line, keys) is Seal.NONE
    assert sealed(line, {}) == line


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "audit.key").write_text(KEY, encoding="utf-8")
    (folder / "audit.key").chmod(0o640)
    with pytest.raises(SettingsError, match="can be read by others"):
        audit_keys()
    (folder / "audit.key").chmod(0o600)
    assert len(audit_keys()) == 1
