"""The nearest known word to one that is not known, for messages; decides nothing else."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from schemas.codes import plain


NEAR_ENOUGH = 60


def nearest(word: str, words: Iterable[str], *, at_least: float = NEAR_ENOUGH) -> str | None:
    """The word most like `word` (0 to 100, by letters or by parts in any order), or None where none is near enough."""
    scored = sorted((-likeness(word, known), known) for known in words)
    return scored[0][1] if scored and -scored[0][0] >= at_least else None


def suggest(word: str, known: Iterable[str]) -> str:
    """The end of a message about a word that is not known: the nearest one that is, or all of them."""
    words = list(known)
    close = nearest(word, words)
    return f"; did you mean {close!r}?" if close else f"; known: {', '.join(words)}"


def likeness(left: str, right: str) -> float:
    """How alike two names of a thing are, 0 to 100, whatever their case, spacing and order of parts."""
    left, right = spoken(left), spoken(right)
    return max(fuzz.ratio(left, right), fuzz.token_sort_ratio(left, right))


def spoken(name: str) -> str:
    """`EntryDate`, `entry_date`, `ENTRY DATE` -> `entry date`."""
    return plain(re.sub(r"(?<=[a-z\d])(?=[A-Z])", "_", name)).replace("_", " ")
