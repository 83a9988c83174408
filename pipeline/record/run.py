"""A run: the folder of a wash in the making, and how a published one is found and opened; decides no result."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from filelock import FileLock, Timeout

from pipeline.config import Settings
from pipeline.intake.archive import sweep_archive
from pipeline.intake.sources import Source
from pipeline.keys.encryption import sweep_opened
from pipeline.record.files import make_last, private_folder, sweep_aside, sync_folder
from pipeline.record.listing import find_paths
from pipeline.record.manifest import MANIFEST, Pointer, manifest_digest, read_manifest
from pipeline.record.places import refuse_open_place
from pipeline.record.tables import TableRecord, read_table
from pipeline.retention.told import purged_run
from schemas.errors import IntegrityError, LockedError, StorageError, UsageError


PART = ".part"


class StageRecord(NamedTuple):
    """What travels between stages: names, counts of rows and digests; never a frame.

    `warnings` are for whoever reads the run: sentences with counts and names of fields, and no value of a row.
    """

    name: str
    tables: tuple[TableRecord, ...] = ()
    counts: dict[str, int] = {}  # noqa: RUF012 - never changed
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """A wash in the making: where it stands and everything that goes into it."""

    folder: Path
    outputs: Path
    run_id: str
    base_id: str
    as_of: date
    settings: Settings
    settings_file: Pointer | None
    sources: tuple[Source, ...]
    not_read: tuple[str, ...]
    without: tuple[str, ...]
    previous: Path | None
    judgements: Pointer | None
    model_file: Pointer | None = None
    claims_register: Pointer | None = None
    decisions: Pointer | None = None
    boundaries: Pointer | None = None
    rights: Pointer | None = None
    rights_key: Path | None = None

    @property
    def archive(self) -> Path:
        """Where raw extracts stand by their sha256."""
        return self.outputs / "archive"

    @property
    def clean(self) -> Path:
        """Where the clean tables of the extracts stand."""
        return self.folder / "clean"

    @property
    def tables(self) -> Path:
        """Where the tables of the run stand."""
        return self.folder / "tables"

    @property
    def restricted(self) -> Path:
        """The one place where rejected values stand."""
        return self.folder / "restricted"

    @property
    def stages(self) -> Path:
        """Where each stage leaves its record until the manifest holds them all."""
        return self.folder / "stages"

    @property
    def spill(self) -> Path:
        """Where the database engine may write what its memory does not hold, until the run is sealed."""
        return self.folder / "spill"

    @property
    def final(self) -> Path:
        """Where the run will stand when it is published."""
        return self.outputs / self.folder.name.removesuffix(PART)

    def read(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """A table that an earlier stage wrote, or some of its columns."""
        return read_table(self.tables / f"{name}.parquet", columns)

    def read_previous(self, name: str) -> pd.DataFrame | None:
        """A table of the previous run; None where there is no previous run, or where it was washed before there was
        such a table. Raises IntegrityError where the run has lost it."""
        if self.previous is None:
            return None
        path = self.previous / "tables" / f"{name}.parquet"
        if path.exists():
            return read_table(path)
        if read_manifest(self.previous).has_table(name):
            raise IntegrityError(
                f"{self.previous.name}, the run that this wash follows, has lost its table {name}. See with `datawash "
                f"verify {self.previous.name}` what else is gone and restore it from a backup, or name another run to "
                "follow with --previous."
            )
        return None


def run_name(as_of: date, run_id: str) -> str:
    """The name of a run's folder."""
    return f"{as_of.isoformat()}-{run_id}"


def run_folders(outputs: Path) -> list[Path]:
    """The folders of the published runs below `outputs`, by name."""
    return [path.parent for path in find_paths(outputs, f"[0-9]*/{MANIFEST}") if path.parent.suffix != PART]


def published_runs(outputs: Path) -> list[Path]:
    """The published runs below `outputs`, by as-of date, each after the run that it followed."""
    folders = run_folders(outputs)
    manifests = {folder.name: read_manifest(folder) for folder in folders}

    def steps(name: str) -> int:
        before = manifests[name].previous
        return 1 + steps(before.name) if before and before.name in manifests else 0

    return sorted(folders, key=lambda folder: (manifests[folder.name].as_of, steps(folder.name), folder.name))


def open_run(outputs: Path, name: str) -> Path:
    """The published run called `name`: a path, a folder name, a run id or the start of one, or `latest`."""
    runs = published_runs(outputs)
    if name == "latest" and runs:
        return runs[-1]
    if (Path(name) / MANIFEST).is_file():
        return Path(name)
    found = [run for run in runs if run.name == name or run.name.split("-", 3)[-1].startswith(name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(run.name for run in found or runs) or "none yet"
    if not found and (was := purged_run(outputs, Path(name).name)):
        raise UsageError(f"{was} Runs: {names}.")
    what = "More than one run" if found else "No run"
    raise UsageError(f"{what} below {outputs} is called {name!r}. Runs: {names}.")


def pointer_to(run: Path) -> Pointer:
    """A published run, held by the digest of its manifest."""
    return Pointer(name=run.name, sha256=manifest_digest(read_manifest(run)))


@contextmanager
def only_wash(outputs: Path) -> Iterator[None]:
    """Hold the outputs folder for one wash; LockedError says since when another one has it."""
    private_folder(outputs)
    refuse_open_place(outputs)
    since = outputs / ".wash.json"
    lock = FileLock(outputs / ".wash.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(f"Another wash is using {outputs}{_since(since)}. Wait for it, or give --outputs.") from None
    try:
        since.write_text(json.dumps({"since": datetime.now(UTC).isoformat(timespec="seconds")}), encoding="utf-8")
        sweep(outputs)
        yield
    finally:
        with suppress(OSError):
            since.unlink(missing_ok=True)
        lock.release()


def sweep(outputs: Path) -> int:
    """Remove what killed washes left; return how many. Call it only while holding the outputs folder."""
    sweep_opened(outputs)
    left = find_paths(outputs, f"*{PART}")
    for folder in left:
        shutil.rmtree(folder)
    beside = [path for path in find_paths(outputs, "*") if not (path / MANIFEST).exists()]
    return len(left) + sweep_archive(outputs / "archive") + sum(map(sweep_aside, beside))


def start_folder(run: Run) -> None:
    """Make the run's own folders, for this user alone."""
    for folder in (run.clean, run.tables, run.restricted, run.stages):
        private_folder(folder)


def finish_folder(run: Run) -> Path:
    """Give the finished run its published name, in one step, once all of it lasts.

    OSError: it is not published. StorageError: it is, and the disk did not say that the name lasts.
    """
    make_last(run.folder)
    run.folder.rename(run.final)
    try:
        sync_folder(run.outputs)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"The run {run.final.name} was published, and the disk gave trouble just then: {reason}. Look at the disk, "
            f"then run: datawash verify {run.final.name}"
        ) from None
    return run.final


def _since(path: Path) -> str:
    try:
        return " since " + json.loads(path.read_text(encoding="utf-8"))["since"]
    except (OSError, ValueError, KeyError):
        return ""


def discard_folder(run: Run) -> None:
    """Remove a run that was not published."""
    shutil.rmtree(run.folder, ignore_errors=True)
