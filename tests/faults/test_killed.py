"""Killed at random moments (the seed is told): what was done stays done, nothing half is seen, the next goes well."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.record.audit_log import read_events
from pipeline.record.wash_log import FAILED, PUBLISHED, STARTED
from tests.faults.acts import DAY, Place, write_extracts
from tests.faults.conftest import ALL, Held, Tally
from tests.faults.trials import Before, Ended, amiss, copy_of, left_over, washed
from tests.flows.commands import datawash, environment


SEED = 20131014
LINES = {"decide": 60, "sign": 40, "submit": 25, "log": 25, "release": 10}
"""How many moments of each act there are in the long form; the short form has a few of each."""

WHOLE = {"whole wash": 60, "publish": 40}
FEW = 2


def _moments(act: str, most: int, length: float) -> list[float]:
    drawn = random.Random(f"{SEED} {act}")
    return [drawn.random() * length for _ in range(most if ALL else FEW)]


def _length(good: Ended) -> float:
    """How long the act took, from when it told that it begins."""
    return good.seconds - (good.begun or 0.0)


def _killed(held: Held, act: str, moment: float, **more: object) -> tuple[Place, Ended]:
    """The act, killed at a moment; where it was done by then, half as long after its beginning."""
    place, ended = held.disturbed(act, kill_after=moment, **more)
    while ended.signal != signal.SIGKILL:
        moment /= 2
        place, ended = held.disturbed(act, kill_after=moment, **more)
    return place, ended


@pytest.mark.parametrize("act", LINES)
def test_what_was_written_before_a_kill_stays_and_the_rest_can_be_written_after(
    held: Held, tally: Tally, act: str
) -> None:
    _, good = held.undisturbed(act)
    moments = _moments(act, LINES[act], good.seconds)
    for moment in moments:
        place, _ = _killed(held, act, moment)
        held.again(act, place, moment)
    tally("moments killed", len(moments))
    assert held.amiss == []


@pytest.mark.parametrize("act", [*(WHOLE if ALL else ()), "wash"])
def test_a_killed_wash_shows_nothing_half_and_the_next_one_gives_the_undisturbed_result(
    held: Held, tally: Tally, act: str
) -> None:
    place, good = held.undisturbed(act)
    wanted, begins = washed(place), {"begins": "begun"} if act == "publish" else {}
    moments = _moments(act, WHOLE.get(act, 40), _length(good))
    for moment in moments:
        place, _ = _killed(held, act, moment, **begins)
        held.again(act, place, moment)
        if washed(place) != wanted:
            held.amiss.append(f"{act} {moment}: the next wash gives another result")
        if left := left_over(place.outputs):
            held.amiss.append(f"{act} {moment}: the next wash left {left}")
        if not _closed(place.outputs):
            held.amiss.append(f"{act} {moment}: the audit log does not say how each wash ended")
    tally("moments killed", len(moments))
    assert held.amiss == []


def test_a_decision_before_a_kill_is_in_the_next_wash(held: Held, tally: Tally) -> None:
    """Whoever was told that a decision is taken finds that the next wash knows it."""
    _, good = held.undisturbed("decide")
    calls = len(good.calls)
    known = {}
    for at in (1, calls // 2, calls):
        place, ended = held.disturbed("decide", fault=(at, "KILL"))
        held.again("decide", place, at)
        held.again("wash", place, at)
        known[at] = sorted(washed(place))
    tally("moments killed", len(known))
    assert ended.signal == signal.SIGKILL
    assert len(set(map(tuple, known.values()))) == 1
    assert held.amiss == []


def _closed(outputs: Path) -> bool:
    """Whether every wash that was started has an end, and those that are there were published."""
    last = {event["run_id"]: event["event"] for event in read_events(outputs) if event["event"].startswith("wash_")}
    published = {name.rsplit("-", 1)[-1] for name in washed(Place(outputs.parent))}
    return STARTED not in last.values() and {one for one, how in last.items() if how == PUBLISHED} == published


@pytest.mark.skipif(not ALL, reason="a process for each kill: make test-faults")
def test_the_command_itself_is_killed(memory: Path, tally: Tally) -> None:
    """The same through `datawash wash`, a process of its own with all that it starts."""
    place = Place(memory / "command" / "place")
    write_extracts(place)
    begun = time.monotonic()
    assert datawash("wash", place.extracts, "--as-of", DAY, "--outputs", place.outputs).code == 0
    length, wanted, found = time.monotonic() - begun, washed(place), []
    for number, moment in enumerate(_moments("command", 10, length)):
        one = Place(copy_of(place, memory / "command" / f"{number}").root)
        for path in one.outputs.iterdir():
            path.rename(memory / "command" / f"away-{number}-{path.name}")
        _start_and_kill(one, moment)
        found += amiss(one, Before({}), Ended([], signal.SIGKILL, False, moment))
        assert datawash("wash", one.extracts, "--as-of", DAY, "--outputs", one.outputs).code == 0
        if washed(one) != wanted or left_over(one.outputs) or not _closed(one.outputs):
            found.append(f"command {moment}: the next wash is another one")
    tally("moments killed", 10)
    assert found == []


def _start_and_kill(place: Place, moment: float) -> None:
    command = [sys.executable, "-m", "cli.main", "wash", str(place.extracts), "--as-of", str(DAY), "--outputs"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*command, str(place.outputs)], env=environment(), **quiet) as process:
        time.sleep(moment)
        process.kill()


def test_the_log_says_of_a_killed_wash_that_it_failed_and_of_a_published_one_that_it_was(held: Held) -> None:
    _, good = held.undisturbed("wash")
    renamed = next(number for number, call in enumerate(good.calls, 1) if call.startswith("rename "))
    ends = {}
    for at, after in ((renamed, FAILED), (renamed + 1, PUBLISHED)):
        place, _ = held.disturbed("wash", fault=(at, "KILL"))
        held.again("wash", place, at)
        told = [event for event in read_events(place.outputs) if event["event"].startswith("wash_")]
        ends[after] = [(event["event"], event.get("error") or event.get("after")) for event in told]
    assert ends[FAILED] == [(STARTED, None), (FAILED, "Killed"), (STARTED, None), (PUBLISHED, None)]
    assert ends[PUBLISHED] == [(STARTED, None), (PUBLISHED, "Killed")]
    assert held.amiss == []
