"""Why a file cannot be read for certain, and how much of one is read at all; never holds a value of a row."""

from typing import NamedTuple


class UnreadableError(Exception):
    """A file that cannot be read without guessing; `reading` turns it into an `ExtractRefusedError`.

    `why` is what is wrong, `advice` what to do about it, `place` where it is ("line 7", "cell B7"); `parts` are these.
    """

    def __init__(self, why: str, advice: str, place: str = "") -> None:
        self.parts = (why, advice, place)
        super().__init__(f"{place}: {why}. {advice}" if place else f"{why}. {advice}")


class Limits(NamedTuple):
    """How much one file may hold: `size` bytes unpacked, `ratio` times the packed bytes, and `cells` of a sheet.

    And what the process that reads it may take: bytes of `memory`, seconds of a processor's time, and seconds in all.
    """

    size: int = 2 * 1024**3
    ratio: int = 100
    cells: int = 64_000_000
    memory: int = 12 * 1024**3
    processor_seconds: int = 600
    seconds: int = 1200


DEFAULT_LIMITS = Limits()
UPLOAD_LIMITS = Limits(64 * 1024**2, 100, 4_000_000, 4 * 1024**3, processor_seconds=60, seconds=120)
"""Of a file handed in on a page, while somebody waits."""


def column_letters(index: int) -> str:
    """The letters that a spreadsheet gives to the column at `index`, counted from 0: A, B, ..., Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
