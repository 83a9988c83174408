"""Is a published run still what it was? Every file hashed again against the manifest; decides nothing else."""

from pathlib import Path
from typing import NamedTuple

from pipeline.claims import register
from pipeline.decisions import store
from pipeline.record.audit_log import AUDIT_LOG, check_audit_log, read_log
from pipeline.record.chain import Chain, goes_on_from
from pipeline.record.files import sha256_of
from pipeline.record.manifest import MANIFEST, Manifest, Pointer, output_files, read_manifest
from pipeline.record.run import pointer_to
from pipeline.retention.told import Purged, purged_of, without_previous
from schemas.errors import IntegrityError


class Verified(NamedTuple):
    """How many files, archived extracts and lines of the audit log were found sound; what to know beside."""

    files: int
    extracts: int
    audit_lines: int
    notes: tuple[str, ...] = ()


def verify_run(folder: Path) -> Verified:
    """Hash everything that the manifest of the run in `folder` names. IntegrityError lists each file that differs.

    What was purged, and a previous run that is no longer there, are notes: this run is sound, and it may be that it
    cannot be replayed.
    """
    manifest = read_manifest(folder)
    archive, purged = folder.parent / "archive", purged_of(folder, manifest)
    found = [*_outputs(folder, manifest, purged), *_archived(archive, manifest, purged), *_previous(folder, manifest)]
    found += _since_changed(archive, manifest.claims_register, register.register_path(folder.parent), register.CHAIN)
    found += _since_changed(archive, manifest.decisions, store.decisions_path(folder.parent), store.CHAIN)
    if found:
        raise IntegrityError("\n".join([f"{folder.name} is not what its {MANIFEST} says:", *found]))
    lines = check_audit_log(folder.parent)
    register.check_register(folder.parent)
    store.check_decisions(folder.parent)
    notes = (*purged.notes, *_notes(folder, manifest), *_torn(folder.parent))
    files, extracts = len(manifest.outputs) - len(purged.files), len(manifest.inputs) - len(purged.archived)
    return Verified(files, extracts, lines, notes)


def _outputs(folder: Path, manifest: Manifest, purged: Purged) -> list[str]:
    now = {entry.file: entry for entry in output_files(folder)}
    then = {entry.file: entry for entry in manifest.outputs}
    changed = [f"  changed: {name}" for name in then if name in now and now[name] != then[name]]
    missing = [f"  missing: {name}" for name in then if name not in now and name not in purged.files]
    added = [f"  not of this run: {name}" for name in now if name not in then]
    return changed + missing + added


def _archived(archive: Path, manifest: Manifest, purged: Purged) -> list[str]:
    named = (manifest.settings_file, manifest.judgements, manifest.model_file, manifest.boundaries)
    pointers = [pointer for pointer in (*named, manifest.claims_register, manifest.decisions) if pointer]
    wanted = [(file.sha256, file.name) for file in manifest.inputs if file.sha256 not in purged.archived]
    wanted += [(pointer.sha256, pointer.name) for pointer in pointers]
    return [line for sha256, name in wanted if (line := _archived_line(archive / sha256, name))]


def _archived_line(path: Path, name: str) -> str | None:
    if not path.exists():
        return f"  missing from the archive: {name}"
    return None if sha256_of(path) == path.name else f"  changed in the archive: {name}"


def _previous(folder: Path, manifest: Manifest) -> list[str]:
    if manifest.previous is None or not (folder.parent / manifest.previous.name).exists():
        return []
    path = folder.parent / manifest.previous.name
    return [] if pointer_to(path) == manifest.previous else [f"  changed: the previous run, {path.name}"]


def _since_changed(archive: Path, then: Pointer | None, path: Path, chain: Chain) -> list[str]:
    """Lines are only ever added to a chained file: what this run read of it must stand at its beginning."""
    if then is None or not (archive / then.sha256).exists() or not path.exists():
        return []
    same = goes_on_from(path, (archive / then.sha256).read_bytes(), chain)
    return [] if same else [f"  changed since this run read it: {path.name}"]


def _notes(folder: Path, manifest: Manifest) -> list[str]:
    missing = without_previous(folder, manifest)
    return [missing] if missing else []


def _torn(outputs: Path) -> list[str]:
    torn = read_log(outputs).torn
    words = f"The last line of {AUDIT_LOG} was never finished ({torn} bytes): the next event cuts it off and says so."
    return [words] if torn else []
