"""The stream of a backup, encrypted as it is written and opened as it is read: nothing of it stands clear on the way.

The encryption library works on a thread of its own at the other end of a pipe. Decides nothing.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from pipeline.keys.encryption import Identities, Recipients
from schemas.errors import DataWashError, IntegrityError, SettingsError


REST = 1 << 16

@contextmanager
def encrypting(target: IO[bytes], recipients: Recipients | None) -> Iterator[IO[bytes]]:
    """A stream to write to: what is written arrives at `target` encrypted; as it is, where there are no recipients."""
    if recipients is None:
        yield target
        return
    import pyrage

    keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients.keys]
    with _beside(lambda reader: _encrypt(reader, target, keys), writes=False) as writer:
        yield writer


@contextmanager
def opening(source: IO[bytes], identities: Identities | None) -> Iterator[IO[bytes]]:
    """A stream to read from: what `source` holds, opened by `identities`; as it is, where there are none.

    SettingsError where no key opens it; IntegrityError where it was changed or cut.
    """
    if identities is None:
        yield source
        return
    import pyrage

    keys = [pyrage.x25519.Identity.from_str(key) for key in identities.keys]
    with _beside(lambda writer: _decrypt(source, writer, keys), writes=True) as reader:
        yield reader
        while reader.read(REST):
            pass


def _encrypt(source: IO[bytes], target: IO[bytes], keys: list[Any]) -> None:
    import pyrage

    heard = _Heard(target)
    try:
        pyrage.encrypt_io(source, heard, keys)
    except pyrage.EncryptError as error:
        raise (heard.trouble or error) from None


def _decrypt(source: IO[bytes], target: IO[bytes], keys: list[Any]) -> None:
    import pyrage

    heard = _Heard(target)
    try:
        pyrage.decrypt_io(source, heard, keys)
    except (pyrage.DecryptError, OSError) as error:
        if heard.trouble is not None:
            raise heard.trouble from None
        if "No matching keys" in str(error):
            raise SettingsError("The backup is encrypted to other keys than those that are here.") from None
        raise IntegrityError("The backup was changed, cut off or damaged since it was encrypted.") from None


@contextmanager
def _beside(work: Callable[[IO[bytes]], None], *, writes: bool) -> Iterator[IO[bytes]]:
    """One end of a pipe, whose other end `work` has on a thread of its own (`writes`: to write to it).

    What `work` raises is raised here, before what came of it at this end.
    """
    read_end, write_end = os.pipe()
    reader, writer = os.fdopen(read_end, "rb"), os.fdopen(write_end, "wb")
    theirs, mine = (writer, reader) if writes else (reader, writer)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            with theirs:
                work(theirs)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield mine
    except (DataWashError, OSError):
        _end(mine, thread)
        _raise(raised)
        raise
    except BaseException:
        _end(mine, thread)
        raise
    _end(mine, thread)
    _raise(raised)


def _end(mine: IO[bytes], thread: threading.Thread) -> None:
    with suppress(OSError):
        mine.close()
    thread.join()


def _raise(raised: list[BaseException]) -> None:
    """Raise what the thread did; that this end had gone is no news."""
    for error in raised:
        if not isinstance(error, BrokenPipeError):
            raise error from None


class _Heard:
    """A file to write to that keeps its own error, which the library turns into one of the library's."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.trouble: OSError | None = None

    def write(self, data: bytes) -> int:
        """As a file's."""
        try:
            return self.file.write(data)
        except OSError as error:
            self.trouble = error
            raise
