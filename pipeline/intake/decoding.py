"""Bytes into UTF-8 without guessing: UTF-8 if every byte agrees, else Windows-1252; refuses mixtures and control bytes.

It never reads a file in two ways at once, and never replaces what it cannot read.
"""

import codecs
import re
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipeline.intake.unreadable import UnreadableError


UTF_8, WINDOWS_1252, UTF_16 = "utf-8", "windows-1252", "utf-16"
_DECLARED = {"utf-8": UTF_8, "utf-8-sig": UTF_8, "cp1252": WINDOWS_1252, "utf-16": UTF_16}
_CHUNK = 4 * 1024 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_1252 = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
_UTF_8_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]"
    rb"|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_CHARACTER_OR_BYTE = re.compile(rb"%b|([\x80-\xff])" % _UTF_8_CHARACTER.pattern)
# European letters and typographers' marks as UTF-8 writes them: byte pairs that Windows-1252 text all but never holds.
_LIKELY_UTF_8 = re.compile(rb"\xc2[\xa0-\xbf]|[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x90-\xbf]")
_SAVE_AGAIN = "Have the whole file saved once as UTF-8 (in Excel: CSV UTF-8), or send it as .xlsx"


class Decoded(NamedTuple):
    """`data` is UTF-8 without a byte-order mark; `encoding` is how the file was written."""

    data: bytes
    encoding: str


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """The text of a file as UTF-8, and the encoding it was in: `declared`, or found out (utf-8, windows-1252, utf-16).

    Raises UnreadableError with the line where bytes are not of the encoding, where two encodings are mixed, and where
    there is a NUL or another control character.
    """
    decoded = _decode(raw, _known(declared) if declared else _detected(raw))
    _refuse_control(decoded.data)
    return decoded


def line_of(data: bytes, position: int) -> int:
    """The physical line (from 1) of a byte: lines end with LF, CR LF or CR."""
    before = data[:position]
    ends = before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
    halfway = before.endswith(b"\r") and data[position : position + 1] == b"\n"
    return ends + 1 - halfway


def first_control(data: bytes | pa.Buffer) -> int | None:
    """Where the first control character other than tab, CR and LF stands, or None."""
    view = np.frombuffer(data, np.uint8)
    for start in range(0, len(view), _CHUNK):
        chunk = view[start : start + _CHUNK]
        low = chunk[chunk < 32]
        odd = ~np.isin(low, (9, 10, 13))
        if odd.any():
            found = _CONTROL.search(chunk.tobytes())
            return start + found.start() if found else None
    return None


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = declared
    if name not in _DECLARED:
        raise UnreadableError(
            "the encoding that the settings declare is not read here", "Use utf-8, windows-1252 or utf-16"
        )
    return _DECLARED[name]


def _detected(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF_16
    bad = _first_not_utf_8(raw)
    if bad is None or raw.startswith(codecs.BOM_UTF8):
        return UTF_8
    character = _first_multibyte(raw, _UTF_8_CHARACTER)
    if character is not None:
        raise _mixture(raw, character, bad)
    return WINDOWS_1252


def _decode(raw: bytes, encoding: str) -> Decoded:
    if encoding == UTF_16:
        return Decoded(_from_utf_16(raw), UTF_16)
    if encoding == UTF_8:
        return Decoded(_checked_utf_8(raw), UTF_8)
    return Decoded(_from_windows_1252(raw), WINDOWS_1252)


def _checked_utf_8(raw: bytes) -> bytes:
    bad = _first_not_utf_8(raw)
    if bad is None:
        return raw.removeprefix(codecs.BOM_UTF8)
    raise UnreadableError("there is a byte that is not UTF-8, the encoding of this file", _SAVE_AGAIN, _line(raw, bad))


def _first_not_utf_8(raw: bytes) -> int | None:
    """Where the first byte stands that is outside ASCII and no part of a UTF-8 character."""
    if raw.isascii() or _is_utf_8(raw):
        return None
    return next(found.start() for found in _CHARACTER_OR_BYTE.finditer(raw) if found.group(1))


def _is_utf_8(raw: bytes) -> bool:
    bounds = pa.py_buffer(np.array([0, len(raw)], np.int64))
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, bounds, pa.py_buffer(raw)]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _from_windows_1252(raw: bytes) -> bytes:
    likely = _first_multibyte(raw, _LIKELY_UTF_8)
    if likely is not None:
        odd = _first_not_utf_8(raw)
        if odd is None:
            raise UnreadableError("the settings say windows-1252 but the file is UTF-8", "Declare utf-8 instead")
        raise _mixture(raw, likely, odd)
    bad = min((place for place in map(raw.find, _NOT_1252) if place >= 0), default=None)
    if bad is not None:
        where = _line(raw, bad)
        raise UnreadableError("there is a byte that is neither UTF-8 nor Windows-1252", _SAVE_AGAIN, where)
    pieces = (raw[start : start + _CHUNK] for start in range(0, len(raw), _CHUNK))
    return b"".join(piece.decode("cp1252").encode() for piece in pieces)


def _mixture(raw: bytes, multibyte: int, single: int) -> UnreadableError:
    """What is said of a file with a character of UTF-8 at one place and a byte that is none at the other."""
    first, second = sorted((line_of(raw, multibyte), line_of(raw, single)))
    return UnreadableError(
        f"the file mixes UTF-8 and Windows-1252 (one on line {first}, the other on line {second})",
        _SAVE_AGAIN,
        f"line {second}",
    )


def _first_multibyte(raw: bytes, sign_of_utf_8: re.Pattern[bytes]) -> int | None:
    """Where the first match stands; each begins with two bytes outside ASCII, so only such places are tried."""
    view = np.frombuffer(raw, np.uint8)
    for start in range(0, len(view), _CHUNK):
        high = view[start : start + _CHUNK + 1] >= 128
        for place in (np.flatnonzero(high[:-1] & high[1:]) + start).tolist():
            if sign_of_utf_8.match(raw, place):
                return place
    return None


def _from_utf_16(raw: bytes) -> bytes:
    if not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError("UTF-16 is declared but the file does not begin with its mark", _SAVE_AGAIN)
    try:
        return raw.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        line = len(raw[: error.start].decode("utf-16", "ignore").splitlines())
        raise UnreadableError("the UTF-16 text is cut short or damaged", _SAVE_AGAIN, f"line {max(line, 1)}") from None


def _refuse_control(data: bytes) -> None:
    position = first_control(data)
    if position is None:
        return
    code = data[position]
    what = "a NUL byte" if code == 0 else f"a control character (code {code:02X})"
    raise UnreadableError(
        f"there is {what} in the text", f"The file is damaged or no text file. {_SAVE_AGAIN}", _line(data, position)
    )


def _line(data: bytes, position: int) -> str:
    return f"line {line_of(data, position)}"
