"""Cases by the hundred thousand, in processes apart: a crash, a hang or a wrong reading is told with what caused it.

Changed: seeds with changes drawn from a seeded generator. Guided: atheris (libFuzzer) follows which branches a case
takes, and keeps what takes new ones.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.targets import TARGETS
from tests.fuzz.trying import Target, Tried, changed


SECONDS = 120
GIBIBYTES = 6
BATCH = 2000
_TOLD = re.compile(rb"TOLD ([0-9]+) ([0-9]+) ([0-9]+)")


class Told(NamedTuple):
    """What came of a target: calls, cases, how many of those were read, and what failed."""

    calls: int
    cases: int
    read: int
    failures: tuple[str, ...]


def run_changed(target: Target, cases: int, seed: int) -> Told:
    """At least so many cases made by changing the target's seeds, a batch of them in a process each."""
    told, batch = Told(0, 0, 0, ()), 0
    while told.cases < cases and not told.failures:
        told = _plus(told, _in_a_fork(target, cases - told.cases, f"{seed}-{target.name}-{batch}"))
        batch += 1
    return told


def _plus(one: Told, two: Told) -> Told:
    return Told(one.calls + two.calls, one.cases + two.cases, one.read + two.read, one.failures + two.failures)


def _in_a_fork(target: Target, wanted: int, seed: str) -> Told:
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            _limit()
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            code = 1
            try:
                code = _batch(target, wanted, seed, said.fileno())
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        data = said.read()
    found = _TOLD.search(data)
    if found and not code:
        return Told(*map(int, found.groups()), ())
    last = data.rpartition(b"CASE ")[2]
    return Told(0, 0, 0, (f"{target.name} (exit {code}): {last.decode(errors='replace')}",))


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (GIBIBYTES << 30, GIBIBYTES << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _batch(target: Target, wanted: int, seed: str, said: int) -> int:
    chance, told, calls = random.Random(seed), Tried(0, 0), 0
    since, slowest = time.monotonic(), 0.0
    while told.cases < wanted and calls < BATCH and time.monotonic() - since < SECONDS / 4:
        data = changed(chance.choice(target.seeds), target.seeds, target.words, chance)
        os.pwrite(said, b"CASE " + repr(data[:20_000]).encode(), 0)
        os.ftruncate(said, 5 + len(repr(data[:20_000])))
        begun = time.monotonic()
        try:
            tried = target.attempt(data)
        except Exception as error:
            os.pwrite(said, f"CASE {error!r} {data!r}".encode(), 0)
            return 1
        slowest, calls = max(slowest, time.monotonic() - begun), calls + 1
        told = Tried(told.cases + tried.cases, told.read + tried.read)
    os.pwrite(said, f"TOLD {calls} {told.cases} {told.read} ".encode(), 0)
    return 0


def run_guided(target: Target, calls: int, seed: int) -> Told:
    """So many calls, chosen by what branches earlier ones took."""
    with tempfile.TemporaryDirectory(prefix="datawash-guided-") as place:
        corpus = Path(place) / "corpus"
        corpus.mkdir()
        for number, data in enumerate(target.seeds):
            (corpus / f"seed{number}").write_bytes(data)
        command = [
            sys.executable,
            "-m",
            "tests.fuzz.guided",
            target.name,
            f"-atheris_runs={calls}",
            f"-seed={seed + 1}",
            "-max_len=4096",
            f"-rss_limit_mb={GIBIBYTES * 1024}",
            "-timeout=60",
            f"-artifact_prefix={place}/",
            str(corpus),
        ]
        done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": "."})
        crashes = [path.read_bytes() for path in Path(place).glob("*-*") if path.is_file()]
    found = _TOLD.findall(done.stdout)
    if done.returncode or not found:
        tail = done.stderr[-1500:].decode(errors="replace")
        return Told(
            0,
            0,
            0,
            tuple(f"{target.name}, guided (exit {done.returncode}): {data!r}\n{tail}" for data in crashes or [b""]),
        )
    return Told(*map(int, found[-1]), ())


def shares(cases: int) -> dict[str, int]:
    """How many of `cases` go to each target."""
    whole = sum(target.share for target in TARGETS.values())
    return {name: 1 + int(cases * target.share / whole) for name, target in TARGETS.items()}
