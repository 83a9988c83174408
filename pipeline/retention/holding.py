"""Legal holds: what must not go whatever its age, on a run or on a family; decides what a hold covers.

A hold on a run keeps the run, what it was washed from and what was made of it. A hold on a family does so for every run
that holds the family.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pipeline.record.audit_log import record_event
from pipeline.record.chain import Entry, Event
from pipeline.record.rows import rows_with
from pipeline.record.run import open_run
from pipeline.retention.found import Standing, Thing
from pipeline.retention.register import HELD, LIFTED, append_retention, holds, read_retention
from schemas.errors import UsageError


FAMILY = re.compile(r"F\d{7}")


def place_hold(outputs: Path, what: str, reason: str) -> Entry:
    """Put a run (by any name that means it) or a family (by its id) on hold. UsageError where it is on hold already."""
    on = _meant(outputs, what)

    def decide(entries: tuple[Entry, ...]) -> Iterable[Event]:
        if on in holds(entries):
            raise UsageError(f"{on} is on hold already, since {holds(entries)[on]['at'][:10]}.")
        yield HELD, {"on": on, "reason": reason}

    (entry,) = append_retention(outputs, decide)[-1:]
    record_event(outputs, "held", on.split("-", 3)[-1])
    return entry


def lift_hold(outputs: Path, what: str, reason: str) -> Entry:
    """Lift the hold on a run or a family. UsageError where there is none."""
    standing = holds(read_retention(outputs))
    on = what if what in standing else _meant(outputs, what)

    def decide(entries: tuple[Entry, ...]) -> Iterable[Event]:
        if on not in holds(entries):
            raise UsageError(f"{on} is not on hold.")
        yield LIFTED, {"on": on, "reason": reason}

    (entry,) = append_retention(outputs, decide)[-1:]
    record_event(outputs, "hold_lifted", on.split("-", 3)[-1])
    return entry


class Held(NamedTuple):
    """What the holds that stand cover: their runs and families, the runs that holds on families bring in, and the
    extracts that any of those runs read."""

    words: frozenset[str]
    runs: frozenset[str]
    archived: frozenset[str]


def held_among(now: Standing, words: Iterable[str]) -> Held:
    """What holds on these runs and families cover, of what stands below the outputs now."""
    on = frozenset(words)
    families = [word for word in on if FAMILY.fullmatch(word)]
    runs = frozenset(name for name in now.manifests if name in on or _has_family(now.outputs / name, families))
    return Held(on, runs, frozenset(file.sha256 for name in runs for file in now.manifests[name].inputs))


def covers(held: Held, thing: Thing) -> bool:
    """Whether a thing must stay: of a held run, read by one, or made of one or of a held family."""
    if thing.run:
        return thing.run in held.runs
    if thing.path.startswith("archive/"):
        return thing.path.rsplit("/", 1)[-1][:64] in held.archived
    names = (thing.path, *(file.name for file in thing.files))
    return any(word in name for name in names for word in (*held.words, *held.runs))


def _has_family(run: Path, families: list[str]) -> bool:
    return bool(families) and not rows_with(run, "households", "family_id", families).empty


def _meant(outputs: Path, what: str) -> str:
    if FAMILY.fullmatch(what.upper()):
        return what.upper()
    run = open_run(outputs, what)
    if run.parent.resolve() != outputs.resolve():
        raise UsageError(f"{run.name} does not stand in {outputs}.")
    return run.name
