"""`datawash verify` and `datawash replay`: is a run what it was, does it come out the same; decides neither."""

from pathlib import Path

from cli.engine import Engine, engine_for
from cli.lookup import find_run
from cli.progress import shown
from cli.say import Report, many, remark
from cli.trail import leave_trail
from pipeline.record.manifest import read_manifest
from pipeline.record.run import pointer_to
from pipeline.record.verify import verify_run
from pipeline.replay import Replayed, replay_run
from schemas.errors import IntegrityError, ReplayDiffersError


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


def replay_again(outputs: Path, name: str, into: Path | None, prefect: bool | None) -> Report:
    """Wash a run again from the archive and compare. ReplayDiffersError names the first stage and table that differ."""
    folder = find_run(outputs, name)
    engine = engine_for(prefect)
    remark(f"Replaying {folder.name} {engine.said}.")
    try:
        same = _replay(folder, into, engine)
    except ReplayDiffersError:
        leave_trail(folder, "replayed", result="differs")
        raise
    run_id = read_manifest(folder).run_id
    leave_trail(folder, "replayed", result="equal")
    facts = {"run": folder.name, "run_id": run_id, "equal": True, "engine": engine.value}
    kept = [f"The second wash stands in {into}."] if into else []
    return Report(
        facts | {"tables": same.tables, "files": same.files, "into": into and str(into)},
        [
            f"The replay of {folder.name} is equal: {many(same.tables, 'table')} by what they say, "
            f"{many(same.files, 'list')} and workbooks byte for byte.",
            *kept,
        ],
    )


def _replay(folder: Path, into: Path | None, engine: Engine) -> Replayed:
    with shown() as step:
        if engine is Engine.PLAIN:
            return replay_run(folder, into, step)
        from flows.replay import run_replay

        return run_replay(folder.name, folder.parent, into, step)
