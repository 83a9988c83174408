"""What was searched for, kept here under a token while it is of use: the address of a page has the token alone.

Decides for how long and for whom. What was searched for stands in no address, log or audit record.
"""

import os
import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from pipeline.record.files import private_folder
from schemas.errors import StorageError


FOLDER, FILE = "pages", "searches.sqlite"
HOURS = 8
PATIENCE = 10.0


def keep(outputs: Path, who: str, text: str) -> str:
    """Keep what `who` searched for; return its token. What is older than `HOURS` is forgotten.

    StorageError where it cannot be kept.
    """
    token, now = secrets.token_urlsafe(16), int(time.time())
    try:
        with closing(_open(outputs)) as db, db:
            db.execute("DELETE FROM search WHERE ends < ?", (now,))
            db.execute("INSERT INTO search VALUES (?, ?, ?, ?)", (token, who, text, now + HOURS * 3600))
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"The search could not be kept ({type(error).__name__}): the disk may be full.") from None
    return token


def recall(outputs: Path, who: str, token: str) -> str | None:
    """What `who` searched for under `token`; None where it is not theirs or was forgotten."""
    if not (outputs / FOLDER / FILE).exists():
        return None
    try:
        with closing(_open(outputs)) as db:
            query = "SELECT text FROM search WHERE token = ? AND who = ? AND ends >= ?"
            found = db.execute(query, (token, who, int(time.time()))).fetchone()
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"The search could not be looked up ({type(error).__name__}).") from None
    return str(found[0]) if found else None


def _open(outputs: Path) -> sqlite3.Connection:
    """The file, made where it is missing, for this user alone; what is deleted from it is overwritten."""
    path = private_folder(outputs / FOLDER) / FILE
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = sqlite3.connect(path, timeout=PATIENCE)
    db.execute("PRAGMA secure_delete = ON")
    db.execute("CREATE TABLE IF NOT EXISTS search (token TEXT PRIMARY KEY, who TEXT, text TEXT, ends INTEGER)")
    return db
