"""Encrypting again what stands below the outputs, to the keys that the settings name now; decides when the old goes.

Each file's old copy stays until the new one was opened and found to be the same. A file that stands clear and should
not is encrypted as well: so what was washed before the settings asked for it is protected, too.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.keys.ciphers import cipher_of, note_ciphers, read_ciphers
from pipeline.keys.encryption import (
    AGE,
    Identities,
    Recipients,
    decrypted,
    digest_of_clear,
    encrypt_file,
    recipients_here,
    require_identities,
)
from pipeline.keys.lists import is_list, stands
from pipeline.keys.protection import Protection
from pipeline.record.audit_log import record_event
from pipeline.record.listing import find_paths
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.run import only_wash, published_runs
from schemas.errors import IntegrityError, SettingsError


ROTATED = "encrypted_again"
PART = ".part"


class Rotated(NamedTuple):
    """How many files were encrypted again, or for the first time, and how many stood right already."""

    again: int = 0
    first: int = 0
    right: int = 0

    def __add__(self, other: "Rotated") -> "Rotated":  # type: ignore[override]
        return Rotated(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Held(NamedTuple):
    """A file that should stand encrypted: its folder, its path there, and the digest of its clear bytes."""

    folder: Path
    name: str
    sha256: str


def encrypt_again(outputs: Path, protection: Protection) -> Rotated:
    """Encrypt every archived file about people, and every list, to the keys that `protection` names.

    SettingsError where it names none, or no key here opens what is there; IntegrityError where a file is not what it
    was: then that file stays as it is, and those before it are done.
    """
    wanted = recipients_here(protection)
    if wanted.archive is None and wanted.lists is None:
        raise SettingsError("protection: neither archive nor lists is to be encrypted: there is nothing to do.")
    identities, done = require_identities("What is below the outputs"), Rotated()
    with only_wash(outputs):
        for recipients, files in ((wanted.archive, _archived), (wanted.lists, _lists)):
            for held in files(outputs) if recipients else ():
                done += _one(held, recipients or Recipients(()), identities, outputs)
        record_event(outputs, ROTATED, "none", again=done.again, first=done.first, right=done.right)
    return done


def _archived(outputs: Path) -> Iterator[Held]:
    """What the archive has about people: what stands encrypted, and what a run names as an extract or as decisions."""
    archive = outputs / "archive"
    encrypted = {path.name.removesuffix(AGE) for path in find_paths(archive, f"[0-9a-f]*{AGE}")}
    named = {sha256 for run in published_runs(outputs) for sha256 in _about_people(read_manifest(run))}
    for sha256 in sorted(encrypted | {sha256 for sha256 in named if (archive / sha256).exists()}):
        yield Held(archive, sha256, sha256)


def _about_people(manifest: Manifest) -> Iterator[str]:
    yield from (file.sha256 for file in manifest.inputs)
    pointers = (manifest.judgements, manifest.claims_register, manifest.decisions, manifest.rights)
    yield from (pointer.sha256 for pointer in pointers if pointer)


def _lists(outputs: Path) -> Iterator[Held]:
    for run in published_runs(outputs):
        for entry in read_manifest(run).outputs:
            if is_list(entry.file) and stands(run, entry.file):
                yield Held(run, entry.file, entry.sha256)


def _one(held: Held, recipients: Recipients, identities: Identities, outputs: Path) -> Rotated:
    clear, encrypted = held.folder / held.name, held.folder / f"{held.name}{AGE}"
    noted = read_ciphers(held.folder).get(f"{held.name}{AGE}")
    if not clear.exists() and noted and noted.recipients == recipients.keys:
        return Rotated(right=1)
    if not encrypted.exists():
        _encrypt(clear, held, recipients, identities)
        clear.unlink()
        return Rotated(first=1)
    with decrypted(encrypted, identities, outputs) as opened:
        _encrypt(opened, held, recipients, identities)
    clear.unlink(missing_ok=True)
    return Rotated(again=1)


def _encrypt(source: Path, held: Held, recipients: Recipients, identities: Identities) -> None:
    """Put a new encrypted copy in the place of the old one, once it was opened and is what it should be."""
    encrypted = held.folder / f"{held.name}{AGE}"
    part = encrypted.with_name(f".{encrypted.name}{PART}")
    try:
        sealed = encrypt_file(source, part, recipients)
        if {sealed.sha256, digest_of_clear(part, identities).sha256} != {held.sha256}:
            raise IntegrityError(f"{held.name} is not what its digest says: it was left as it is. Verify the run.")
        part.replace(encrypted)
    finally:
        part.unlink(missing_ok=True)
    note_ciphers(held.folder, {f"{held.name}{AGE}": cipher_of(sealed, recipients)})
