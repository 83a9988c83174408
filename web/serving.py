"""From settings to a server that answers: where it listens, and that its log holds no address of a family."""

import logging
from pathlib import Path
from typing import NamedTuple

import uvicorn

from pipeline.record.audit_log import current_user
from pipeline.record.files import private_folder
from web.app import make_app, make_site
from web.door.interim import InterimDoor
from web.door.roles import Person, Role
from web.settings import Serve, load_pages_settings
from web.visit import Site


class Served(NamedTuple):
    """What is served, and where it listens."""

    site: Site
    serve: Serve

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{self.serve.host}:{self.serve.port}"


def prepared(outputs: Path, settings: Path | None, host: str | None, port: int | None) -> Served:
    """The pages as the settings want them; `host` and `port` go before the settings'."""
    known = load_pages_settings(outputs, settings)
    asked = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    private_folder(outputs)
    return Served(make_site(outputs, known, InterimDoor()), known.serve.model_copy(update=asked))


def sign_in_address(served: Served) -> str:
    """An address that lets whoever started the pages in, once."""
    door = served.site.door
    token = door.link(Person(current_user(), frozenset(Role))) if isinstance(door, InterimDoor) else ""
    return f"{served.address}/sign-in/link/{token}"


def serve(served: Served) -> None:
    """Answer until stopped."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    uvicorn.run(
        make_app(served.site), host=served.serve.host, port=served.serve.port, access_log=False, log_config=None,
        server_header=False, proxy_headers=False,
    )
