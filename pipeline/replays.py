"""Replays in a process of their own: one at a time below an outputs folder, what came of each kept; decides no result.

    pages/replays/0001/   asked.json      of which run, by whom, when
                          started.json    the process that does it; it holds `.running.lock` for as long as it lives
                          progress.jsonl  a line as each stage starts and as it ends
                          result.json     what came of it; without one, and without the process, it was stopped
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from pipeline.record.files import private_folder, write_aside
from pipeline.record.listing import find_paths
from schemas.errors import LockedError, UsageError


FOLDER = Path("pages") / "replays"
ASKED, STARTED, PROGRESS, RESULT, WORK = "asked.json", "started.json", "progress.jsonl", "result.json", "work"
VERIFY = "verify"
"""What the first step of a replay is called: the run and its archive are checked before anything is washed."""

PATIENCE = 30.0


class State(StrEnum):
    """How a replay stands: equal, differs and failed have a result; stopped has none and never will."""

    RUNNING = "running"
    EQUAL = "equal"
    DIFFERS = "differs"
    FAILED = "failed"
    STOPPED = "stopped"


class Step(NamedTuple):
    """A step that was begun: its name as the manifest has it, and how many seconds it took (None: not yet done)."""

    name: str
    seconds: float | None


class Replay(NamedTuple):
    """A replay as far as it has come. `result` as `pipeline.replay_process` writes it; empty without one."""

    number: int
    run: str
    who: str
    at: str
    state: State
    steps: tuple[Step, ...]
    result: Mapping[str, Any]


def start_replay(outputs: Path, run: Path, who: str) -> int:
    """Start the replay of the published `run` in a process of its own, and give its number.

    LockedError where one is running already, in whichever process of this outputs folder it was started.
    """
    folder = private_folder(outputs / FOLDER)
    with FileLock(folder / ".start.lock"):
        if is_running(outputs):
            raise LockedError("Another replay is running. Wait for it, or stop it, and try again.")
        _sweep(folder)
        number = max(_numbers(folder), default=0) + 1
        place = private_folder(_place(outputs, number))
        asked = {"run": run.name, "who": who, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        write_aside(place / ASKED, json.dumps(asked).encode())
        _start(outputs, number)
        return number


def read_replay(outputs: Path, number: int) -> Replay:
    """The replay with this number as far as it has come; UsageError where there is none."""
    place = _place(outputs, number)
    if not (place / ASKED).exists():
        raise UsageError(f"There is no replay {number}.")
    running = is_running(outputs) and number == max(_numbers(outputs / FOLDER))
    asked, result = _read(place / ASKED), _read(place / RESULT)
    state = State(result["state"]) if result else State.RUNNING if running else State.STOPPED
    return Replay(number, asked["run"], asked["who"], asked["at"], state, _steps(place), result)


def list_replays(outputs: Path, run: str | None = None) -> list[Replay]:
    """Every replay, or those of the run with this name; the newest first."""
    asked = [number for number in _numbers(outputs / FOLDER) if (_place(outputs, number) / ASKED).exists()]
    found = [read_replay(outputs, number) for number in sorted(asked, reverse=True)]
    return [one for one in found if run in (None, one.run)]


def stop_replay(outputs: Path, number: int) -> None:
    """End the process of a replay that is running; nothing where it is not. What it had laid out is removed."""
    if read_replay(outputs, number).state is State.RUNNING:
        os.kill(int(_read(_place(outputs, number) / STARTED)["pid"]), signal.SIGTERM)
        _wait(lambda: not is_running(outputs))
    if not is_running(outputs):
        _sweep(outputs / FOLDER)


def is_running(outputs: Path) -> bool:
    """Whether a replay's process is alive."""
    lock = FileLock(running_lock(outputs), timeout=0)
    if not (outputs / FOLDER).exists():
        return False
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False


def running_lock(outputs: Path) -> Path:
    """What the process of a replay holds for as long as it lives."""
    return outputs / FOLDER / ".running.lock"


def _start(outputs: Path, number: int) -> None:
    """Start the process, and wait until it holds the lock or is gone."""
    command = [sys.executable, "-m", "pipeline.replay_process", str(outputs.resolve()), str(number)]
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - this program, a folder and a number
        command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )
    threading.Thread(target=process.wait, daemon=True).start()
    _wait(lambda: (_place(outputs, number) / STARTED).exists() or process.poll() is not None)


def _wait(done: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < until:
        time.sleep(0.02)


def _sweep(folder: Path) -> None:
    """Remove what a process that was killed had laid out; call it only while none is running."""
    for left in find_paths(folder, f"[0-9]*/{WORK}"):
        shutil.rmtree(left, ignore_errors=True)


def _place(outputs: Path, number: int) -> Path:
    return outputs / FOLDER / f"{number:04d}"


def _numbers(folder: Path) -> list[int]:
    return [int(path.name) for path in find_paths(folder, "[0-9]*") if path.name.isdigit()]


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_bytes()) if path.exists() else {}


def _steps(place: Path) -> tuple[Step, ...]:
    path = place / PROGRESS
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    seconds: dict[str, float | None] = {}
    for line in map(json.loads, lines):
        seconds[line["step"]] = line.get("seconds")
    return tuple(Step(name, took) for name, took in seconds.items())
