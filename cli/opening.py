"""`datawash open`: a list of a run, clear, as a file of one's own; the audit log says who did it. It changes no run."""

import os
from pathlib import Path, PurePosixPath

from cli.lookup import find_run
from cli.say import Report
from cli.trail import leave_trail
from pipeline.keys.lists import opened_list
from pipeline.keys.outside_ids import recipient_key, with_keyed_ids
from pipeline.publish import LISTS
from pipeline.published import cover_of, settings_of, table_of
from pipeline.record.audit_head import head_words, read_head
from pipeline.record.files import sha256_of, write_aside
from pipeline.record.manifest import Manifest, read_manifest
from reports.workbook import Cover, Sheet, write_csv, write_workbook
from schemas.errors import IntegrityError, UsageError


def open_list(outputs: Path, name: str, file: str, out: Path, recipient: str | None) -> Report:
    """Write a file of a run, clear, to `out`: as it was published, or with the ids of a recipient."""
    run = find_run(outputs, name)
    if out.exists():
        raise UsageError(f"{out} is there already. Give another name.")
    if recipient is None:
        _as_published(run, file, out)
    else:
        _for_recipient(run, file, out, recipient)
    if os.name == "posix":
        out.chmod(0o600)
    digest = sha256_of(out)
    leave_trail(run, "list_opened", what=file, sha256=digest, recipient=recipient or "")
    said = f" with the ids of {recipient}" if recipient else ""
    return Report(
        {"run": run.name, "file": file, "out": str(out), "sha256": digest, "recipient": recipient},
        [f"{file} of {run.name} stands clear{said} in {out}. It is on the audit log; remove it when you are done."],
    )


def _as_published(run: Path, file: str, out: Path) -> None:
    known = {entry.file: entry.sha256 for entry in read_manifest(run).outputs}
    if file not in known:
        lists = ", ".join(name for name in known if name.endswith((".csv", ".xlsx")))
        raise UsageError(f"{run.name} has no file {file}. It has {lists}.")
    with opened_list(run, file) as path:
        if not path.exists():
            raise IntegrityError(f"{file} of {run.name} is not here: it was purged, or lost. Verify the run.")
        if sha256_of(path) != known[file]:
            raise IntegrityError(f"{file} of {run.name} is not what its manifest says. Nothing was written.")
        write_aside(out, path.read_bytes())


def _for_recipient(run: Path, file: str, out: Path, recipient: str) -> None:
    name = PurePosixPath(file).stem
    if name not in LISTS or PurePosixPath(file).suffix not in (".csv", ".xlsx"):
        lists = ", ".join(f"{known}.xlsx" for known in LISTS)
        raise UsageError(f"Only lists are written with a recipient's ids: {lists}, or the same as .csv.")
    table = with_keyed_ids(table_of(run, name), recipient_key(recipient))
    if file.endswith(".csv"):
        write_csv(out, table)
    else:
        write_workbook(out, _cover(run, read_manifest(run), name, recipient), [Sheet(LISTS[name], table)])


def _cover(run: Path, manifest: Manifest, name: str, recipient: str) -> Cover:
    notes = (f"For {recipient}: the ids in this file are theirs alone.", head_words(read_head(run.parent)))
    return cover_of(LISTS[name], manifest, settings_of(run, manifest), notes)
