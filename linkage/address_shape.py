"""Parses the shape of one address line: which of its words are unit, number and street.

A shape has a letter per word: n number, m number with a letter, r range, s slashed number, l letter, e spelt number,
u flat, o room, f floor name, F "floor", t street type, S "ST", b building type, d compass word, N "NO", w other, comma.
"""

import re
from functools import cache
from typing import NamedTuple


Form = tuple[int, int]  # position of a word and its form; below zero, a constant
CONSTANTS = ("ROOM", "FLAT", "SAINT")
WHOLE, HOUSE_PART, FLAT_PART = 0, 1, 2
ROOM, FLAT, SAINT = (0, -1), (0, -2), (0, -3)
NUMBERS = "nmrs"
STREET_TYPES = "tS"
UNIT_PATTERNS = (
    ("floor", re.compile(r"f+F?u(?=n[wtS])")),  # TOP FLAT 14 HIGH STREET: the number is the house's
    ("flat", re.compile(r"[uo]N?[nmrsle](?!F)")),
    ("floor", re.compile(r"f+(?:F?u|F)|uf+F?|u[ne]F")),
    ("floor", re.compile(r"(?:^|(?<=,))w?u(?=,)")),
    ("floor", re.compile(r"(?:^|(?<=,))f+(?=,)")),
)


class Parts(NamedTuple):
    """The words, by position and form, of each part."""

    unit: tuple[Form, ...]
    number: tuple[Form, ...]
    street: tuple[Form, ...]


@cache
def parse_shape(shape: str) -> Parts:
    """Which words of a line of this shape are its unit, its number (or house name) and its street."""
    unit, rest = take_units(shape)
    segments = [piece for piece in split_segments(rest) if piece]
    numbers = [place for segment in segments for place in segment if rest[place] in NUMBERS]
    if not numbers:
        return parse_named(unit, segments, rest)
    unit, place, form = choose_number(unit, numbers, segments, rest)
    return Parts(unit, ((place, form),), street_after(place, segments, rest))


def take_units(shape: str) -> tuple[tuple[Form, ...], str]:
    """Find "FLAT 2", "ROOM 3", "GROUND FLOOR FLAT", "THE FLAT"; return them and the shape with their words blanked."""
    found: dict[str, list[Form]] = {"flat": [], "room": [], "floor": []}
    for kind, pattern in UNIT_PATTERNS:
        for match in pattern.finditer(shape):
            span = range(*match.span())
            names = [(place, WHOLE) for place in span if shape[place] in "fnmrsle"]
            is_room = shape[span.start] == "o"
            found["room" if is_room else kind] += [ROOM, *names] if is_room else (names or [FLAT])
            shape = shape[: span.start] + " " * len(span) + shape[span.stop :]
    return (*(found["flat"] or found["floor"]), *found["room"]), shape


def split_segments(shape: str) -> list[list[int]]:
    """Positions of the words between commas, without those already used and "NO"."""
    segments: list[list[int]] = [[]]
    for place, letter in enumerate(shape):
        if letter == ",":
            segments.append([])
        elif letter not in " N":
            segments[-1].append(place)
    return segments


def choose_number(
    unit: tuple[Form, ...], numbers: list[int], segments: list[list[int]], shape: str
) -> tuple[tuple[Form, ...], int, int]:
    """Unit, place and form of the house number; a second number, or a letter beside the number, is the unit."""
    first = numbers[0]
    form = HOUSE_PART if shape[first] == "r" else WHOLE
    if unit:
        return unit, first, form
    if shape[first] in "ms":
        return ((first, FLAT_PART),), first, HOUSE_PART
    order = [place for segment in segments for place in segment]
    if len(numbers) > 1 and is_house_number(first, numbers[1], order, shape):
        return ((first, WHOLE),), numbers[1], WHOLE
    beside = letter_beside(first, order, shape)
    return (() if beside is None else ((beside, WHOLE),)), first, form


def letter_beside(number: int, order: list[int], shape: str) -> int | None:
    """The place of a lone letter that names a flat: "14 B HIGH STREET", "B, 14 HIGH STREET"."""
    at = order.index(number)
    if len(order) > at + 2 and shape[order[at + 1]] == "l" and order[at + 1] == number + 1:
        return order[at + 1]
    return order[0] if at == 1 and shape[order[0]] == "l" else None


def is_house_number(first: int, second: int, order: list[int], shape: str) -> bool:
    """Whether the second number is the house's and the first a flat's, as in "2 HOLLY HOUSE, 14 MILL LANE"."""
    between = [shape[place] for place in order if first < place < second]
    follows = [shape[place] for place in order if place > second]
    if not follows or follows[0] in NUMBERS:
        return False
    return not between or ("b" in between and not any(letter in STREET_TYPES for letter in between))


def street_after(place: int, segments: list[list[int]], shape: str) -> tuple[Form, ...]:
    """The street that a number belongs to: after it, in its segment or the next; or before it where nothing follows."""
    at = next(index for index, segment in enumerate(segments) if place in segment)
    here = segments[at]
    after = [word for word in here if word > place and not (word == place + 1 and shape[word] == "l")]
    before = [word for word in here if word < place and shape[word] not in NUMBERS]
    following = next((segment for segment in segments[at + 1 :]), [])
    if not after and before and (not following or stands_before(before, following, shape)):
        return name_street(before, shape)
    return name_street(after or following, shape)


def stands_before(before: list[int], following: list[int], shape: str) -> bool:
    """Whether a number ends its street, as on the continent: "HAUPTSTRASSE 14, BERLIN", "MILL LANE 14, LEEDS"."""
    if any(shape[word] in STREET_TYPES for word in before):
        return True
    named = any(shape[word] == "b" for word in before) or any(shape[word] in STREET_TYPES for word in following)
    return not named


def name_street(words: list[int], shape: str) -> tuple[Form, ...]:
    """Words of a street up to its type ("HIGH STREET" of "HIGH STREET LEEDS"), with ST read as STREET or SAINT."""
    types = [at for at, word in enumerate(words) if at > 0 and shape[word] in STREET_TYPES]
    certain = [at for at in types if shape[words[at]] == "t"]
    end = min(certain) if certain else (max(types) if types else len(words) - 1)
    while end + 1 < len(words) and shape[words[end + 1]] in "td":
        end += 1
    kept = words[: end + 1]
    return tuple(SAINT if shape[word] == "S" and word != kept[-1] else (word, WHOLE) for word in kept)


def parse_named(unit: tuple[Form, ...], segments: list[list[int]], shape: str) -> Parts:
    """A line without a number: a house name and a street, or a street alone."""
    if not segments:
        return Parts(unit, (), ())
    first, rest = segments[0], segments[1:]
    building = next((at for at, word in enumerate(first) if at > 0 and shape[word] == "b"), len(first))
    behind = first[building + 1 :]
    if has_street_type(behind, shape):
        return Parts(unit, whole(first[: building + 1]), name_street(behind, shape))
    if has_street_type(first, shape) and not (rest and has_street_type(rest[0], shape)):
        return Parts(unit, (), name_street(first, shape))
    if not rest and building == len(first):
        return Parts(unit, (), whole(first))
    return Parts(unit, whole(first), name_street(rest[0], shape) if rest else ())


def has_street_type(words: list[int], shape: str) -> bool:
    """Whether any word but the first is of those that end a street's name."""
    return any(shape[word] in STREET_TYPES for word in words[1:])


def whole(words: list[int]) -> tuple[Form, ...]:
    """The words, each taken whole."""
    return tuple((word, WHOLE) for word in words)
