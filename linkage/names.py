"""Standardises names and keeps what comparing needs of each distinct one; decides what counts as a form of a name."""

import re
import tomllib
import unicodedata
from collections.abc import Collection
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linkage.encode import MISSING, Coded, as_objects, recode
from linkage.text_order import hash_texts


PLACEHOLDERS = frozenset(
    {
        *("anon", "anonymous", "baby", "babyboy", "babygirl", "babyof", "deceased", "dummy", "firstname", "fnu"),
        *("forename", "infant", "lastname", "lnu", "na", "name", "namenotknown", "nameunknown", "namewithheld"),
        *("nan", "nil", "nk", "nodata", "noforename", "noname", "none", "nosurname", "notapplicable"),
        *("notavailable", "notgiven", "notknown", "notprovided", "notrecorded", "notstated", "notsupplied", "null"),
        *("occupier", "refused", "surname", "tba", "tbc", "test", "testing", "testtest", "theoccupier"),
        *("tobeconfirmed", "unborn", "unbornbaby", "unbornchild", "unk", "unknown", "unknownadult", "unknownchild"),
        *("unknownfemale", "unknownmale", "unknownunknown", "unnamed", "unspecified", "withheld", "xx", "xxx"),
        *("xxxx", "zzz"),
    }
)
"""Compact, in lower case: what stands where a name is not known."""
TITLES = frozenset({"dr", "master", "miss", "mr", "mrs", "ms", "mstr", "mx", "prof", "rev"})
SUFFIXES = frozenset({"jnr", "jr", "junior", "senior", "snr", "sr"})
PARTICLES = frozenset(
    {
        *("al", "bin", "bint", "da", "de", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le", "st"),
        *("ter", "van", "von"),
    }
)
FOLDED = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
DROPPED = re.compile(r"['’‘`´ʻʼ.]")
BREAKS = re.compile(r"[\W_]+")
INVOLVED = rf"^({'|'.join(sorted({*TITLES, 'mc', 'mac', 'o'}))}) | ({'|'.join(sorted(SUFFIXES))})$"
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


def clean_names(texts: pa.Array) -> pa.Array:
    """`clean_name` of each text."""
    coded = _fold_case(texts)
    bare = pc.replace_substring_regex(coded.values, r"['`.]", "")
    bare = pc.utf8_trim(pc.replace_substring_regex(bare, r"[^a-z0-9]+", " "), " ")
    cleaned = pc.if_else(pc.is_in(pc.replace_substring(bare, " ", ""), pa.array(sorted(PLACEHOLDERS))), "", bare)
    involved = pc.or_(pc.invert(pc.string_is_ascii(coded.values)), pc.match_substring_regex(bare, INVOLVED))
    others = [clean_name(text) for text in coded.values.filter(involved).to_pylist()]
    cleaned = pc.replace_with_mask(cleaned, involved, pa.array(others, pa.string()))
    return cleaned.take(pa.array(coded.codes, mask=coded.codes == MISSING))


def part_forenames(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """`part_forename` of each text."""
    coded = _fold_case(texts)
    double = pc.invert(pc.ascii_is_alpha(coded.values))
    parted = [part_forename(text) for text in coded.values.filter(double).to_pylist()]
    first, rest = (pa.array([pair[side] for pair in parted], pa.string()) for side in (0, 1))
    single = clean_names(pc.if_else(double, None, coded.values))
    codes = pa.array(coded.codes, mask=coded.codes == MISSING)
    none = pa.nulls(len(coded.values), pa.string())
    return pc.replace_with_mask(single, double, first).take(codes), pc.replace_with_mask(none, double, rest).take(codes)


def part_forename(text: str) -> tuple[str, str]:
    """The first forename and the rest, both cleaned."""
    if text.isalpha():
        return clean_name(text), ""
    chunks = text.split()
    while len(chunks) > 1 and chunks[0].casefold().strip(".") in TITLES:
        chunks = chunks[1:]
    if len(chunks) < 2 or chunks[0].casefold().strip(".") in PARTICLES or not clean_name(chunks[0]):
        return clean_name(text), ""
    return clean_name(chunks[0]), clean_name(" ".join(chunks[1:]))


def part_full_name(text: str, forenames: Collection[str]) -> tuple[str, str, str] | None:
    """The forename, the names between and the surname of a full name, all cleaned; None for what is none.

    "Smith, John Paul" by its comma; "John Paul Smith", or "Smith John", by which end is one of the `forenames`.
    """
    behind, comma, before = text.partition(",")
    surname, given = clean_name(behind), clean_name(before)
    if comma:
        first, _, between = given.partition(" ")
        return (first, between, surname) if surname and first else None
    words = surname.split(" ")
    if len(words) < 2 or "-" in text:
        return None
    if words[0] in forenames:
        start = next((at for at, word in enumerate(words[1:-1], 1) if word in PARTICLES), len(words) - 1)
        return words[0], " ".join(words[1:start]), " ".join(words[start:])
    return (words[-1], "", " ".join(words[:-1])) if words[-1] in forenames else None


def _fold_case(texts: pa.Array) -> Coded:
    """Distinct texts; those of plain letters in lower case."""
    return recode(None, pc.if_else(pc.string_is_ascii(texts), pc.utf8_lower(texts), texts), ordered=False)


def index_names(texts: pa.Array) -> tuple[Names, np.ndarray]:
    """Collect cleaned names (parts joined by spaces); names that differ in spaces alone are one.

    Returns the names, and the code of each text (-1 for an empty one).
    """
    coded = recode(None, pc.replace_substring(texts, " ", ""))
    double = np.flatnonzero(pc.fill_null(pc.match_substring(texts, " "), False))
    spaced = zip(texts.take(pa.array(double)).to_pylist(), coded.codes[double].tolist(), strict=True)
    parts: dict[int, list[str]] = {}
    for text, code in sorted(set(spaced)):
        if len(text.split(" ")) > len(parts.get(code, ())):
            parts[code] = text.split(" ")
    return _describe(coded.values, parts), coded.codes


def _describe(names: pa.Array, parts: dict[int, list[str]]) -> Names:
    """What is kept of distinct names; `parts` by code of those that have several."""
    table = nicknames()
    rows = np.array(sorted(parts), dtype=np.int64)
    first = _with(names, rows, [parts[row][0] for row in rows.tolist()])
    forms = pa.array(sorted(table.number))
    known = pc.if_else(pc.is_in(names, forms), names, first)
    head = pa.array(list(table.head.values())).take(pc.index_in(known, pa.array(list(table.head))))
    return Names(
        text=as_objects(names),
        tokens=_token_codes(names, parts),
        first=_codes(first),
        nickname=pc.fill_null(pc.index_in(known, forms), MISSING).to_numpy().astype(np.int16),
        root=_codes(pc.coalesce(head, known)),
        initial=_codes(pc.utf8_slice_codeunits(names, 0, 1)),
        start=_codes(pc.utf8_slice_codeunits(names, 0, 3)),
        long_start=_codes(pc.utf8_slice_codeunits(names, 0, 4)),
        length=pc.utf8_length(names).to_numpy().astype(np.int16),
        content=hash_texts(names),
    )


def _with(texts: pa.Array, rows: np.ndarray, others: list[str]) -> pa.Array:
    """Texts with others in their place at some rows."""
    mask = np.zeros(len(texts), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(others, pa.string()))


def _codes(texts: pa.Array) -> np.ndarray:
    return recode(None, texts).codes


def _token_codes(names: pa.Array, parts: dict[int, list[str]]) -> np.ndarray:
    """Codes of the parts of names that carry meaning: particles and lone letters do not."""
    meaning = {row: [part for part in split if _has_meaning(part)][:TOKENS] for row, split in parts.items()}
    single = _with(names, np.array(sorted(parts), dtype=np.int64), [""] * len(parts))
    single = pc.if_else(pc.is_in(single, pa.array(sorted(PARTICLES))), "", single)
    single = pc.if_else(pc.equal(pc.utf8_length(single), 1), "", single)
    flat = [(row, place, part) for row, split in meaning.items() for place, part in enumerate(split)]
    codes = _codes(pa.concat_arrays([single, pa.array([part for _, _, part in flat], pa.string())]))
    tokens = np.full((len(names), TOKENS), MISSING, dtype=np.int32)
    tokens[:, 0] = codes[: len(names)]
    tokens[[row for row, _, _ in flat], [place for _, place, _ in flat]] = codes[len(names) :]
    return tokens


def _has_meaning(part: str) -> bool:
    return part not in PARTICLES and len(part) > 1
