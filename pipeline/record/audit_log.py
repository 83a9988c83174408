"""The audit log: one JSON line an event, each holding the digest of the line before it; forgets nothing.

It names runs, people of the council and events. It never holds a value from a row.
"""

import getpass
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from filelock import FileLock

from schemas.errors import IntegrityError


AUDIT_LOG = "audit_log.jsonl"
FIRST = "0" * 64
WRITTEN = "register_written"
"""What is recorded when something was written to the register of claims: its last line's digest and count."""

MENDED = "audit_log_mended"
"""What is recorded when an interrupted write's unfinished line was cut off the log: its length and digest."""

BLOCK = 1 << 14
_one_thread = threading.Lock()
"""Threads of a process wait for each other here: at the file's lock they would look again and again, in no order."""

Event = dict[str, Any]


class Log(NamedTuple):
    """What the log says: its events, each with its line's number; the first line that does not follow from the one
    before (None: all do); the last line's digest; and how many bytes of a line that was never finished follow it."""

    events: tuple[tuple[int, Event], ...]
    broken: int | None
    head: str
    torn: int


class Ending(NamedTuple):
    """How a log ends: the digest of its last whole line, whether that has its newline, and what stands unfinished."""

    digest: str
    closed: bool
    torn: bytes


def record_event(outputs: Path, event: str, run_id: str, *, who: str | None = None, **facts: str | int) -> None:
    """Append `event` about `run_id` to the audit log of the outputs folder, and make it last.

    `who`: the person of the council (default: the user of this process). What an interrupted write left at the end is
    cut off first, and that is recorded. It takes as long for a long log as for a short one.
    """
    path = outputs / AUDIT_LOG
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "who": who or current_user()}
    told: list[Event] = [{**facts, **about, "event": event, "run_id": run_id}]
    between_processes = FileLock(outputs / f".{AUDIT_LOG}.lock", poll_interval=0.005)
    with _one_thread, between_processes, path.open("a+b") as file:
        ending = read_ending(file)
        if ending.torn:
            lost = {"bytes": len(ending.torn), "sha256": hashlib.sha256(ending.torn).hexdigest()}
            told.insert(0, {**lost, **about, "event": MENDED, "run_id": "audit_log"})
            file.truncate(file.seek(0, os.SEEK_END) - len(ending.torn))
        file.write((b"" if ending.closed else b"\n") + _chained(told, ending.digest))
        file.flush()
        os.fsync(file.fileno())


def read_ending(file: BinaryIO) -> Ending:
    """How the log in `file` ends. Reads no more of it than that takes."""
    start, data = file.seek(0, os.SEEK_END), b""
    while start and data.count(b"\n") < 2:
        length = min(BLOCK, start)
        start = file.seek(start - length)
        data = file.read(length) + data
    whole, newline, rest = data.rpartition(b"\n")
    if _event(rest):
        return Ending(hashlib.sha256(rest).hexdigest(), closed=False, torn=b"")
    last = whole.rpartition(b"\n")[2]
    return Ending(hashlib.sha256(last).hexdigest() if newline else FIRST, closed=True, torn=rest)


def read_log(outputs: Path) -> Log:
    """The whole audit log, whatever is wrong with it; a line that is no event has none, and does not follow."""
    path = outputs / AUDIT_LOG
    lines = path.read_bytes().split(b"\n") if path.exists() else [b""]
    torn = 0 if _event(lines[-1]) else len(lines.pop())
    events, broken, before = [], None, FIRST
    for number, line in enumerate(lines, start=1):
        event = _event(line)
        if broken is None and (event is None or event.get("before") != before):
            broken = number
        if event is not None:
            events.append((number, event))
        before = hashlib.sha256(line).hexdigest()
    return Log(tuple(events), broken, before, torn)


def check_audit_log(outputs: Path) -> int:
    """The count of lines in the audit log; IntegrityError names the first line that does not follow.

    A last line that was never finished is left out: the next event cuts it off and says so.
    """
    return len(_sound(outputs).events)


def read_events(outputs: Path) -> Iterator[Event]:
    """Every event of the audit log, in order; IntegrityError as `check_audit_log` has it."""
    for _, event in _sound(outputs).events:
        yield event


def current_user() -> str:
    """The user's name; the number of one without a name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _chained(events: list[Event], before: str) -> bytes:
    lines = []
    for event in events:
        lines.append(json.dumps({**event, "before": before}, sort_keys=True).encode())
        before = hashlib.sha256(lines[-1]).hexdigest()
    return b"".join(line + b"\n" for line in lines)


def _event(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def _sound(outputs: Path) -> Log:
    log = read_log(outputs)
    if log.broken is not None:
        raise IntegrityError(f"{AUDIT_LOG}, line {log.broken}: it does not follow from the line before it.")
    return log
