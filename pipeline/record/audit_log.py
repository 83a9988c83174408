"""The audit log: one JSON line an event, each holding the digest of the line before it; forgets nothing.

It names runs, people of the council and events. It never holds a value from a row.
"""

import getpass
import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

from filelock import FileLock, Timeout

from pipeline.keys.audit_seal import Keys, audit_keys, sealed
from pipeline.record.files import append_whole
from schemas.errors import IntegrityError, LockedError


AUDIT_LOG = "audit_log.jsonl"
FIRST = "0" * 64
WRITTEN = "register_written"
"""What is recorded when something was written to the register of claims: its last line's digest and count."""

MENDED = "audit_log_mended"
"""What is recorded when an interrupted write's unfinished line was cut off the log: its length and digest."""

BLOCK = 1 << 14
PATIENCE = 30.0
"""How many seconds whoever writes to the log waits for the others."""

HELD = (
    f"Another process holds {AUDIT_LOG} and does not let go of it, so nothing was done that it must hold. Look for a "
    "datawash that hangs, stop it, and try again."
)
_one_thread = threading.Lock()
"""Threads of a process wait for each other here: at the file's lock they would look again and again, in no order."""

Event = dict[str, Any]


class Followed(NamedTuple):
    """How the lines of a log follow each other: how many there are, the last one's digest, and the first that does not
    follow from the one before it (None: all do); and of how many bytes, with what digest, that was found."""

    lines: int = 0
    head: str = FIRST
    broken: int | None = None
    size: int = 0
    digest: str = hashlib.sha256().hexdigest()


NOTHING = Followed()


class Log(NamedTuple):
    """The lines of the log as they stand, how they follow each other, and how many bytes of an unfinished one come
    after them."""

    lines: tuple[bytes, ...]
    followed: Followed
    torn: int


class Ending(NamedTuple):
    """How a log ends: the digest of its last whole line, whether that has its newline, and what stands unfinished."""

    digest: str
    closed: bool
    torn: bytes


def record_event(outputs: Path, event: str, run_id: str, *, who: str | None = None, **facts: str | int) -> None:
    """Append `event` about `run_id` to the audit log of the outputs folder, and make it last.

    `who`: the person of the council (default: the user of this process). What an interrupted write left at the end is
    cut off first, and that is recorded. It takes as long for a long log as for a short one. OSError, and LockedError
    where another process does not let go of the log: it does not stand.
    """
    path = outputs / AUDIT_LOG
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "who": who or current_user()}
    told: list[Event] = [{**facts, **about, "event": event, "run_id": run_id}]
    with _alone(outputs):
        ending, size = _ending_of(path)
        if ending.torn:
            lost = {"bytes": len(ending.torn), "sha256": _digest(ending.torn)}
            told.insert(0, {**lost, **about, "event": MENDED, "run_id": "audit_log"})
        data = (b"" if ending.closed else b"\n") + _chained(told, ending.digest, audit_keys())
        append_whole(path, data, size - len(ending.torn))


@contextmanager
def _alone(outputs: Path) -> Iterator[None]:
    """Hold the log, so that nobody else writes to it; LockedError where that takes too long."""
    between_processes = FileLock(outputs / f".{AUDIT_LOG}.lock", timeout=PATIENCE, poll_interval=0.005)
    if not _one_thread.acquire(timeout=PATIENCE):
        raise LockedError(HELD)
    try:
        with suppress(Timeout):
            between_processes.acquire()
        if not between_processes.is_locked:
            raise LockedError(HELD)
        yield
    finally:
        between_processes.release()
        _one_thread.release()


def _ending_of(path: Path) -> tuple[Ending, int]:
    """How the log at `path` ends, and how many bytes it has; a new one ends as it begins."""
    if not path.exists():
        return Ending(FIRST, closed=True, torn=b""), 0
    with path.open("rb") as file:
        return read_ending(file), file.seek(0, os.SEEK_END)


def read_ending(file: BinaryIO) -> Ending:
    """How the log in `file` ends. Reads no more of it than that takes."""
    start, data = file.seek(0, os.SEEK_END), b""
    while start and data.count(b"\n") < 2:
        length = min(BLOCK, start)
        start = file.seek(start - length)
        data = file.read(length) + data
    whole, newline, rest = data.rpartition(b"\n")
    if parse_event(rest):
        return Ending(_digest(rest), closed=False, torn=b"")
    last = whole.rpartition(b"\n")[2]
    return Ending(_digest(last) if newline else FIRST, closed=True, torn=rest)


def read_log(outputs: Path, known: Followed = NOTHING) -> Log:
    """The whole audit log, whatever is wrong with it.

    `known`: how its lines followed each other when it was read before. Where it still begins with the same bytes, only
    the lines after them are followed.
    """
    path = outputs / AUDIT_LOG
    data = path.read_bytes() if path.exists() else b""
    lines = data.split(b"\n")
    torn = 0 if parse_event(lines[-1]) else len(lines.pop())
    bytes_read = hashlib.sha256(data[: known.size])
    if bytes_read.hexdigest() != known.digest:
        known, bytes_read = NOTHING, hashlib.sha256()
    bytes_read.update(data[known.size : len(data) - torn])
    head, broken = follow(lines[known.lines :], known)
    return Log(tuple(lines), Followed(len(lines), head, broken, len(data) - torn, bytes_read.hexdigest()), torn)


def follow(lines: Iterable[bytes], known: Followed = NOTHING) -> tuple[str, int | None]:
    """Hold each line to the digest of the one before it, the first to what is `known`: the last one's digest, and the
    number of the first that does not follow."""
    head, broken = known.head, known.broken
    for number, line in enumerate(lines, start=known.lines + 1):
        if broken is None and not (line.endswith(b"}") and b'"before": "%b"' % head.encode() in line):
            broken = number
        head = _digest(line)
    return head, broken


def check_audit_log(outputs: Path) -> int:
    """The count of lines in the audit log; IntegrityError names the first line that does not follow.

    A last line that was never finished is left out: the next event cuts it off and says so.
    """
    return len(_sound(outputs).lines)


def read_events(outputs: Path, event: str | None = None) -> Iterator[Event]:
    """Every event of the audit log, or each that is called `event`, in order.

    IntegrityError as `check_audit_log` has it, and where a line is no event.
    """
    named = b"" if event is None else b'"event": %b' % json.dumps(event).encode()
    for number, line in enumerate(_sound(outputs).lines, start=1):
        if named in line:
            yield parse_event(line) or _no_event(number)


def parse_event(line: bytes) -> Event | None:
    """The event that a line says; None where it says none."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def current_user() -> str:
    """The user's name; the number of one without a name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _chained(events: list[Event], before: str, keys: Keys) -> bytes:
    lines = []
    for event in events:
        lines.append(sealed(json.dumps({**event, "before": before}, sort_keys=True).encode(), keys))
        before = _digest(lines[-1])
    return b"".join(line + b"\n" for line in lines)


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _sound(outputs: Path) -> Log:
    log = read_log(outputs)
    if log.followed.broken is not None:
        _no_event(log.followed.broken)
    return log


def _no_event(number: int) -> NoReturn:
    raise IntegrityError(f"{AUDIT_LOG}, line {number}: it does not follow from the line before it.")
