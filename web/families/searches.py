"""What was searched for, kept here under a token while it is of use: the address of a page has the token alone.

Decides for how long and for whom. What was searched for stands in no address, log or audit record; and in the file only
sealed, by a key that is made of the token: without the address the file says of nobody that they were searched for.
"""

import hashlib
import os
import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline.record.files import private_folder
from schemas.errors import StorageError


FOLDER, FILE = "pages", "searches.sqlite"
HOURS = 8
PATIENCE = 10.0
ONCE = bytes(12)


def keep(outputs: Path, who: str, text: str) -> str:
    """Keep what `who` searched for; return its token. What is older than `HOURS` is forgotten.

    StorageError where it cannot be kept.
    """
    token, now = secrets.token_urlsafe(16), int(time.time())
    try:
        with closing(_open(outputs)) as db, db:
            db.execute("DELETE FROM sealed WHERE ends < ?", (now,))
            kept = (_name(token), who, _cipher(token).encrypt(ONCE, text.encode(), who.encode()), now + HOURS * 3600)
            db.execute("INSERT INTO sealed VALUES (?, ?, ?, ?)", kept)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"The search could not be kept ({type(error).__name__}): the disk may be full.") from None
    return token


def recall(outputs: Path, who: str, token: str) -> str | None:
    """What `who` searched for under `token`; None where it is not theirs or was forgotten."""
    if not (outputs / FOLDER / FILE).exists():
        return None
    try:
        with closing(_open(outputs)) as db:
            query = "SELECT text FROM sealed WHERE name = ? AND who = ? AND ends >= ?"
            found = db.execute(query, (_name(token), who, int(time.time()))).fetchone()
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"The search could not be looked up ({type(error).__name__}).") from None
    return _opened(token, who, found[0]) if found else None


def _name(token: str) -> str:
    """What a search is called in the file; it does not tell the token."""
    return hashlib.sha256(b"name " + token.encode()).hexdigest()


def _cipher(token: str) -> AESGCM:
    """What seals the one text of a token: no other is ever sealed by the same key."""
    return AESGCM(hashlib.sha256(b"key " + token.encode()).digest())


def _opened(token: str, who: str, sealed: bytes) -> str | None:
    try:
        return _cipher(token).decrypt(ONCE, sealed, who.encode()).decode()
    except InvalidTag:
        return None


def _open(outputs: Path) -> sqlite3.Connection:
    """The file, made where it is missing, for this user alone; what is deleted from it is overwritten.

    Versions of before kept the texts as they were, in a table that goes.
    """
    path = private_folder(outputs / FOLDER) / FILE
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = sqlite3.connect(path, timeout=PATIENCE)
    db.execute("PRAGMA secure_delete = ON")
    db.execute("DROP TABLE IF EXISTS search")
    db.execute("CREATE TABLE IF NOT EXISTS sealed (name TEXT PRIMARY KEY, who TEXT, text BLOB, ends INTEGER)")
    return db
