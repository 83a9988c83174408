"""Copies for a moment are for one user, and outlive neither their use nor, for long, the process that made them."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pipeline.record.scratch import YOUNG, left_scratch, scratch_folder, sweep_scratch


HOLDS = """
import sys, time
from pipeline.record.scratch import scratch_folder
with scratch_folder() as place:
    (place / "attendance.csv").write_text("a copy")
    print(place, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _grown_old(*folders: Path) -> None:
    for folder in folders:
        os.utime(folder, (time.time() - 2 * YOUNG,) * 2)


def test_it_is_for_this_user_alone_and_gone_afterwards(temporary: Path) -> None:
    with pytest.raises(KeyError), scratch_folder() as place:
        (place / "copy").write_text("a copy")
        assert os.name != "posix" or stat.S_IMODE(place.stat().st_mode) == 0o700
        raise KeyError
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_uses_is_not(temporary: Path) -> None:
    places = []
    processes = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDS], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
            env=os.environ | {"TMPDIR": str(temporary), "TEMP": str(temporary)},
        )  # fmt: skip
        assert process.stdout
        places.append(Path(process.stdout.readline().strip()))
        processes.append(process)
    killed, living = processes
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert left_scratch() == []
    _grown_old(*places)
    assert sweep_scratch() == 1
    assert [place.exists() for place in places] == [False, True]
    living.kill()
    living.wait()
    for process in processes:
        assert process.stdout
        process.stdout.close()


def test_a_folder_that_goes_while_it_is_looked_for_is_not_missed(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: iter([temporary / "datawash-scratch-gone"]))
    assert left_scratch() == []


def test_nothing_else_in_the_temporary_folder_is_touched(temporary: Path) -> None:
    (temporary / "datawash-speed-1").mkdir()
    (temporary / "datawash-scratch-file").write_text("no folder")
    (temporary / "elsewhere").mkdir()
    if os.name == "posix":
        (temporary / "datawash-scratch-link").symlink_to(temporary / "elsewhere")
    _grown_old(temporary / "datawash-speed-1")
    before = sorted(temporary.iterdir())
    assert sweep_scratch() == 0
    assert sorted(temporary.iterdir()) == before
