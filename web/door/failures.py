"""Failures that anybody at all can cause, signed in or not; decides which have a line of their own in the audit log.

The first of a while do. After that they are counted, and the count is said as it doubles and when the while is over: so
nobody can fill the log, or the disk, from outside, and no failure is left out of the sum.
"""

import sqlite3
from typing import NamedTuple


SAID = 20
"""How many failures of a kind have a line of their own in a while."""

SECONDS = 900
"""How long a while is."""

class Failed(NamedTuple):
    """What the audit log is to have of a failure: whether a line of its own, and sums of those that had none."""

    own_line: bool
    sums: tuple["Sum", ...] = ()


class Sum(NamedTuple):
    """How many failures of a kind there were."""

    event: str
    failures: int


def count_failure(db: sqlite3.Connection, event: str, now: int) -> Failed:
    """Count a failure of a kind, and say what the audit log is to have of it."""
    over = end_counts(db, now)
    row = db.execute("SELECT count FROM failure WHERE about = ?", (event,)).fetchone()
    count = row["count"] + 1 if row else 1
    db.execute("INSERT OR IGNORE INTO failure VALUES (?, 0, ?)", (event, now))
    db.execute("UPDATE failure SET count = ? WHERE about = ?", (count, event))
    return Failed(count <= SAID, (*over, Sum(event, count)) if _has_doubled(count) else over)


def end_counts(db: sqlite3.Connection, now: int) -> tuple[Sum, ...]:
    """The sums of each while that is over, where some of its failures had no line; they are then forgotten."""
    over = db.execute("SELECT * FROM failure WHERE since + ? <= ? ORDER BY about", (SECONDS, now)).fetchall()
    if over:
        db.execute("DELETE FROM failure WHERE since + ? <= ?", (SECONDS, now))
    return tuple(Sum(row["about"], row["count"]) for row in over if row["count"] > SAID)


def _has_doubled(count: int) -> bool:
    """Whether there are twice, four times, eight times as many as have lines of their own."""
    times, rest = divmod(count, SAID)
    return rest == 0 and times > 1 and times & (times - 1) == 0
