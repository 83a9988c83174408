"""What a case is: bytes, tried on a target that reads them right or refuses them; and how cases are made of others.

A target raises AssertionError where something was read wrongly. Whatever else it raises is a crash.
"""

import random
import re
from collections.abc import Callable
from typing import NamedTuple


class Tried(NamedTuple):
    """How many cases some bytes held, and how many of them were read; the rest were refused."""

    cases: int
    read: int


class Target(NamedTuple):
    """A name, bytes to begin from, words that mean something to it, and what tries a case. `share`: of a long run.

    `guided`: whether it is quick enough to be followed into its branches (atheris).
    """

    name: str
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]
    attempt: Callable[[bytes], Tried]
    share: float
    guided: bool = True


READ, REFUSED = Tried(1, 1), Tried(1, 0)

ODD = (
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\t",
    b'"',
    b'""',
    b"'",
    b",",
    b";",
    b"|",
    b"\\",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x81",
    b"\xc3",
    b"\xe9",
    b"\xe2\x80\x99",
    b"\xe2\x80\xa8",
    b"\xc2\xa0",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x91\xaa",
    b"e\xcc\x81",
    b"\xc4\xb0",
    b"\xc4\xb1",
    b"\xef\xbd\x81",
    b"\xe2\x80\x8b",
    b"=1+1",
    b"+44",
    b"-1",
    b"@x",
    b"'; DROP TABLE people;--",
    b'") OR 1=1 --',
    b"%s%n",
    b"{0}",
    b"../../x",
    b"*",
    b"[1]",
    b"NULL",
    b"NaN",
    b"1e999",
    b"9" * 40,
    b"0",
    b"-0",
    b"a" * 300,
    b"<",
    b"&lt;",
    b"]]>",
)


def changed(seed: bytes, others: tuple[bytes, ...], words: tuple[bytes, ...], chance: random.Random) -> bytes:
    """`seed` with one to five changes: bits, cuts, repeats, odd words, pieces of the others."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 5)):
        _change(data, others, words, chance)
    return bytes(data)


def _change(data: bytearray, others: tuple[bytes, ...], words: tuple[bytes, ...], chance: random.Random) -> None:
    at = chance.randint(0, len(data))
    to = min(len(data), at + chance.choice((1, 1, 2, 3, 8, 40)))
    match chance.randint(0, 6):
        case 0 if data:
            data[min(at, len(data) - 1)] ^= 1 << chance.randint(0, 7)
        case 1:
            del data[at:to]
        case 2:
            data[at:at] = data[at:to]
        case 3:
            other = chance.choice(others)
            start = chance.randint(0, len(other))
            data[at:to] = other[start : start + chance.choice((1, 4, 16, 60))]
        case 4:
            data[at:to] = chance.choice(ODD)
        case _:
            data[at:to] = chance.choice(words)


def pieces(data: bytes) -> list[str]:
    """The texts that some bytes hold, one a line: characters, none of them a control character."""
    return [re.sub(r"[\x00-\x1f\x7f]", "", text) for text in data.decode("utf-8", "ignore").split("\n")][:60]
