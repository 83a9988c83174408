"""Makes the nth os-level call of this process below a folder fail, stop half-way, or be the last; fails nothing else.

    count(root)                     the calls are listed, and none fails
    arm(root, Fault(7, "ENOSPC"))   the 7th call gives that error, once; its successors go well
    arm(root, Fault(7, "FULL"))     from the 7th on, whatever needs room on the disk gives ENOSPC
    arm(root, Fault(7, "KILL"))     the process ends (SIGKILL) in place of the 7th call; "CUT": after half a write

What opens, reads, writes, syncs, renames, makes and removes through Python is counted; so are tables, which Arrow
writes by itself otherwise. It changes this process for good: use it in a forked copy.
"""

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq


CHANGING = ("write", "fsync", "mkdir", "rename", "replace", "ftruncate", "chmod")
"""The calls that need room, or change what stands on the disk."""

RAW = io.FileIO
ERRORS = ("ENOSPC", "EIO", "EACCES")


class Fault(NamedTuple):
    """What happens at the call of this number: an error by its name, or one of FULL, KILL, CUT."""

    at: int
    how: str


class Watch:
    """The folder whose calls count, those so far, and what is to happen."""

    def __init__(self, root: Path, fault: Fault | None) -> None:
        self.root = os.path.realpath(root)
        self.fault = fault
        self.calls: list[str] = []
        self.files: dict[int, str] = {}
        self.struck = False

    def place(self, target: Any) -> str | None:
        """The path below the folder that a call is about, by path or by number; None where it is elsewhere."""
        if isinstance(target, int):
            return self.files.get(target)
        path = os.fsdecode(Path(os.fsdecode(target)).absolute())
        return os.path.relpath(path, self.root) if path.startswith(self.root + os.sep) else None

    def strike(self, call: str, target: Any) -> str | None:
        """Count a call; raise or end here where it is the one. Gives CUT where half of it is to be done first."""
        place = self.place(target)
        if place is None:
            return None
        self.calls.append(f"{call} {place}")
        if self.fault is None or len(self.calls) < self.fault.at:
            return None
        now = len(self.calls) == self.fault.at
        self.struck = self.struck or now
        if self.fault.how == "FULL" and (call in CHANGING or call == "create"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), place)
        if now and self.fault.how in ERRORS:
            number = getattr(errno, self.fault.how)
            raise OSError(number, os.strerror(number), place)
        if now and self.fault.how == "CUT" and call == "write":
            return "CUT"
        if now and self.fault.how in ("KILL", "CUT"):
            os.kill(os.getpid(), signal.SIGKILL)
        return None


def count(root: Path) -> Watch:
    """List the calls below `root` from here on."""
    return arm(root, None)


def arm(root: Path, fault: Fault | None) -> Watch:
    """Let `fault` happen below `root`, counted from here on."""
    watch = Watch(root, fault)
    for name in ("mkdir", "rename", "replace", "unlink", "rmdir", "chmod", "scandir", "listdir", "truncate"):
        setattr(os, name, _first(watch, name, getattr(os, name)))
    for name in ("fsync", "ftruncate"):
        setattr(os, name, _first(watch, name, getattr(os, name)))
    os.remove = os.unlink
    os.write = _writing(watch, os.write)
    os.open, os.close = _opening(watch, os.open), _closing(watch, os.close)
    io.open = builtins.open = _stream(watch, io.open)
    pq.write_table = _tabled(pq.write_table, 1, "wb")
    pq.read_table = _tabled(pq.read_table, 0, "rb")
    return watch


def _first(watch: Watch, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def struck(target: Any = ".", *args: Any, **named: Any) -> Any:
        if named.get("dir_fd") is None:
            watch.strike(name, target)
        return call(target, *args, **named)

    return struck


def _writing(watch: Watch, call: Callable[..., int]) -> Callable[..., int]:
    def write(number: int, data: Any) -> int:
        if watch.strike("write", number) == "CUT":
            call(number, bytes(data)[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return call(number, data)

    return write


def _opening(watch: Watch, call: Callable[..., int]) -> Callable[..., int]:
    def opened(path: Any, flags: int, *args: Any, **named: Any) -> int:
        if named.get("dir_fd") is not None:
            return call(path, flags, *args, **named)
        watch.strike("create" if flags & os.O_CREAT else "open", path)
        number = call(path, flags, *args, **named)
        if (place := watch.place(path)) is not None:
            watch.files[number] = place
        return number

    return opened


def _closing(watch: Watch, call: Callable[[int], None]) -> Callable[[int], None]:
    def closed(number: int) -> None:
        watch.files.pop(number, None)
        call(number)

    return closed


class _Raw(RAW):
    """A file whose reads and writes are counted."""

    watch: Watch

    def write(self, data: Any) -> int | None:  # type: ignore[override]
        if self.watch.strike("write", self.fileno()) == "CUT":
            super().write(bytes(data)[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return super().write(data)

    def readinto(self, buffer: Any) -> int | None:  # type: ignore[override]
        self.watch.strike("read", self.fileno())
        return super().readinto(buffer)

    def readall(self) -> bytes | None:  # type: ignore[override]
        self.watch.strike("read", self.fileno())
        return super().readall()

    def truncate(self, size: int | None = None) -> int:
        self.watch.strike("ftruncate", self.fileno())
        return super().truncate(size)

    def close(self) -> None:
        if not self.closed:
            self.watch.files.pop(self.fileno(), None)
        super().close()


def _stream(watch: Watch, call: Callable[..., Any]) -> Callable[..., Any]:
    def opened(
        file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None, errors: str | None = None,
        newline: str | None = None, closefd: bool = True, opener: Any = None,
    ) -> Any:
        place = watch.place(file)
        if place is None:
            return call(file, mode, buffering, encoding, errors, newline, closefd, opener)
        plain = mode.replace("t", "").replace("b", "")
        if not isinstance(file, int):
            watch.strike("open" if plain == "r" else "create", file)
        raw = type("Raw", (_Raw,), {"watch": watch})(file, plain, closefd, opener)
        watch.files[raw.fileno()] = place
        held = raw if buffering == 0 else _buffer(plain)(raw)
        return held if "b" in mode else _worded(held, mode, encoding, errors, newline)

    return opened


def _buffer(mode: str) -> Any:
    if "+" in mode:
        return io.BufferedRandom
    return io.BufferedReader if mode == "r" else io.BufferedWriter


def _worded(held: Any, mode: str, encoding: str | None, errors: str | None, newline: str | None) -> io.TextIOWrapper:
    text = io.TextIOWrapper(held, encoding, errors, newline)
    text.mode = mode  # type: ignore[misc]
    return text


def _tabled(call: Callable[..., Any], where: int, mode: str) -> Callable[..., Any]:
    """A call on a table's file, which opens the file here."""

    def through(*args: Any, **named: Any) -> Any:
        with open(args[where], mode) as file:  # noqa: PTH123 - the counted one
            return call(*args[:where], file, *args[where + 1 :], **named)

    return through
