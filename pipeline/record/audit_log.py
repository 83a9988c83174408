"""The audit log: one JSON line an event, each holding the digest of the line before it; forgets nothing.

It names runs, people of the council and events. It never holds a value from a row.
"""

import getpass
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from schemas.errors import IntegrityError


AUDIT_LOG = "audit_log.jsonl"
FIRST = "0" * 64
WRITTEN = "register_written"
"""What is recorded when something was written to the register of claims: its last line's digest and count."""


def record_event(outputs: Path, event: str, run_id: str, **facts: str | int) -> None:
    """Append `event` about `run_id` to the audit log of the outputs folder, and make it last."""
    path = outputs / AUDIT_LOG
    with FileLock(outputs / f".{AUDIT_LOG}.lock"):
        entry = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "who": current_user(),
            "event": event,
            "run_id": run_id,
            **facts,
            "before": _last_digest(path),
        }
        with path.open("ab") as file:
            file.write(json.dumps(entry, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def check_audit_log(outputs: Path) -> int:
    """The count of lines in the audit log; IntegrityError names the first line that does not follow."""
    before, count = FIRST, 0
    for count, line in enumerate(_lines(outputs / AUDIT_LOG), start=1):
        if json.loads(line).get("before") != before:
            raise IntegrityError(f"{AUDIT_LOG}, line {count}: it does not follow from the line before it.")
        before = hashlib.sha256(line).hexdigest()
    return count


def read_events(outputs: Path) -> Iterator[dict[str, Any]]:
    """Every event of the audit log, in order; IntegrityError as `check_audit_log` has it."""
    check_audit_log(outputs)
    for line in _lines(outputs / AUDIT_LOG):
        yield json.loads(line)


def register_heads(outputs: Path) -> Iterator[tuple[str, int]]:
    """The digest and the number of the last line of the register of claims, each time something was written there."""
    for entry in read_events(outputs):
        if entry["event"] == WRITTEN:
            yield entry["head"], entry["lines"]


def current_user() -> str:
    """The user's name; the number of one without a name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _last_digest(path: Path) -> str:
    lines = _lines(path)
    return hashlib.sha256(lines[-1]).hexdigest() if lines else FIRST


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.exists() else []
