"""What is older than the council keeps it: listed first, then removed and written down; decides nothing about a family.

A purge removes exactly what a plan listed, or nothing: the plan is named by the digest of what it lists. What goes is
written into the retention file before it goes, with digests and counts, so that a file which is gone can be told from
one that was lost. The latest run stays, and so does whatever a hold covers.
"""

import shutil
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline.claims.register import read_register
from pipeline.record.audit_log import record_event
from pipeline.record.chain import Event
from pipeline.record.files import plain_storage_errors, sha256_of, sync_folder
from pipeline.record.manifest import digest_of
from pipeline.record.run import PART, only_wash
from pipeline.replays import is_running
from pipeline.retention.found import Standing, Thing, find_things, left_behind, standing
from pipeline.retention.holding import covers, held_among
from pipeline.retention.policy import Kind, Retention
from pipeline.retention.register import CIPHER, PURGED, append_retention, check_retention, holds, read_retention
from schemas.errors import LockedError, UsageError


class Listed(NamedTuple):
    """A thing of a plan, with its bytes and a digest: of its file, or of the names and digests of its files."""

    thing: Thing
    bytes: int
    sha256: str


class Plan(NamedTuple):
    """What a purge would remove, what it would have removed but for a hold, what interrupted commands left, the name of
    the plan, and the runs that go of which claims were made."""

    goes: tuple[Listed, ...]
    held: tuple[Thing, ...]
    left: int
    digest: str
    claimed: tuple[str, ...] = ()


class Asked(NamedTuple):
    """What somebody asks of a purge: on which day, by which periods, of which classes (none: all), and which runs go
    whatever their age."""

    day: date
    policy: Retention
    kinds: tuple[Kind, ...] = ()
    runs: tuple[str, ...] = ()


def plan_purge(outputs: Path, asked: Asked) -> Plan:
    """What is older than its period, on the day that is asked for. It removes nothing."""
    check_retention(outputs)
    now = standing(outputs)
    old = [thing for thing in find_things(now) if _is_due(thing, asked, now)]
    whole = {thing.run for thing in old if thing.kind is Kind.RUNS}
    old = [thing for thing in old if thing.kind is Kind.RUNS or thing.run not in whole or thing.kind is Kind.REPLAYS]
    held = held_among(now, holds(read_retention(outputs)))
    goes = tuple(_listed(thing) for thing in old if not covers(held, thing))
    stays = tuple(thing for thing in old if covers(held, thing))
    left = len(left_behind(outputs)) if Kind.TEMP in (asked.kinds or (Kind.TEMP,)) else 0
    claims = {entry.get("run") for entry in read_register(outputs)}
    claimed = tuple(one.thing.run for one in goes if one.thing.kind is Kind.RUNS and one.thing.run in claims)
    return Plan(goes, stays, left, _digest(goes), claimed)


def carry_out(outputs: Path, asked: Asked, digest: str) -> Plan:
    """Remove what the plan of this digest lists, as it was listed; return it.

    UsageError where what would go now is not what was listed then; LockedError while a wash or a replay is at work.
    """
    left = len(left_behind(outputs))
    with plain_storage_errors("The purge"), only_wash(outputs):
        if is_running(outputs):
            raise LockedError("A replay is running. Wait for it, or stop it, and purge again.")
        plan = plan_purge(outputs, asked)
        if not plan.digest.startswith(digest) or len(digest) < SHORTEST:
            raise UsageError("What would go now is not what that plan listed. Run datawash purge without --plan again.")
        if plan.goes:
            append_retention(outputs, lambda entries: _told(plan, asked))
        for path in left_behind(outputs):
            _remove(path)
        for listed in plan.goes:
            _remove(outputs / listed.thing.path)
        size = sum(one.bytes for one in plan.goes)
        record_event(outputs, "purged", "retention", plan=plan.digest, left_behind=left, things=len(plan.goes),
                     files=_files(plan), bytes=size)
        return plan._replace(left=left)


SHORTEST = 8


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; the last one of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _is_due(thing: Thing, asked: Asked, now: Standing) -> bool:
    if asked.kinds and thing.kind not in asked.kinds:
        return False
    latest = list(now.manifests)[-1] if now.manifests else ""
    if thing.kind is Kind.RUNS and thing.run == latest:
        return False
    if thing.kind is Kind.RUNS and thing.run in asked.runs:
        return True
    months = asked.policy.of(thing.kind).months
    return months is not None and thing.day < months_before(asked.day, months)


def _listed(thing: Thing) -> Listed:
    digests = [sha256_of(path) for path in thing.files]
    size = sum(path.stat().st_size for path in thing.files)
    names = [path.name for path in thing.files]
    return Listed(thing, size, digests[0] if len(digests) == 1 else digest_of([names, digests]))


def _digest(goes: Iterable[Listed]) -> str:
    return digest_of([[one.thing.kind, one.thing.path, one.sha256] for one in goes])


def _told(plan: Plan, asked: Asked) -> Iterator[Event]:
    """An event for each thing that goes: where it stood, its digest and count, and by which period.

    The digest is of clear bytes, as manifests have it, also where the file stands encrypted.
    """
    for thing, size, sha256 in plan.goes:
        period = asked.policy.of(thing.kind)
        by_age = thing.run not in asked.runs
        file = thing.path.removeprefix(f"{thing.run}/") if thing.run else thing.path
        about = {"run": thing.run, "file": file.removesuffix(CIPHER)}
        sha256 = thing.path.rsplit("/", 1)[-1].removesuffix(CIPHER) if thing.kind is Kind.EXTRACTS else (
            thing.clear or sha256)
        yield PURGED, {
            "kind": str(thing.kind), **about, "sha256": sha256, "files": len(thing.files), "bytes": size,
            "day": thing.day.isoformat(), "plan": plan.digest, "months": period.months if by_age else None,
            "source": period.source if by_age else "asked for by name", "confidence": period.confidence,
        }


def _remove(path: Path) -> None:
    """A folder loses its name first, so that nobody finds half of it."""
    if path.is_dir():
        shutil.rmtree(path if path.name.endswith(PART) else path.rename(path.with_name(path.name + PART)))
    else:
        path.unlink(missing_ok=True)
    sync_folder(path.parent)


def _files(plan: Plan) -> int:
    return sum(len(one.thing.files) for one in plan.goes)
