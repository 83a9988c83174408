"""The auditor's replay: the same wash again from the archive, elsewhere, and what differs; decides no result."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.intake.archive import take_out
from pipeline.keys.encryption import private_place, sweep_opened
from pipeline.prepare import NONE, SETTINGS_FILE, Request
from pipeline.record.files import private_folder
from pipeline.record.manifest import Manifest, Pointer, TableEntry, read_manifest
from pipeline.record.verify import verify_run
from pipeline.retention.told import refuse_unrepeatable
from pipeline.rights.traits import key_place
from pipeline.wash import Step, call, wash_extracts
from schemas.errors import IntegrityError, ReplayDiffersError


class Replayed(NamedTuple):
    """What a replay compared: tables by what they say, and files by their bytes; all were equal."""

    tables: int
    files: int


class Compared(NamedTuple):
    """A table of a stage, or a file for people (`stage` is publish): its rows then and now (None: not there, or a
    file), and whether both say the same."""

    stage: str
    name: str
    is_file: bool
    rows_then: int | None
    rows_now: int | None
    same: bool


def replay_run(folder: Path, into: Path | None = None, step: Step = call) -> Replayed:
    """Wash the run in `folder` again from the archive, and compare. `into` keeps the copy there; else it is removed.

    Raises IntegrityError where the run or its archive is not what the manifest says, ReplayDiffersError naming the
    first stage and table that differ, with counts.
    """
    return compare_runs(read_manifest(folder), wash_again(folder, into, step))


def wash_again(folder: Path, into: Path | None = None, step: Step = call) -> Manifest:
    """Wash the run in `folder` again from the archive; the manifest of what came out. `into`, errors: as `replay_run`.

    It compares nothing: `compare_runs` and `list_compared` do.
    """
    verify_run(folder)
    manifest = read_manifest(folder)
    refuse_unrepeatable(folder, manifest)
    with _workplace(folder.parent, into) as place:
        extracts = lay_out(manifest, folder.parent / "archive", place / "extracts")
        return wash_extracts(_request(manifest, folder, extracts, place / "outputs"), step).manifest


def compare_runs(one: Manifest, two: Manifest) -> Replayed:
    """Compare two manifests stage by stage; ReplayDiffersError names the first difference and counts the others."""
    compared = list_compared(one, two)
    differ = [_difference(line) for line in compared if not line.same]
    if differ:
        rest = f" ({len(differ) - 1} more differ.)" if len(differ) > 1 else ""
        raise ReplayDiffersError(f"The replay of {one.run_id} differs: {differ[0]}.{rest}{why_differs(one, two)}")
    files = sum(line.is_file for line in compared)
    return Replayed(len(compared) - files, files)


def list_compared(one: Manifest, two: Manifest) -> list[Compared]:
    """Every table of `one`, stage by stage, then every file for people, held against those of `two`."""
    others = {(stage.name, table.name): table for stage in two.stages for table in stage.tables}
    tables = [_held(stage.name, table, others.get((stage.name, table.name)))
              for stage in one.stages for table in stage.tables]
    files = {entry.file: entry.sha256 for entry in two.outputs if _for_people(entry.file)}
    mine = {entry.file: entry.sha256 for entry in one.outputs if _for_people(entry.file)}
    return tables + [Compared("publish", name, True, None, None, files.get(name) == mine[name])
                     for name in sorted(mine)]


def _held(stage: str, table: TableEntry, other: TableEntry | None) -> Compared:
    if other is None:
        return Compared(stage, table.name, False, table.rows, None, False)
    return Compared(stage, table.name, False, table.rows, other.rows, table.logical_digest == other.logical_digest)


def _for_people(name: str) -> bool:
    return name.endswith((".csv", ".xlsx"))


def _difference(line: Compared) -> str:
    if line.is_file:
        return f"file {line.name} has other bytes"
    if line.rows_now is None:
        return f"stage {line.stage!r} wrote no table {line.name}"
    return (f"stage {line.stage!r}, table {line.name}: {line.rows_then} rows then, {line.rows_now} rows now, "
            "and not the same")


def why_differs(one: Manifest, two: Manifest) -> str:
    """The likely reason why two manifests of the same wash differ, as a sentence after a space; nothing for none."""
    if one.code_version != two.code_version:
        return f" The run was made by code {one.code_version}, this is {two.code_version}: replay it with that version."
    moved = [name for name, version in one.libraries.items() if two.libraries.get(name) != version]
    return f" These libraries have another version now: {', '.join(moved)}." if moved else ""


@contextmanager
def _workplace(outputs: Path, into: Path | None) -> Iterator[Path]:
    """A private folder for the replay: kept when the auditor named it, else removed whatever happens."""
    if into is not None:
        yield private_folder(into)
        return
    sweep_opened(outputs)
    with private_place(outputs) as place:
        yield place


def lay_out(manifest: Manifest, archive: Path, folder: Path) -> Path:
    """The extracts, and the settings file, as they stood when the run was washed."""
    private_folder(folder)
    for file in manifest.inputs:
        path = (folder / file.path).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise IntegrityError(f"The manifest names a file outside the folder of extracts: {file.name}.")
        private_folder(path.parent)
        take_out(archive / file.sha256, path)
    if manifest.settings_file is not None:
        take_out(archive / manifest.settings_file.sha256, folder / SETTINGS_FILE)
    return folder


def _request(manifest: Manifest, folder: Path, extracts: Path, outputs: Path) -> Request:
    return Request(
        folder=extracts,
        as_of=manifest.as_of,
        outputs=outputs,
        previous=NONE if manifest.previous is None else str(folder.parent / manifest.previous.name),
        judgements=_taken_out(manifest.judgements, folder.parent / "archive", extracts.parent / "judgements"),
        model=_taken_out(manifest.model_file, folder.parent / "archive", extracts.parent / "model"),
        claims_register=_taken_out(manifest.claims_register, folder.parent / "archive", extracts.parent / "register"),
        decisions=_taken_out(manifest.decisions, folder.parent / "archive", extracts.parent / "decisions"),
        boundaries=_taken_out(manifest.boundaries, folder.parent / "archive", extracts.parent / "boundaries"),
        rights=_taken_out(manifest.rights, folder.parent / "archive", extracts.parent / "rights"),
        rights_key=key_place(folder.parent),
        without=manifest.without,
    )


def _taken_out(pointer: Pointer | None, archive: Path, folder: Path) -> Path | None:
    """An archived file under its own name, in a folder of its own."""
    if pointer is None:
        return None
    path = private_folder(folder) / pointer.name
    take_out(archive / pointer.sha256, path)
    return path
