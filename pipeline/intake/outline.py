"""Where the records of a separated text begin and end; refuses quotation marks that do not pair up (RFC 4180).

It looks at bytes and positions only, a chunk at a time, and never at what a field says.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.intake.decoding import line_of
from pipeline.intake.unreadable import UnreadableError


SEPARATORS = (",", ";", "\t", "|")
_QUOTE, _LF, _CR = 34, 10, 13
_CHUNK = 16 * 1024 * 1024
_QUOTE_ADVICE = (
    "Have it exported again with every text in quotation marks and the marks inside a text doubled, or send it as .xlsx"
)

Positions = NDArray[np.int64]


class Outline(NamedTuple):
    """The records that are not blank lines: first byte, byte after the last, and number as a spreadsheet counts rows.

    `quoted_breaks` says whether a quoted text holds a line break somewhere.
    """

    starts: Positions
    ends: Positions
    row_numbers: Positions
    quoted_breaks: bool


def outline(data: bytes, separator: str) -> Outline:
    """The records of `data` (UTF-8, no byte-order mark), blank lines left out but counted.

    Raises UnreadableError with the line of a quotation mark that opens or closes where it cannot.
    """
    breaks, quoted_breaks = _record_breaks(data, separator)
    view = np.frombuffer(data, np.uint8)
    starts = np.concatenate([[0], breaks + 1]).astype(np.int64)
    ends = np.append(breaks, len(data)).astype(np.int64)
    ends -= _closes_crlf(view, breaks, len(data))
    filled = ends > starts
    return Outline(starts[filled], ends[filled], np.flatnonzero(filled) + 1, quoted_breaks)


def fields_in(record: bytes, separator: bytes) -> int:
    """How many fields a record has whose quotation marks pair up."""
    return sum(part.count(separator) for part in record.split(b'"')[::2]) + 1


def _closes_crlf(view: NDArray[np.uint8], breaks: Positions, size: int) -> Positions:
    pairs = (view[breaks] == _LF) & (breaks > 0) & (view[np.maximum(breaks - 1, 0)] == _CR) if size else breaks > 0
    return np.append(pairs, False).astype(np.int64)


def _record_breaks(data: bytes, separator: str) -> tuple[Positions, bool]:
    """The last byte of each line end outside quotation marks, and whether there are any inside."""
    view = np.frombuffer(data, np.uint8)
    beside = _beside_a_field(separator)
    found, is_open, inside_any = [np.empty(0, np.int64)], 0, False
    for start in range(0, len(view), _CHUNK):
        chunk = view[start : start + _CHUNK]
        quotes = np.flatnonzero(chunk == _QUOTE) + start
        _check_quotes(data, quotes[is_open::2], quotes[1 - is_open :: 2], beside)
        breaks = _breaks(view, start, chunk)
        inside = ((np.searchsorted(quotes, breaks) + is_open) & 1).astype(bool)
        found.append(breaks[~inside])
        inside_any |= bool(inside.any())
        is_open = (is_open + len(quotes)) & 1
    if is_open:
        _refuse_quote(data, len(data) - 1, "is never closed")
    return np.concatenate(found), inside_any


def _beside_a_field(separator: str) -> NDArray[np.bool_]:
    """Which bytes may stand just outside the marks of a quoted text; a mark itself, as half of a doubled one."""
    allowed = np.zeros(256, bool)
    allowed[[ord(separator), _LF, _CR, _QUOTE]] = True
    return allowed


def _breaks(view: NDArray[np.uint8], start: int, chunk: NDArray[np.uint8]) -> Positions:
    breaks = np.flatnonzero((chunk == _LF) | (chunk == _CR)) + start
    following = view[np.minimum(breaks + 1, len(view) - 1)]
    first_of_two = (view[breaks] == _CR) & (following == _LF)
    return breaks[~first_of_two]


def _check_quotes(data: bytes, opening: Positions, closing: Positions, beside: NDArray[np.bool_]) -> None:
    view = np.frombuffer(data, np.uint8)
    opens_well = beside[view[np.maximum(opening - 1, 0)]] | (opening == 0)
    closes_well = beside[view[np.minimum(closing + 1, len(view) - 1)]] | (closing == len(view) - 1)
    bad_opening, bad_closing = opening[~opens_well], closing[~closes_well]
    if bad_closing.size and not (bad_opening.size and bad_opening[0] < bad_closing[0]):
        _refuse_quote(data, int(bad_closing[0]), "is followed by more text")
    if bad_opening.size:
        where = f"line {line_of(data, int(bad_opening[0]))}"
        raise UnreadableError("there is a quotation mark in the middle of an unquoted text", _QUOTE_ADVICE, where)


def _refuse_quote(data: bytes, position: int, what: str) -> None:
    """Name the line where the quoted text that holds `position` opens, and the line where that shows."""
    view = np.frombuffer(data[: position + 1], np.uint8)
    opening = np.flatnonzero(view == _QUOTE)[::2]
    fresh = opening[(view[np.maximum(opening - 1, 0)] != _QUOTE) | (opening == 0)]
    opened, seen = line_of(data, int(fresh[-1])), line_of(data, position)
    if what == "is never closed":
        raise UnreadableError(f"the quotation mark that opens here {what}", _QUOTE_ADVICE, f"line {opened}")
    where = f"line {seen}"
    since = "" if opened == seen else f" that opens on line {opened}"
    raise UnreadableError(f"the quoted text{since} {what} after its closing mark", _QUOTE_ADVICE, where)
