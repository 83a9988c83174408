"""One at a time, across processes: by a lock of the system, which no crash leaves; decides only how long to wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from schemas.errors import LockedError


PATIENCE = 30.0
"""Seconds."""


@contextmanager
def only_one(lock: Path, refusal: str) -> Iterator[None]:
    """Hold the file `lock`; LockedError that says `refusal` where another process does not let go of it."""
    held = FileLock(lock, timeout=PATIENCE)
    try:
        held.acquire()
    except Timeout:
        raise LockedError(refusal) from None
    try:
        yield
    finally:
        held.release()
