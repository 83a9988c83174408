"""Takes address lines apart into unit, number and street; never decides whether two addresses are one.

Each line becomes its words, each word a class, each line a *shape*: one letter per word. Lines have many words but few
shapes, so a shape is parsed once, in plain Python, and its answer is applied to every line of that shape.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from linkage.address_shape import CONSTANTS, Form, Parts, parse_shape


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

    classes: pa.Array
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


def split_lines(lines: pa.Array) -> pd.DataFrame:
    """Take distinct, upper-case address lines apart.

    Returns a frame, in the order given, of unit, number and street (string[pyarrow], null where the line has none).
    """
    words = pc.split_pattern(spaced(lines), " ")
    flat = pc.list_flatten(words).dictionary_encode()
    vocabulary = describe_words(flat.dictionary.to_pylist())
    letters = pa.ListArray.from_arrays(words.offsets, vocabulary.classes.take(flat.indices))
    shapes = pc.binary_join(letters, "").dictionary_encode()
    parsed = [parse_shape(shape) for shape in shapes.dictionary.to_pylist()]
    coded = Lines(*(array.to_numpy().astype(np.int64) for array in (shapes.indices, words.offsets, flat.indices)))
    parts = {part: gather([getattr(found, part) for found in parsed], coded, vocabulary) for part in Parts._fields}
    return pd.DataFrame(parts)


def spaced(lines: pa.Array) -> pa.Array:
    """Lines with single spaces between words, commas as words of their own and other punctuation gone."""
    if not pc.all(pc.string_is_ascii(lines)).as_py():
        lines = pc.replace_substring_regex(pc.utf8_normalize(lines, "NFKD"), r"\p{M}+", "")
    lines = pc.replace_substring_regex(lines, "['’`]", "")
    lines = pc.replace_substring_regex(lines, r"[^\p{L}0-9,/-]+", " ")
    lines = pc.replace_substring_regex(lines, r"(\d[A-Z]?) ?- ?(\d)", r"\1=\2")
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
    classes = pa.array([letter for letter, _ in described], pa.string())
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


def gather(answers: list[tuple[Form, ...]], lines: Lines, vocabulary: Vocabulary) -> pd.Series:
    """Join, for each line, the words that its shape's answer names."""
    lengths = np.array([len(answer) for answer in answers] or [0], np.int64)
    flat = np.array([form for answer in answers for form in answer], np.int64).reshape(-1, 2)
    begins = np.concatenate([[0], np.cumsum(lengths)])
    counts = lengths[lines.shapes]
    offsets = np.concatenate([[0], np.cumsum(counts)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)
    chosen = flat[np.repeat(begins[lines.shapes], counts) + within]
    position, kind = chosen[:, 0], chosen[:, 1]
    word = lines.words[np.repeat(lines.starts[:-1], counts) + position]
    index = np.where(kind < 0, 3 * vocabulary.size - kind - 1, word + kind * vocabulary.size)
    forms = vocabulary.forms.take(pa.array(index))
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), forms), " ")
    return pd.Series(pc.if_else(pc.equal(joined, ""), None, joined), dtype="string[pyarrow]")
