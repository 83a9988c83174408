"""The command as a person runs it: a process of its own, its exit code, and what it says on either stream."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest


class Ran(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


def run_command(*arguments: object, cwd: Path | None = None, **environment: str) -> Ran:
    """Run `datawash` with `arguments` in a process of its own."""
    own = {name: value for name, value in os.environ.items() if name not in ("PREFECT_API_URL", "DATAWASH_OUTPUTS")}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=own | environment,
        timeout=300,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def datawash(tmp_path: Path) -> Command:
    """The command, run in an empty folder of its own."""

    def run(*arguments: object, **environment: str) -> Ran:
        return run_command(*arguments, cwd=tmp_path, **environment)

    return run
