"""The auditor's replay as a Prefect flow, by run id; decides no result and shows no value."""

from pathlib import Path

from prefect import flow

from flows.clean import cleanly
from flows.data_wash import current_step, shown_by
from flows.orphan import end_with_runner
from flows.server import any_server
from flows.steps import forget_error
from pipeline.record.run import open_run
from pipeline.replay import Replayed, replay_run
from pipeline.wash import Step, call
from schemas.process import be_private


@flow(
    name="replay",
    flow_run_name="replay-{run_id}",
    persist_result=False,
    log_prints=False,
    on_failure=[forget_error],
)
def replay_flow(run_id: str, outputs: str, into: str | None = None) -> Replayed:
    """Wash the run called `run_id` again from the archive and compare; `into` keeps the copy in that folder."""
    be_private()
    end_with_runner()
    return cleanly(_replayed, run_id, Path(outputs), Path(into) if into else None)


def run_replay(run_id: str, outputs: Path, into: Path | None = None, progress: Step | None = None) -> Replayed:
    """Run the replay as a flow in this process, on the configured Prefect server or on one of our own.

    Raises IntegrityError or ReplayDiffersError as `pipeline.replay.replay_run` does.
    """
    with any_server(outputs), shown_by(progress or call):
        return cleanly(lambda: replay_flow(run_id, str(outputs), None if into is None else str(into)))


def _replayed(run_id: str, outputs: Path, into: Path | None) -> Replayed:
    return replay_run(open_run(outputs, run_id), into, current_step())
