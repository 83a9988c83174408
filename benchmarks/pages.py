"""How long the pages take with 10,000 families on the list and 50 people at them: `python -m benchmarks.pages`.

A borough in which most households with children are in trouble is made and washed once, and kept in build/bench-pages
until the code changes. Then `datawash serve` answers, a process of its own, and each person is a thread here with a
session and a connection of their own: both share this machine's processors. Each looks at the list, at later pages of
it, at filters, at families, one after the other: first with the time that somebody takes to read, then with none at
all. Every page is read to its end; what does not answer 200 stops the benchmark.
"""

import argparse
import http.client
import json
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import pandas as pd

from benchmarks.borough import make_borough, write_borough
from benchmarks.washing import wash
from pipeline.record.code_version import code_version
from pipeline.record.run import published_runs
from web.door.accounts import add_account
from web.door.entrance import SESSION
from web.door.roles import Person, Role
from web.door.sessions import How, start_session
from web.door.store import Store


AS_OF = date(2013, 9, 30)
RESIDENTS, LIFT = 112_000, 6.0
"""The lift makes nine of ten households with children eligible: no place is like that, but its list is long."""
FIRST, MEDIAN, WORST = 1.0, 0.3, 2.0
"""Seconds: the first page after a start at most, the median page, and every page."""
OUTPUTS = Path("outputs")


@dataclass
class Times:
    """Seconds of each page, by what kind of page it is."""

    of: dict[str, list[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float) -> None:
        """Keep what a page took."""
        with self.lock:
            self.of.setdefault(kind, []).append(seconds)

    @property
    def every(self) -> list[float]:
        """Every page's, shortest first."""
        return sorted(seconds for times in self.of.values() for seconds in times)


@dataclass(frozen=True)
class Visitor:
    """Somebody at the pages: their own connection and session, and what they will look at next."""

    port: int
    session: str
    families: list[str]
    chance: random.Random

    def walk(self, pages: int, think: float, times: Times) -> None:
        """Look at so many pages, thinking `think` seconds on average between two of them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        time.sleep(self.chance.uniform(0, 2 * think))
        for _ in range(pages):
            kind, path = self.choose()
            times.add(kind, look(connection, path, self.session))
            time.sleep(self.chance.uniform(0, 2 * think))
        connection.close()

    def choose(self) -> tuple[str, str]:
        """What kind of page comes next, and its address."""
        ways: list[tuple[float, str, Callable[[], str]]] = [
            (0.30, "list", lambda: "/families"),
            (0.20, "later page", lambda: f"/families?page={self.chance.randint(2, 200)}"),
            (0.15, "filtered", lambda: f"/families?met={self.chance.choice(['education', 'work'])}&new=yes"),
            (0.05, "undetermined", lambda: "/families/undetermined"),
            (0.30, "family", lambda: f"/family/{self.chance.choice(self.families)}"),
        ]
        _, kind, path = self.chance.choices(ways, [share for share, _, _ in ways])[0]
        return kind, path()


def look(connection: http.client.HTTPConnection, path: str, session: str) -> float:
    """Seconds until a page was read to its end. RuntimeError where it is no page."""
    start = time.perf_counter()
    connection.request("GET", path, headers={"cookie": f"{SESSION}={session}", "accept-encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    seconds = time.perf_counter() - start
    if answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status}")
    return seconds


def ready(place: Path) -> Path:
    """The outputs folder of the big borough, washed by this code."""
    kept = place / OUTPUTS
    runs = published_runs(kept) if kept.is_dir() else []
    if runs and json.loads((runs[-1] / "manifest.json").read_text(encoding="utf-8"))["code_version"] == code_version():
        return kept
    shutil.rmtree(kept, ignore_errors=True)
    if not (place / "extracts").is_dir():
        write_borough(make_borough(RESIDENTS, seed=1, as_of=AS_OF, lift=LIFT), place / "extracts")
    washed = wash(place / "extracts", AS_OF, kept)
    print(f"washed: {len(washed.table('master_list')):,} families on the list, {washed.seconds:.0f} s")
    return kept


@contextmanager
def serving(outputs: Path) -> Iterator[int]:
    """`datawash serve` over the outputs folder; the port at which it answers."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    command = [sys.executable, "-m", "cli.main", "serve", "--outputs", str(outputs), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError("datawash serve ended before it answered")
            time.sleep(0.05)
        yield port
        process.terminate()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def sessions(outputs: Path, people: int) -> list[str]:
    """A session for each of so many coordinators."""
    store, now, tokens = Store(outputs), int(time.time()), []
    with store.change() as db:
        for number in range(people):
            person = Person(f"bench.{now}.{number}", frozenset({Role.COORDINATOR}))
            tokens.append(start_session(db, add_account(db, person, now), How.LINK, now, now + 8 * 3600))
    return tokens


def crowd(visitors: list[Visitor], pages: int, think: float) -> tuple[Times, float]:
    """Everybody at once; what each page took, and the seconds in all."""
    times, failures = Times(), []

    def walk(visitor: Visitor) -> None:
        try:
            visitor.walk(pages, think, times)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=walk, args=(visitor,)) for visitor in visitors]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return times, time.perf_counter() - start


def say(words: str, times: Times, seconds: float) -> str:
    """Print what the pages took, by kind; the line of figures of them all."""
    every = times.every
    print(f"\n{words}: {len(every):,} pages in {seconds:.0f} s, {len(every) / seconds:.0f} a second")
    for kind, took in sorted(times.of.items()):
        took = sorted(took)
        worst = f"95 of 100 under {1000 * took[int(0.95 * len(took))]:.0f} ms, worst {1000 * took[-1]:.0f} ms"
        print(f"  {kind:<14}{len(took):6,} pages, median {1000 * median(took):.0f} ms, {worst}")
    return f"{words}: median {1000 * median(every):.0f} ms, worst {1000 * every[-1]:.0f} ms"


def main() -> None:
    """Make the run, serve it, let everybody look, print what that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--pages", type=int, default=20, help="pages that each of them looks at")
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two pages, on average")
    parser.add_argument("--folder", type=Path, default=Path("build/bench-pages"))
    given = parser.parse_args()
    outputs = ready(given.folder)
    families = pd.read_parquet(published_runs(outputs)[-1] / "tables/master_list.parquet")["family_id"].tolist()
    tokens = sessions(outputs, given.people)
    with serving(outputs) as port:
        first = look(http.client.HTTPConnection("127.0.0.1", port, timeout=60), "/families", tokens[0])
        print(f"{len(families):,} families on the list; the first page after a start: {1000 * first:.0f} ms")
        visitors = [Visitor(port, token, families, random.Random(number)) for number, token in enumerate(tokens)]
        thinking = crowd(visitors, given.pages, given.think)
        at_once = crowd(visitors, given.pages, 0)
    words = f"{given.people} people"
    lines = [
        say(f"{words} who read {given.think:g} s between two pages", *thinking),
        say(f"{words} who never stop", *at_once),
    ]
    every = thinking[0].every
    held = first <= FIRST and median(every) <= MEDIAN and every[-1] <= WORST
    wanted = f"at most {FIRST:g} s, {1000 * MEDIAN:.0f} ms and {WORST:g} s: {'held' if held else 'NOT HELD'}"
    print(f"\npages: first {1000 * first:.0f} ms; {'; '.join(lines)} (readers: {wanted})")


if __name__ == "__main__":
    main()
