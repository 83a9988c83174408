"""A Prefect server in a process of its own that ends with the process that started it, however that one ends.

Run as `python -m flows.server_process PARENT PORT kept|passing`: it serves on loopback, prints its port on stdout once
it answers, and stops when stdin closes or its parent is gone. Port 0 is any free one. A passing server has neither
pages nor a scheduler.
"""

import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from flows.orphan import LOOK, orphaned
from schemas.process import be_private


HOST = "127.0.0.1"
START_LIMIT = 60.0
GRACE = 5.0
PAGE_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss:; "
        b"frame-ancestors 'none'; form-action 'self'",
    ),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
"""Prefect's own pages ask other hosts for their settings; a browser that obeys these does not let them."""


STARTED, STOP = threading.Event(), threading.Event()


class _Server(uvicorn.Server):
    """A server that says its port when it answers, and looks whether it should stop."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        STARTED.set()
        if self.started and sockets:
            with contextlib.suppress(BrokenPipeError):
                print(sockets[0].getsockname()[1], flush=True)  # noqa: T201 - for the parent

    async def on_tick(self, counter: int) -> bool:
        return STOP.is_set() or await super().on_tick(counter)


def main(parent: int, port: int, *, kept: bool) -> None:
    """Serve until the parent process ends or lets go of our stdin."""
    be_private()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    listening = _listen(port)
    from prefect.server.api.server import create_app  # after the watch: it takes seconds

    from flows.database import make_database

    make_database()
    app = create_app(ephemeral=not kept, final=True)
    _Server(uvicorn.Config(_guarded(app), log_level="error", lifespan="on")).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    if os.name == "posix":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    return listening


def _end_with(parent: int) -> None:
    """Wait for the parent to end; let a start come to its end, for the database's sake; stop; make sure of it.

    A fork of the parent may keep our stdin open: its number tells then.
    """
    closed = threading.Event()
    threading.Thread(target=_read_to_end, args=(closed,), daemon=True).start()
    while not closed.wait(LOOK) and not orphaned(parent):
        pass
    STOP.set()
    STARTED.wait(START_LIMIT)
    time.sleep(GRACE)
    os._exit(0)


def _read_to_end(closed: threading.Event) -> None:
    while sys.stdin.buffer.read(1):
        pass
    closed.set()


App = Callable[..., Awaitable[None]]


def _guarded(app: App) -> App:
    """`app` with the headers that keep its pages from asking anybody else."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *PAGE_HEADERS]
            await send(message)

        await app(scope, receive, send_with_headers)

    return guarded


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), kept=sys.argv[3] == "kept")
