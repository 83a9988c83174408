"""Where accounts, links and sessions stand: one SQLite file below the outputs; decides its tables and how it is opened.

Several processes use it at once, so nothing of it is held in memory. It holds names of people of the council, hashes of
passwords, and of tokens no more than their digests.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock

from pipeline.record.files import private_folder
from schemas.errors import StorageError


FOLDER, FILE = "pages", "door.sqlite"
VERSION = 2
PATIENCE = 60.0
"""How many seconds a change waits for another process's to end."""

TABLES = """
CREATE TABLE account (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, known_as TEXT NOT NULL UNIQUE, roles TEXT NOT NULL,
    areas TEXT NOT NULL, password TEXT, subject TEXT UNIQUE, locked INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL,
    seen INTEGER);
CREATE TABLE link (
    mark TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, ends INTEGER NOT NULL);
CREATE TABLE session (
    mark TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, how TEXT NOT NULL, ends INTEGER NOT NULL);
CREATE TABLE attempt (about TEXT PRIMARY KEY, wrong INTEGER NOT NULL, since INTEGER NOT NULL);
CREATE TABLE trip (
    mark TEXT PRIMARY KEY, browser TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL, onward TEXT NOT NULL,
    ends INTEGER NOT NULL);
"""
SECOND = """
ALTER TABLE session ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
UPDATE session SET seen = CAST(strftime('%s', 'now') AS INTEGER);
CREATE TABLE failure (about TEXT PRIMARY KEY, count INTEGER NOT NULL, since INTEGER NOT NULL);
"""
STEPS = (TABLES, SECOND)
"""What makes each version of the one before it."""


class Store:
    """The file, made when it is first wanted, for this user alone."""

    def __init__(self, outputs: Path) -> None:
        self.path = outputs / FOLDER / FILE
        self._ready = False

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """To look something up. StorageError where the file cannot be used."""
        with self._open() as db:
            yield db

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """To change something: all of it or, where an error is raised inside, nothing. StorageError as `read`."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self._ready:
                self._make()
            with closing(_connection(self.path)) as db:
                yield db
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"{FILE} below the outputs cannot be used ({type(error).__name__}). Nothing was changed. "
                "The disk may be full, or the folder not writable."
            ) from None

    def _make(self) -> None:
        private_folder(self.path.parent)
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        with FileLock(self.path.parent / f".{FILE}.lock", timeout=PATIENCE), closing(_connection(self.path)) as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise StorageError(f"{FILE} was written by a later version of Data Wash. Use that one.")
            if version == 0:
                db.execute("PRAGMA journal_mode = WAL")
            if version < VERSION:
                _bring_up(db, version)
        self._ready = True


def _bring_up(db: sqlite3.Connection, version: int) -> None:
    """Make of an earlier version's tables this one's, or of none; all of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    for change in ";".join(STEPS[version:]).split(";"):
        db.execute(change)
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def forget_comings(db: sqlite3.Connection) -> None:
    """Leave in a copy of the file nothing that lets anybody in: no session, no link, no trip, no count of tries."""
    for table in ("session", "link", "trip", "attempt"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above


def _connection(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    return db
