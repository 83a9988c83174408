"""Releases: what was shown to whoever may read counts, in an append-only log, so that the next can be held against it.

Each line of the log holds the digest of the line before. It says what was shown, never what was left out.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from criteria.disclosure import Rules, Shown
from pipeline.record.audit_log import FIRST, current_user, read_events
from pipeline.record.files import append_whole, private_folder
from pipeline.record.locks import only_one
from schemas.errors import IntegrityError


FOLDER, LOG = "releases", "releases.jsonl"
RELEASED = "profile_released"
"""What the audit log calls a release."""

Release = dict[str, Any]


@contextmanager
def only_release(outputs: Path) -> Iterator[Path]:
    """Hold the releases of an outputs folder, and give their folder; LockedError where another does not let go."""
    folder = private_folder(outputs / FOLDER)
    with only_one(folder / ".releases.lock", "Another release is being made. Wait for it, and try again."):
        yield folder


def read_releases(outputs: Path) -> tuple[Release, ...]:
    """Every release, in order.

    IntegrityError names the first line of the log that does not follow, or that the audit log has seen and is gone.
    """
    found, _, _ = _chained(outputs)
    seen = sum(1 for _ in read_events(outputs, RELEASED))
    if len(found) < seen:
        raise IntegrityError(
            f"{LOG}, line {len(found) + 1}: the audit log has seen {seen} releases, and {len(found)} are left. What "
            "was released before cannot be told, so nothing is released: put the log back from a copy."
        )
    return tuple(found)


def _chained(outputs: Path) -> tuple[list[Release], str, int]:
    """The releases, the digest of the last one's line, and how many bytes of the log are whole lines.

    A last line that was never finished is left out: the next release takes its place.
    """
    found, before, whole = [], FIRST, 0
    for number, line in enumerate(_lines(outputs / FOLDER / LOG), start=1):
        release = _read(line)
        if release is None and not line.endswith(b"\n"):
            break
        if release is None or release.get("before") != before:
            raise IntegrityError(
                f"{LOG}, line {number}: it does not follow from the line before it. What was released before cannot be "
                "told, so nothing is released: put the log back from a copy."
            )
        found.append(release)
        before = hashlib.sha256(line.rstrip(b"\r\n")).hexdigest()
        whole += len(line)
    return found, before, whole


def record_release(outputs: Path, release: Mapping[str, Any], who: str | None = None) -> None:
    """Append a release to the log and make it last; call it while holding the releases (`only_release`).

    `who`: the person who releases (default: the user of this process).
    """
    path = outputs / FOLDER / LOG
    _, before, whole = _chained(outputs)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({**release, "at": at, "who": who or current_user(), "before": before}, sort_keys=True)
    start = b"" if not whole or path.read_bytes()[:whole].endswith(b"\n") else b"\n"
    append_whole(path, start + line.encode() + b"\n", whole)


def shown_of(release: Release) -> Shown:
    """What a release showed, as `criteria.disclosure` reads it."""
    counts = {(measure, level): count for measure, level, count in release["cells"]}
    return Shown(counts, Rules(release["threshold"], release["round_to"]))


def cells_of(shown: Shown) -> list[list[Any]]:
    """What is shown, as the log holds it: measure, level, and the count or nothing."""
    return [[measure, level, count] for (measure, level), count in shown.counts.items()]


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def _read(line: bytes) -> Release | None:
    try:
        release = json.loads(line)
    except ValueError:
        return None
    return release if isinstance(release, dict) and "cells" in release else None
