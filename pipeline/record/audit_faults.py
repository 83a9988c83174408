"""What is wrong with an audit log, by name: changed, reordered, put in, taken out, cut off; decides which it was.

The chain alone tells that something is wrong. What tells more: the seals, where a key is here; and the heads that
manifests and chained files keep: how many lines somebody saw, and the digest of the last of them.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pipeline.keys.audit_seal import Keys, Seal, audit_keys, seal_of
from pipeline.record.audit_log import AUDIT_LOG, FIRST, Log, parse_event, read_log
from pipeline.record.listing import find_paths
from pipeline.record.manifest import MANIFEST
from schemas.errors import IntegrityError


class Kind(StrEnum):
    """What was done to a log."""

    CUT = "cut off"
    CHANGED = "changed"
    REORDERED = "reordered"
    PUT_IN = "put in"
    TAKEN_OUT = "taken out"
    REWRITTEN = "rewritten"
    UNCLEAR = "changed or taken out"


class Fault(NamedTuple):
    """One thing that is wrong: which, at which line, and in words."""

    kind: Kind
    line: int
    words: str


class Head(NamedTuple):
    """How somebody saw the log: how many lines it had, the digest of the last one, and who keeps that."""

    lines: int
    digest: str
    kept_by: str


class Checked(NamedTuple):
    """A log as it was found: its lines, its faults, how many lines bear a right seal, and what to know beside."""

    lines: int
    faults: tuple[Fault, ...]
    sealed: int
    notes: tuple[str, ...]


def check_log(outputs: Path, seen: Iterable[Head] = ()) -> Checked:
    """Hold the audit log below `outputs` to its chain, its seals and the heads that manifests keep of it.

    `seen`: heads that somebody has on a file that was handed out; of the digest its beginning will do.
    """
    log, keys = read_log(outputs), audit_keys()
    heads = [*kept_heads(outputs), *seen]
    seals = [seal_of(line, keys) for line in log.lines] if keys else []
    digests = [hashlib.sha256(line).hexdigest() for line in log.lines]
    faults = [*_broken(log, digests, keys, heads), *_wrong_seals(seals), *unlike_heads(log.lines, heads)]
    return Checked(len(log.lines), _first_of_each(faults), seals.count(Seal.RIGHT), tuple(_notes(seals)))


def require_sound(outputs: Path) -> Checked:
    """The same; IntegrityError names what is wrong with the log."""
    found = check_log(outputs)
    if found.faults:
        raise IntegrityError("\n".join(f"{AUDIT_LOG}: {fault.words}" for fault in found.faults))
    return found


def kept_heads(outputs: Path) -> Iterable[Head]:
    """How the log stood when each run was published, as their manifests have it."""
    for path in find_paths(outputs, f"[0-9]*/{MANIFEST}"):
        try:
            said = json.loads(path.read_bytes()).get("audit")
            head = said and Head(int(said["lines"]), str(said["digest"]), f"the manifest of {path.parent.name}")
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            continue
        if head:
            yield head


def _broken(log: Log, digests: Sequence[str], keys: Keys, heads: Iterable[Head]) -> Iterable[Fault]:
    """What is wrong at the first line that does not follow from the one before it."""
    number = log.followed.broken
    if number is None:
        return
    line, before = log.lines[number - 1], _before(log.lines[number - 1])
    known = {digest: place for place, digest in enumerate([FIRST, *digests])}
    if before is None:
        yield Fault(Kind.CHANGED, number, f"line {number} was changed: it is no event.")
    elif before in known:
        yield _in_another_place(number, known[before])
    elif keys and Seal.WRONG in (seal_of(line, keys), _seal_before(log.lines, number, keys)):
        wrong = number if seal_of(line, keys) is Seal.WRONG else number - 1
        yield Fault(Kind.CHANGED, wrong, f"line {wrong} was changed: its seal is not that of what it says.")
    else:
        moved = {*_moved(number, digests, heads), *(head.lines + 1 - number for head in heads if head.digest == before)}
        yield _changed_or_taken_out(number, moved, sealed=_are_sealed(log.lines, number, keys))


def _in_another_place(number: int, after: int) -> Fault:
    """Line `number` follows from line `after` of this log (0: it is the first), which is not the one before it."""
    if after == number - 2:
        return Fault(Kind.PUT_IN, number - 1, f"line {number - 1} was put in before line {number}.")
    return Fault(Kind.REORDERED, number, f"lines stand in another order: line {number} belongs after line {after}.")


def _moved(number: int, digests: Sequence[str], heads: Iterable[Head]) -> set[int]:
    """By how many lines those from line `number` on stand nearer to the beginning than when somebody saw them."""
    places = {digest: place for place, digest in enumerate(digests, start=1)}
    return {head.lines - places[head.digest] for head in heads if places.get(head.digest, 0) >= number}


def _changed_or_taken_out(number: int, moved: set[int], *, sealed: bool) -> Fault:
    """Line `number` follows from a line that is not in the log: it was taken out, or is another now."""
    gone = max(moved, default=0)
    if gone > 0 or sealed:
        many = f"{gone} {'line was' if gone == 1 else 'lines were'}" if gone > 0 else "one or more lines were"
        return Fault(Kind.TAKEN_OUT, number, f"{many} taken out before line {number}.")
    if moved:
        return Fault(Kind.CHANGED, number - 1, f"line {number - 1} was changed: line {number} follows from another.")
    return Fault(
        Kind.UNCLEAR,
        number - 1,
        f"line {number}: it does not follow from the line before it. Line {number - 1} was changed, or lines between "
        "them were taken out.",
    )


def _wrong_seals(seals: Sequence[Seal]) -> Iterable[Fault]:
    for number, seal in enumerate(seals, start=1):
        if seal is Seal.WRONG:
            yield Fault(Kind.CHANGED, number, f"line {number} was changed: its seal is not that of what it says.")


def unlike_heads(lines: Sequence[bytes], heads: Iterable[Head]) -> Iterable[Fault]:
    """What the lines of a log lack, or have another of, that somebody saw. It is quick: the chain is not followed."""
    for head in sorted(heads):
        if head.lines > len(lines):
            words = f"it was cut off after line {len(lines)}: {head.kept_by} saw {head.lines:,} lines."
            yield Fault(Kind.CUT, len(lines), words)
        elif head.lines and not hashlib.sha256(lines[head.lines - 1]).hexdigest().startswith(head.digest):
            yield Fault(Kind.REWRITTEN, head.lines, f"line {head.lines} is another than {head.kept_by} saw.")


def _first_of_each(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """One fault of a kind: the rest follow from it. What the chain tells comes before that it was written again."""
    found: dict[Kind, Fault] = {}
    for fault in faults:
        found.setdefault(fault.kind, fault)
    if len(found) > 1:
        found.pop(Kind.REWRITTEN, None)
        found.pop(Kind.UNCLEAR, None) if Kind.CHANGED in found else None
    return tuple(found.values())


def _notes(seals: Sequence[Seal]) -> Iterable[str]:
    if Seal.UNKNOWN in seals:
        yield f"{seals.count(Seal.UNKNOWN):,} lines of {AUDIT_LOG} are sealed with a key that is not here."
    first = next((place for place, seal in enumerate(seals) if seal is not Seal.NONE), len(seals))
    bare = [place for place in range(first, len(seals)) if seals[place] is Seal.NONE]
    if bare:
        yield (
            f"{len(bare):,} of the lines of {AUDIT_LOG} after the first sealed one bear no seal, the first is line "
            f"{bare[0] + 1}: somebody wrote them without the key. Give it to every process that writes."
        )


def _before(line: bytes) -> str | None:
    event = parse_event(line)
    before = event and event.get("before")
    return before if isinstance(before, str) else None


def _seal_before(lines: Sequence[bytes], number: int, keys: Keys) -> Seal:
    return seal_of(lines[number - 2], keys) if number > 1 else Seal.NONE


def _are_sealed(lines: Sequence[bytes], number: int, keys: Keys) -> bool:
    """Whether both lines at the break bear right seals: then neither was changed."""
    return seal_of(lines[number - 1], keys) is Seal.RIGHT and (
        number == 1 or seal_of(lines[number - 2], keys) is Seal.RIGHT
    )
