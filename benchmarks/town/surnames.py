"""Surnames of several origins: the common ones, and rules that compose the long tail."""

from collections.abc import Callable

from benchmarks.town.words import words


def _joined(starts: list[str], ends: list[str]) -> list[str]:
    return [start + end for end in ends for start in starts]


def _parts(name: str) -> list[str]:
    return words("surname_parts", name)


def _english() -> list[str]:
    ends = _parts("english_ends")
    return _joined(_parts("english_stems"), ends + [end + "s" for end in ends])


def _african() -> list[str]:
    igbo = _joined(_parts("igbo_starts"), _parts("igbo_ends"))
    return _joined(_parts("yoruba_starts"), _parts("yoruba_ends")) + igbo


def _irish() -> list[str]:
    endings = ("", "y", "an", "in", "ey", "ane", "ery", "igan")
    return _joined(["Mc", "O'"], [stem + end for end in endings for stem in _parts("irish_stems")])


def _indian(ends: int) -> list[str]:
    return _joined(_parts("indian_starts"), _parts("indian_ends")[:ends])


TAILS: dict[str, Callable[[], list[str]]] = {
    "english": _english,
    "caribbean": lambda: _joined(_parts("english_stems"), _parts("english_ends")[:12]),
    "polish": lambda: _joined(_parts("polish_stems"), _parts("polish_ends")),
    "african": _african,
    "gujarati": lambda: _indian(99),
    "punjabi": lambda: _indian(8),
    "pakistani": lambda: _joined(_parts("muslim_starts"), _parts("muslim_ends")),
    "irish": _irish,
    "arabic": lambda: _joined(["Al-", "El-", "Abdul-", "Abu-", "", "Ben ", "ibn-"], _parts("arabic_stems")),
    "chinese": lambda: _joined(_parts("chinese_starts"), ["", "g", "ng"]),
    "portuguese": lambda: _joined(["da ", "dos ", "de "], words("surnames", "portuguese")),
}


def common(origin: str) -> list[str]:
    """The common surnames of an origin, commonest first."""
    return words("surnames", origin)


def tail(origin: str) -> list[str]:
    """The rare surnames of an origin, most usual first; some common ones may stand among them again."""
    return TAILS[origin]()


def for_women(surname: str) -> str:
    """A Polish surname as a woman bears it."""
    return surname[:-1] + "a" if surname.endswith(("ski", "cki", "dzki")) else surname
