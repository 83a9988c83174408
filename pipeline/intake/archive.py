"""Raw bytes into the archive under their own sha256, before anything is read; never changes or drops what is there.

Where the settings ask, they stand there encrypted, as `<sha256>.age`: the digest is that of the clear bytes all the
same. Whoever reads from the archive opens its files here, and need not know which way they stand.
"""

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from pipeline.intake.forms import printable
from pipeline.keys.ciphers import State, cipher_of, note_ciphers, state_of
from pipeline.keys.encryption import (
    AGE,
    Recipients,
    decrypt_file,
    decrypted,
    digest_of_clear,
    encrypt_file,
    require_identities,
)
from pipeline.record.files import sync_folder
from pipeline.record.listing import find_paths
from schemas.errors import ExtractRefusedError, IntegrityError, StorageError


_CHUNK = 1024 * 1024
_PART = ".part"


class ArchivedFile(NamedTuple):
    """`name` is the file's own name, `sha256` the hex digest and `size` the number of its bytes, `path` the copy."""

    name: str
    sha256: str
    size: int
    path: Path


def archive_file(path: Path, archive: Path, recipients: Recipients | None = None) -> ArchivedFile:
    """Copy the bytes at `path` to `archive/<sha256>`, whole or not at all, readable by the owner alone.

    With `recipients` they are encrypted to them, and stand as `archive/<sha256>.age`; a clear copy that was there goes.
    Where the same bytes are there already, they are hashed again and left alone.
    Raises ExtractRefusedError where `path` is no file that can be found, IntegrityError where the archive's copy is no
    longer what its name says, StorageError where the disk is full or a folder cannot be read or written,
    SettingsError where no key here opens what is encrypted.
    """
    name = printable(path.name)
    with plain_words(name, path, archive):
        _refuse_no_file(path, name)
        sha256, size = _hash(path)
        wanted = archive / sha256
        there = is_archived(wanted) if recipients is None else _encrypted(wanted).exists()
        if not there:
            archive.mkdir(mode=0o700, parents=True, exist_ok=True)
            sha256, size = _copy(path, archive) if recipients is None else _encrypt(path, archive, recipients)
    return ArchivedFile(path.name, sha256, size, _checked(archive / sha256, name))


def is_archived(path: Path) -> bool:
    """Whether the archive has the file `archive/<sha256>`, clear or encrypted."""
    return path.exists() or _encrypted(path).exists()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Path]:
    """The clear bytes of the archive's file `archive/<sha256>`, as a file that is there while it is used."""
    encrypted = _encrypted(path)
    if not encrypted.exists():
        yield path
        return
    with decrypted(encrypted, require_identities(encrypted.name), path.parent.parent) as clear:
        yield clear


def read_archived(path: Path) -> bytes:
    """The clear bytes of the archive's file `archive/<sha256>`."""
    with opened(path) as clear:
        return clear.read_bytes()


def take_out(path: Path, target: Path) -> None:
    """Copy the clear bytes of the archive's file `archive/<sha256>` to `target`, whole or not at all."""
    encrypted = _encrypted(path)
    if encrypted.exists():
        decrypt_file(encrypted, target, require_identities(encrypted.name))
    else:
        shutil.copyfile(path, target)


def archived_digest(path: Path) -> str:
    """The sha256 of the clear bytes of the archive's file `archive/<sha256>`; nothing of them is written anywhere."""
    encrypted = _encrypted(path)
    if encrypted.exists():
        return digest_of_clear(encrypted, require_identities(encrypted.name)).sha256
    return _hash(path)[0]


def archived_state(path: Path) -> State | None:
    """How the archive's file `archive/<sha256>` stands; None where there is none."""
    encrypted = _encrypted(path)
    if encrypted.exists():
        return state_of(path.parent, encrypted.name, path.name)
    if not path.exists():
        return None
    return State.SOUND if _hash(path)[0] == path.name else State.CHANGED


def sweep_archive(archive: Path) -> int:
    """Remove half-written copies that a killed wash left in `archive`; how many there were.

    Call it only while no other wash can be writing there. Raises StorageError where one cannot be removed.
    """
    left = find_paths(archive, f".*{_PART}")
    with plain_words(archive.name, archive, archive):
        for part in left:
            part.unlink(missing_ok=True)
    return len(left)


def _refuse_no_file(path: Path, name: str) -> None:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise ExtractRefusedError(f"{name}: there is no such file. Check the folder and the spelling.") from None
    except (OSError, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno != errno.ELOOP:
            raise
        raise ExtractRefusedError(f"{name}: the link leads round in a circle. Put the file itself there.") from None
    if stat.S_ISDIR(mode):
        raise ExtractRefusedError(f"{name}: this is a folder, not a file. Name the file in it.")
    if not stat.S_ISREG(mode):
        raise ExtractRefusedError(f"{name}: this is a device or a pipe, not a file. Save the extract as a file.")


def _hash(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while piece := source.read(_CHUNK):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _copy(path: Path, archive: Path) -> tuple[str, int]:
    """Copy and hash at once, so that the name fits the bytes even if the file changes meanwhile."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=_PART, dir=archive)
    try:
        with os.fdopen(handle, "wb") as target, path.open("rb") as source:
            sha256, size = _stream(source, target)
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).replace(archive / sha256)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(archive)
    return sha256, size


def _encrypt(path: Path, archive: Path, recipients: Recipients) -> tuple[str, int]:
    """Encrypt and hash at once. It gets its name once it is known, which is when all of it is on the disk."""
    temporary = archive / f".{secrets.token_hex(8)}{_PART}"
    try:
        sealed = encrypt_file(path, temporary, recipients)
        encrypted = _encrypted(archive / sealed.sha256)
        temporary.replace(encrypted)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(archive)
    note_ciphers(archive, {encrypted.name: cipher_of(sealed, recipients)})
    return sealed.sha256, sealed.bytes


def _there(path: Path) -> bool:
    return path.is_file() or _encrypted(path).is_file()


def _encrypted(path: Path) -> Path:
    return path.with_name(f"{path.name}{AGE}")


def _stream(source: IO[bytes], target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_CHUNK):
        digest.update(piece)
        size += target.write(piece)
    return digest.hexdigest(), size


def _checked(copy: Path, name: str) -> Path:
    """The archive's copy, found to be what its name says; where it stands encrypted, a clear one beside it goes."""
    with plain_words(name, copy, copy.parent):
        right = _there(copy) and archived_digest(copy) == copy.name
        if right and _encrypted(copy).exists():
            copy.unlink(missing_ok=True)
    if not right:
        raise IntegrityError(
            f"{name}: the archived copy {copy.name} in {copy.parent} is not what its name says: it was changed or "
            "damaged. Bring it back from a backup, or move it away and wash again."
        )
    return copy


@contextlib.contextmanager
def plain_words(name: str, path: Path, archive: Path) -> Iterator[None]:
    """Turn what the operating system says of a copy from `path` to `archive` into a StorageError on the file `name`."""
    try:
        yield
    except OSError as error:
        where = f"{path} or the archive {archive}"
        words = {
            errno.ENOSPC: f"the disk that holds the archive {archive} is full. Free space and wash again",
            errno.EDQUOT: f"your share of the disk that holds {archive} is used up. Free space and wash again",
            errno.EACCES: f"{where} may not be read or written by you. Ask for the right to, or choose another folder",
            errno.EPERM: f"{where} may not be read or written by you. Ask for the right to, or choose another folder",
            errno.EROFS: f"the archive {archive} is on a disk that cannot be written. Choose another outputs folder",
        }
        reason = words.get(error.errno or 0, f"the disk gave an error ({error.strerror}) on {where}. Try again")
        raise StorageError(f"{name}: {reason}.") from None
