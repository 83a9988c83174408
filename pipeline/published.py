"""What a command needs of a published run: its settings as they were, its tables, its title page; changes no run."""

from pathlib import Path

import pandas as pd

from pipeline.config import Settings, load_settings
from pipeline.record.manifest import Manifest
from pipeline.record.tables import read_table
from reports.workbook import Cover
from schemas.errors import UsageError


def settings_of(run: Path, manifest: Manifest, given: Path | None = None) -> Settings:
    """The settings in the file `given`, or those that the run was washed with, from the archive."""
    if given is not None or manifest.settings_file is None:
        return load_settings(given)
    archive, model = run.parent / "archive", manifest.model_file
    return load_settings(archive / manifest.settings_file.sha256, archive / model.sha256 if model else None)


def table_of(run: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """A table of a published run. UsageError where the run is of a version that did not make it."""
    path = run / "tables" / f"{name}.parquet"
    if not path.exists():
        raise UsageError(f"{run.name} has no table {name}: an earlier version washed it. Wash its extracts again.")
    return read_table(path, columns)


def cover_of(title: str, manifest: Manifest, settings: Settings, notes: tuple[str, ...] = ()) -> Cover:
    """The title page of what is made from a run."""
    return Cover(title=title, authority=settings.authority.name, marking=settings.authority.marking,
                 as_of=manifest.as_of, run_id=manifest.run_id, notes=notes)
