"""The rights file below the outputs: whose rows a wash drops or leaves alone, and which mark was lifted; forgets none.

One JSON line an event, chained. A mark knows a person by keyed digests of what rows say of them (`pipeline.rights
.traits`) and by the ids that published runs gave them: it holds no name, no date of birth and no number. Which rows a
mark fits `pipeline.rights.door` says.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pipeline.record import chain
from pipeline.record.chain import Entry, Event, Read
from pipeline.record.manifest import digest_of
from schemas.errors import UsageError


NAME = "rights.jsonl"
WRITTEN = "rights_written"
"""What the audit log records when something was written here: its last line's digest and count."""

MARKED, LIFTED = "marked", "mark_lifted"
CHAIN = chain.Chain(
    NAME,
    WRITTEN,
    "rights",
    "Nothing is washed by marks that were changed: put the file back from a copy.",
    "put the file back from a copy before anything is washed.",
)


class Effect(StrEnum):
    """What a mark does: erased rows are dropped as they come in; a restricted person bears on nothing."""

    ERASE = "erase"
    RESTRICT = "restrict"


class Mark(NamedTuple):
    """A mark that stands: its id, what it does, the digests of what rows say of the person, and their ids by run."""

    mark: str
    effect: Effect
    traits: frozenset[str]
    people: Mapping[str, tuple[str, ...]]


def rights_path(outputs: Path) -> Path:
    """Where the rights file of an outputs folder stands."""
    return outputs / NAME


def add_mark(
    outputs: Path, effect: Effect, traits: Iterable[str], people: Mapping[str, tuple[str, ...]], reason: str
) -> Mark:
    """Mark a person; raises as `pipeline.record.chain.append_to` does."""

    def decide(entries: tuple[Entry, ...]) -> Iterable[Event]:
        number = sum(entry["event"] == MARKED for entry in entries) + 1
        yield MARKED, {"mark": f"R{number:07d}", "effect": str(effect), "traits": sorted(traits),
                       "people": {run: list(ids) for run, ids in sorted(people.items())}, "reason": reason}

    (entry,) = chain.append_to(outputs, rights_path(outputs), CHAIN, decide)[-1:]
    return _mark(entry)


def lift_mark(outputs: Path, mark: str, reason: str) -> None:
    """Lift a mark: the next wash takes the person's rows in as any other's. UsageError where none of it stands."""

    def decide(entries: tuple[Entry, ...]) -> Iterable[Event]:
        if mark not in {one.mark for one in standing(entries)}:
            raise UsageError(f"No mark {mark} stands. datawash subject marks lists those that do.")
        yield LIFTED, {"mark": mark, "reason": reason}

    chain.append_to(outputs, rights_path(outputs), CHAIN, decide)


def read_rights(outputs: Path) -> tuple[Entry, ...]:
    """The entries in order; none where there is no file. IntegrityError names a broken line."""
    path = rights_path(outputs)
    return parse_rights(path.read_bytes()).entries if path.exists() else ()


def parse_rights(data: bytes) -> Read:
    """The bytes of a rights file, read; raises as `pipeline.record.chain.parse` does."""
    return chain.parse(data, CHAIN)


def check_rights(outputs: Path) -> int:
    """The count of entries of a file that is whole; IntegrityError names the first line that is not what it was."""
    return chain.check(outputs, rights_path(outputs), CHAIN)


def standing(entries: Iterable[Entry]) -> tuple[Mark, ...]:
    """The marks that stand, in the order in which they were made."""
    marks: dict[str, Mark] = {}
    for entry in entries:
        if entry["event"] == MARKED:
            marks[entry["mark"]] = _mark(entry)
        elif entry["event"] == LIFTED:
            marks.pop(entry["mark"], None)
    return tuple(marks.values())


def standing_digest(entries: Iterable[Entry]) -> str | None:
    """The digest of all that stands; None where nothing does."""
    marks = standing(entries)
    parts = [[mark.mark, mark.effect, sorted(mark.traits), sorted(mark.people.items())] for mark in marks]
    return digest_of(parts) if parts else None


def _mark(entry: Entry) -> Mark:
    people = {run: tuple(ids) for run, ids in entry["people"].items()}
    return Mark(entry["mark"], Effect(entry["effect"]), frozenset(entry["traits"]), people)
