"""A process of ours makes files for its user alone and leaves no core, and so do those that it starts."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest


pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of files and core dumps are told so on POSIX alone")

BEGUN = """
import os, subprocess, sys
os.umask(0o000)
from schemas.process import be_private
be_private()
subprocess.run([sys.executable, "-c", "open('theirs', 'w'); import os; os.mkdir('folder')"], check=True)
open("ours", "w")
import resource
print(resource.getrlimit(resource.RLIMIT_CORE))
"""
DIES = """
import os, resource, signal, subprocess, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
from schemas.process import be_private
if "private" in sys.argv:
    be_private()
os.kill(os.getpid(), signal.SIGABRT)
"""


def _run(source: str, place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", source, *arguments],
        capture_output=True, text=True, cwd=place, check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip


def test_files_and_folders_are_for_this_user_alone_those_of_children_too(tmp_path: Path) -> None:
    done = _run(BEGUN, tmp_path)
    assert done.stdout == "(0, 0)\n", done.stderr
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"ours": 0o600, "theirs": 0o600, "folder": 0o700}


def test_a_crash_leaves_no_core(tmp_path: Path) -> None:
    pattern = Path("/proc/sys/kernel/core_pattern")
    if not pattern.exists() or pattern.read_text(encoding="utf-8").strip() != "core":
        pytest.skip("this machine does not leave core dumps where a process stands")
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    _run(DIES, one, "private")
    assert list(one.iterdir()) == []
    _run(DIES, other)
    if list(other.iterdir()) == []:
        pytest.skip("this machine leaves no core dump of any process")
