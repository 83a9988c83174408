"""The process that parses files of strangers, as the rest of the house sees it: asked file by file, believed in little.

It is started at the first file and kept for the next; a second one stands beside it where files are read together.
Whatever ends it, or keeps it too long, is a file refused. It is given a path and a way of reading, nothing of this
process's environment but what Python needs, and no key. What comes back is held to be columns of text, and no larger
than it may be.
"""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import PriorityQueue
from typing import IO, Any, TypeVar

import pyarrow as pa

from pipeline.intake.asked import Asked, Contents
from pipeline.intake.forms import printable
from pipeline.intake.reader_process import FELL, NUMBERS
from pipeline.intake.unreadable import UnreadableError
from schemas.errors import StorageError


_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
_SET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""One thread, so that a copy of the process is a whole one."""

_ROOT = Path(__file__).resolve().parents[2]
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_GRACE = 10.0
_AT_ONCE = 2
_LATE = [FELL + number for name in ("SIGXCPU", "SIGALRM") if (number := getattr(signal, name, None))]
_ODD = "If you trust whoever sent it, have it exported again or sent as .csv; if not, do not open it elsewhere either"

Process = subprocess.Popen[bytes]
Answer = tuple[dict[str, Any], pa.Table | None]
Item = TypeVar("Item")
Result = TypeVar("Result")


def ask_for_rows(asked: Asked) -> Contents:
    """The rows of a file.

    Raises UnreadableError where it cannot be read or ends the process; StorageError where its bytes cannot be had, or
    the process cannot be started.
    """
    said, table = _ask(asked, sheets=False)
    *columns, numbers = table.columns
    texts = pa.Table.from_arrays(columns, names=table.column_names[:-1])
    return Contents(texts, numbers.to_numpy(), *said["found"])


def ask_for_sheets(asked: Asked) -> tuple[str, ...]:
    """The names of a workbook's sheets; raises as `ask_for_rows`."""
    return tuple(_ask(asked, sheets=True)[0]["sheets"])


def start_reader() -> None:
    """Start the process where there is none, so that it is ready when the first file is; waits for nothing."""
    with contextlib.suppress(StorageError):
        _READERS.start()


def two_at_once(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """What `work`, which reads a file, gives of each item, in the order of the items; two of them at a time.

    Raises what the first item to fail raises. Where this is interrupted, what is being read is given up.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            return list(pool.map(work, items))
        except Exception:
            raise
        except BaseException:
            _READERS.end()
            raise


def _ask(asked: Asked, *, sheets: bool) -> Any:
    """What the process says of a file, and the table that it sends."""
    how = (asked.encoding, asked.separator, asked.sheet, asked.may_be_empty)
    path = str(asked.path.absolute())
    request = {"path": path, "name": asked.name, "how": how, "limits": asked.limits, "sheets": sheets}
    said, table = _READERS.ask(json.dumps(request).encode() + b"\n", asked)
    if "storage" in said:
        raise StorageError(said["storage"])
    if "unreadable" in said:
        raise UnreadableError(*said["unreadable"])
    if "memory" in said:
        most = asked.limits.memory / 1024**3
        raise UnreadableError(f"it takes more than {most:.1f} GiB of memory to read", "Have it sent in smaller files")
    if "slip" in said:
        raise UnreadableError(f"it is built in a way that was not foreseen ({said['slip']})", _ODD)
    return said, table


class _Reader:
    """One process, for one caller at a time."""

    def __init__(self) -> None:
        self._process: Process | None = None

    def ask(self, request: bytes, asked: Asked) -> Answer:
        """Send a request and take the answer; end the process where that does not go its way."""
        process = self.start()
        late = threading.Timer(asked.limits.seconds + _GRACE, _kill, [process])
        late.daemon = True
        late.start()
        try:
            return _take(process, request, asked)
        except BaseException:
            self.end()
            raise
        finally:
            late.cancel()

    def start(self) -> Process:
        """The process, started if there is none."""
        if self._process is not None and self._process.poll() is not None:
            self.end()
        if self._process is None:
            self._process = _start()
        return self._process

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            _close(process)
            process.wait()

    def forget(self) -> None:
        """In a fork: the process belongs to the parent."""
        process, self._process = self._process, None
        if process is not None:
            process.returncode = 0
            _close(process)


class _Readers:
    """The processes. Who asks has the first that is free, so that one caller never starts a second; others wait."""

    def __init__(self) -> None:
        self.each = [_Reader() for _ in range(_AT_ONCE)]
        self._offer()

    def ask(self, request: bytes, asked: Asked) -> Answer:
        """Send a request to a process and take its answer."""
        number = self._free.get()
        try:
            return self.each[number].ask(request, asked)
        finally:
            self._free.put(number)

    def start(self) -> None:
        """Start the first process, if there is none."""
        number = self._free.get()
        try:
            self.each[number].start()
        finally:
            self._free.put(number)

    def end(self) -> None:
        """End every process."""
        for reader in self.each:
            reader.end()

    def forget(self) -> None:
        """In a fork: the processes belong to the parent, and so does who waits for them."""
        for reader in self.each:
            reader.forget()
        self._offer()

    def _offer(self) -> None:
        self._free: PriorityQueue[int] = PriorityQueue()
        for number in range(len(self.each)):
            self._free.put(number)


_READERS = _Readers()
atexit.register(_READERS.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_READERS.forget)


def _start() -> Process:
    """Start the process, with what Python needs of the environment and no more."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    apart: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {"creationflags": _NO_WINDOW}
    try:
        return subprocess.Popen(  # noqa: S603 - this program, and nothing from outside
            [sys.executable, "-P", "-m", "pipeline.intake.reader_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept | _SET | {"PYTHONPATH": str(_ROOT)},
            **apart,
        )
    except OSError as error:
        raise StorageError(
            f"The process that reads files could not be started: {error.strerror}. "
            "Close other programs and try again."
        ) from None


def _take(process: Process, request: bytes, asked: Asked) -> Answer:
    """The answer to a request; raises UnreadableError where the process ends instead of giving one."""
    since = time.monotonic()
    assert process.stdin is not None and process.stdout is not None
    counted = _Counted(process.stdout, asked.limits.memory)
    try:
        process.stdin.write(request)
        process.stdin.flush()
        said = json.loads(counted.line())
        return said, _table(counted) if "found" in said else None
    except BrokenPipeError:
        raise _why_ended(process, asked, time.monotonic() - since) from None
    except (OSError, ValueError, TypeError, MemoryError, pa.ArrowException):
        if counted.ended:
            raise _why_ended(process, asked, time.monotonic() - since) from None
        raise UnreadableError("what came of reading it was not rows of text", _ODD) from None


def _table(counted: "_Counted") -> pa.Table:
    """The table that follows: columns of text, and last the numbers of the rows."""
    with pa.ipc.open_stream(pa.PythonFile(counted, mode="r")) as stream:
        table = stream.read_all()
    kinds = table.schema.types
    if set(kinds[:-1]) != {pa.large_string()} or kinds[-1] != pa.int64() or table.column_names[-1] != NUMBERS:
        raise ValueError("not a table of text")
    table.validate(full=True)
    return table


class _Counted:
    """The answers as a file to read from, that gives no more than `most` bytes."""

    closed = False

    def __init__(self, source: IO[bytes], most: int) -> None:
        self._source, self._left, self.ended = source, most, False

    def line(self) -> bytes:
        """The next line."""
        line = self._source.readline(self._left)
        self.ended = not line.endswith(b"\n") and len(line) < self._left
        return line

    def read(self, size: int) -> bytes:
        """The next `size` bytes."""
        if not 0 <= size <= self._left:
            raise ValueError("an answer larger than may be")
        data = self._source.read(size)
        self._left, self.ended = self._left - size, len(data) < size
        return data


def _why_ended(process: Process, asked: Asked, seconds: float) -> Exception:
    """Why there is no whole answer, by how the process ended and after how long."""
    code = process.wait()
    if code in _LATE or seconds >= asked.limits.seconds:
        return UnreadableError(f"after {seconds:.0f} seconds it was still not read, and was given up", _ODD)
    if code >= FELL:
        return UnreadableError("the process that reads files was ended by it: it is damaged, or made to do harm", _ODD)
    return StorageError(
        f"{printable(asked.name)}: the process that reads files ended by itself ({code}). Free memory and try again; "
        "if it happens again, set Data Wash up anew."
    )


def _kill(process: Process) -> None:
    """End the process, and the copy of it that is reading."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _close(process: Process) -> None:
    for pipe in filter(None, (process.stdin, process.stdout)):
        with contextlib.suppress(OSError):
            pipe.close()
