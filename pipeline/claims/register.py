"""The register of claims: one JSON line an event, each holding the digest of the line before it; forgets nothing.

It names cases, families and people by their ids and digests, and no name. That its end was not cut off the audit log
can tell: each time something is written here, the digest of the last line is written there.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.record import chain
from pipeline.record.chain import MENDED, Entry, Event, Read
from pipeline.record.manifest import digest_of


__all__ = ["MENDED", "Entry", "Event", "Read"]
FOLDER, REGISTER = "claims", "register.jsonl"
PREPARED, SIGNED, CLAIMED, SUBMITTED = "prepared", "signed", "claimed", "submitted"
SPOT_CHECKED, CORRECTED = "spot_checked", "corrected"
BEARING = (CLAIMED, CORRECTED)
"""The events that say what has been claimed; a wash reads no others."""

WRITTEN = "register_written"
"""What the audit log records when something was written to the register: its last line's digest and count."""

CHAIN = chain.Chain(
    REGISTER,
    WRITTEN,
    "register",
    "Nothing is claimed or read from a register that was changed: put it back from a copy.",
    "put the register back from a copy before anything is claimed.",
)


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

    Raises as `pipeline.record.chain.append_to` does.
    """
    return chain.append_to(outputs, register_path(outputs), CHAIN, decide)


def read_register(outputs: Path) -> tuple[Entry, ...]:
    """The entries of the register, in order; none where there is no register. IntegrityError names a broken line."""
    path = register_path(outputs)
    return parse_register(path.read_bytes()).entries if path.exists() else ()


def check_register(outputs: Path) -> int:
    """The count of entries of a register that is whole. IntegrityError names the first line that is not what it was.

    Each line must follow from the one before, and every line that the audit log has seen written must be there.
    """
    return chain.check(outputs, register_path(outputs), CHAIN)


def parse_register(data: bytes) -> Read:
    """The bytes of a register, read. A last line that was never finished is left out.

    Raises IntegrityError naming the first line that does not follow from the one before it.
    """
    return chain.parse(data, CHAIN)


def standing_claims(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The claims that stand: each `claimed` event with its corrections, without those that were withdrawn."""
    claims: dict[str, Entry] = {}
    for entry in entries:
        if entry["event"] == CLAIMED:
            claims[entry["claim_id"]] = entry
        elif entry["event"] == CORRECTED and entry["claim_id"] in claims:
            if entry.get("withdrawn"):
                del claims[entry["claim_id"]]
            else:
                claims[entry["claim_id"]] = claims[entry["claim_id"]] | {"amount": entry["amount"]}
    return tuple(claims.values())


def claims_digest(entries: Iterable[Entry]) -> str | None:
    """The digest of all that the register says has been claimed; None where nothing has."""
    bearing = [entry for entry in entries if entry["event"] in BEARING]
    return digest_of(bearing) if bearing else None
