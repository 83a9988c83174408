"""What a power cut would leave: whatever has its name was made to last before that, file by file; told by the calls."""

from pathlib import PurePosixPath

import pytest

from tests.faults.conftest import ALL, Held, Tally


def _unsynced(calls: list[str], folder: str) -> list[str]:
    """The files below a folder that were written or made after they were last synced, or got their name before."""
    open_: set[str] = set()
    early: set[str] = set()
    for call in calls:
        kind, path = call.split(" ", 1)
        if not path.startswith(folder):
            continue
        if kind in ("create", "write", "ftruncate"):
            open_.add(path)
        elif kind in ("fsync", "unlink"):
            open_.discard(path)
        elif kind == "replace" and path in open_:
            early.add(path)
    return sorted(open_ | early)


@pytest.mark.parametrize("act", ["wash", "whole wash"] if ALL else ["wash"])
def test_all_of_a_run_lasts_before_it_has_its_name_and_the_name_before_it_is_told(
    held: Held, tally: Tally, act: str
) -> None:
    _, good = held.undisturbed(act)
    calls = list(good.calls)
    renamed = next(number for number, call in enumerate(calls) if call.startswith("rename outputs/"))
    folder = calls[renamed].removeprefix("rename ")
    assert [path for path in _unsynced(calls[:renamed], folder) if "/stages/" not in path] == []
    written = {call.split(" ", 1)[1] for call in calls[:renamed] if call.startswith(f"create {folder}/")}
    assert len({path for path in written if "/stages/" not in path}) >= 2
    assert calls[renamed + 1 : renamed + 3] == ["open outputs", "fsync outputs"]
    tally("faults injected", 0)


@pytest.mark.parametrize("act", ["decide", "sign", "submit", "log", "release"])
def test_a_line_lasts_before_it_is_told(held: Held, act: str) -> None:
    _, good = held.undisturbed(act)
    chained = {call.split(" ", 1)[1] for call in good.calls if call.endswith(".jsonl") and call.startswith("write ")}
    assert chained
    assert [path for path in _unsynced(list(good.calls), "outputs") if path in chained] == []


def test_an_archived_file_lasts_before_a_run_names_it(held: Held) -> None:
    _, good = held.undisturbed("wash")
    calls = list(good.calls)
    started = next(number for number, call in enumerate(calls) if call.endswith("/clean"))
    replaced = [number for number, call in enumerate(calls) if call.startswith("replace outputs/archive/")]
    assert len(replaced) == 3
    assert max(replaced) < started
    for number in replaced:
        part = PurePosixPath(calls[number].split(" ", 1)[1])
        assert calls[number - 1] == f"fsync {part}"
        assert calls[number + 1 : number + 3] == ["open outputs/archive", "fsync outputs/archive"]
