"""The register of claims: what was written stays, is found changed or cut, and survives two writers and a kill."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.claims.register import (
    CLAIMED,
    CORRECTED,
    MENDED,
    PREPARED,
    append_events,
    check_register,
    claims_digest,
    read_register,
    register_path,
    standing_claims,
)
from schemas.errors import IntegrityError


WRITER = """
import sys
from pathlib import Path
from pipeline.claims.register import append_events
for number in range({times}):
    said = {{"writer": {name!r}, "number": number, "padding": "x" * {padding}}}
    append_events(Path({outputs!r}), [("prepared", said)] * {batch})
"""


def _writer(outputs: Path, name: str, times: int, *, padding: int = 0, batch: int = 1) -> subprocess.Popen:
    script = WRITER.format(outputs=str(outputs), name=name, times=times, padding=padding, batch=batch)
    return subprocess.Popen([sys.executable, "-c", script])


def _claim(number: int, **changed: object) -> tuple[str, dict]:
    return CLAIMED, {"claim_id": f"X{number}", "family_ref": f"C{number}", "amount": 700, "route": "a", **changed}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """The outputs folder of a register with three claims."""
    for number in range(3):
        append_events(tmp_path, [_claim(number)])
    return tmp_path


def test_each_line_follows_from_the_one_before(three: Path) -> None:
    assert [entry["claim_id"] for entry in read_register(three)] == ["X0", "X1", "X2"]
    assert check_register(three) == 3


def test_no_register_is_an_empty_one(tmp_path: Path) -> None:
    assert read_register(tmp_path) == ()
    assert check_register(tmp_path) == 0


@pytest.mark.parametrize(("line", "named"), [(0, "line 2"), (1, "line 3"), (2, "line 3")])
def test_a_changed_line_is_found(three: Path, line: int, named: str) -> None:
    """A change is told by the line after it; in the last line, by the audit log."""
    lines = register_path(three).read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b"700", b"800")
    register_path(three).write_bytes(b"".join(lines))
    with pytest.raises(IntegrityError, match=named):
        check_register(three)


@pytest.mark.parametrize("left", [0, 1, 2])
def test_lines_cut_off_its_end_are_missed(three: Path, left: int) -> None:
    lines = register_path(three).read_bytes().splitlines(keepends=True)
    register_path(three).write_bytes(b"".join(lines[:left]))
    with pytest.raises(IntegrityError, match="changed or cut off"):
        check_register(three)


def test_a_register_that_is_gone_is_missed(three: Path) -> None:
    register_path(three).unlink()
    with pytest.raises(IntegrityError, match="line 1"):
        check_register(three)


def test_a_line_taken_out_of_the_middle_is_found_before_anything_is_added(three: Path) -> None:
    lines = register_path(three).read_bytes().splitlines(keepends=True)
    register_path(three).write_bytes(lines[0] + lines[2])
    with pytest.raises(IntegrityError, match="line 2"):
        append_events(three, [_claim(4)])


def test_a_write_cut_anywhere_leaves_what_was_there_and_can_go_on(tmp_path: Path) -> None:
    append_events(tmp_path, [_claim(0)])
    path = register_path(tmp_path)
    whole, log = path.read_bytes(), (tmp_path / "audit_log.jsonl").read_bytes()
    append_events(tmp_path, [_claim(1)])
    grown = path.read_bytes()
    for end in range(len(whole) + 1, len(grown) - 1):
        path.write_bytes(grown[:end])
        (tmp_path / "audit_log.jsonl").write_bytes(log)
        assert [entry["claim_id"] for entry in read_register(tmp_path)] == ["X0"]
        if end % 40 == 0:
            append_events(tmp_path, [_claim(2)])
            assert [entry["event"] for entry in read_register(tmp_path)] == [CLAIMED, MENDED, CLAIMED]
            assert check_register(tmp_path) == 3


def test_a_last_line_that_lacks_only_its_end_counts(tmp_path: Path) -> None:
    append_events(tmp_path, [_claim(0)])
    path = register_path(tmp_path)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert check_register(tmp_path) == 1
    append_events(tmp_path, [_claim(1)])
    assert check_register(tmp_path) == 2


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    writers = [_writer(tmp_path, name, times=20) for name in ("one", "two")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    entries = read_register(tmp_path)
    assert check_register(tmp_path) == len(entries) == 40
    for name in ("one", "two"):
        assert [entry["number"] for entry in entries if entry["writer"] == name] == list(range(20))


def test_a_killed_writer_leaves_whole_lines_and_the_next_goes_on(tmp_path: Path) -> None:
    writer = _writer(tmp_path, "killed", times=1000, padding=20_000, batch=50)
    while not register_path(tmp_path).exists() or not register_path(tmp_path).stat().st_size:
        time.sleep(0.01)
    writer.send_signal(signal.SIGKILL)
    writer.wait(timeout=60)
    before = len(read_register(tmp_path))
    append_events(tmp_path, [_claim(0)])
    assert read_register(tmp_path)[-1]["claim_id"] == "X0"
    assert check_register(tmp_path) in (before + 1, before + 2)


def test_corrections_change_what_stands(tmp_path: Path) -> None:
    append_events(tmp_path, [_claim(0), _claim(1), _claim(2)])
    append_events(tmp_path, [(CORRECTED, {"claim_id": "X0", "withdrawn": True, "amount": None}),
                             (CORRECTED, {"claim_id": "X1", "withdrawn": False, "amount": 600})])
    standing = {claim["claim_id"]: claim["amount"] for claim in standing_claims(read_register(tmp_path))}
    assert standing == {"X1": 600, "X2": 700}


def test_only_what_was_claimed_or_corrected_bears_on_a_wash(tmp_path: Path) -> None:
    append_events(tmp_path, [(PREPARED, {"prepared": "d"})])
    assert claims_digest(read_register(tmp_path)) is None
    append_events(tmp_path, [_claim(0)])
    claimed = claims_digest(read_register(tmp_path))
    append_events(tmp_path, [("signed", {"prepared": "d", "role": "auditor"})])
    assert claims_digest(read_register(tmp_path)) == claimed
    append_events(tmp_path, [(CORRECTED, {"claim_id": "X0", "withdrawn": True})])
    assert claims_digest(read_register(tmp_path)) != claimed


def test_the_audit_log_knows_what_was_written_and_no_family(three: Path) -> None:
    said = [json.loads(line) for line in (three / "audit_log.jsonl").read_text().splitlines()]
    assert [entry["lines"] for entry in said] == [1, 2, 3]
    assert "C0" not in (three / "audit_log.jsonl").read_text()
