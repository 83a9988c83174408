"""A wash as a user would start it, in a process of its own, with what it took."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pandas as pd


COMMAND = "from cli.main import main; main()"


@dataclass(frozen=True)
class Washed:
    """A finished wash: its run folder, wall-clock seconds, peak memory in megabytes, seconds by stage."""

    run: Path
    seconds: float
    megabytes: float
    stages: dict[str, float]

    def table(self, name: str) -> pd.DataFrame:
        """One of the run's published tables."""
        return pd.read_parquet(self.run / "tables" / f"{name}.parquet")


def wash(
    folder: Path,
    as_of: date,
    outputs: Path,
    *,
    settings: Path | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
    code: Path | None = None,
) -> Washed:
    """Wash `folder` with no orchestrator. Raises RuntimeError with the command's own message if it fails.

    `more` goes into the process's environment; `code`: a checkout of the project to take in place of this one.
    """
    arguments = ["wash", str(folder), "--as-of", as_of.isoformat(), "--outputs", str(outputs), "--plain", "--json"]
    arguments += ["--settings", str(settings)] if settings else []
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments], stdout=out, stderr=errors, cwd=code, env={**os.environ, **more}
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"the wash ended with {process.returncode}: {errors.read().decode()}")
        run = Path(json.loads(out.read())["path"])
    timings = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["timings"]
    return Washed(run, seconds, usage.ru_maxrss / 1024, timings)
