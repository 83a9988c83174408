"""Standardises names and keeps what comparing needs of each distinct one; decides what counts as a form of a name."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import pandas as pd


PLACEHOLDERS = frozenset(
    {
        *(
            "unknown",
            "unk",
            "notknown",
            "nk",
            "na",
            "none",
            "null",
            "nil",
            "nan",
            "test",
            "testing",
            "tbc",
            "tba",
            "anon",
        ),
        *(
            "anonymous",
            "baby",
            "babyboy",
            "babygirl",
            "unborn",
            "unnamed",
            "notgiven",
            "notstated",
            "notprovided",
            "xx",
            "xxx",
        ),
        *(
            "xxxx",
            "zzz",
            "surname",
            "forename",
            "firstname",
            "lastname",
            "name",
            "noname",
            "nosurname",
            "noforename",
            "occupier",
        ),
        *("theoccupier", "unspecified", "refused", "deceased"),
    }
)
TITLES = frozenset({"mr", "mrs", "miss", "ms", "mx", "dr", "master", "mstr", "rev", "prof"})
SUFFIXES = frozenset({"jr", "jnr", "junior", "sr", "snr", "senior"})
PARTICLES = frozenset(
    {
        "van",
        "von",
        "der",
        "den",
        "de",
        "da",
        "di",
        "do",
        "dos",
        "du",
        "la",
        "le",
        "al",
        "el",
        "bin",
        "bint",
        "ibn",
        "st",
        "ter",
    }
)
FOLDED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
DROPPED = re.compile(r"['’‘`´ʻʼ.]")
BREAKS = re.compile(r"[\W_]+")
TOKENS = 3


class Names(NamedTuple):
    """Distinct names, sorted; the code of a name is its place here.

    `text` compact (no spaces), `tokens` (n, 3) codes of the parts that carry meaning (-1 none), `first` the first
    part's code, `nickname` the name's place in the nickname table (-1 none), `root` the code of the head of its forms,
    `initial`, `start` (three letters) and `long_start` (four) codes, `length` in letters, `content` a 64-bit hash of
    the text.
    """

    text: np.ndarray
    tokens: np.ndarray
    first: np.ndarray
    nickname: np.ndarray
    root: np.ndarray
    initial: np.ndarray
    start: np.ndarray
    long_start: np.ndarray
    length: np.ndarray
    content: np.ndarray


class Nicknames(NamedTuple):
    """The packaged table: each form's number, the head it goes back to, and which forms share a head."""

    number: dict[str, int]
    head: dict[str, str]
    related: np.ndarray


def clean_name(text: str) -> str:
    """Lower-case parts joined by spaces, without accents, titles and marks; empty for a placeholder.

    "Dr. Zoë O'Brien-Smith Jr" gives "zoe obrien smith".
    """
    if text.isascii() and text.isalpha():
        plain = text.lower()
        return "" if plain in PLACEHOLDERS else plain
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(FOLDED)
    bare = "".join(mark for mark in folded if not unicodedata.combining(mark))
    parts = [part for part in BREAKS.split(DROPPED.sub("", bare)) if part]
    parts = _join_clan(_without_titles(parts))
    return "" if "".join(parts) in PLACEHOLDERS else " ".join(parts)


def _without_titles(parts: list[str]) -> list[str]:
    while len(parts) > 1 and parts[0] in TITLES:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] in SUFFIXES:
        parts = parts[:-1]
    return parts


def _join_clan(parts: list[str]) -> list[str]:
    """Mc Donald, Mac Donald and O Brien are one part each."""
    if len(parts) > 1 and parts[0] in {"mc", "mac", "o"} and len(parts[1]) > 2:
        return [parts[0] + parts[1], *parts[2:]]
    return parts


@cache
def nicknames() -> Nicknames:
    """Read the packaged nickname table."""
    rows = tomllib.loads(resources.files("linkage").joinpath("nicknames.toml").read_text(encoding="utf-8"))["forms"]
    groups = [[head, *forms.split()] for head, forms in rows.items()]
    texts = sorted({clean_name(form).replace(" ", "") for group in groups for form in group})
    number = {text: place for place, text in enumerate(texts)}
    head: dict[str, str] = {name: name for name in rows}
    related = np.zeros((len(texts), len(texts)), dtype=bool)
    for group in groups:
        places = [number[clean_name(form).replace(" ", "")] for form in group]
        related[np.ix_(places, places)] = True
        for form in group:
            head.setdefault(form, group[0])
    return Nicknames(number, head, related)


def index_names(texts: Iterable[str]) -> tuple[Names, dict[str, int]]:
    """Collect cleaned names (parts joined by spaces); names that differ in spaces alone are one.

    Returns the names, and the code of each compact text.
    """
    parts_of: dict[str, str] = {}
    for text in sorted({text for text in texts if text}):
        compact = text.replace(" ", "")
        known = parts_of.get(compact)
        if known is None or text.count(" ") > known.count(" "):
            parts_of[compact] = text
    compacts = sorted(parts_of)
    code = {text: place for place, text in enumerate(compacts)}
    return _describe(compacts, [parts_of[compact].split(" ") for compact in compacts]), code


def _describe(compacts: list[str], parts: list[list[str]]) -> Names:
    table = nicknames()
    known = [name if name in table.number else split[0] for name, split in zip(compacts, parts, strict=True)]
    text = np.array(compacts, dtype=object)
    return Names(
        text=text,
        tokens=_token_codes(parts),
        first=_codes([split[0] for split in parts]),
        nickname=np.array([table.number.get(name, -1) for name in known], dtype=np.int16),
        root=_codes([table.head.get(name, name) for name in known]),
        initial=_codes([name[0] for name in compacts]),
        start=_codes([name[:3] for name in compacts]),
        long_start=_codes([name[:4] for name in compacts]),
        length=np.array([len(name) for name in compacts], dtype=np.int16),
        content=pd.util.hash_array(text) if len(text) else np.empty(0, np.uint64),
    )


def _codes(texts: list[str]) -> np.ndarray:
    return pd.factorize(np.array(texts, dtype=object), sort=True)[0].astype(np.int32)


def _token_codes(parts: list[list[str]]) -> np.ndarray:
    """Codes of the parts of names of several parts; single names and particles have none worth comparing apart."""
    meaning = [[part for part in split if part not in PARTICLES and len(part) > 1][:TOKENS] for split in parts]
    flat = [(row, place, part) for row, split in enumerate(meaning) for place, part in enumerate(split)]
    tokens = np.full((len(parts), TOKENS), -1, dtype=np.int32)
    if flat:
        rows, places, texts = zip(*flat, strict=True)
        tokens[np.array(rows), np.array(places)] = _codes(list(texts))
    return tokens
