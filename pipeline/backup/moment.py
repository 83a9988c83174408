"""What changes while people work, as it was at one moment: nobody writes while it is looked at, and that is short.

Chained files only grow, so of them no more is held than how long they were; a store of accounts and a prepared claim
are small, and held whole. Decides nothing else.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.backup.holdings import LINES, SQLITE
from pipeline.record.audit_log import AUDIT_LOG, parse_event
from pipeline.record.chain import alone
from pipeline.record.locks import PATIENCE


Tidy = Callable[[sqlite3.Connection], None]
"""Removes from a copy of a store what no backup should hold."""


class Moment(NamedTuple):
    """How long each chained file was, and what each other live file said."""

    lengths: Mapping[str, int]
    contents: Mapping[str, bytes]


def look(outputs: Path, live: tuple[str, ...], tidy: Mapping[str, Tidy]) -> Moment:
    """What stands in the `live` files at one moment. LockedError where somebody does not stop writing."""
    chains = sorted((name for name in live if name.endswith(LINES)), key=lambda name: (name == AUDIT_LOG, name))
    stores = [name for name in live if name.endswith(SQLITE)]
    with ExitStack() as held:
        for name in chains:
            if name != AUDIT_LOG:
                held.enter_context(alone(outputs / name))
        for name in stores:
            held.enter_context(_only_writer(outputs / name))
        held.enter_context(alone(outputs / AUDIT_LOG))
        lengths = {name: _whole_lines(outputs / name) for name in chains}
        contents = {name: _copied(outputs / name, tidy.get(name)) for name in stores}
        rest = [name for name in live if name not in lengths and name not in contents]
        contents |= {name: (outputs / name).read_bytes() for name in rest}
    return Moment(lengths, contents)


@contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    """Hold a store so that nobody changes it; whoever reads it may go on."""
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            db.execute("ROLLBACK")


def _copied(path: Path, tidy: Tidy | None) -> bytes:
    with closing(sqlite3.connect(path)) as db, closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        db.backup(copy)
        if tidy is not None:
            tidy(copy)
            copy.execute("VACUUM")
        return copy.serialize()


def _whole_lines(path: Path) -> int:
    """How many bytes of a file are lines that were finished; the last may be without its newline."""
    data = path.read_bytes()
    end = data.rfind(b"\n") + 1
    return len(data) if parse_event(data[end:]) else end
