"""What a source writes down of a person or an address: each with its own habits and its own mistakes."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Ints, Rng, Texts, chance, only
from benchmarks.town.places import Places
from benchmarks.town.rates import ErrorRates
from benchmarks.town.words import SHORT_TYPES, nicknames, spellings


KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEAR = {letter: row[max(at - 1, 0) : at] + row[at + 1 : at + 2] for row in KEYBOARD for at, letter in enumerate(row)}
"""Keys beside each key."""


def iso(days: Ints) -> Texts:
    """`2013-09-02` for each day since 1970."""
    codes, distinct = pd.factorize(days)
    return np.asarray(np.datetime_as_string(np.asarray(distinct).astype("datetime64[D]")).astype(object)[codes])


def mistype(text: str, op: float, where: float) -> str:
    """One slip of the finger: a letter left out, doubled, exchanged with the next, or its neighbour's key."""
    at = int(where * len(text))
    if len(text) < 3:
        return text + text[-1:]
    at = min(max(at, 1), len(text) - 2)
    letter = text[at]
    if op < 0.3:
        return text[:at] + text[at + 1 :]
    if op < 0.5:
        return text[:at] + letter + text[at:]
    if op < 0.75:
        return text[:at] + text[at + 1] + letter + text[at + 2 :]
    keys = NEAR.get(letter.lower(), "e")
    key = keys[int(op * 100) % len(keys)]
    return text[:at] + (key.upper() if letter.isupper() else key) + text[at + 1 :]


def _change(values: Texts, rows: Ints, change: Callable[[str, float], str | None], draws: np.ndarray) -> None:
    """Replace the values of these rows by what `change` makes of each and its draw; empty ones stay."""
    for row, draw in zip(rows.tolist(), draws.tolist(), strict=True):
        if values[row]:
            values[row] = change(values[row], draw)


def _some(rng: Rng, share: float, size: int) -> tuple[Ints, np.ndarray]:
    rows = np.flatnonzero(chance(rng, share, size))
    return rows, rng.random(len(rows))


def _slip(text: str, draw: float) -> str:
    return mistype(text, draw, (draw * 7919) % 1.0)


def _short_form(name: str, draw: float) -> str:
    known = nicknames().get(name)
    return known[int(draw * len(known))] if known else name


def _other_spelling(name: str, draw: float) -> str:
    known = spellings().get(name)
    return known[int(draw * len(known))] if known else name


def _half(surname: str, draw: float) -> str:
    """A double-barrelled name with a space, or one half of it; particles only lose their hyphen."""
    first, hyphen, last = surname.partition("-")
    if not hyphen:
        return surname
    if draw < 0.4 or len(first) <= 3:
        return f"{first} {last}" if draw < 0.7 else first + last.lower()
    return first if draw < 0.65 else last


def _plain_particle(surname: str, draw: float) -> str:
    """O'Brien as OBrien or O Brien, McKee as Mc Kee."""
    if "'" in surname:
        return surname.replace("'", "" if draw < 0.6 else " ")
    return surname.replace("Mc", "Mc ", 1) if surname.startswith("Mc") and draw < 0.5 else surname


def write_names(rng: Rng, people: pd.DataFrame, person: Ints, rates: ErrorRates) -> dict[str, Texts]:
    """`forename, middle_names, surname` as the source has them; its preferred and former surnames are left to it."""
    size = len(person)
    forename, surname = people["forename"].to_numpy()[person], people["surname"].to_numpy()[person]
    middle = people["middle_names"].to_numpy()[person]
    for column, share in (("former_surname", rates.former_surname), ("preferred_surname", rates.preferred_surname)):
        other = people[column].to_numpy()[person]
        rows = np.flatnonzero(chance(rng, share, size) & np.array([v is not None for v in other], dtype=bool))
        surname[rows] = other[rows]
    first_middle = np.flatnonzero(chance(rng, rates.middle_as_forename, size) & (middle != np.array(None)))
    forename[first_middle] = [m.split()[0] for m in middle[first_middle]]
    _change(forename, *_called(rng, rates.other_spelling * 4, size, _other_spelling))
    _change(surname, *_called(rng, rates.other_spelling, size, _other_spelling))
    _change(forename, *_called(rng, rates.nickname, size, _short_form))
    _change(surname, *_called(rng, rates.half_surname, size, _half))
    _change(surname, *_called(rng, min(0.9, rates.other_spelling * 6), size, _plain_particle))
    _change(forename, *_called(rng, rates.forename_typo, size, _slip))
    _change(surname, *_called(rng, rates.surname_typo, size, _slip))
    _change(forename, *_called(rng, rates.initial, size, lambda name, _: name[0]))
    rows = np.flatnonzero(chance(rng, rates.swapped_names, size) & (forename != np.array(None)))
    forename[rows], surname[rows] = surname[rows], forename[rows]
    _change(middle, *_called(rng, 0.15, size, lambda name, _: name[0]))
    middle[chance(rng, rates.no_middle_names, size)] = None
    names = {"forename": forename, "middle_names": middle, "surname": surname}
    return {column: _capitals(values) if rates.upper else values for column, values in names.items()}


def _called(
    rng: Rng, share: float, size: int, change: Callable[[str, float], str | None]
) -> tuple[Ints, Callable[[str, float], str | None], np.ndarray]:
    rows, draws = _some(rng, share, size)
    return rows, change, draws


def _capitals(values: Texts) -> Texts:
    codes, distinct = pd.factorize(values)
    raised = np.array([v.upper() for v in distinct] + [None], dtype=object)
    return np.asarray(raised[codes])


def write_birth(rng: Rng, birth: Ints, rates: ErrorRates) -> Texts:
    """Dates of birth as ISO text, with the source's slips; empty where it has none."""
    size = len(birth)
    date = iso(birth)
    _change(date, *_called(rng, rates.day_month_swapped, size, _swap_day))
    _change(date, *_called(rng, rates.birth_digit, size, _other_digit))
    _change(date, *_called(rng, rates.birth_year, size, _other_year))
    _change(date, *_called(rng, rates.first_of_january, size, lambda text, _: text[:4] + "-01-01"))
    date[chance(rng, rates.no_birth_date, size)] = None
    return date


def _swap_day(text: str, _: float) -> str:
    year, month, day = text.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else text


def _other_digit(text: str, draw: float) -> str:
    """Another day of the same month."""
    day = 1 + (int(text[8:]) + int(draw * 26)) % 28
    return f"{text[:8]}{day:02d}"


def _other_year(text: str, draw: float) -> str:
    """One year out, or now and then ten; the 29th of February becomes the 28th."""
    year = int(text[:4]) + (1 if draw < 0.3 else -1 if draw < 0.8 else -10)
    return f"{year}{text[4:8]}{min(int(text[8:]), 28):02d}"


def write_sex(rng: Rng, male: Bools, rates: ErrorRates) -> Texts:
    """M or F, sometimes the wrong one, sometimes U or nothing."""
    wrong = chance(rng, rates.wrong_sex, len(male))
    sex = np.where(male ^ wrong, "M", "F").astype(object)
    missing = chance(rng, rates.no_sex, len(male))
    sex[missing] = only(chance(rng, 0.3, int(missing.sum())), "U")
    return sex


FULL, SHORT, BEHIND, NO_FLAT = 0, 1, 2, 3


def one_line(places: Places, dwelling: int, style: int, town: bool) -> str:
    """An address on one line in one of the ways in which it is written."""
    flat, block, street = places.flat[dwelling], places.block[dwelling], places.street[dwelling]
    if style == SHORT:
        name, _, kind = street.rpartition(" ")
        street = f"{name} {SHORT_TYPES.get(kind, kind)}"
        flat = flat.replace("Flat", "Flt") if dwelling % 3 == 0 else flat
    door = f"{places.number[dwelling]} {street}"
    parts = {
        FULL: [flat, block, door],
        SHORT: [f"{flat} {door}".strip()],
        BEHIND: [door, flat],
        NO_FLAT: [block, door],
    }[style]
    return ", ".join([p for p in parts if p] + ([places.town[dwelling]] if town else []))


def write_address(rng: Rng, places: Places, dwelling: Ints, rates: ErrorRates) -> dict[str, Texts]:
    """`address, postcode, uprn` as the source has them."""
    size = len(dwelling)
    has_flat = places.flat[dwelling] != ""
    style = np.where(chance(rng, rates.short_address, size), SHORT, FULL)
    style = np.where(has_flat & chance(rng, rates.flat_behind, size), BEHIND, style)
    style = np.where(has_flat & chance(rng, rates.no_flat, size), NO_FLAT, style)
    town = ~chance(rng, rates.no_town, size)
    codes, distinct = pd.factorize(dwelling * 8 + style * 2 + town)
    lines = [one_line(places, int(k) // 8, int(k) % 8 // 2, bool(k % 2)) for k in distinct]
    if rates.upper:
        lines = [line.upper() for line in lines]
    address = np.array(lines + [None], dtype=object)[codes]
    _change(address, *_called(rng, rates.wrong_number, size, _other_number))
    _change(address, *_called(rng, rates.street_typo, size, _slip))
    postcode = places.postcode[dwelling]
    _change(postcode, *_called(rng, rates.postcode_typo, size, _other_unit))
    postcode[chance(rng, rates.no_postcode, size)] = None
    nothing = chance(rng, rates.no_address, size)
    address[nothing] = None
    postcode[nothing] = None
    uprn = only(chance(rng, rates.uprn, size) & ~nothing, places.uprn[dwelling])
    return {"address": address, "postcode": postcode, "uprn": uprn}


def _other_number(line: str, draw: float) -> str:
    """The first number that is not a flat's, one digit out."""
    words = line.split(" ")
    for at, word in enumerate(words):
        if word[:1].isdigit() and (at == 0 or words[at - 1].upper() not in ("FLAT", "FLT")):
            digits = word.rstrip("ABab,")
            words[at] = str(int(digits) + (2 if draw < 0.5 else 10)) + word[len(digits) :] if digits.isdigit() else word
            break
    return " ".join(words)


def _other_unit(postcode: str, draw: float) -> str:
    letters = "ABDEFGHJLN"
    return postcode[:-1] + letters[int(draw * 10)]
