"""Takes address lines apart into unit, number and street; never decides whether two addresses are one.

Each line becomes its words, each word a class, each line a *shape*: one letter per word. Lines have many words but few
shapes, so a shape is parsed once, in plain Python, and its answer is applied to every line of that shape.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linkage.address_shape import CONSTANTS, Form, Parts, parse_shape
from linkage.encode import Coded, recode


CLASSES = {
    "street": "t",
    "building": "b",
    "unit": "u",
    "room": "o",
    "floor": "f",
    "storey": "F",
    "direction": "d",
    "number_sign": "N",
    "spelt": "e",
}
RANGE = r"(\d[A-Z]?) ?- ?(\d)"
UNEVEN = r"[^A-Z0-9 ,]|[ ,],|,[^ ]|  |^[ ,]|[ ,]$"
COMMA, SAINT_OR_STREET, WORD = ",", "S", "w"
NUMERIC = (
    (re.compile(r"0*\d{1,6}"), "n"),
    (re.compile(r"0*\d{1,5}[A-Z]"), "m"),
    (re.compile(r"\d+[A-Z]?-\d+[A-Z]?"), "r"),
    (re.compile(r"\d+[A-Z]?/\d+[A-Z]?"), "s"),
    (re.compile(r"[A-Z]"), "l"),
)


class Vocabulary(NamedTuple):
    """Distinct words: their class and three forms, whole, the house's part, the flat's part (`14` and `B` of `14B`)."""

    classes: np.ndarray
    forms: pa.Array
    size: int


class Lines(NamedTuple):
    """Lines in codes: the shape of each, where its words start, and all words in turn."""

    shapes: np.ndarray
    starts: np.ndarray
    words: np.ndarray


@cache
def address_words() -> dict[str, Any]:
    """The packaged lists of address words."""
    return tomllib.loads((files("linkage") / "address_words.toml").read_text("utf-8"))


@cache
def known_words() -> dict[str, tuple[str, str]]:
    """Known word -> its class letter and canonical form."""
    lists = address_words()
    known = {"ST": (SAINT_OR_STREET, "STREET"), ",": (COMMA, ",")}
    for name, letter in CLASSES.items():
        for first, *rest in lists[name]:
            known.update({word: (letter, first) for word in (first, *rest) if not word.isdigit()})
    return known


def split_lines(lines: pa.Array) -> dict[str, Coded]:
    """Take distinct, upper-case address lines apart.

    Returns the unit, number and street of each line in turn, as codes (-1 where it has none).
    """
    words = pc.split_pattern(spaced(lines), " ")
    flat = pc.list_flatten(words).dictionary_encode()
    vocabulary = describe_words(flat.dictionary.to_pylist())
    letters = vocabulary.classes[flat.indices.to_numpy()]
    joined = pa.StringArray.from_buffers(len(lines), words.buffers()[1], pa.py_buffer(letters))
    shapes = joined.dictionary_encode()
    parsed = [parse_shape(shape) for shape in shapes.dictionary.to_pylist()]
    coded = Lines(*(array.to_numpy() for array in (shapes.indices, words.offsets, flat.indices)))
    return {part: gather([getattr(found, part) for found in parsed], coded, vocabulary) for part in Parts._fields}


def spaced(lines: pa.Array) -> pa.Array:
    """Lines with single spaces between words, commas as words of their own and other punctuation gone."""
    return rewrite_where(lines, UNEVEN, _space_uneven, others=pc.replace_substring(lines, ",", " ,"))


def rewrite_where(
    texts: pa.Array, pattern: str, rewrite: Callable[[pa.Array], pa.Array], *, others: pa.Array | None = None
) -> pa.Array:
    """Texts that match `pattern` rewritten, the others as in `others`: to look is far cheaper than to replace."""
    wanted = pc.match_substring_regex(texts, pattern)
    return pc.replace_with_mask(texts if others is None else others, wanted, rewrite(texts.filter(wanted)))


def _space_uneven(lines: pa.Array) -> pa.Array:
    if not pc.all(pc.string_is_ascii(lines)).as_py():
        lines = pc.replace_substring_regex(pc.utf8_normalize(lines, "NFKD"), r"\p{M}+", "")
    lines = pc.replace_substring_regex(lines, "['’`]", "")
    lines = pc.replace_substring_regex(lines, r"[^\p{L}0-9,/-]+", " ")
    lines = rewrite_where(lines, RANGE, lambda ranges: pc.replace_substring_regex(ranges, RANGE, r"\1=\2"))
    lines = pc.replace_substring(pc.replace_substring(lines, "-", " "), "=", "-")
    lines = pc.replace_substring_regex(lines, r"[ ,]*,[ ,]*", " , ")
    return pc.utf8_trim(pc.replace_substring_regex(lines, " +", " "), " ,")


def describe_words(words: list[str]) -> Vocabulary:
    """Class and forms of each distinct word; the constants that a parse may put in stand at the end of the forms."""
    known = known_words()
    described = [known.get(word) or describe_number(word) for word in words]
    whole = [text for _, text in described]
    house = [house_part(text, letter) for letter, text in described]
    flat = [text.split("/")[0] if letter == "s" else text[-1:] for letter, text in described]
    classes = np.frombuffer("".join(letter for letter, _ in described).encode(), np.uint8)
    return Vocabulary(classes, pa.array([*whole, *house, *flat, *CONSTANTS], pa.string()), len(words))


def describe_number(word: str) -> tuple[str, str]:
    """The letter of the shape that stands for a word, and the word without leading noughts where it is a number."""
    for pattern, letter in NUMERIC:
        if pattern.fullmatch(word):
            return letter, word.lstrip("0") or "0"
    return WORD, word


def house_part(text: str, letter: str) -> str:
    """`14` of `14B`, of `14-16` and of `2/14`."""
    if letter == "m":
        return text[:-1]
    if letter == "r":
        return text.split("-")[0]
    return text.split("/")[1] if letter == "s" else text


def gather(answers: list[tuple[Form, ...]], lines: Lines, vocabulary: Vocabulary) -> Coded:
    """Join, for each line, the words that its shape's answer names."""
    lengths = np.array([len(answer) for answer in answers] or [0], np.int32)
    flat = np.array([form for answer in answers for form in answer], np.int32).reshape(-1, 2)
    begins = np.cumsum(lengths, dtype=np.int32) - lengths
    counts = lengths[lines.shapes]
    offsets = np.append(np.int32(0), np.cumsum(counts, dtype=np.int32))
    within = np.arange(offsets[-1], dtype=np.int32) - np.repeat(offsets[:-1] - begins[lines.shapes], counts)
    position, kind = flat[:, 0][within], flat[:, 1][within]
    word = lines.words[np.repeat(lines.starts[:-1], counts) + position]
    index = np.where(kind < 0, 3 * vocabulary.size - kind - 1, word + kind * vocabulary.size)
    forms = vocabulary.forms.take(pa.array(index))
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), forms), " ")
    return recode(None, joined, ordered=False)
