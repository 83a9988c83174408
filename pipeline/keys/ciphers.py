"""What stands encrypted in a folder, with digests and to which keys (`protected.json`), and how it stands now.

Whoever has no key can tell by it that an encrypted file is what was written. It is no part of a run's identity: the
same bytes are encrypted to other ones each time.
"""

import json
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from pipeline.keys.encryption import Recipients, Sealed, digest_of_clear, own_identities
from pipeline.record.files import sha256_of, write_aside
from schemas.errors import IntegrityError, SettingsError


PROTECTED = "protected.json"


class Cipher(NamedTuple):
    """An encrypted file: the digest of its encrypted bytes, and the public keys that it is encrypted to."""

    sha256: str
    recipients: tuple[str, ...]


def cipher_of(sealed: Sealed, recipients: Recipients) -> Cipher:
    """What is noted of a file that was just encrypted."""
    return Cipher(sealed.cipher_sha256, recipients.keys)


def read_ciphers(folder: Path) -> dict[str, Cipher]:
    """What was noted of the encrypted files below `folder`, by path; nothing where nothing was, or it is unreadable."""
    try:
        noted = json.loads((folder / PROTECTED).read_bytes())
        return {name: Cipher(one["sha256"], tuple(one["recipients"])) for name, one in noted.items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def note_ciphers(folder: Path, found: dict[str, Cipher]) -> None:
    """Note encrypted files below `folder`, beside those that were noted before."""
    if found:
        noted = read_ciphers(folder) | found
        text = json.dumps({name: one._asdict() for name, one in sorted(noted.items())}, indent=1)
        write_aside(folder / PROTECTED, f"{text}\n".encode())


class State(Enum):
    """What is found of an encrypted file: unopened ones are what was noted, and no key here tells more."""

    SOUND = "sound"
    UNOPENED = "unopened"
    CHANGED = "changed"


def state_of(folder: Path, name: str, sha256: str) -> State:
    """How the encrypted file `name` below `folder` stands, whose clear bytes have the digest `sha256`."""
    identities = own_identities()
    try:
        if identities is not None:
            same = digest_of_clear(folder / name, identities).sha256 == sha256
            return State.SOUND if same else State.CHANGED
    except IntegrityError:
        return State.CHANGED
    except SettingsError:
        pass
    noted = read_ciphers(folder).get(name)
    same = noted is not None and sha256_of(folder / name) == noted.sha256
    return State.UNOPENED if same else State.CHANGED
