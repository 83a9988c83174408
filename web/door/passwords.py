"""Passwords: which may be chosen, and how they are kept; decides by length alone, and by a list of those tried first.

No mixture of signs is asked for: it makes passwords that are forgotten, not ones that are hard to guess.
"""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas.errors import UsageError


LONGEST = 256
ADVICE = "Three or four words that do not belong together will do."
TRIED_FIRST = frozenset({
    "password", "passwort", "letmein", "welcome", "troubledfamilies", "datawash", "council", "qwertyuiop", "qwerty",
    "iloveyou", "administrator", "admin", "changeme", "secret", "football", "liverpool", "chelsea", "arsenal",
    "summer", "winter", "autumn", "spring", "monday", "abc", "monkey", "dragon", "sunshine", "princess", "superman",
})  # fmt: skip
HASHER = PasswordHasher()
AT_ONCE = threading.BoundedSemaphore(2)
"""Hashing takes 64 MB and a core for a moment: no more than this many at once, whoever asks."""


def check_password(password: str, name: str, least: int) -> None:
    """UsageError where somebody called `name` should not have this password, with what to choose instead."""
    plain = _plain(password)
    if len(plain) < least:
        raise UsageError(f"Choose at least {least} characters.")
    if len(plain) > LONGEST:
        raise UsageError(f"Choose at most {LONGEST} characters.")
    if _core(plain) in TRIED_FIRST or len(set(plain)) < 5 or _core(plain) == _core(name):
        raise UsageError(f"This is among the first that are tried. {ADVICE}")


def hashed(password: str) -> str:
    """What is kept of a password."""
    with AT_ONCE:
        return HASHER.hash(_plain(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether `password` is the one of which `kept` is kept; takes as long where nothing is."""
    if len(password) > LONGEST:
        return False
    with AT_ONCE:
        try:
            return HASHER.verify(kept or _nobodys(), _plain(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_hashing(kept: str | None) -> bool:
    """Whether what is kept of a password was made by weaker rules than today's."""
    return kept is not None and HASHER.check_needs_rehash(kept)


_NOBODYS: list[str] = []


def _nobodys() -> str:
    if not _NOBODYS:
        _NOBODYS.append(HASHER.hash("nobody's"))
    return _NOBODYS[0]


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _core(text: str) -> str:
    """The letters of `text`: what is left of `Password2013!` is `password`."""
    return "".join(sign for sign in text.casefold() if sign.isalpha())
