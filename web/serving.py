"""From settings to a server that answers: where it listens, and that its log holds no address of a family.

One process answers by default. With more of them each has its own copy of the tables; sessions are shared.
"""

import os
import shutil
import socket
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder
from pipeline.record.places import refuse_open_place
from schemas.errors import UsageError
from schemas.process import be_private
from web.app import make_app, make_site
from web.door.changes import Hand
from web.door.entrance import Entrance, open_entrance
from web.door.first import own_link
from web.door.links import link_address
from web.door.settings import LOOPBACK
from web.door.store import FOLDER
from web.patience import patient
from web.server_log import discreet_log
from web.settings import PagesSettings, Serve, load_pages_settings
from web.visit import NO_RUN, Site
from web.warming import keep_ready


UPLOADS = "uploads"
OUTPUTS, SETTINGS = "DATAWASH_PAGES_OUTPUTS", "DATAWASH_PAGES_SETTINGS"
LIMITS: dict[str, Any] = {"limit_concurrency": 500, "timeout_keep_alive": 20, "timeout_graceful_shutdown": 20}
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""What TLS 1.2 may use: what was overheard today stays secret from who has the key tomorrow. 1.3 has no others."""

QUIET: dict[str, Any] = {"access_log": False, "log_config": None, "server_header": False, "proxy_headers": False}


class Served(NamedTuple):
    """What is served, and where it listens."""

    site: Site
    serve: Serve

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return self.serve.address


def prepared(outputs: Path, settings: Path | None, host: str | None, port: int | None) -> Served:
    """The pages as the settings want them; `host` and `port` go before the settings'."""
    asked = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    known = load_pages_settings(outputs, settings)
    serve = known.serve.model_copy(update=asked)
    if serve.host not in LOOPBACK and not known.door.address:
        raise UsageError(
            f"{serve.host} is open to other machines. Say in pages.toml by which address people come: "
            '[door] address = "https://families.council.example"'
        )
    refuse_open_place(private_folder(outputs))
    return Served(_site(outputs, known), serve)


def sign_in_address(served: Served) -> str | None:
    """An address that lets whoever started the pages in, once; None where the pages are not for this machine alone."""
    outputs, door = served.site.outputs, served.site.door
    if not isinstance(door, Entrance):
        return None
    token = own_link(door, Hand(door.store, partial(record_event, outputs, run_id=NO_RUN), door.now))
    return link_address(served.address, token) if token else None


def listen(serve: Serve) -> socket.socket:
    """The socket to answer at. UsageError where something else is there, or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in serve.host else socket.AF_INET
    try:
        return socket.create_server((serve.host, serve.port), family=family, backlog=256)
    except OSError as error:
        said = f"The pages cannot listen at {serve.host}, port {serve.port}: {os.strerror(error.errno or 0)}."
        raise UsageError(f"{said} Another program may be there, or these pages already: try --port.") from None


def answer(served: Served, at: socket.socket, settings: Path | None = None) -> None:
    """Answer at the socket until stopped; with more than one worker each reads the settings again."""
    be_private()
    discreet_log()
    serve, outputs, proxies = served.serve, served.site.outputs, served.site.settings.proxies
    sweep_uploads(outputs)
    if serve.workers == 1:
        upload_privately(outputs)
        keep_ready(outputs)
        uvicorn.Server(_config(make_app(served.site), serve, proxies)).run(sockets=[at])
        return
    os.environ |= {OUTPUTS: str(outputs), SETTINGS: str(settings or "")}
    config = _config("web.serving:worker", serve, proxies, factory=True, workers=serve.workers)
    Multiprocess(config, sockets=[at]).run()


def upload_privately(outputs: Path) -> None:
    """Have what somebody uploads stand beside the runs while it is read, not where every user of the machine looks."""
    tempfile.tempdir = str(private_folder(outputs / FOLDER / UPLOADS))


def sweep_uploads(outputs: Path) -> None:
    """Remove what a server that was killed while it read an upload left of it."""
    for left in (outputs / FOLDER / UPLOADS).glob("*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def worker() -> Starlette:
    """The application in a process of its own."""
    be_private()
    discreet_log()
    outputs, settings = Path(os.environ[OUTPUTS]), os.environ[SETTINGS]
    upload_privately(outputs)
    keep_ready(outputs)
    return make_app(_site(outputs, load_pages_settings(outputs, Path(settings) if settings else None)))


def _site(outputs: Path, settings: PagesSettings) -> Site:
    return make_site(outputs, settings, open_entrance(outputs, settings))


def _config(app: Starlette | str, serve: Serve, proxies: tuple[str, ...], **more: Any) -> uvicorn.Config:
    keys: dict[str, Any] = {"ssl_certfile": serve.certificate, "ssl_keyfile": serve.key, "ssl_ciphers": CIPHERS}
    return uvicorn.Config(app, http=patient(proxies), ws="none", lifespan="off", **LIMITS, **QUIET, **keys, **more)
