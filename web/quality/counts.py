"""What the pages of quality show, made once for a run, from tables that are held to its manifest."""

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from criteria import load_framework
from pipeline.boundaries import archived_boundaries
from pipeline.run_report import Month, Place, count_run
from reports.page import Section
from reports.quality.areas import areas_section
from reports.quality.arrivals import arrivals_section, gaps
from reports.quality.cards import arrived, empty_fields, worth_a_look
from reports.quality.counted import Counted
from reports.quality.families import change_section, families_section
from schemas.errors import UsageError
from web.published import KEPT_RUNS, Published, run_called


class CameIn(NamedTuple):
    """What is worth a look, by extract; a row for each extract; and the figures."""

    looks: list[tuple[str, list[str]]]
    extracts: list[dict[Hashable, Any]]
    sections: list[Section]


@lru_cache(maxsize=KEPT_RUNS)
def counts_of(outputs: Path, run: Published) -> Counted:
    """What is drawn of `run`, beside the run that it follows where that is still there."""
    before = _before(outputs, run)
    thresholds = run.manifest.model["thresholds"]
    place = Place(archived_boundaries(outputs, run.manifest.boundaries), load_framework(run.settings.criteria))
    return count_run(_month(run), None if before is None else _month(before), place, thresholds)


@lru_cache(maxsize=KEPT_RUNS)
def came_in(outputs: Path, run: Published) -> CameIn:
    """What came in with `run`."""
    counted = counts_of(outputs, run)
    schools = [("schools", said)] if (said := gaps(counted.coverage)) else []
    fields = Section("How full the fields are", empty_fields(counted))
    sections = [section for section in (arrivals_section(counted), fields) if section.figures]
    return CameIn([*worth_a_look(counted), *schools], arrived(counted).to_dict("records"), sections)


@lru_cache(maxsize=KEPT_RUNS)
def changed(outputs: Path, run: Published) -> list[Section]:
    """What changed since the list before, and how the list came about."""
    counted = counts_of(outputs, run)
    every = [change_section(counted), families_section(counted), areas_section(counted.areas)]
    return [section for section in every if section and section.figures]


def _month(run: Published) -> Month:
    return Month(run.manifest.as_of, run.table, {stage.name: stage.counts for stage in run.manifest.stages})


def _before(outputs: Path, run: Published) -> Published | None:
    if run.manifest.previous is None:
        return None
    try:
        return run_called(outputs, run.manifest.previous.name)
    except UsageError:
        return None
