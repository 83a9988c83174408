"""The register of claims: one JSON line an event, each holding the digest of the line before it; forgets nothing.

It names cases, families and people by their ids and digests, and no name. That its end was not cut off the audit log
can tell: each time something is written here, the digest of the last line is written there.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from pipeline.record.audit_log import FIRST, WRITTEN, current_user, record_event, register_heads
from pipeline.record.files import private_folder, sync_folder
from pipeline.record.manifest import digest_of
from schemas.errors import IntegrityError, LockedError


FOLDER, REGISTER = "claims", "register.jsonl"
PREPARED, SIGNED, CLAIMED, SUBMITTED = "prepared", "signed", "claimed", "submitted"
SPOT_CHECKED, CORRECTED, MENDED = "spot_checked", "corrected", "mended"
BEARING = (CLAIMED, CORRECTED)
"""The events that say what has been claimed; a wash reads no others."""

PATIENCE = 30
Entry = dict[str, Any]
Event = tuple[str, Mapping[str, Any]]


class Read(NamedTuple):
    """What a register says: its entries, the digest of each one's line, and how many bytes of it are whole lines."""

    entries: tuple[Entry, ...]
    digests: tuple[str, ...]
    whole: int


def register_path(outputs: Path) -> Path:
    """Where the register of an outputs folder stands."""
    return outputs / FOLDER / REGISTER


def append_events(outputs: Path, events: Iterable[Event]) -> tuple[Entry, ...]:
    """Append events to the register, in one piece, and make them last; return them as they stand there.

    Raises as `decide_and_append` does.
    """
    told = tuple(events)
    return decide_and_append(outputs, lambda entries: told)


def decide_and_append(outputs: Path, decide: Callable[[tuple[Entry, ...]], Iterable[Event]]) -> tuple[Entry, ...]:
    """Append the events that `decide` gives for the entries so far, while nobody else can add any; return them.

    Raises IntegrityError where the register is broken, LockedError where another process does not let go of it, and
    whatever `decide` raises: then nothing is written. What an interrupted write left at the end is cut off first, and
    that is recorded.
    """
    path = register_path(outputs)
    private_folder(path.parent)
    with _alone(path):
        data = path.read_bytes() if path.exists() else b""
        held = parse_register(data)
        events = tuple(decide(held.entries))
        if not events:
            return ()
        lines = list(_chain([*_mending(data, held), *events], held))
        with path.open("r+b" if data else "wb") as file:
            file.truncate(held.whole)
            file.seek(held.whole)
            file.write(b"" if _ends(data[: held.whole]) else b"\n")
            file.write(b"".join(line + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
        count = len(held.entries) + len(lines)
        record_event(outputs, WRITTEN, "register", head=hashlib.sha256(lines[-1]).hexdigest(), lines=count)
    return tuple(json.loads(line) for line in lines)


def read_register(outputs: Path) -> tuple[Entry, ...]:
    """The entries of the register, in order; none where there is no register. IntegrityError names a broken line."""
    path = register_path(outputs)
    return parse_register(path.read_bytes()).entries if path.exists() else ()


def check_register(outputs: Path) -> int:
    """The count of entries of a register that is whole. IntegrityError names the first line that is not what it was.

    Each line must follow from the one before, and every line that the audit log has seen written must be there.
    """
    path = register_path(outputs)
    held = parse_register(path.read_bytes() if path.exists() else b"")
    known = (FIRST, *held.digests)
    for head, count in register_heads(outputs):
        if count >= len(known) or known[count] != head:
            raise IntegrityError(
                f"{REGISTER}, line {count}: the audit log has seen another line there. Lines were changed or cut off: "
                "put the register back from a copy before anything is claimed."
            )
    return len(held.entries)


def parse_register(data: bytes) -> Read:
    """The bytes of a register, read. A last line that was never finished is left out.

    Raises IntegrityError naming the first line that does not follow from the one before it.
    """
    entries: list[Entry] = []
    digests: list[str] = []
    whole = 0
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        said = line.rstrip(b"\r\n")
        entry = _entry(said)
        if entry is None and line == said:
            break
        if entry is None or entry.get("before") != (digests[-1] if digests else FIRST):
            raise IntegrityError(
                f"{REGISTER}, line {number}: it does not follow from the line before it. Nothing is claimed or read "
                "from a register that was changed: put it back from a copy."
            )
        entries.append(entry)
        digests.append(hashlib.sha256(said).hexdigest())
        whole += len(line)
    return Read(tuple(entries), tuple(digests), whole)


def standing_claims(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The claims that stand: each `claimed` event with its corrections, without those that were withdrawn."""
    claims: dict[str, Entry] = {}
    for entry in entries:
        if entry["event"] == CLAIMED:
            claims[entry["claim_id"]] = entry
        elif entry["event"] == CORRECTED and entry["claim_id"] in claims:
            if entry.get("withdrawn"):
                del claims[entry["claim_id"]]
            elif entry.get("amount") is not None:
                claims[entry["claim_id"]] = claims[entry["claim_id"]] | {"amount": entry["amount"]}
    return tuple(claims.values())


def claims_digest(entries: Iterable[Entry]) -> str | None:
    """The digest of all that the register says has been claimed; None where nothing has."""
    bearing = [entry for entry in entries if entry["event"] in BEARING]
    return digest_of(bearing) if bearing else None


def _chain(events: Iterable[Event], held: Read) -> Iterator[bytes]:
    before = held.digests[-1] if held.digests else FIRST
    at, who = datetime.now(UTC).isoformat(timespec="seconds"), current_user()
    for event, facts in events:
        line = json.dumps({**facts, "at": at, "who": who, "event": event, "before": before}, sort_keys=True).encode()
        before = hashlib.sha256(line).hexdigest()
        yield line


def _mending(data: bytes, held: Read) -> list[Event]:
    torn = data[held.whole :]
    return [(MENDED, {"bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()})] if torn else []


def _ends(data: bytes) -> bool:
    return not data or data.endswith(b"\n")


def _entry(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("event"), str) else None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(f"Another process is writing to {path.name}. Wait for it, and try again.") from None
    try:
        yield
    finally:
        lock.release()
