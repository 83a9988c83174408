"""The manifest: what went into a run, what each stage left, what was published; decides which of that names the run."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pydantic

from pipeline.keys.ciphers import PROTECTED
from pipeline.keys.signing import SIGNATURE
from pipeline.record.files import sha256_of, write_aside
from pipeline.record.listing import files_below
from schemas.errors import IntegrityError


MANIFEST = "manifest.json"
BESIDE = (MANIFEST, SIGNATURE, PROTECTED)
"""What stands in a run's folder and is no file of the run: the manifest cannot hold its own digest, nor theirs."""


class _Entry(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")


class InputFile(_Entry):
    """One archived file: rows read = rows accepted + rows quarantined (a file joined to another has none).

    `columns_dropped`: how many of its columns nothing needs; None of a file that was not read, or in a run of before
    they were counted.
    """

    extract: str
    name: str
    path: str
    sha256: str
    bytes: int
    rows_read: int = 0
    rows_accepted: int = 0
    rows_quarantined: int = 0
    encoding: str | None = None
    separator: str | None = None
    repeated: int = 0
    columns_dropped: int | None = None
    rows_erased: int | None = None


class TableEntry(_Entry):
    """A table that a stage left."""

    name: str
    rows: int
    logical_digest: str
    sha256: str


class StageEntry(_Entry):
    """A stage: the tables that it wrote, what it counted, and what a reader is warned of."""

    name: str
    tables: tuple[TableEntry, ...] = ()
    counts: dict[str, int] = {}
    warnings: tuple[str, ...] = ()


class OutputFile(_Entry):
    """A published file, by its path in the run folder."""

    file: str
    sha256: str
    bytes: int


class Pointer(_Entry):
    """Something archived or published elsewhere, held by its digest."""

    name: str
    sha256: str


class AuditHead(_Entry):
    """How the audit log stood: how many lines it had, the digest of the last one, and whether it is being sealed."""

    lines: int
    digest: str
    sealed: bool = False


class Manifest(_Entry):
    """All that an auditor needs to repeat a run and to check that nothing was touched since.

    `audit`: how the audit log stood when the run was published. `signer`: the public key of who signed it.
    """

    run_id: str
    base_id: str
    as_of: date
    code_version: str
    libraries: dict[str, str]
    settings_file: Pointer | None
    settings_digest: str
    framework: Pointer
    judgements: Pointer | None
    model_file: Pointer | None = None
    claims_register: Pointer | None = None
    decisions: Pointer | None = None
    boundaries: Pointer | None = None
    rights: Pointer | None = None
    previous: Pointer | None
    without: tuple[str, ...]
    not_read: tuple[str, ...]
    inputs: tuple[InputFile, ...]
    stages: tuple[StageEntry, ...]
    outputs: tuple[OutputFile, ...]
    model: dict[str, Any]
    timings: dict[str, float]
    audit: AuditHead | None = None
    signer: str | None = None

    def stage(self, name: str) -> StageEntry:
        """The entry of the stage called `name`."""
        return next(stage for stage in self.stages if stage.name == name)

    def table(self, name: str) -> TableEntry:
        """The entry of the table called `name`, whichever stage wrote it last."""
        return [table for stage in self.stages for table in stage.tables if table.name == name][-1]

    def has_table(self, name: str) -> bool:
        """Whether the run wrote a table called `name`: one of an earlier version may not have."""
        return any(table.name == name for stage in self.stages for table in stage.tables)


OF_ITS_OWN = ("timings", "audit", "signer")
"""What a manifest says that each wash of the same has for itself."""


def digest_of(value: Any) -> str:
    """The sha256 of a JSON-able value in canonical form: sorted keys, no spaces."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def manifest_digest(manifest: Manifest) -> str:
    """The digest of a manifest without its timings and what else is of its own: equal for a run and its replay.

    Runs of before decisions or boundaries were kept, or dropped columns counted, say nothing of them, and keep their
    digest.
    """
    since = ("decisions", "boundaries", "rights")
    absent = (name for name in since if getattr(manifest, name) is None)
    left_out: dict[str, Any] = dict.fromkeys((*OF_ITS_OWN, *absent), True)
    unsaid = {name for name in ("columns_dropped", "rows_erased")
              if all(getattr(file, name) is None for file in manifest.inputs)}
    if unsaid:
        left_out["inputs"] = {"__all__": unsaid}
    return digest_of(manifest.model_dump(mode="json", exclude=left_out))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into `folder`, whole or not at all. Without one a folder is no run."""
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False)
    write_aside(folder / MANIFEST, (text + "\n").encode())


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the published run in `folder`; IntegrityError if there is none or it cannot be read."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise IntegrityError(f"{folder.name} has no {MANIFEST}: it is not a published run.") from None
    except pydantic.ValidationError:
        raise IntegrityError(f"{path.name} of {folder.name} is damaged, or of another version of Data Wash.") from None


def output_files(folder: Path) -> tuple[OutputFile, ...]:
    """Every file below `folder` but the manifest and what stands beside it, with its digest, by path."""
    paths = sorted(path.relative_to(folder).as_posix() for path in files_below(folder))
    return tuple(
        OutputFile(file=name, sha256=sha256_of(folder / name), bytes=(folder / name).stat().st_size)
        for name in paths
        if name not in BESIDE
    )
