"""Files of chained events: one JSON line an event, each holding the digest of the line before it; forgets nothing.

Decides nothing about what is said in them. That the end of one was not cut off the audit log can tell: each time
something is written, the digest of the last line is written there.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.record.audit_log import FIRST, current_user, read_events, record_event
from pipeline.record.files import append_whole, private_folder
from pipeline.record.locks import only_one
from schemas.errors import IntegrityError


MENDED = "mended"
Entry = dict[str, Any]
Event = tuple[str, Mapping[str, Any]]
Decide = Callable[[tuple[Entry, ...]], Iterable[Event]]


class Chain(NamedTuple):
    """A kind of such files: what it is called, and the event and the id under which the audit log has a write to it.

    `refused`: what does not happen with one that was changed, and what to do; `first`: what must wait until it is put
    back.
    """

    name: str
    written: str
    about: str
    refused: str
    first: str


class Read(NamedTuple):
    """What a file says: its entries, the digest of each one's line, and how many bytes of it are whole lines."""

    entries: tuple[Entry, ...]
    digests: tuple[str, ...]
    whole: int


def append_to(outputs: Path, path: Path, chain: Chain, decide: Decide, *, who: str | None = None) -> tuple[Entry, ...]:
    """Append the events that `decide` gives for the entries so far, while nobody else can add any; return them.

    Raises IntegrityError where the file is broken, LockedError where another process does not let go of it, and
    whatever `decide` raises: then nothing is written. What an interrupted write left at the end is cut off first, and
    that is recorded. `who` is written into each event (default: the user of this process).
    """
    private_folder(path.parent)
    with alone(path):
        data = path.read_bytes() if path.exists() else b""
        held = parse(data, chain)
        events = tuple(decide(held.entries))
        if not events:
            return ()
        lines = list(_chained([*_mending(data, held), *events], held, who or current_user()))
        _write(path, data, held, lines)
        count = len(held.entries) + len(lines)
        head = hashlib.sha256(lines[-1]).hexdigest()
        record_event(outputs, chain.written, chain.about, who=who, head=head, lines=count)
    return tuple(json.loads(line) for line in lines)


def parse(data: bytes, chain: Chain) -> Read:
    """The bytes of a file, read. A last line that was never finished is left out.

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
                f"{chain.name}, line {number}: it does not follow from the line before it. {chain.refused}"
            )
        entries.append(entry)
        digests.append(hashlib.sha256(said).hexdigest())
        whole += len(line)
    return Read(tuple(entries), tuple(digests), whole)


def check(outputs: Path, path: Path, chain: Chain) -> int:
    """The count of entries of a file that is whole. IntegrityError names the first line that is not what it was.

    Each line must follow from the one before, and every line that the audit log has seen written must be there. The log
    is read first: a line is written before the log has it, so whoever writes meanwhile only adds to what is asked for.
    """
    written = tuple(read_events(outputs, chain.written))
    held = parse(path.read_bytes() if path.exists() else b"", chain)
    known = (FIRST, *held.digests)
    for event in written:
        head, count = event["head"], event["lines"]
        if count >= len(known) or known[count] != head:
            raise IntegrityError(
                f"{chain.name}, line {count}: the audit log has seen another line there. Lines were changed or cut "
                f"off: {chain.first}"
            )
    return len(held.entries)


def goes_on_from(path: Path, earlier: bytes, chain: Chain) -> bool:
    """Whether the file at `path` still begins with what it said earlier."""
    return path.read_bytes().startswith(earlier[: parse(earlier, chain).whole])


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a file so that nobody else writes to it; LockedError where another process does not let go."""
    refusal = f"Another process is writing to {path.name}. Wait for it, and try again."
    with only_one(path.with_name(f".{path.name}.lock"), refusal):
        yield


def _write(path: Path, data: bytes, held: Read, lines: list[bytes]) -> None:
    whole = data[: held.whole]
    start = b"" if not whole or whole.endswith(b"\n") else b"\n"
    append_whole(path, start + b"".join(line + b"\n" for line in lines), held.whole)


def _chained(events: Iterable[Event], held: Read, who: str) -> Iterator[bytes]:
    before = held.digests[-1] if held.digests else FIRST
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for event, facts in events:
        line = json.dumps({**facts, "at": at, "who": who, "event": event, "before": before}, sort_keys=True).encode()
        before = hashlib.sha256(line).hexdigest()
        yield line


def _mending(data: bytes, held: Read) -> list[Event]:
    torn = data[held.whole :]
    return [(MENDED, {"bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()})] if torn else []


def _entry(line: bytes) -> Entry | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("event"), str) else None
