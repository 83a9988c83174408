"""Files that must not be half there: digests, writing aside and renaming, private modes; never what they say."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import StorageError


CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_aside(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader finds the whole of it or the old file, whatever happens between."""
    aside = path.with_name(f".{path.name}.aside")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(folder: Path) -> Path:
    """Make `folder`, and its parents, for this user alone; return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def plain_storage_errors(doing: str) -> Iterator[None]:
    """Turn an operating-system error while `doing` something into a StorageError that says what to do."""
    try:
        yield
    except OSError as error:
        place = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
        raise StorageError(
            f"{doing} failed{place}: {error.strerror or type(error).__name__}. Nothing was published. "
            "Check that the disk has room and that you may write to the outputs folder, then run the command again."
        ) from None
