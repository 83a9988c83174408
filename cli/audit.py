"""`datawash verify`: is a run what it was? Decides nothing."""

from pathlib import Path

from cli.lookup import find_run
from cli.say import Report, many
from cli.trail import leave_trail
from pipeline.config import load_settings
from pipeline.published import settings_of
from pipeline.record.manifest import read_manifest
from pipeline.record.run import pointer_to
from pipeline.record.verify import verify_run
from schemas.errors import IntegrityError


def verify_again(outputs: Path, name: str, settings: Path | None = None) -> Report:
    """Hash everything that a run's manifest names. IntegrityError lists each file that differs.

    `settings` name who may have signed it; else those that the run was washed with tell whose signature it bears.
    """
    folder = find_run(outputs, name)
    try:
        found = verify_run(folder, None if settings is None else load_settings(settings).protection.signers)
    except IntegrityError:
        leave_trail(folder, "verified", sound="no")
        raise
    leave_trail(folder, "verified", sound="yes")
    facts = {"run": folder.name, "sound": True, "files": found.files, "extracts": found.extracts}
    facts |= {"audit_lines": found.audit_lines, "notes": list(found.notes)}
    facts |= {"signed": found.signed, "audit_lines_sealed": found.sealed}
    digest = pointer_to(folder).sha256
    return Report(
        facts | {"manifest_digest": digest},
        [
            f"{folder.name} is sound: {many(found.files, 'file')} published and {many(found.extracts, 'extract file')} "
            "behind it are what its manifest says.",
            f"Each of the {many(found.audit_lines, 'line')} of the audit log follows from the one before.",
            f"The manifest's own digest is {digest}.",
            *_signed(folder, found.signed, settings),
            *found.notes,
        ],
    )


def _signed(folder: Path, signed: str | None, settings: Path | None) -> list[str]:
    """Whose signature the manifest bears, in words, and what that is worth."""
    if signed is None:
        return ["Nobody signed it."]
    if settings is not None:
        return [f"It is signed by {signed}, as {settings.name} has it."]
    claimed = settings_of(folder, read_manifest(folder)).protection.signers
    name = next((name for name, key in claimed.items() if key == signed), None)
    if name is None:
        return [f"It is signed with the key {signed}; --settings FILE says whose that is."]
    return [f"It is signed by {name}, by the settings that it was washed with; --settings FILE holds it to your own."]
