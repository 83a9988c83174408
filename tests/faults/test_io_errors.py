"""An error at every call in turn: nothing that stood is lost, nothing half is seen, and it goes well the next time."""

from collections.abc import Iterator

import pytest

from tests.faults.conftest import ALL, Held, Tally
from tests.faults.shim import ERRORS
from tests.faults.trials import left_over, washed


HOWS = (*ERRORS, "FULL")
SHORT = {"log": 4, "decide": 16, "sign": 16, "submit": 16, "release": 4, "wash": 80}
"""Every how many calls one is tried in the short form, each with the next kind of error."""

WHOLE = {"publish": 9, "whole wash": 37}
"""The same of what takes seconds, in the long form."""


def _faults(calls: int, act: str) -> Iterator[tuple[int, str]]:
    """Which call fails, and how: all of them in all ways, or a part of them in one."""
    if ALL and act in SHORT:
        yield from ((at, how) for at in range(1, calls + 1) for how in HOWS)
        return
    step = (SHORT | WHOLE)[act]
    yield from ((at, HOWS[number % len(HOWS)]) for number, at in enumerate(range(1, calls + 1, step)))


@pytest.mark.parametrize("act", ["log", "decide", "sign", "submit", "release"])
def test_a_line_that_cannot_be_written_leaves_the_lines_that_stand(held: Held, tally: Tally, act: str) -> None:
    _, good = held.undisturbed(act)
    faults = list(_faults(len(good.calls), act))
    for fault in faults:
        place, ended = held.disturbed(act, fault=fault)
        if not ended.struck:
            held.amiss.append(f"{act} {fault}: there was no such call")
        held.again(act, place, fault)
    tally("faults injected", len(faults))
    assert held.amiss == []


@pytest.mark.parametrize("act", ["wash", *(WHOLE if ALL else ())])
def test_a_wash_that_meets_an_error_publishes_nothing_or_all_and_the_next_one_gives_the_same(
    held: Held, tally: Tally, act: str
) -> None:
    place, good = held.undisturbed(act)
    wanted = washed(place)
    faults = list(_faults(len(good.calls), act))
    for fault in faults:
        place, _ = held.disturbed(act, fault=fault)
        held.again(act, place, fault)
        if washed(place) != wanted:
            held.amiss.append(f"{act} {fault}: the next wash gives another result")
        if left := left_over(place.outputs):
            held.amiss.append(f"{act} {fault}: the next wash left {left}")
    tally("faults injected", len(faults))
    assert held.amiss == []


def test_a_folder_that_may_not_be_looked_into_is_not_an_empty_one(held: Held, tally: Tally) -> None:
    """The system's own errors when it lists a folder are passed over by much of Python's library."""
    place, good = held.undisturbed("wash")
    wanted = washed(place)
    looks = {call: at for at, call in enumerate(good.calls, 1) if call.split()[0] in ("scandir", "listdir")}
    inside = [at for call, at in looks.items() if ".part/" in call]
    for at in inside:
        place, ended = held.disturbed("wash", fault=(at, "EACCES"))
        assert "Permission denied" in ended.said
        held.again("wash", place, at)
        if washed(place) != wanted:
            held.amiss.append(f"{good.calls[at - 1]}: the next wash gives another result")
    tally("faults injected", len(inside))
    assert inside
    assert held.amiss == []
