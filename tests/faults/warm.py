"""A process that has loaded everything: each trial is a forked copy of it, in which one act meets with one fault.

Run as a program it reads a trial a line (JSON), and writes how it ended a line. It forks nothing but trials, takes no
step of a wash itself, and so has no thread that a copy would miss.
"""

import gc
import json
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from criteria import load_framework
from pipeline.config import Settings
from pipeline.record.code_version import code_version, library_versions
from schemas.bugs import place_of
from schemas.errors import DataWashError, StorageError
from schemas.published import PUBLISHED
from tests.faults.acts import ACTS, Place
from tests.faults.shim import Fault, arm, count


HANGS = 120.0
"""Seconds after which a trial is taken to hang."""


class Trial(NamedTuple):
    """An act at a place, and what goes wrong: a fault at one of its calls, the end after so many seconds from when it
    `begins` (at once, or when it tells so), a limit of the system, another user, or no more than so many bytes of
    memory beside what is loaded."""

    act: str
    root: str
    fault: tuple[int, str] | None = None
    counted: bool = False
    kill_after: float | None = None
    begins: str | None = None
    limits: tuple[tuple[str, int], ...] = ()
    user: int | None = None
    memory: int | None = None


def main() -> None:
    """Hold the trials that are asked for, until nobody asks."""
    os.umask(0o077)
    _load()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        trial = Trial(**json.loads(line))
        sys.stdout.write(json.dumps(_hold(trial)) + "\n")
        sys.stdout.flush()


def _load() -> None:
    """Load and make what every wash would load and make anew."""
    code_version(), library_versions(), load_framework(Settings().criteria)
    for model, _ in PUBLISHED.values() if os.environ.get("DATAWASH_FAULTS") == "all" else [PUBLISHED["funnel"]]:
        model.validate(model.empty())


def _hold(trial: Trial) -> dict[str, Any]:
    reading, writing = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _act(trial, writing)
    os.close(writing)
    told, ended, since = _watch(trial, child, reading)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    last = json.loads(told.pop()) if told and told[-1].startswith("{") else {}
    signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    first = None if since is None else since - begun
    now = time.monotonic() - begun
    return {"told": told, "signal": signalled, "hung": ended, "seconds": now, "begun": first, **last}


def _watch(trial: Trial, child: int, reading: int) -> tuple[list[str], bool, float | None]:
    """What the copy tells until it ends or is ended; whether it hung; when it began."""
    data, start = b"", None if trial.begins else time.monotonic()
    limit, hung = time.monotonic() + HANGS, False
    while True:
        end = limit if start is None or trial.kill_after is None else start + trial.kill_after
        ready, _, _ = select.select([reading], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            hung = end == limit
            break
        piece = os.read(reading, 1 << 16)
        if not piece:
            break
        data += piece
        if start is None and trial.begins and trial.begins.encode() in data.split(b"\n"):
            start = time.monotonic()
    while ready and (piece := os.read(reading, 1 << 16)):
        data += piece
    return data.decode().split("\n")[:-1], hung, start


def _act(trial: Trial, writing: int) -> None:
    """Act, in the copy; say how it ended, and end."""
    write = os.write
    try:
        said = _outcome(trial, lambda text: write(writing, text.encode() + b"\n"))
        write(writing, json.dumps(said).encode() + b"\n")
    finally:
        os._exit(0)


def _outcome(trial: Trial, tell: Any) -> dict[str, Any]:
    """Whether it was done, or which error the command would report; the calls that were made, where they are asked."""
    place = Place(Path(trial.root))
    for name, most in trial.limits:
        resource.setrlimit(getattr(resource, name), (most, most))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if trial.memory is not None:
        most = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + trial.memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if trial.user is not None:
        os.setuid(trial.user)
    watch = arm(place.root, Fault(*trial.fault)) if trial.fault else count(place.root) if trial.counted else None
    try:
        ACTS[trial.act](place, tell)
        said = {"code": 0, "said": ""}
    except DataWashError as error:
        said = {"code": error.exit_code, "said": str(error)}
    except (OSError, MemoryError) as error:
        said = {"code": StorageError.exit_code, "said": f"{type(error).__name__}: {error}", "plain": False}
    except BaseException as error:
        said = {"code": 1, "said": f"{type(error).__name__} at {place_of(error)}"}
    return said | {"calls": watch.calls if watch else [], "struck": bool(watch and watch.struck)}


if __name__ == "__main__":
    main()
