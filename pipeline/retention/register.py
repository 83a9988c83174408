"""The retention file below the outputs: what was put on hold, what hold was lifted, what went; forgets nothing.

One JSON line an event, chained. It names runs, families and files by ids and digests, and no person: whoever finds a
file gone can tell from it whether it was purged or lost.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pipeline.record import chain
from pipeline.record.chain import Decide, Entry


NAME = "retention.jsonl"
WRITTEN = "retention_written"
"""What the audit log records when something was written here: its last line's digest and count."""

CIPHER = ".age"
HELD, LIFTED, PURGED = "held", "hold_lifted", "purged"
CHAIN = chain.Chain(
    NAME,
    WRITTEN,
    "retention",
    "Nothing is purged by a file that was changed: put it back from a copy.",
    "put the file back from a copy before anything is purged.",
)


class Gone(NamedTuple):
    """What was purged: runs by name, archived files by sha256, and files of runs by the run's name and their path."""

    runs: dict[str, Entry]
    archived: dict[str, Entry]
    files: dict[tuple[str, str], Entry]


def retention_path(outputs: Path) -> Path:
    """Where the retention file of an outputs folder stands."""
    return outputs / NAME


def append_retention(outputs: Path, decide: Decide) -> tuple[Entry, ...]:
    """Append the events that `decide` gives for the entries so far; raises as `pipeline.record.chain.append_to`."""
    return chain.append_to(outputs, retention_path(outputs), CHAIN, decide)


def read_retention(outputs: Path) -> tuple[Entry, ...]:
    """The entries in order; none where there is no file. IntegrityError names a broken line."""
    path = retention_path(outputs)
    return chain.parse(path.read_bytes(), CHAIN).entries if path.exists() else ()


def check_retention(outputs: Path) -> int:
    """The count of entries of a file that is whole; IntegrityError names the first line that is not what it was."""
    return chain.check(outputs, retention_path(outputs), CHAIN)


def holds(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The holds that stand, by the run or the family that they are on."""
    standing: dict[str, Entry] = {}
    for entry in entries:
        if entry["event"] == HELD:
            standing[entry["on"]] = entry
        elif entry["event"] == LIFTED:
            standing.pop(entry["on"], None)
    return standing


def gone(outputs: Path) -> Gone:
    """All that was ever purged below the outputs."""
    found = Gone({}, {}, {})
    for entry in read_retention(outputs):
        if entry["event"] != PURGED:
            continue
        if entry["kind"] == "runs":
            found.runs[entry["run"]] = entry
        elif entry["kind"] == "extracts":
            found.archived[entry["sha256"]] = entry
        elif entry.get("run"):
            found.files[entry["run"], entry["file"]] = entry
    return found


def archived_path(outputs: Path, sha256: str) -> Path:
    """Where an archived file stands, encrypted or not."""
    plain = outputs / "archive" / sha256
    return plain if plain.exists() else plain.with_name(sha256 + CIPHER)


def when(entry: Entry) -> str:
    """When something went and by which rule, as a person reads it."""
    rule = f"under [retention] {entry['kind']}" if entry.get("months") is not None else "because somebody asked for it"
    return f"purged on {entry['at'][:10]} {rule}"
