"""The counts that the pages of quality are drawn from: added up once for a run, from tables held to its manifest."""

from functools import lru_cache
from pathlib import Path

from criteria import load_framework
from pipeline.boundaries import archived_boundaries
from pipeline.run_report import Month, Place, count_run
from reports.quality.counted import Counted
from schemas.errors import UsageError
from web.published import KEPT_RUNS, Published, run_called


@lru_cache(maxsize=KEPT_RUNS)
def counts_of(outputs: Path, run: Published) -> Counted:
    """What is drawn of `run`, beside the run that it follows where that is still there."""
    before = _before(outputs, run)
    thresholds = run.manifest.model["thresholds"]
    place = Place(archived_boundaries(outputs, run.manifest.boundaries), load_framework(run.settings.criteria))
    return count_run(_month(run), None if before is None else _month(before), place, thresholds)


def _month(run: Published) -> Month:
    return Month(run.manifest.as_of, run.table, {stage.name: stage.counts for stage in run.manifest.stages})


def _before(outputs: Path, run: Published) -> Published | None:
    if run.manifest.previous is None:
        return None
    try:
        return run_called(outputs, run.manifest.previous.name)
    except UsageError:
        return None
