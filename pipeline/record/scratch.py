"""A private folder for copies that are needed for a moment and belong to no run; decides that none outlives its use.

It stands in the system's temporary folder, for this user alone, and is removed at the end. What a killed process left
the next one sweeps: the lock that a living one holds tells them apart.
"""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


PREFIX = "datawash-scratch-"
HELD = ".held"
YOUNG = 60.0
"""Seconds in which a folder may be between its making and its lock."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder for copies, held while the body runs; what earlier ones left is swept first."""
    sweep_scratch()
    place = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with FileLock(place / HELD):
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def sweep_scratch() -> int:
    """Remove the folders of processes that were killed; how many there were. Those in use stay, and other people's."""
    return sum(_swept(folder) for folder in left_scratch())


def left_scratch() -> list[Path]:
    """This user's folders for copies that are not new, whether in use or left behind."""
    before = time.time() - YOUNG
    found = sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    return [folder for folder in found if _is_own_of_before(folder, before)]


def _is_own_of_before(folder: Path, before: float) -> bool:
    try:
        told = folder.lstat()
    except OSError:
        return False
    own = os.name != "posix" or told.st_uid == os.getuid()
    return own and stat.S_ISDIR(told.st_mode) and told.st_mtime < before


def _swept(folder: Path) -> bool:
    try:
        with FileLock(folder / HELD, timeout=0):
            pass
    except (Timeout, OSError):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()
