"""The process of one replay, started by `pipeline.replays`: washes again, tells how far it is, writes what came of it.

Decides no result, and says nothing but counts, names of stages and of tables.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipeline.record.files import write_aside
from pipeline.replays import ASKED, FOLDER, PROGRESS, RESULT, STARTED, VERIFY, WORK, State, running_lock
from schemas.bugs import place_of
from schemas.errors import DataWashError
from schemas.process import be_private


def main(outputs: Path, number: int) -> None:
    """Do the replay that was asked for under this number. The lock says to others that this process is alive."""
    be_private()
    place = outputs / FOLDER / f"{number:04d}"
    with FileLock(running_lock(outputs), timeout=10):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
        write_aside(place / STARTED, json.dumps({"pid": os.getpid()}).encode())
        if hasattr(os, "nice"):
            os.nice(10)
        try:
            result = replay_asked(outputs, place)
        finally:
            shutil.rmtree(place / WORK, ignore_errors=True)
        _record(outputs, number, json.loads((place / ASKED).read_bytes()), result)
        write_aside(place / RESULT, json.dumps(result).encode())


def replay_asked(outputs: Path, place: Path) -> dict[str, Any]:
    """What came of it: `state`, `said`, `seconds`, and `compared`, one a table or file as `pipeline.replay` has it."""
    begun = time.monotonic()
    try:
        result = _compared(outputs, place)
    except DataWashError as error:
        result = {"state": State.FAILED, "said": str(error), "compared": []}
    except Exception as error:
        said = f"A bug in Data Wash: {type(error).__name__} at {place_of(error)}. Please report this line."
        result = {"state": State.FAILED, "said": said, "compared": []}
    return {**result, "seconds": round(time.monotonic() - begun, 1)}


def _compared(outputs: Path, place: Path) -> dict[str, Any]:
    from pipeline.record.manifest import read_manifest
    from pipeline.record.run import open_run
    from pipeline.replay import list_compared, wash_again, why_differs

    run = open_run(outputs, json.loads((place / ASKED).read_bytes())["run"])
    tell = _teller(place / PROGRESS)
    tell(VERIFY, None)
    one, two = read_manifest(run), wash_again(run, place / WORK, _step(tell, time.monotonic()))
    compared = list_compared(one, two)
    equal = all(line.same for line in compared)
    said = "" if equal else why_differs(one, two).strip()
    return {"state": State.EQUAL if equal else State.DIFFERS, "said": said,
            "compared": [line._asdict() for line in compared]}


def _step(tell: Callable[[str, float | None], None], begun: float) -> Callable[..., Any]:
    """A step that is told as it starts and as it ends; the first to start ends the check of the run."""
    checked: list[bool] = []

    def step(stage: Callable[..., Any], *args: Any) -> Any:
        if not checked:
            tell(VERIFY, time.monotonic() - begun)
            checked.append(True)
        extract = getattr(args[1], "extract", None) if len(args) > 1 else None
        name = f"{stage.__name__} {extract}" if extract else stage.__name__
        tell(name, None)
        since = time.monotonic()
        done = stage(*args)
        tell(name, time.monotonic() - since)
        return done

    return step


def _teller(path: Path) -> Callable[[str, float | None], None]:
    def tell(step: str, seconds: float | None) -> None:
        took = {} if seconds is None else {"seconds": round(seconds, 1)}
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps({"step": step, **took}) + "\n")

    return tell


def _record(outputs: Path, number: int, asked: dict[str, Any], result: dict[str, Any]) -> None:
    from pipeline.record.audit_log import record_event

    run_id = asked["run"].split("-", 3)[-1]
    record_event(outputs, "replayed", run_id, who=asked["who"], replay=number, result=str(result["state"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
