"""What a request may bring: how much, how slowly, in which letters; decides it before anything of it is kept.

Only a page that takes a file is sent more than a form's fields, so nobody else can fill the memory or the disk.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from web.visit import Page


FIELDS_KB = 256
MOST_FIELDS, MOST_FILES = 2000, 1
PATIENCE = 60.0
"""How many seconds a form has to arrive in."""


class Sent(NamedTuple):
    """A form as it came: its fields, and the files with it."""

    form: dict[str, str]
    files: dict[str, UploadFile]


@asynccontextmanager
async def reading(request: Request, page: Page, largest_mb: int) -> AsyncIterator[Sent]:
    """The form that `request` brings to `page`. HTTPException where it brings more than that page takes, or too slowly,
    or what is no text."""
    _check_charset(request)
    limited = _limited(request, most_bytes(page, largest_mb))
    try:
        sent = await limited.form(
            max_files=MOST_FILES if page.takes_file else 0, max_fields=MOST_FIELDS, max_part_size=FIELDS_KB << 10
        )
    except (FormParserError, ClientDisconnect):
        raise HTTPException(400) from None
    try:
        yield _parts(sent)
    finally:
        await sent.close()


def most_bytes(page: Page, largest_mb: int) -> int:
    """The most that a form for `page` may bring."""
    return largest_mb << 20 if page.takes_file else FIELDS_KB << 10


def _limited(request: Request, largest: int) -> Request:
    """The request, of which no more than `largest` bytes are read, and for so long. HTTPException where it says or
    brings more, or is not there by then."""
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()) or len(length) > 12 or int(length) > largest:
        raise HTTPException(413)
    left, ends = largest, asyncio.get_running_loop().time() + PATIENCE

    async def receive() -> Message:
        nonlocal left
        try:
            async with asyncio.timeout_at(ends):
                message = await request.receive()
        except TimeoutError:
            raise HTTPException(408, headers={"connection": "close"}) from None
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return Request(request.scope, receive)


def _check_charset(request: Request) -> None:
    """A form says its letters in UTF-8, as our pages ask for: another's could make of them what cannot be written."""
    kind = request.headers.get("content-type", "").casefold()
    if "charset" in kind and "charset=utf-8" not in kind.replace('"', "").replace(" ", ""):
        raise HTTPException(400)


def _parts(sent: FormData) -> Sent:
    form = {name: part for name, part in sent.items() if isinstance(part, str)}
    if any("\x00" in text for field in form.items() for text in field):
        raise HTTPException(400)
    return Sent(form, {name: part for name, part in sent.items() if isinstance(part, UploadFile)})
