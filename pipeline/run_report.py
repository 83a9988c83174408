"""Counts what the report of a run shows, and writes it, while the run is published or later; changes no table."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from criteria import Framework, load_framework
from linkage.overview import weight_histogram, weight_of
from pipeline.boundaries import archived_boundaries
from pipeline.config import Settings
from pipeline.published import cover_of, settings_of, table_of
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.run import Run
from pipeline.record.stage_log import read_model, read_stages
from pipeline.record.tables import read_table
from pipeline.release_gate import refusal
from reports.quality.areas import area_table
from reports.quality.counted import (
    Areas,
    Counted,
    Extracts,
    Outline,
    count_changes,
    count_combinations,
    count_lapsed,
    count_rejected,
    fields_by_extract,
)
from reports.quality.report import write_report
from reports.workbook import Cover
from schemas.columns import empty_table
from schemas.errors import UsageError
from schemas.published import FieldQuality


REPORT = "report.html"
TITLE = "What went in, and what came of it"
NOTES = (
    "For the team alone: it names nobody, but its counts are exact, and a small one may tell of a family. Figures for "
    "papers that leave the team are released by the command datawash profile, or on the page of figures.",
)
INGEST = "ingest "
Read = Callable[[str, list[str] | None], pd.DataFrame]


class Month(NamedTuple):
    """A run as it is read here: its day, its tables by name (and columns), and what each stage counted."""

    as_of: date
    read: Read
    counts: Mapping[str, Mapping[str, int]]


class Place(NamedTuple):
    """What the map rests on: the outlines of areas, and the programme's rules of what may be shown."""

    outlines: tuple[Outline, ...]
    rules: Framework


def write_run_report(run: Run, cover: Cover) -> None:
    """Write the report of a run that is being published into its folder."""
    now = Month(run.as_of, lambda name, columns: read_table(run.tables / f"{name}.parquet", columns),
                {stage.name: stage.counts for stage in read_stages(run)})
    before = None if run.previous is None else published_month(run.previous, read_manifest(run.previous))
    place = Place(archived_boundaries(run.outputs, run.boundaries), load_framework(run.settings.criteria))
    counted = count_run(now, before, place, read_model(run)["thresholds"])
    write_report(run.folder / REPORT, cover._replace(title=TITLE, notes=NOTES), counted)


def report_run(run: Path, out: Path | None = None) -> Path:
    """Draw the report of the published `run` to `out`, and return where it stands: without `out`, the run's own.

    Of a run of an earlier version, which has none, it is drawn below `reports/` beside the run.
    """
    manifest = read_manifest(run)
    if out is None and (run / REPORT).exists():
        return run / REPORT
    path = out or private_folder(run.parent / "reports") / f"run-{run.name}.html"
    settings = settings_of(run, manifest)
    write_report(path, cover_of(TITLE, manifest, settings, NOTES), count_published(run, manifest, settings))
    path.chmod(0o600)
    record_event(run.parent, "run_reported", manifest.run_id)
    return path


def count_published(run: Path, manifest: Manifest, settings: Settings) -> Counted:
    """All that the report of a published run is drawn from; without the run before it where that is gone."""
    before = None if manifest.previous is None else run.parent / manifest.previous.name
    known = before is not None and (before / "manifest.json").exists()
    then = published_month(before, read_manifest(before)) if before and known else None
    place = Place(archived_boundaries(run.parent, manifest.boundaries), load_framework(settings.criteria))
    return count_run(published_month(run, manifest), then, place, manifest.model["thresholds"])


def published_month(run: Path, manifest: Manifest) -> Month:
    """A published run, to be counted."""
    counts = {stage.name: stage.counts for stage in manifest.stages}
    return Month(manifest.as_of, lambda name, columns: table_of(run, name, columns), counts)


def count_run(now: Month, before: Month | None, place: Place, thresholds: Mapping[str, float]) -> Counted:
    """All that the report of a run is drawn from."""
    master = now.read("master_list", None)
    return Counted(
        extracts=count_extracts(now),
        before=None if before is None else count_extracts(before),
        coverage=now.read("coverage", None),
        funnel=now.read("funnel", None),
        combinations=count_combinations(master),
        changes=count_changes(now.read("family_changes", None), master["family_id"]),
        lapsed=count_lapsed(now.read("left_list", ["lapsed"])),
        weights=weight_histogram(now.read("pairs", ["match_weight"]), thresholds),
        band=(weight_of(thresholds["review"]), weight_of(thresholds["accept"])),
        questions=len(now.read("review_queue", ["review_id"])),
        areas=count_areas(now, master["family_id"], place),
    )


def count_areas(month: Month, listed: pd.Series, place: Place) -> Areas:
    """Listed families by area, as far as the gate lets it pass."""
    lives = month.read("family_areas", ["family_id", "area"])
    threshold = place.rules.disclosure.threshold.value
    table = area_table(lives.loc[lives["family_id"].isin(listed), "area"], place.outlines, threshold)
    refused = refusal("by_area", table, place.rules)
    return Areas(table.head(0) if refused else table, place.outlines, threshold, refused)


def count_extracts(month: Month) -> Extracts:
    """What came in with a run. A run of an earlier version does not say how full the fields were."""
    counts = {name.removeprefix(INGEST): said for name, said in month.counts.items() if name.startswith(INGEST)}
    rejected = month.read("quarantine", ["extract", "rule", "column"])
    held = fields_by_extract(_fields(month))
    fields = {name: held.get(name, empty_table(FieldQuality)) for name in counts}
    return Extracts(month.as_of, counts, fields, count_rejected(rejected))


def _fields(month: Month) -> pd.DataFrame:
    try:
        return month.read("field_quality", None)
    except (FileNotFoundError, UsageError):
        return empty_table(FieldQuality)
