"""What a row says of a person by which they are known again, and the keyed digests of it; decides no mark.

    upn, nino, ref   a number that is one person's: the UPN, the NINO, the reference of a request to DWP
    born             forename, surname (or a former or preferred one), date of birth
    home             forename, surname and postcode, of a row without a date of birth

A digest is keyed, so that nobody without the key can find whose it is by trying names and numbers.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.keys.private import find_key
from pipeline.record.files import write_aside
from schemas.columns import TEXT
from schemas.errors import IntegrityError


KEY = "rights"
FILE = ".rights.key"
SPLIT = "\x1f"
NUMBERS = {"upn": "upn", "nino": "nino", "request_ref": "ref"}
SURNAMES = ("surname", "former_surname", "preferred_surname")
CHILD_OF_CONTACT = {"forename": "child_forename", "surname": "child_surname", "date_of_birth": "child_date_of_birth"}


class Said(NamedTuple):
    """What rows say of one person each: a kind of trait, and for every row its text, or None."""

    kind: str
    texts: pd.Series


def traits_of(frame: pd.DataFrame, extract: str) -> list[list[Said]]:
    """For each person that the rows of an extract name (the row's own, and a contact's child), what is said of them."""
    if extract != "contacts":
        return [list(_said(frame))]
    adult, child = frame.drop(columns=["upn"], errors="ignore"), pd.DataFrame(index=frame.index)
    child = child.assign(**{name: frame[of] for name, of in CHILD_OF_CONTACT.items() if of in frame})
    return [list(_said(adult)), list(_said(child.assign(**_only(frame, "upn"))))]


def digests(texts: Iterable[str], kind: str, key: bytes) -> dict[str, str]:
    """The digest of each distinct text of a kind of trait, as a mark holds it."""
    return {text: f"{kind}:{_digest(kind + SPLIT + text, key)}" for text in set(texts)}


def rights_key(outputs: Path, place: Path | None = None) -> bytes:
    """The key of the digests: this process's own private key called `rights`, or the file beside the marks.

    IntegrityError where there is none: marks without their key fit nobody.
    """
    secret = find_key(KEY)
    if secret is not None:
        return secret.text.strip().encode()
    path = place or key_place(outputs)
    if not path.exists():
        raise IntegrityError(f"{FILE} is missing: without it nobody's mark is known. Put it back from a copy.")
    return path.read_bytes().strip()


def key_place(outputs: Path) -> Path:
    """Where the key of the marks of an outputs folder stands, unless this process has one of its own."""
    return outputs / FILE


def make_rights_key(outputs: Path) -> bytes:
    """The key, made where there is none yet: 32 random bytes in a file for its owner alone."""
    path = key_place(outputs)
    if find_key(KEY) is None and not path.exists():
        write_aside(path, secrets.token_hex(32).encode())
        path.chmod(0o600)
    return rights_key(outputs)


def plain_name(text: str) -> str | None:
    """A name as it is compared: its letters, without case or accents."""
    plain = unicodedata.normalize("NFKD", str(text)).casefold()
    return "".join(letter for letter in plain if letter.isalpha()) or None


def plain_number(text: str) -> str | None:
    """A number or a postcode as it is compared: its letters and digits, in capitals."""
    return "".join(letter for letter in str(text).upper() if letter.isalnum()) or None


def _said(person: pd.DataFrame) -> Iterator[Said]:
    """What rows say of a person, whose columns these are."""
    for column, kind in NUMBERS.items():
        if column in person:
            yield Said(kind, _each(person[column], plain_number))
    if "forename" not in person or "surname" not in person:
        return
    forename = _each(person["forename"], plain_name)
    born = _each(person["date_of_birth"], _day) if "date_of_birth" in person else None
    for column in SURNAMES:
        if column not in person:
            continue
        name = forename + "|" + _each(person[column], plain_name)
        if born is not None:
            yield Said("born", name + "|" + born)
        if "postcode" in person:
            home = name + "|" + _each(person["postcode"], plain_number)
            yield Said("home", home if born is None else home.where(born.isna()))


def _only(frame: pd.DataFrame, column: str) -> dict[str, pd.Series]:
    return {column: frame[column]} if column in frame else {}


def _each(column: pd.Series, plain: Callable[[Any], str | None]) -> pd.Series:
    """What `plain` makes of each value; a value is looked at once, however many rows have it."""
    known = {value: plain(value) for value in column.dropna().unique()}
    return column.astype(object).map(known).astype(TEXT)


def _day(value: Any) -> str:
    return str(pd.Timestamp(value).date())


def _digest(text: str, key: bytes) -> str:
    return hashlib.blake2b(text.encode(), key=hashlib.sha256(key).digest(), digest_size=16).hexdigest()
