"""Gathers from a published run what its linkage report shows; draws and links nothing, and changes no run."""

from pathlib import Path

import pandas as pd

from linkage.labelled import Labelled, hold_against
from linkage.overview import Linked
from pipeline.config import load_settings
from pipeline.intake.reading import read_rows
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.tables import read_table
from reports.linkage_report import write_linkage_report
from reports.workbook import Cover
from schemas.columns import TEXT
from schemas.errors import UsageError
from schemas.extracts import EXTRACTS
from schemas.person import PERSON_COLUMNS


LABELS = ("left_id", "right_id", "judgement")
IDENTIFIERS = ("upn", "nino")
TABLES = ("pairs", "person_records", "model_drift")


def report_linkage(run: Path, labels: Path | None = None, out: Path | None = None) -> Path:
    """Write the linkage report of the published `run`; by default below `reports/` beside it. Returns where it stands.

    `labels`: left_id, right_id, judgement (match, no_match); a file of judgements will do. Raises UsageError where the
    labels have no such columns or none is about this run.
    """
    manifest = read_manifest(run)
    linked = gather(run, manifest)
    labelled = None if labels is None else _labelled(labels, linked)
    path = out or private_folder(run.parent / "reports") / f"linkage-{run.name}.html"
    write_linkage_report(path, _cover(run, manifest), linked, labelled)
    path.chmod(0o600)
    record_event(run.parent, "linkage_reported", manifest.run_id)
    return path


def gather(run: Path, manifest: Manifest) -> Linked:
    """The model, pairs and records of a published run."""
    pairs, owners, drift = (read_table(run / f"tables/{name}.parquet") for name in TABLES)
    given = {name: run / f"clean/{name}.parquet" for name in sorted(EXTRACTS) if EXTRACTS[name].person}
    records = [_records(path, name) for name, path in given.items() if path.exists()]
    return Linked(manifest.model, pairs, owners, pd.concat(records, ignore_index=True), drift)


def _records(path: Path, extract: str) -> pd.DataFrame:
    columns = ["record_id", *PERSON_COLUMNS, *IDENTIFIERS]
    return read_table(path).reindex(columns=columns).astype(dict.fromkeys(IDENTIFIERS, TEXT)).assign(extract=extract)


def _labelled(path: Path, linked: Linked) -> Labelled:
    rows = read_rows(path, path.name)
    missing = [column for column in LABELS if column not in rows.frame.columns]
    if missing:
        raise UsageError(f"{path.name} has no column {', '.join(missing)}. Labels need {', '.join(LABELS)}.")
    frame = rows.frame[list(LABELS)].dropna()
    frame = frame[frame["judgement"].isin(["match", "no_match"])]
    return hold_against(frame, linked.pairs, linked.person_records)


def _cover(run: Path, manifest: Manifest) -> Cover:
    given = manifest.settings_file
    authority = load_settings(None if given is None else run.parent / "archive" / given.sha256).authority
    return Cover(
        title="How records became people",
        authority=authority.name,
        marking=authority.marking,
        as_of=manifest.as_of,
        run_id=manifest.run_id,
    )
