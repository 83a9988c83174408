"""What the fault tests share: a warm process, places as they are before an act, and the counts told at the end.

DATAWASH_FAULTS=all (`make test-faults`) tries everything; else a part of it, the same each time.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.faults.acts import Place, write_claim, write_extracts, write_signatures
from tests.faults.trials import Ended, Warm, amiss, before, copy_of, warm_process


ALL = os.environ.get("DATAWASH_FAULTS") == "all"
TALLIES = ("moments killed", "faults injected", "limits met", "done at once")
BEFORE = {"sign": ("claim",), "submit": ("claim", "signatures")}
"""What must stand before an act, beside a run; a wash needs nothing."""

WASHES = ("wash", "whole wash", "publish", "keep")
Tally = Callable[[str, int], None]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was tried."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update({name: value for name, value in report.user_properties if name in TALLIES})
    failed = sum(report.failed for report in reports if "tests/faults" in report.nodeid)
    if ALL and counts:
        told = ", ".join(f"{name}: {counts[name]:,}" for name in TALLIES if counts[name])
        terminalreporter.write_line(f"{told}; failures: {failed or 'none'}")


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    """`tally("faults injected", 3)`: add to what is told at the end."""
    return record_property


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """A folder that is in memory where the system has one: thousands of small files are made and removed in it."""
    kept = Path("/dev/shm")  # noqa: S108 - below it, a folder of our own with a name nobody guesses
    with tempfile.TemporaryDirectory(dir=kept if os.access(kept, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """A process that has loaded everything, for all tests."""
    with warm_process() as process:
        yield process


@pytest.fixture(scope="session")
def place_for(warm: Warm, memory: Path) -> Callable[[str], Place]:
    """`place_for("sign")`: the place as it is before that act; not to be changed."""

    @cache
    def made(*wanted: str) -> Place:
        if not wanted:
            place = Place(memory / "washed" / "place")
            write_extracts(place)
            assert warm.hold("wash", place).code == 0
            return place
        place = copy_of(made(*wanted[:-1]), memory / "-".join(wanted) / "place")
        {"claim": write_claim, "signatures": write_signatures}[wanted[-1]](place.outputs)
        return place

    def place(act: str) -> Place:
        act = act.removesuffix(" at once")
        if act not in WASHES:
            return made(*BEFORE.get(act, ()))
        fresh = Place(memory / "fresh" / "place")
        if not fresh.root.exists():
            write_extracts(fresh)
        if act == "publish" and not fresh.before_publish.exists():
            assert warm.hold("keep", copy_of(fresh, memory / "kept" / "place")).code == 0
        return fresh

    return place


class Held:
    """Trials of acts at copies of their places, one after the other, and what was amiss after any of them."""

    def __init__(self, warm: Warm, place_for: Callable[[str], Place], work: Path) -> None:
        self.warm, self.place_for, self.work = warm, place_for, work
        self.amiss: list[str] = []

    def undisturbed(self, act: str) -> tuple[Place, Ended]:
        """The act as it should go, its calls counted, and where it went."""
        place = copy_of(self.place_for(act), self.work / "undisturbed" / "place")
        ended = self.warm.hold(act, place, counted=True)
        assert ended.code == 0, ended
        return place, ended

    def disturbed(self, act: str, **trouble: object) -> tuple[Place, Ended]:
        """The act with trouble; whatever is amiss after it is kept."""
        place = copy_of(self.place_for(act), self.work / "disturbed" / "place")
        then = before(place)
        ended = self.warm.hold(act, place, **trouble)
        self.amiss += [f"{act} {trouble}: {line}" for line in amiss(place, then, ended)]
        return place, ended

    def again(self, act: str, place: Place, trouble: object) -> Ended:
        """The act once more, undisturbed, at the place where it met trouble."""
        then = before(place)
        ended = self.warm.hold(act, place)
        self.amiss += [f"{act} {trouble}, then again: {line}" for line in amiss(place, then, ended)]
        if ended.code != 0 and "signed by its preparer already" not in ended.said:
            self.amiss.append(f"{act} {trouble}, then again: {ended.said}")
        return ended


@pytest.fixture
def held(warm: Warm, place_for: Callable[[str], Place], memory: Path) -> Held:
    """Trials at copies of places; assert that `held.amiss == []`."""
    return Held(warm, place_for, memory)
