"""Which Prefect server a flow talks to: the council's, or one of our own that ends with us; decides no result."""

import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
from filelock import FileLock, Timeout
from prefect import settings as prefect_settings
from prefect.events.worker import EventsWorker
from prefect.settings import temporary_settings

from flows import ALWAYS
from flows.lost import close_lost_runs
from pipeline.record.files import plain_storage_errors, private_folder, write_aside
from schemas.errors import LockedError, StorageError


HOME = "prefect"
LOCK = "server.lock"
ADDRESS = "server.json"
LOG = "server.log"
START_LIMIT = 120.0
STOP_LIMIT = 15.0
ANSWER_LIMIT = 10.0
OWN_PROCESS: dict[str, Any] = (
    {"start_new_session": True}
    if os.name == "posix"
    else {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
)
"""Ctrl-C at a terminal is for us, who then stop the server: it is needed to say how the flow ended."""


class Server(NamedTuple):
    """A server that answers: the address of its API, `user:password` if it wants one, its process if it is ours."""

    url: str
    auth: str | None = None
    process: subprocess.Popen[str] | None = None


@contextmanager
def any_server(outputs: Path) -> Iterator[Server]:
    """The configured server, else the one that a schedule keeps for `outputs`, else our own for as long as it takes.

    Raises StorageError if the server does not answer or start, LockedError if another flow has its own running.
    """
    home = _home(outputs)
    with _running(home) as server, _talking_to(server, home):
        _close_lost_runs(server)
        yield server


@contextmanager
def kept_server(outputs: Path) -> Iterator[Server]:
    """The configured server, else one of our own, at Prefect's usual port, that others at `outputs` may use too."""
    home = _home(outputs)
    if url := _configured_url():
        with _talking_to(_answering(url), home) as server:
            yield server
        return
    port = prefect_settings.PREFECT_SERVER_API_PORT.value()
    with _only_server(home), _started(home, port, kept=True) as server, _talking_to(server, home):
        write_aside(home / ADDRESS, json.dumps({"url": server.url, "auth": server.auth}).encode())
        try:
            _close_lost_runs(server)
            yield server
        finally:
            (home / ADDRESS).unlink(missing_ok=True)


def _close_lost_runs(server: Server) -> None:
    if server.process:
        close_lost_runs()


@contextmanager
def _running(home: Path) -> Iterator[Server]:
    if url := _configured_url():
        yield _answering(url)
    elif kept := _kept_by_a_schedule(home):
        yield kept
    else:
        with _only_server(home), _started(home, 0, kept=False) as server:
            yield server


def _home(outputs: Path) -> Path:
    with plain_storage_errors("Making a place for Prefect"):
        return private_folder(outputs / HOME)


def _configured_url() -> str | None:
    return prefect_settings.PREFECT_API_URL.value()


def _kept_by_a_schedule(home: Path) -> Server | None:
    """The server that says in `home` where it is, if it still answers there."""
    try:
        said = json.loads((home / ADDRESS).read_text(encoding="utf-8"))
        return _answering(said["url"])._replace(auth=said["auth"])
    except (OSError, ValueError, KeyError, StorageError):
        return None


def _answering(url: str) -> Server:
    """The server at `url`; StorageError if it does not answer."""
    try:
        httpx.get(f"{url}/health", timeout=ANSWER_LIMIT).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        place, why = urlsplit(url).netloc.rsplit("@")[-1], type(error).__name__
        raise StorageError(
            f"The Prefect server at {place} does not answer ({why}). Start it, or clear PREFECT_API_URL to use one "
            "of our own, or wash with --plain."
        ) from None
    return Server(url)


@contextmanager
def _only_server(home: Path) -> Iterator[None]:
    """Hold `home` for one server of our own."""
    lock = FileLock(home / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(
            f"Another wash or schedule runs its own Prefect server in {home}. Wait for it, or give --outputs."
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _started(home: Path, port: int, *, kept: bool) -> Iterator[Server]:
    """A server of our own, in a process that ends with the body, and with us even if we are killed."""
    auth = os.environ.get("PREFECT_SERVER_API_AUTH_STRING") or f"datawash:{secrets.token_hex(16)}"
    own = {
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_UI_STATIC_DIRECTORY": str(home.resolve() / "ui"),
        "PREFECT_SERVER_API_AUTH_STRING": auth,
    }
    with (home / LOG).open("wb") as log:
        arguments = [str(os.getpid()), str(port), "kept" if kept else "passing"]
        process = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
            [sys.executable, "-m", "flows.server_process", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | ALWAYS | own,
            **OWN_PROCESS,
        )
    with process:
        try:
            yield Server(f"http://127.0.0.1:{_port(process, home)}/api", auth, process)
        finally:
            _stop(process)


def _port(process: subprocess.Popen[str], home: Path) -> int:
    """The port that the server says it answers at."""
    assert process.stdout
    limit = threading.Timer(START_LIMIT, process.kill)
    limit.start()
    try:
        return int(process.stdout.readline())
    except ValueError:
        last = (home / LOG).read_text(encoding="utf-8", errors="replace").strip().rsplit("\n", 1)[-1]
        raise StorageError(
            f"Our own Prefect server did not start: {last or 'it did not say why'}. See {home / LOG}; "
            "set PREFECT_SERVER_API_PORT if its port is taken, or wash with --plain."
        ) from None
    finally:
        limit.cancel()


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()


@contextmanager
def _talking_to(server: Server, home: Path) -> Iterator[Server]:
    """Let Prefect talk to `server` and keep what it keeps in `home`; wait for what it has still to tell."""
    updates = {
        prefect_settings.PREFECT_API_URL: server.url,
        prefect_settings.PREFECT_HOME: home.resolve(),
        prefect_settings.PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False,
        prefect_settings.PREFECT_LOGGING_TO_API_ENABLED: False,
        prefect_settings.PREFECT_RESULTS_PERSIST_BY_DEFAULT: False,
    }
    if server.auth:
        updates[prefect_settings.PREFECT_API_AUTH_STRING] = server.auth
    with temporary_settings(updates):
        try:
            yield server
        finally:
            EventsWorker.drain_all()
