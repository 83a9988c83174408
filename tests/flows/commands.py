"""Commands in processes of their own, real servers, and what a run says of itself."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.record.manifest import Manifest, read_manifest
from tests.builders import AS_OF


PATIENCE = 240.0


class Ran(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


class Folders(NamedTuple):
    """The four families' extracts, an outputs folder, and what the wash into it showed as it went."""

    extracts: Path
    outputs: Path
    shown: str = ""

    @property
    def run(self) -> Path:
        """The one run that was published."""
        (run,) = self.outputs.glob(f"{AS_OF}-*")
        return run


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what steers Prefect or the command."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DATAWASH"))} | more


def datawash(*arguments: object, **more: str) -> Ran:
    """Run the command in a process of its own; `more` is for its environment."""
    command = [sys.executable, "-m", "cli.main", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment(**more)
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def wash(folders: Folders, *options: object, **more: str) -> Ran:
    """Wash as of the builders' date."""
    return datawash("wash", folders.extracts, "--as-of", AS_OF, "--outputs", folders.outputs, *options, **more)


def said(run: Path) -> dict[str, Any]:
    """What a run holds: the digest of each table by stage and name, and of each file that is equal byte by byte."""
    manifest: Manifest = read_manifest(run)
    tables = {f"{stage.name}/{table.name}": table.logical_digest for stage in manifest.stages for table in stage.tables}
    return tables | {file.file: file.sha256 for file in manifest.outputs if file.file.endswith((".csv", ".xlsx"))}


def own_servers(parent: int) -> list[str]:
    """The processes that are a server of `parent`'s own, by their command lines."""
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in shown.splitlines() if f"flows.server_process {parent} " in line]


def wait_until(true: Callable[[], object], what: str) -> None:
    """Wait for `true`; fail with `what` when it does not come."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.2)


def free_port() -> int:
    """A port of the loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*command: str, log: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended with the body, asked first."""
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said, env=env) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
