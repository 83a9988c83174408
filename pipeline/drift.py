"""Linkage's model and matches beside those of the previous run; decides what of it a reader is told, and how."""

from typing import Any, NamedTuple

import pandas as pd

import linkage
from pipeline.record.manifest import read_manifest
from pipeline.record.run import Run


class Compared(NamedTuple):
    """The table of what changed, a sentence for each warning, and with what the model was compared."""

    table: pd.DataFrame
    warnings: tuple[str, ...]
    with_what: str


def compare_with_previous(run: Run, model: dict[str, Any]) -> Compared:
    """How the model of a link differs from the one of the previous run. A drift is a warning, never an error."""
    if run.previous is None:
        return Compared(linkage.Drift.nothing("").table, (), "none: this run follows no other")
    found = linkage.compare_models(read_manifest(run.previous).model, model, run.settings.linkage.drift)
    with_what = f"none: {found.unlike}" if found.unlike else run.previous.name
    return Compared(found.table, tuple(f"Linkage drifts: {said}" for said in found.warnings), with_what)
