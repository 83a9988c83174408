"""Styles and scripts, held in memory under addresses that change with them; decides how long they may be kept."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from web.settings import Look


FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
KEPT = "public, max-age=31536000, immutable"


class Static(NamedTuple):
    """A file as it is sent, plain and packed."""

    data: bytes
    packed: bytes
    kind: str


def static_files(look: Look) -> dict[str, Static]:
    """Every file below `static` by its path there, and `brand.css`, which the council's settings make."""
    paths = {path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*")) if path.suffix in KINDS}
    files = {name: _static(path.read_bytes(), path.suffix) for name, path in paths.items()}
    return files | {"brand.css": _static(_brand(look), ".css")}


def mark_of(files: dict[str, Static]) -> str:
    """What stands in the addresses of `files`: another where one of them is another."""
    return hashlib.sha256(b"".join(hashlib.sha256(file.data).digest() for file in files.values())).hexdigest()[:12]


def address_of(files: dict[str, Static], below: str = "") -> Callable[[str], str]:
    """From a file's name to its address, `below` the path under which the pages are shown."""
    folder = f"{below}/static/{mark_of(files)}"
    return lambda name: f"{folder}/{name}" if name in files else _unknown(name)


def answer(files: dict[str, Static]) -> Callable[[Request], Response]:
    """What answers `/static/{mark}/{name}`."""
    mark = mark_of(files)

    def give(request: Request) -> Response:
        file = files.get(request.path_params["name"])
        if file is None or request.path_params["mark"] != mark:
            return Response("There is no such file.", status_code=404, media_type="text/plain")
        headers = {"cache-control": KEPT, "vary": "accept-encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(file.data, media_type=file.kind, headers=headers)
        return Response(file.packed, media_type=file.kind, headers=headers | {"content-encoding": "gzip"})

    return give


def _unknown(name: str) -> str:
    raise LookupError(f"there is no static file {name}")


def _static(data: bytes, suffix: str) -> Static:
    return Static(data, gzip.compress(data, mtime=0), KINDS[suffix])


def _brand(look: Look) -> bytes:
    return f":root {{ --govuk-brand-colour: {look.colour}; --dw-header-colour: {look.colour}; }}\n".encode()
