"""A Dask scheduler and its workers in processes of their own, on loopback; and work that they are given."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.flows.commands import wait_until


ROOT = Path(__file__).parents[2]
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Machines:
    """A scheduler in `place`, with the logs of all; `secured`: options for certificates."""

    def __init__(self, place: Path, *secured: str) -> None:
        self.place, self.secured, self.workers = place, secured, []
        place.mkdir(parents=True, exist_ok=True)
        said = place / "scheduler.json"
        protocol = "tls" if secured else "tcp"
        self.scheduler = self._start("scheduler", "--protocol", protocol, "--port", "0", "--scheduler-file", str(said))
        wait_until(lambda: said.is_file() and said.read_text().endswith("}"), "the scheduler")
        self.address = str(json.loads(said.read_text())["address"])

    def add_worker(self, *options: str, cwd: Path = ROOT) -> subprocess.Popen[bytes]:
        """Start a worker with one thread, that cannot write what it holds to its disk unless `options` let it."""
        usual = options or ("--memory-limit", "0")
        own = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self.place / "scratch"))
        worker = self._start("worker", self.address, *own, *usual, cwd=cwd)
        self.workers.append(worker)
        return worker

    def settings(self, wait: float = 60.0) -> str:
        """What a council writes into its settings."""
        return f'\n[cluster]\nscheduler = "{self.address}"\nwait_seconds = {wait}\n'

    def end(self) -> None:
        """End whoever still runs."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, what: str, *options: str, cwd: Path = ROOT) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--host", "127.0.0.1", "--no-dashboard"]
        log = self.place / f"{what}{len(self.workers)}.log"
        with log.open("wb") as said:
            return subprocess.Popen(
                [*command, *self.secured, *options], stdout=said, stderr=said, cwd=cwd, env=os.environ | ALONE
            )


@contextmanager
def machines(place: Path, workers: int, *secured: str) -> Iterator[Machines]:
    """A scheduler with workers that end with the body."""
    all_of_them = Machines(place, *secured)
    try:
        for _ in range(workers):
            all_of_them.add_worker()
        yield all_of_them
    finally:
        all_of_them.end()


def twice(number: int) -> int:
    """Take a moment to double a number."""
    time.sleep(0.05)
    return 2 * number


class Slip:
    """A mistake of ours, made with a value from a row: in the message, and in the error behind it."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __call__(self, part: Any) -> Any:
        try:
            raise ValueError(self.value)
        except ValueError as error:
            raise KeyError(self.value, part) from error


def shown_by_a_scheduler(dask_scheduler: Any) -> str:
    """Every key, transition and event that a scheduler keeps and its pages show."""
    return repr([list(dask_scheduler.tasks), list(dask_scheduler.transition_log), dict(dask_scheduler.get_events())])


def names_of_workers(dask_scheduler: Any) -> list[str]:
    """Who works for a scheduler."""
    return [str(worker.name) for worker in dask_scheduler.workers.values()]
