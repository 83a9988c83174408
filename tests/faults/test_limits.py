"""A disk that is full, files that may grow no more, little memory, rights that are lost: plain words, and no harm."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from schemas.errors import StorageError
from tests.faults.acts import Place
from tests.faults.conftest import ALL, Held, Tally
from tests.faults.trials import amiss, before, left_over, washed


ROOT_ONLY = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="making a small disk or being another user needs root"
)
ACTS = {"wash": range(40, 200, 8) if ALL else (60, 100), "whole wash": range(200, 600, 100) if ALL else ()}
"""The sizes of the small disks in kB, for a hollow and for a whole wash."""

GROWN = {"wash": range(0, 9_000, 300) if ALL else (2_000,), "whole wash": range(0, 60_000, 15_000) if ALL else ()}
"""How many bytes a file may have."""

MEMORY = range(20, 400, 80) if ALL else ()
"""How many MB a wash may have beside what the process has loaded."""

NOBODY = 65534


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(folder)]
    made = subprocess.run(command, capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("this machine lets nobody mount a disk in memory")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def _resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)


def _next_is_the_same(held: Held, place: Place, act: str, wanted: object, trouble: object) -> None:
    held.again(act, place, trouble)
    if washed(place) != wanted:
        held.amiss.append(f"{act} {trouble}: the next wash gives another result")
    if left := left_over(place.outputs):
        held.amiss.append(f"{act} {trouble}: the next wash left {left}")


@ROOT_ONLY
@pytest.mark.parametrize("act", [act for act, sizes in ACTS.items() if sizes])
def test_a_wash_on_a_full_disk_publishes_nothing_and_goes_well_once_there_is_room(
    held: Held, tally: Tally, memory: Path, act: str
) -> None:
    good, _ = held.undisturbed(act)
    wanted, full = washed(good), 0
    with _small_disk(memory / f"disk {act}") as disk:
        for size in ACTS[act]:
            place = Place(disk / "place")
            shutil.rmtree(place.root, ignore_errors=True)
            shutil.copytree(held.place_for(act).root, place.root)
            then = before(place)
            _resize(disk, f"{size}k")
            ended = held.warm.hold(act, place)
            full += ended.code == StorageError.exit_code
            held.amiss += [f"{act} {size} kB: {line}" for line in amiss(place, then, ended)]
            _resize(disk, "100m")
            _next_is_the_same(held, place, act, wanted, f"{size} kB")
    tally("limits met", full)
    assert full > 0
    assert held.amiss == []


@pytest.mark.parametrize("act", [act for act, sizes in GROWN.items() if sizes])
def test_a_file_that_may_grow_no_more_is_a_full_disk(held: Held, tally: Tally, act: str) -> None:
    good, _ = held.undisturbed(act)
    wanted, met = washed(good), 0
    for most in GROWN[act]:
        place, ended = held.disturbed(act, limits=[("RLIMIT_FSIZE", most)])
        met += ended.code != 0
        _next_is_the_same(held, place, act, wanted, f"{most} bytes")
    tally("limits met", met)
    assert met > 0
    assert held.amiss == []


@pytest.mark.skipif(not ALL, reason="whole washes with little memory: make test-faults")
def test_a_wash_with_too_little_memory_says_so_and_publishes_nothing(held: Held, tally: Tally) -> None:
    good, _ = held.undisturbed("whole wash")
    wanted, met = washed(good), 0
    for more in MEMORY:
        place, ended = held.disturbed("whole wash", memory=more << 20)
        met += ended.code != 0
        _next_is_the_same(held, place, "whole wash", wanted, f"{more} MB")
    tally("limits met", met)
    assert met > 0
    assert held.amiss == []


@ROOT_ONLY
def test_rights_that_are_lost_half_way_leave_nothing_published(held: Held, tally: Tally, tmp_path: Path) -> None:
    good, _ = held.undisturbed("wash")
    place = Place(tmp_path / "place")
    shutil.copytree(held.place_for("wash").root, place.root)
    for folder in (tmp_path.parent.parent, tmp_path.parent, tmp_path):
        folder.chmod(folder.stat().st_mode | 0o055)
    _hand_over(place.root)
    then = before(place)
    ended = held.warm.hold("lose rights", place, user=NOBODY)
    assert ended.code == StorageError.exit_code
    assert "Permission denied" in ended.said
    held.amiss += amiss(place, then, ended)
    for folder in place.outputs.rglob("*"):
        folder.chmod(0o700)
    place.outputs.chmod(0o700)
    _next_is_the_same(held, place, "wash", washed(good), "rights lost")
    tally("limits met", 1)
    assert held.amiss == []


def _hand_over(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
