"""How the cost of linking people grows with their number, on this machine and with workers of a Dask scheduler on it.

`python -m benchmarks.growth --mentions 10000 100000 1000000 --workers 0 2` prints the tables of
docs/more-than-one-machine.md: seconds, memory and pairs, and the pairs of each blocking rule. Every run is a process of
its own; with workers, the time is that of the second call, when they have what they need.
"""

import argparse
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
from benchmarks.mentions import make_mentions
from flows.cluster import cluster_map
from pipeline.config import Cluster


TRUTH = ["true_person_id", "true_household_id"]
WAIT = 120.0


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
        "seconds": taken,
        "cpu": used,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "parts": timed.parts,
        "seconds_of_parts": timed.seconds,
        "megabytes_shared": timed.shared,
        "megabytes_of_parts": timed.sent,
        "megabytes_of_results": timed.received,
        "counts": linked.counts,
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
    said = place / f"scheduler{number}.json"
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


def show(found: list[dict[str, Any]]) -> None:
    """Print the tables."""
    heads = ("mentions", "workers", "distinct", "pairs", "pairs per mention", "seconds", "CPU seconds", "GB", "parts")
    print(f"\n| {' | '.join(heads)} |\n|{'---:|' * len(heads)}")
    for one in found:
        counts, size, pairs = one["counts"], one["mentions"], one["counts"]["candidate_pairs"]
        sizes = [f"{one[f'megabytes_{what}']:.0f}" for what in ("shared", "of_parts", "of_results")]
        parts = f"{one['parts']} in {one['seconds_of_parts']:.1f} s, MB {'/'.join(sizes)}" if one["workers"] else ""
        print(
            f"| {size:,} | {one['workers'] or 'none'} | {counts['distinct_mentions']:,} | {pairs:,} "
            f"| {pairs / size:.1f} | {one['seconds']:.1f} | {one['cpu']:.1f} "
            f"| {one['megabytes'] / 1024:.2f} | {parts} |"
        )
    plain = [one for one in found if not one["workers"]]
    heads = ("pairs per mention, by rule", *(f"{one['mentions']:,}" for one in plain), "left out of the last")
    print(f"\n| {' | '.join(heads)} |\n|---|{'---:|' * (len(heads) - 1)}")
    for name in [name for name in plain[-1]["counts"] if name.startswith("pairs_by_")]:
        rule = name.removeprefix("pairs_by_")
        each = " | ".join(f"{one['counts'][name] / one['mentions']:.2f}" for one in plain)
        print(f"| `{rule}` | {each} | {plain[-1]['counts'].get(f'nodes_left_out_by_{rule}', 0):,} |")


def run(path: Path, address: str | None) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", "--measure", str(path), *([address] if address else [])]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def main() -> None:
    """Make, link and measure mentions of each number, with each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 2])
    parser.add_argument("--folder", type=Path, help="where mentions are made and kept (default: a temporary folder)")
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        path, *address = given.measure
        print(json.dumps(measure(Path(path), *address or [None])))
        return
    found = []
    with tempfile.TemporaryDirectory(prefix="datawash-growth-") as temporary:
        folder = given.folder or Path(temporary)
        for mentions in given.mentions:
            path = make(mentions, folder)
            for number in given.workers:
                with workers(number, Path(temporary)) as address:
                    found.append(run(path, address) | {"workers": number})
                print(f"{mentions:,}, {number} workers, {os.getloadavg()[0]:.1f} load", file=sys.stderr)
    show(found)


if __name__ == "__main__":
    main()
