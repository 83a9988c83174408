"""What is done with a published run, in the audit log of its outputs folder; never left out in silence."""

from pathlib import Path

from cli.say import remark
from pipeline.record.audit_log import record_event
from pipeline.record.manifest import read_manifest


def leave_trail(folder: Path, event: str, **facts: str) -> None:
    """Record that the run in `folder` was opened, verified or replayed; where that cannot be written, say so."""
    try:
        record_event(folder.parent, event, read_manifest(folder).run_id, **facts)
    except OSError as error:
        remark(f"This is not in the audit log: {error.strerror or type(error).__name__}.")
