"""Unpacking of gzip files and one-member zips in memory; counts what comes out and trusts no declared size or name."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from pipeline.intake.forms import check_content, form_of
from pipeline.intake.unreadable import Limits, UnreadableError


_CHUNK = 1024 * 1024
_RATIO_FROM = 1024 * 1024
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, LookupError, RuntimeError, ValueError),
)
"""What Python's zip reader raises over a damaged archive; NotImplementedError is a RuntimeError."""

_AGAIN = "Get the file again from whoever sent it"
_PLAIN = "Have the file sent plain, or as the one file in a .zip"


class Counter:
    """Counts unpacked bytes against the limits; `packed` is the size on disk of what they come from."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self._packed, self._limits, self.size = max(packed, 1), limits, 0

    def add(self, size: int) -> None:
        """Count `size` more bytes; raises UnreadableError when they are too many."""
        self.size += size
        if self.size > self._limits.size:
            raise UnreadableError(
                f"it unpacks to more than {self._limits.size:,} bytes", "Have it sent in smaller files"
            )
        if self.size > _RATIO_FROM and self.size > self._limits.ratio * self._packed:
            raise UnreadableError(
                f"it unpacks to more than {self._limits.ratio} times its size, as files made to do harm do", _PLAIN
            )


def unpack_gzip(data: bytes, limits: Limits) -> bytes:
    """What is in a gzip file, all its parts; refuses a cut or damaged one, and one that unpacks to too much."""
    counter, out, position = Counter(len(data), limits), bytearray(), 0
    while data.count(b"\0", position) < len(data) - position:
        position = _gzip_part(data, position, counter, out)
    if out[:2] == b"\x1f\x8b":
        raise UnreadableError("it is packed twice over", _PLAIN)
    return bytes(out)


def _gzip_part(data: bytes, position: int, counter: Counter, out: bytearray) -> int:
    """Unpack the part that begins at `position` onto `out`; where the next one begins."""
    engine = zlib.decompressobj(wbits=31)
    feed = b""
    while not engine.eof:
        if not feed:
            feed = data[position : position + _CHUNK]
            position += len(feed)
        finished = not feed
        try:
            piece = engine.decompress(feed, _CHUNK)
        except zlib.error:
            raise UnreadableError("the gzip file is damaged", _AGAIN) from None
        if finished and not piece and not engine.eof:
            raise UnreadableError("the gzip file is cut short", _AGAIN)
        counter.add(len(piece))
        out += piece
        feed = engine.unconsumed_tail
    return position - len(engine.unused_data)


def unpack_zip(data: bytes, kind: str | None, limits: Limits) -> tuple[bytes, str]:
    """The one member of a zip, and its form; `kind` is the form that the zip's own name promises, if it does."""
    with open_zip(data) as archive:
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        if len(members) != 1:
            raise UnreadableError(
                f"the zip holds {len(members)} files where one is expected", "Send each file by itself"
            )
        member = members[0]
        found = _member_form(member, kind)
        counter = Counter(len(data), limits)
        content = b"".join(read_member(archive, member, counter))
    check_content(content, found)
    return content, found


def _member_form(member: zipfile.ZipInfo, kind: str | None) -> str:
    check_member(member)
    if member.filename.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")):
        raise UnreadableError("the zip holds another archive", _PLAIN)
    found = form_of(member.filename).kind
    if found is None or (kind is not None and kind != found):
        raise UnreadableError("the file in the zip is of another form than the zip's name says", _PLAIN)
    return found


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Open a zip held in memory; raises UnreadableError where it is cut or damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED:
        raise UnreadableError(
            "the file is cut short or damaged: its table of contents cannot be read", _AGAIN
        ) from None


def check_member(member: zipfile.ZipInfo) -> None:
    """Refuse a member with a password, one whose name leads out of the archive, and one that is a link."""
    parts = member.orig_filename.replace("\\", "/").split("/")
    if member.flag_bits & 0x1:
        raise UnreadableError("it is protected by a password", "Have it sent without one, by a safe way")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in member.orig_filename:
        raise UnreadableError("it holds a file whose name leads out of the archive", _PLAIN)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise UnreadableError("it holds a link in place of a file", _PLAIN)


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, counter: Counter) -> Iterator[bytes]:
    """The bytes of one member, a piece at a time, counted as they come; checks its checksum at the end."""
    try:
        with archive.open(member) as stream:
            while piece := _next(stream):
                counter.add(len(piece))
                yield piece
    except _DAMAGED:
        raise UnreadableError("the archive is damaged, or packed in a way that is not read here", _AGAIN) from None


def _next(stream: IO[bytes]) -> bytes:
    return stream.read(_CHUNK)
