"""Evidence packs of a published run: reads what it holds of the cases, and writes the files once the log has them.

The items are worded in `reports`; nothing about a family is decided here. No pack leaves before the audit log says so.
"""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd

from pipeline.pack_claims import prepared_from
from pipeline.pack_tables import gather_run, subjects_of
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder, write_aside
from pipeline.record.manifest import read_manifest
from reports.evidence_pack import make_packs, write_pack_workbook
from reports.packs.gathered import Case, part_cases
from reports.packs.shape import Pack, as_document
from reports.packs.typeset import set_pages
from schemas.errors import UsageError


class Written(NamedTuple):
    """A pack that was written: its files, PDF first, and the sha256 of that."""

    files: tuple[Path, ...]
    sha256: str


def write_pack(run: Path, who: str, out: Path | None = None, workbook: Path | None = None) -> Written:
    """Write the pack of one family (its id, its household's, or the caseload's reference) of the published `run`.

    The PDF stands at `out`, by default below `packs/` beside the run; the same as XLSX at `workbook`, if it is given.
    Raises UsageError where the run has no such family.
    """
    pack = make_pack(run, who)
    pages = pack_file(pack, "pdf")
    digest = hashlib.sha256(pages).hexdigest()
    record_event(run.parent, "packed", read_manifest(run).run_id, what=pack.name, sha256=digest)
    path = out or private_folder(run.parent / "packs") / f"{pack.name}-{run.name}.pdf"
    write_aside(path, pages)
    if workbook is not None:
        write_pack_workbook(workbook, pack)
    files = (path,) if workbook is None else (path, workbook)
    for file in files:
        file.chmod(0o600)
    return Written(files, digest)


def make_pack(run: Path, who: str) -> Pack:
    """The pack of one family, in words; UsageError where the run has no such family. Whoever hands it on records it."""
    (pack,) = make_packs(gather_run(run, _subjects(run, who), prepared_from(run)))
    return pack


def family_case(run: Path, who: str) -> Case:
    """All that a run holds of one family, as its pack is made from it; UsageError where the run has no such family."""
    (case,) = part_cases(gather_run(run, _subjects(run, who), prepared_from(run)))
    return case


def pack_file(pack: Pack, form: Literal["pdf", "xlsx"]) -> bytes:
    """The pack as the bytes of a file; the same pack gives the same bytes."""
    if form == "pdf":
        return set_pages(as_document(pack), pack.name)
    held = BytesIO()
    write_pack_workbook(held, pack)
    return held.getvalue()


def _subjects(run: Path, who: str) -> pd.DataFrame:
    subjects = subjects_of(run, who)
    if subjects.empty:
        raise UsageError(f"Run {run.name} has no family or case of that name. Take an id from one of its lists.")
    return subjects
