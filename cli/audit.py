"""`datawash verify`: is a run what it was? Decides nothing."""

from pathlib import Path

from cli.lookup import find_run
from cli.say import Report, many
from cli.trail import leave_trail
from pipeline.record.run import pointer_to
from pipeline.record.verify import verify_run
from schemas.errors import IntegrityError


def verify_again(outputs: Path, name: str) -> Report:
    """Hash everything that a run's manifest names. IntegrityError lists each file that differs."""
    folder = find_run(outputs, name)
    try:
        found = verify_run(folder)
    except IntegrityError:
        leave_trail(folder, "verified", sound="no")
        raise
    leave_trail(folder, "verified", sound="yes")
    facts = {"run": folder.name, "sound": True, "files": found.files, "extracts": found.extracts}
    facts |= {"audit_lines": found.audit_lines, "notes": list(found.notes)}
    digest = pointer_to(folder).sha256
    return Report(
        facts | {"manifest_digest": digest},
        [
            f"{folder.name} is sound: {many(found.files, 'file')} published and {many(found.extracts, 'extract file')} "
            "behind it are what its manifest says.",
            f"Each of the {many(found.audit_lines, 'line')} of the audit log follows from the one before.",
            f"The manifest's own digest is {digest}.",
            *found.notes,
        ],
    )
