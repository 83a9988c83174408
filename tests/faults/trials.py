"""Trials: a place as it should be before an act, the act with a fault, and what must hold whatever happened."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.claims.register import check_register, read_register
from pipeline.decisions.store import check_decisions, read_decisions
from pipeline.record.audit_log import AUDIT_LOG, read_events
from pipeline.record.manifest import MANIFEST, manifest_digest, read_manifest
from pipeline.record.run import published_runs
from pipeline.record.verify import verify_run
from pipeline.releases import read_releases
from schemas.errors import DataWashError
from tests.faults.acts import Place
from tests.faults.warm import Trial
from tests.flows.commands import said
from tests.privacy.planted import values_in


ROOT = Path(__file__).parents[2]
RUN = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}")
CHAINED = (AUDIT_LOG, "decisions.jsonl", "claims/register.jsonl", "releases/releases.jsonl")


class Ended(NamedTuple):
    """How a trial ended: what the act told, the signal that ended it, the exit code that the command would have had."""

    told: list[str]
    signal: int | None
    hung: bool
    seconds: float
    begun: float | None = None
    code: int | None = None
    said: str = ""
    plain: bool = True
    calls: tuple[str, ...] = ()
    struck: bool = False


class Warm:
    """The warm process, asked for trials."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def hold(self, act: str, place: Place, **more: Any) -> Ended:
        """Hold one trial, and say how it ended."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(Trial(act, str(place.root), **more)._asdict()) + "\n")
        self.process.stdin.flush()
        return Ended(**json.loads(self.process.stdout.readline()))


@contextmanager
def warm_process() -> Iterator[Warm]:
    """A warm process until the end of the block."""
    command = [sys.executable, "-m", "tests.faults.warm"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield Warm(process)


def copy_of(place: Place, root: Path) -> Place:
    """A place like this one at `root`, in the stead of what is there."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(place.root, root)
    return Place(root)


class Before(NamedTuple):
    """What stood before: the bytes of each chained file."""

    files: dict[str, bytes]


def before(place: Place) -> Before:
    """What stands now."""
    paths = {name: place.outputs / name for name in CHAINED}
    return Before({name: _whole_lines(path) for name, path in paths.items()})


def _whole_lines(path: Path) -> bytes:
    data = path.read_bytes() if path.exists() else b""
    return data[: data.rfind(b"\n") + 1]


def amiss(place: Place, then: Before, ended: Ended) -> list[str]:
    """Everything that is not as it must be after an act, whatever happened to it."""
    found = ["it hung"] if ended.hung else []
    if ended.code == 1:
        found.append(f"a bug: {ended.said}")
    found += _amiss_of_runs(place.outputs) + _amiss_of_lines(place.outputs, then) + _lost(place.outputs, ended)
    return found + _leaked(place.outputs, ended)


def _leaked(outputs: Path, ended: Ended) -> list[str]:
    """Nothing that was said, and no file beside the runs and the archive, says who anybody is."""
    found = [f"it was said: {one.decode()}" for one in values_in(ended.said.lower().encode())]
    runs = [path for path in outputs.iterdir() if RUN.fullmatch(path.name.removesuffix(".part"))]
    files = [path for path in outputs.rglob("*") if path.is_file()]
    others = [path for path in files if not any(path.is_relative_to(one) for one in (*runs, outputs / "archive"))]
    for path in others:
        found += [f"{path.name} says {one.decode()}" for one in values_in(path.read_bytes().lower())]
    return found


def _amiss_of_runs(outputs: Path) -> list[str]:
    """Every published run verifies, and no half run looks like one."""
    halves = [path.name for path in outputs.iterdir() if RUN.fullmatch(path.name) and not (path / MANIFEST).exists()]
    found = [f"a half run is visible: {name}" for name in halves]
    try:
        for run in published_runs(outputs):
            verify_run(run)
    except DataWashError as error:
        found.append(f"it does not verify: {error}")
    return found


def _amiss_of_lines(outputs: Path, then: Before) -> list[str]:
    """No line that stood before is gone, and each file can be read."""
    found = [f"lines are gone: {name}" for name, data in then.files.items() if not _goes_on(outputs / name, data)]
    try:
        list(read_events(outputs))
        check_decisions(outputs)
        check_register(outputs)
        read_releases(outputs)
    except DataWashError as error:
        found.append(f"it cannot be read: {error}")
    return found


def _goes_on(path: Path, data: bytes) -> bool:
    return (path.read_bytes() if path.exists() else b"").startswith(data)


def _lost(outputs: Path, ended: Ended) -> list[str]:
    """Nothing that the act told is gone."""
    return [f"it was told and is gone: {line}" for line in ended.told if not _stands(outputs, *line.split())]


def _stands(outputs: Path, kind: str, *about: str) -> bool:
    if kind == "run":
        return (outputs / about[0] / MANIFEST).exists()
    if kind == "decision":
        return any(entry.get("review_id") == about[0] for entry in read_decisions(outputs))
    if kind == "signed":
        return any(entry["event"] == "signed" and entry["role"] == about[0] for entry in read_register(outputs))
    if kind == "submitted":
        return any(entry["event"] == "submitted" for entry in read_register(outputs))
    if kind == "logged":
        return any(event.get("what") == about[0] for event in read_events(outputs, "explained"))
    if kind == "released":
        return any(one["name"] == about[0] for one in read_releases(outputs))
    return kind in ("begun", "ended")


def washed(place: Place) -> dict[str, Any]:
    """What the runs of a place say: the digest of each one's manifest, of its tables and of its files."""
    runs = published_runs(place.outputs)
    return {run.name: {"manifest": manifest_digest(read_manifest(run)), **said(run)} for run in runs}


def left_over(outputs: Path) -> list[str]:
    """What an interrupted act left, and the next wash should have swept."""
    return sorted(str(path.relative_to(outputs)) for path in outputs.rglob("*") if path.suffix in (".part", ".aside"))
