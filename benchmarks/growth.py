"""How the cost of linking people grows with their number, on this machine and with workers of a Dask scheduler on it.

`python -m benchmarks.growth` measures it and writes the figures into docs/more-than-one-machine.md; `--mentions` with
no number, and `--borough FOLDER`, measure a wash alone. Every run is a process of its own; with workers, the time is
that of the second call, when they have what they need.
"""

import argparse
import itertools
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

import linkage
import linkage.engine  # so that no measurement imports it
from benchmarks.growth_page import describe_machine, read_figures, write_figures, write_page
from benchmarks.mentions import AS_OF, make_mentions
from benchmarks.washing import wash
from flows.cluster import cluster_map
from pipeline.config import Cluster
from pipeline.record.manifest import read_manifest


TRUTH = ["true_person_id", "true_household_id"]
WAIT = 120.0
KEPT = ("distinct_mentions", "candidate_pairs", "pairs_by_", "nodes_left_out_by_")


def measure(path: Path, address: str | None) -> dict[str, Any]:
    """Link the mentions at `path`, by way of the scheduler at `address` if there is one: what it took and counted."""
    records = pd.read_parquet(path).drop(columns=TRUTH)
    with cluster_map(Cluster(scheduler=address, wait_seconds=WAIT), Path()) as run_parts:
        timed = Timed(run_parts or map)
        if run_parts:
            linkage.link(records, map=timed.weigh)
        start, used = time.perf_counter(), time.process_time()
        linked = linkage.link(records, map=timed if run_parts else None)
        taken, used = time.perf_counter() - start, time.process_time() - used
    return {
        "mentions": len(records),
        "load": os.getloadavg()[0],
        "seconds": taken,
        "cpu": used,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "parts": timed.parts,
        "seconds_of_parts": timed.seconds,
        "megabytes_shared": timed.shared,
        "megabytes_of_parts": timed.sent,
        "megabytes_of_results": timed.received,
        "counts": {name: count for name, count in linked.counts.items() if name.startswith(KEPT)},
    }


class Timed:
    """A map that says how many parts it last had, how long they took and, once they were weighed, what travels."""

    def __init__(self, inner: Callable[..., Iterable[Any]]) -> None:
        self.inner, self.parts, self.seconds = inner, 0, 0.0
        self.shared = self.sent = self.received = 0.0

    def weigh(self, function: Callable[[Any], Any], parts: Iterable[Any]) -> list[Any]:
        """Run the map, having weighed what goes and what comes back."""
        listed = list(parts)
        self.shared, self.sent = _megabytes([function]), _megabytes(listed)
        results = self(function, listed)
        self.received = _megabytes(results)
        return results

    def __call__(self, function: Callable[[Any], Any], parts: Iterable[Any]) -> list[Any]:
        start, listed = time.perf_counter(), list(parts)
        results = list(self.inner(function, listed))
        self.parts, self.seconds = len(listed), time.perf_counter() - start
        return results


def _megabytes(things: Iterable[Any]) -> float:
    return sum(len(pickle.dumps(thing, protocol=5)) for thing in things) / 1e6


@contextmanager
def workers(number: int, place: Path) -> Iterator[str | None]:
    """A scheduler on this machine with so many workers of one thread; its address. None without workers."""
    if not number:
        yield None
        return
    said = place / "scheduler.json"
    said.unlink(missing_ok=True)
    with ExitStack() as ended, (place / "dask.log").open("ab") as log:

        def start(what: str, *options: str) -> None:
            command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--host", "127.0.0.1", "--no-dashboard"]
            process = ended.enter_context(subprocess.Popen([*command, *options], stdout=log, stderr=log))
            ended.callback(process.kill)

        start("scheduler", "--port", "0", "--scheduler-file", str(said))
        while not (said.exists() and said.read_text().endswith("}")):
            time.sleep(0.2)
        address = str(json.loads(said.read_text())["address"])
        for _ in range(number):
            start("worker", address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
        yield address


def make(mentions: int, folder: Path) -> Path:
    """Mentions in `folder`, made unless they are there."""
    path = folder / f"mentions-{mentions}.parquet"
    if not path.exists():
        make_mentions(mentions, seed=1).to_parquet(path)
    return path


def measure_wash(folder: Path) -> dict[str, Any]:
    """Wash a borough: who is in it, what it took, and what linkage counted."""
    truth = pd.read_parquet if (folder / "truth" / "people.parquet").exists() else pd.read_csv
    people = truth(next((folder / "truth").glob("people.*")))
    with tempfile.TemporaryDirectory(prefix="datawash-growth-") as outputs:
        washed = wash(folder, AS_OF, Path(outputs))
        counts = read_manifest(washed.run).stage("link").counts
        attendance = pd.read_parquet(washed.run / "clean" / "attendance.parquet", columns=["upn", "academic_year"])
    pupils = attendance.loc[attendance["academic_year"] == attendance["academic_year"].max(), "upn"].nunique()
    of_link = {name: counts[name] for name in ("records", "distinct_mentions", "candidate_pairs", "people")}
    return {
        "residents": len(people),
        "pupils": int(pupils),
        "seconds": washed.seconds,
        "megabytes": washed.megabytes,
    } | of_link


def run(path: Path, address: str | None) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", "--measure", str(path), *([address] if address else [])]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def main() -> None:
    """Make, link and measure mentions of each number, with each number of workers; keep the figures and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 2])
    parser.add_argument("--borough", type=Path, help="a borough's folder (benchmarks.borough), to be washed as well")
    parser.add_argument("--folder", type=Path, help="where mentions are made and kept (default: a temporary folder)")
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        path, *address = given.measure
        print(json.dumps(measure(Path(path), *address or [None])))
        return
    figures = read_figures()
    with tempfile.TemporaryDirectory(prefix="datawash-growth-") as temporary:
        folder = given.folder or Path(temporary)
        for mentions, number in itertools.product(given.mentions, given.workers):
            path = make(mentions, folder)
            with workers(number, Path(temporary)) as address:
                figures["links"][f"{mentions} {number}"] = run(path, address) | {"workers": number}
            write_figures(figures)
            print(f"{mentions:,} mentions, {number} workers, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    if given.borough:
        figures["wash"] = measure_wash(given.borough)
    figures["machine"] = describe_machine()
    write_figures(figures)
    write_page(figures)


if __name__ == "__main__":
    main()
