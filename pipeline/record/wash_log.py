"""How each wash ended, in the audit log: published or not; also of one that was killed before it could say so.

Decides that by what stands: a run that has its name is published, whatever happened just after.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path

from pipeline.record.audit_log import AUDIT_LOG, parse_event, record_event
from pipeline.record.listing import find_paths
from pipeline.record.manifest import MANIFEST
from pipeline.record.run import Run
from schemas.errors import LockedError, StorageError


STARTED, PUBLISHED, FAILED = "wash_started", "wash_published", "wash_failed"
KILLED = "Killed"
"""What is recorded as the error of a wash that ended without a word."""


def record_killed(outputs: Path) -> None:
    """Record how each wash ended that could not say so itself. Call it only while holding the outputs folder."""
    for run_id in _unended(outputs):
        _record_end(outputs, run_id, KILLED)


def record_started(run: Run) -> None:
    """Record that a wash begins."""
    record_event(run.outputs, STARTED, run.run_id)


def record_published(run: Run) -> None:
    """Record that a run was published. StorageError, which says that it was, where the log cannot be written."""
    try:
        record_event(run.outputs, PUBLISHED, run.run_id)
    except (OSError, LockedError) as error:
        reason = os.strerror(error.errno or errno.EIO) if isinstance(error, OSError) else str(error)
        raise StorageError(
            f"The run {run.final.name} was published, and {AUDIT_LOG} could not be written: {reason.rstrip('.')}. "
            "The next wash records it. Check that the disk has room and that you may write to the outputs folder."
        ) from None


def record_failed(run: Run, error: BaseException) -> None:
    """Record how a wash ended that raised `error`, as far as the disk lets it: else the next wash does."""
    with suppress(OSError, LockedError):
        _record_end(run.outputs, run.run_id, type(error).__name__)


def _record_end(outputs: Path, run_id: str, error: str) -> None:
    if find_paths(outputs, f"????-??-??-{run_id}/{MANIFEST}"):
        record_event(outputs, PUBLISHED, run_id, after=error)
    else:
        record_event(outputs, FAILED, run_id, error=error)


def _unended(outputs: Path) -> list[str]:
    """The runs whose wash was started and, as far as the log says, has neither been published nor failed."""
    path = outputs / AUDIT_LOG
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    last: dict[str, str] = {}
    for line in lines:
        if b'"event": "wash_' in line and (event := parse_event(line)):
            last[event["run_id"]] = event["event"]
    return [run_id for run_id, event in last.items() if event == STARTED]
