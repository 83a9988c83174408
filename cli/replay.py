"""`datawash replay`: does a run come out the same? Decides nothing."""

from pathlib import Path

from cli.engine import Engine, engine_for
from cli.lookup import find_run
from cli.progress import shown
from cli.say import Report, many, remark
from cli.trail import leave_trail
from pipeline.record.manifest import read_manifest
from pipeline.replay import Replayed, replay_run
from schemas.errors import ReplayDiffersError


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
