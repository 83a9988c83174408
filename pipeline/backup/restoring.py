"""Brings a backup back into an empty outputs folder and verifies all of it; decides whether it is given its name.

Nothing is put into a folder in use. What does not come out whole is removed; what was damaged when the backup was made
comes back as it was, and is named.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from filelock import FileLock, Timeout

from pipeline.backup.container import Contents, Kept, copy, place_of, unpack
from pipeline.backup.sealing import opening
from pipeline.backup.soundness import Sound, check_outputs
from pipeline.keys.encryption import Identities, require_identities
from pipeline.record.audit_log import record_event
from pipeline.record.files import plain_storage_errors, private_folder, sync_folder
from pipeline.record.listing import files_below
from schemas.errors import LockedError, UsageError


RESTORED = "restored"
ENCRYPTED = b"age-encryption.org/v1"


class Restored(NamedTuple):
    """A backup that was brought back: its list, and what was found when all of it was verified."""

    contents: Contents
    found: Sound


def restore_backup(path: Path, outputs: Path) -> Restored:
    """Restore the backup in `path` to the outputs folder, which must be empty or not there, and verify all of it.

    Raises UsageError where the folder is in use, IntegrityError where the backup is not whole, SettingsError where no
    key opens it: then nothing is there.
    """
    _refuse(path, outputs)
    with plain_storage_errors("The restore"), _aside(outputs) as place:
        contents = unpack_backup(path, place)
        found = check_outputs(place)
        record_event(place, RESTORED, "backup", file=path.name, runs=found.runs, amiss=len(found.amiss))
        _name(place, outputs)
    return Restored(contents, found)


def unpack_backup(path: Path, place: Path) -> Contents:
    """Put the files of a backup below `place`; its list. Raises as `restore_backup` does."""
    with path.open("rb") as file, opening(file, _keys_for(file)) as stream:
        return unpack(stream, partial(_put, place))


def _refuse(path: Path, outputs: Path) -> None:
    if not path.is_file():
        raise UsageError(f"There is no backup {path}.")
    if outputs.exists() and (not outputs.is_dir() or files_below(outputs)):
        raise UsageError(f"{outputs} is not empty. A backup is restored to an empty folder: name one with --outputs.")


@contextmanager
def _aside(outputs: Path) -> Iterator[Path]:
    """A private folder beside the outputs; removed, whatever happens, unless it was given their name.

    What a killed restore left of its own is removed first; LockedError where one is at work.
    """
    outputs = outputs.resolve()
    private_folder(outputs.parent)
    lock = FileLock(outputs.with_name(f".{outputs.name}.restoring.lock"), timeout=0)
    place = outputs.with_name(f".{outputs.name}.restoring")
    try:
        with lock:
            shutil.rmtree(place, ignore_errors=True)
            try:
                yield private_folder(place)
            finally:
                shutil.rmtree(place, ignore_errors=True)
    except Timeout:
        raise LockedError(f"A backup is being restored to {outputs} already. Wait for that.") from None
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)


def _name(place: Path, outputs: Path) -> None:
    outputs = outputs.resolve()
    if outputs.exists():
        shutil.rmtree(outputs)
    place.rename(outputs)
    sync_folder(outputs.parent)


def _keys_for(file: IO[bytes]) -> Identities | None:
    """The keys that open a backup; None where it is not encrypted."""
    encrypted = file.read(len(ENCRYPTED)) == ENCRYPTED
    file.seek(0)
    return require_identities("The backup") if encrypted else None


def _put(place: Path, name: str, content: IO[bytes]) -> Kept:
    path = place_of(place, name)
    private_folder(path.parent)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        sha256, size = copy(content, file)
        file.flush()
        os.fsync(file.fileno())
    return Kept(file=name, sha256=sha256, bytes=size)
