"""The decisions file below the outputs folder: one JSON line an event, chained; nothing is updated, nothing deleted.

A change of mind is a new line that names the one it takes the place of. It holds ids and digests of records, and what a
reviewer wrote as a reason: keep it as safe as the lists. What of it stands `pipeline.decisions.opinions` says.
"""

from pathlib import Path

from pipeline.record import chain
from pipeline.record.chain import Decide, Entry, Read


NAME = "decisions.jsonl"
WRITTEN = "decisions_written"
"""What the audit log records when something was written here: its last line's digest and count."""

DECIDED, REVEALED = "decided", "revealed"
CHAIN = chain.Chain(
    NAME,
    WRITTEN,
    "decisions",
    "Nothing is decided or washed with decisions that were changed: put the file back from a copy.",
    "put the file back from a copy before anything is decided.",
)


def decisions_path(outputs: Path) -> Path:
    """Where the decisions of an outputs folder stand."""
    return outputs / NAME


def append_decisions(outputs: Path, decide: Decide, *, who: str) -> tuple[Entry, ...]:
    """Append the events that `decide` gives for the entries so far, while nobody else can add any; return them.

    Raises as `pipeline.record.chain.append_to` does.
    """
    return chain.append_to(outputs, decisions_path(outputs), CHAIN, decide, who=who)


def read_decisions(outputs: Path) -> tuple[Entry, ...]:
    """The entries in order; none where nobody has decided yet. IntegrityError names a broken line."""
    path = decisions_path(outputs)
    return parse_decisions(path.read_bytes()).entries if path.exists() else ()


def parse_decisions(data: bytes) -> Read:
    """The bytes of a decisions file, read; raises as `pipeline.record.chain.parse` does."""
    return chain.parse(data, CHAIN)


def check_decisions(outputs: Path) -> int:
    """The count of entries of a file that is whole; IntegrityError names the first line that is not what it was."""
    return chain.check(outputs, decisions_path(outputs), CHAIN)
