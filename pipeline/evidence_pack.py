"""Evidence packs of a published run: reads what it holds of the cases, and writes the files once the log has them.

The items are worded in `reports`; nothing about a family is decided here. No pack leaves before the audit log says so.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

from pipeline.pack_claims import prepared_from
from pipeline.pack_tables import gather_run, subjects_of
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder, write_aside
from pipeline.record.manifest import read_manifest
from reports.evidence_pack import make_packs, write_pack_workbook
from reports.packs.shape import as_document
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
    subjects = subjects_of(run, who)
    if subjects.empty:
        raise UsageError(f"Run {run.name} has no family or case of that name. Take an id from one of its lists.")
    (pack,) = make_packs(gather_run(run, subjects, prepared_from(run)))
    pages = set_pages(as_document(pack), pack.name)
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
