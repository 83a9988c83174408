"""Is a published run still what it was? Every file hashed again against the manifest; decides nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.claims import register
from pipeline.decisions import store
from pipeline.intake.archive import archived_state, read_archived
from pipeline.keys.ciphers import State, state_of
from pipeline.keys.encryption import AGE
from pipeline.keys.signing import SIGNATURE, check_signature
from pipeline.record.audit_faults import require_sound
from pipeline.record.audit_log import AUDIT_LOG, read_log
from pipeline.record.chain import Chain, goes_on_from
from pipeline.record.manifest import MANIFEST, Manifest, Pointer, output_files, read_manifest
from pipeline.record.run import pointer_to
from pipeline.retention.told import Purged, purged_of, without_previous
from pipeline.rights import marks
from schemas.errors import IntegrityError


class Found(NamedTuple):
    """What was found amiss, a line each, and how many encrypted files no key here opens, though they are unchanged."""

    wrong: list[str]
    unopened: int = 0


class Verified(NamedTuple):
    """How many files, archived extracts and lines of the audit log were found sound; what to know beside; who signed
    the manifest, and how many lines of the log bear a right seal."""

    files: int
    extracts: int
    audit_lines: int
    notes: tuple[str, ...] = ()
    signed: str | None = None
    sealed: int = 0


def verify_run(folder: Path, signers: Mapping[str, str] | None = None) -> Verified:
    """Hash everything that the manifest of the run in `folder` names. IntegrityError lists each file that differs.

    `signers`: public keys by name, of which one must have signed it; without them a signature must only be a right one.

    What was purged, and a previous run that is no longer there, are notes: this run is sound, and it may be that it
    cannot be replayed.
    """
    manifest = read_manifest(folder)
    signed = _signed(folder, manifest, signers)
    archive, purged = folder.parent / "archive", purged_of(folder, manifest)
    files, archived = _outputs(folder, manifest, purged), _archived(archive, manifest, purged)
    found = [*files.wrong, *archived.wrong, *_previous(folder, manifest)]
    found += _since_changed(archive, manifest.claims_register, register.register_path(folder.parent), register.CHAIN)
    found += _since_changed(archive, manifest.decisions, store.decisions_path(folder.parent), store.CHAIN)
    found += _since_changed(archive, manifest.rights, marks.rights_path(folder.parent), marks.CHAIN)
    if found:
        raise IntegrityError("\n".join([f"{folder.name} is not what its {MANIFEST} says:", *found]))
    log = require_sound(folder.parent)
    register.check_register(folder.parent)
    store.check_decisions(folder.parent)
    marks.check_rights(folder.parent)
    notes = (*purged.notes, *_notes(folder, manifest), *_torn(folder.parent))
    notes += _unopened(files.unopened + archived.unopened)
    count, extracts = len(manifest.outputs) - len(purged.files), len(manifest.inputs) - len(purged.archived)
    return Verified(count, extracts, log.lines, notes + log.notes, signed, log.sealed)


def _signed(folder: Path, manifest: Manifest, signers: Mapping[str, str] | None) -> str | None:
    """Who signed the manifest: a name where one is known, else the public key; None where nobody did."""
    found = check_signature(folder / MANIFEST, signers or {})
    if found is None and (signers or manifest.signer):
        who = f"{manifest.signer} signed it" if manifest.signer else "nobody signed it when it was published"
        raise IntegrityError(f"{folder.name}: its {SIGNATURE} is missing; by the {MANIFEST}, {who}.")
    return found and (found.name or found.public_key)


def _outputs(folder: Path, manifest: Manifest, purged: Purged) -> Found:
    now = {entry.file: entry for entry in output_files(folder)}
    then = {entry.file: entry for entry in manifest.outputs}
    encrypted = [name for name in then if name not in now and name + AGE in now]
    states = {name: state_of(folder, name + AGE, then[name].sha256) for name in encrypted}
    changed = [f"  changed: {name}" for name in then if name in now and now[name] != then[name]]
    changed += [f"  changed: {name}{AGE}" for name, state in states.items() if state is State.CHANGED]
    known = purged.files | states.keys()
    missing = [f"  missing: {name}" for name in then if name not in now and name not in known]
    added = [f"  not of this run: {name}" for name in now if name not in then and name.removesuffix(AGE) not in states]
    return Found(changed + missing + added, list(states.values()).count(State.UNOPENED))


def _archived(archive: Path, manifest: Manifest, purged: Purged) -> Found:
    named = (manifest.settings_file, manifest.judgements, manifest.model_file, manifest.boundaries)
    chained = (manifest.claims_register, manifest.decisions, manifest.rights)
    pointers = [pointer for pointer in (*named, *chained) if pointer]
    wanted = [(file.sha256, file.name) for file in manifest.inputs if file.sha256 not in purged.archived]
    wanted += [(pointer.sha256, pointer.name) for pointer in pointers]
    states = [(name, archived_state(archive / sha256)) for sha256, name in wanted]
    missing = [f"  missing from the archive: {name}" for name, state in states if state is None]
    changed = [f"  changed in the archive: {name}" for name, state in states if state is State.CHANGED]
    return Found(missing + changed, sum(state is State.UNOPENED for _, state in states))


def _previous(folder: Path, manifest: Manifest) -> list[str]:
    if manifest.previous is None or not (folder.parent / manifest.previous.name).exists():
        return []
    path = folder.parent / manifest.previous.name
    return [] if pointer_to(path) == manifest.previous else [f"  changed: the previous run, {path.name}"]


def _since_changed(archive: Path, then: Pointer | None, path: Path, chain: Chain) -> list[str]:
    """Lines are only ever added to a chained file: what this run read of it must stand at its beginning."""
    if then is None or not path.exists() or archived_state(archive / then.sha256) is not State.SOUND:
        return []
    same = goes_on_from(path, read_archived(archive / then.sha256), chain)
    return [] if same else [f"  changed since this run read it: {path.name}"]


def _notes(folder: Path, manifest: Manifest) -> list[str]:
    missing = without_previous(folder, manifest)
    return [missing] if missing else []


def _unopened(count: int) -> tuple[str, ...]:
    said = f"{count} encrypted {'file is' if count == 1 else 'files are'}"
    return (f"{said} what was written; no key here opens them, to hold them against the manifest.",) if count else ()


def _torn(outputs: Path) -> list[str]:
    torn = read_log(outputs).torn
    words = f"The last line of {AUDIT_LOG} was never finished ({torn} bytes): the next event cuts it off and says so."
    return [words] if torn else []
