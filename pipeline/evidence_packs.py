"""The packs of a whole claim window: one PDF a case and an index; nothing leaves before the audit log has it.

Pages are set by two processes that load nothing but typst; this one reads the run once and hands them the words.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.claims.prepared import Prepared, read_prepared
from pipeline.claims.window import ClaimWindow
from pipeline.pack_tables import gather_run, subjects_of_claim
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder, sync_folder
from pipeline.record.manifest import read_manifest
from reports.evidence_pack import make_packs
from reports.packs.gathered import Gathered
from reports.packs.shape import Pack, as_document
from reports.packs.typeset import set_file
from reports.workbook import Sheet, write_csv, write_workbook
from schemas.errors import StorageError, UsageError


PACKS, PART, OLD = "packs", ".packs.part", ".packs.old"
PROCESSES = 2
AT_ONCE = 32
FEW = 12
"""So few packs are set here: two processes would take longer to start."""
CLAIM = ("claim_id", "family_ref", "family_id", "route", "amount", "rate_year")


class Packed(NamedTuple):
    """A window's packs: where they stand, how many, and their bytes together."""

    folder: Path
    packs: int
    bytes: int


def pack_window(outputs: Path, window: ClaimWindow) -> Packed:
    """Write the pack of every claim that was prepared for a window, below `packs/` beside it, with an index.

    Packs that stand there are replaced, all at once. Raises UsageError where nothing was prepared.
    """
    prepared = read_prepared(outputs, window)
    if not prepared.claims:
        raise UsageError(f"The claim of {prepared.window} holds no case that is ready: there is nothing to pack.")
    subjects = subjects_of_claim(prepared.run, [claim["family_ref"] for claim in prepared.claims])
    gathered = gather_run(prepared.run, subjects, prepared)
    part = _emptied(prepared.folder / PART)
    try:
        files = set_packs(gathered, part)
        _write_index(part, gathered, prepared, files)
        run_id, names = read_manifest(prepared.run).run_id, ";".join(subjects["name"])
        index = hashlib.sha256((part / "index.csv").read_bytes()).hexdigest()
        record_event(outputs, "packed_window", run_id, window=prepared.window, what=names, index_sha256=index)
        return Packed(_put_in_place(part, prepared.folder / PACKS), len(files), int(files["bytes"].sum()))
    finally:
        shutil.rmtree(part, ignore_errors=True)


def set_packs(gathered: Gathered, folder: Path) -> pd.DataFrame:
    """Set the pages of every case into `folder`: file, sha256 and bytes of each, in the order of the cases."""
    packs = make_packs(gathered)
    if len(gathered.subjects) <= FEW:
        rows = [(f"{pack.name}.pdf", *set_file(*_job(pack, folder))) for pack in packs]
    else:
        rows = list(_set_in_processes(packs, folder))
    return pd.DataFrame(rows, columns=["file", "sha256", "bytes"])


def _set_in_processes(packs: Iterable[Pack], folder: Path) -> Iterator[tuple[str, str, int]]:
    """Set by processes, a few at a time, so that no more than a few wait in memory."""
    packs = iter(packs)
    try:
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            while jobs := [_job(pack, folder) for pack in islice(packs, AT_ONCE)]:
                waiting = [pool.submit(set_file, *job) for job in jobs]
                for (path, _, _), done in zip(jobs, waiting, strict=True):
                    yield path.name, *done.result()
    except BrokenProcessPool:
        raise StorageError(
            "A process that set pages was stopped from outside, perhaps for want of memory. No pack was written."
        ) from None


def _job(pack: Pack, folder: Path) -> tuple[Path, dict[str, Any], str]:
    return folder / f"{pack.name}.pdf", as_document(pack), pack.name


def _write_index(folder: Path, gathered: Gathered, prepared: Prepared, files: pd.DataFrame) -> None:
    """The index of the window's packs: each claim with its file and the digest of it; no name of a person."""
    claims = pd.DataFrame([{name: claim[name] for name in CLAIM} for claim in prepared.claims])
    table = pd.concat([claims.convert_dtypes(), files.convert_dtypes()], axis=1)
    note = f"Prepared claim {prepared.digest[:12]}: {len(table):,} packs. sha256 is of the file as it was written."
    cover = gathered.cover._replace(title=f"Evidence packs of {prepared.window}", notes=(note,))
    write_workbook(folder / "index.xlsx", cover, [Sheet("Packs", table, frozen=2)])
    write_csv(folder / "index.csv", table)
    for name in ("index.xlsx", "index.csv"):
        (folder / name).chmod(0o600)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return private_folder(folder)


def _put_in_place(part: Path, folder: Path) -> Path:
    """Give the finished folder its name; what stood there before goes, and comes back where that fails."""
    old = folder.with_name(OLD)
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    sync_folder(folder.parent)
    shutil.rmtree(old, ignore_errors=True)
    return folder
