"""`datawash serve` in a process of its own, on loopback, as somebody of a council starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


PATIENCE = 60.0


class Served(NamedTuple):
    """Where pages are served, over which outputs folder, and the file that holds what the server says."""

    address: str
    outputs: Path
    said: Path


@contextmanager
def serving(outputs: Path, log: Path) -> Iterator[Served]:
    """The pages over `outputs`, served until the end of the block."""
    port = free_port()
    command = [sys.executable, "-m", "cli.main", "serve", "--outputs", str(outputs), "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DATAWASH"))}
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=Path(__file__).parents[2], env=environment)
    try:
        served = Served(f"http://127.0.0.1:{port}", outputs, log)
        _wait(served, process)
        yield served
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def free_port() -> int:
    """A port of loopback on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(served: Served, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not _answers(served.address):
        assert process.poll() is None, served.said.read_text()
        assert time.monotonic() < end, "the pages were not served in time"
        time.sleep(0.05)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/help", timeout=PATIENCE) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False
