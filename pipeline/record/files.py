"""Files that must not be half there: digests, writing aside and renaming, private modes; never what they say."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import IO

from pipeline.record.listing import walk
from schemas.errors import StorageError


CHUNK = 1 << 20
ASIDE = ".aside"
HOUR = 3600


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_aside(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader finds the whole of it or the old file, whatever happens between.

    Two who write the same file at once each write aside in a place of their own. For the owner alone.
    """
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=ASIDE, dir=path.parent)
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            _write_all(file, data)
            os.fsync(handle)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def made_whole(path: Path, part: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner alone, written as `part` beside it: it is called `path` once all is on the disk.

    Where it does not come so far, it is removed.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(part, flags, 0o600), "wb", buffering=CHUNK) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def append_whole(path: Path, data: bytes, end: int) -> None:
    """Append `data` after the first `end` bytes of a file (what stands behind them goes), and make it last.

    Where that fails, the file ends there again, as far as the disk lets it: an error means that nothing was added. Call
    it while nobody else can write to the file.
    """
    fresh = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        try:
            file.truncate(end)
            file.seek(end)
            _write_all(file, data)
            os.fsync(handle)
        except BaseException:
            with suppress(OSError):
                file.truncate(end)
            raise
    if fresh:
        sync_folder(path.parent)


def make_last(folder: Path) -> None:
    """Make every file below `folder`, and its name, last through a power cut, where the system can."""
    if os.name != "posix":
        return
    for place, _, files in walk(folder):
        for name in files:
            _sync(Path(place) / name)
        _sync(Path(place))


def sweep_aside(folder: Path) -> int:
    """Remove what was written aside in `folder` and never got its name, an hour ago or more; how many there were.

    What is younger may be somebody's who writes right now.
    """
    old, left = time.time() - HOUR, 0
    for place, _, files in os.walk(folder):
        for path in (Path(place) / name for name in files if name.endswith(ASIDE)):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < old:
                    path.unlink()
                    left += 1
    return left


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` last through a power cut, where the system can."""
    if os.name == "posix":
        _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(file: FileIO, data: bytes) -> None:
    """A disk that is filling up may take a part of what it is given, and say so only when asked for the rest."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def private_folder(folder: Path) -> Path:
    """Make `folder`, and its parents, for this user alone; return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def plain_storage_errors(doing: str) -> Iterator[None]:
    """Turn an error of the disk or want of memory while `doing` something into a StorageError that says what to do."""
    try:
        yield
    except OSError as error:
        place = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
        raise StorageError(
            f"{doing} failed{place}: {error.strerror or type(error).__name__}. Nothing was published. "
            "Check that the disk has room and that you may write to the outputs folder, then run the command again."
        ) from None
    except Exception as error:
        if not _is_want_of_memory(error):
            raise
        raise StorageError(
            f"{doing} failed: the memory of this machine does not suffice. Nothing was published. Close what else "
            "runs, or use a machine with more, then run the command again."
        ) from None


def _is_want_of_memory(error: Exception) -> bool:
    """Each library says it in its own way; that no thread can be started, no library loaded, is said by words alone."""
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryException"
        or (isinstance(error, RuntimeError) and str(error) == "can't start new thread")
        or (isinstance(error, ImportError) and "failed to map segment" in str(error))
    )
