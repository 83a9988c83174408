"""A reviewer's desk: which questions of a run wait for whom, in which order, and how far they have come.

A question waits for whoever has not answered it: the first who comes; somebody else where the first was not sure, or
where a second person is asked; a third where two contradict each other. Decides no answer, and shows nobody's.
"""

import hashlib
import threading
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pandas as pd

from pipeline.decisions.answering import Asked, is_for
from pipeline.decisions.opinions import Question, Status, read_opinions
from pipeline.decisions.store import DECIDED, decisions_path, read_decisions
from pipeline.record.chain import Entry
from web.published import Published


BREAK = 600
"""Seconds between two answers after which somebody was away."""

BOTH = 2


class Put(NamedTuple):
    """A question of the run: as it is recorded, with the sources of its records, and why it is asked."""

    asked: Asked
    rank: int
    why: str
    change: str
    effect: str
    families: str
    probability: float | None
    sources: frozenset[str]
    people: tuple[str, str]


class Desk(NamedTuple):
    """The questions of a run in their order, what was answered to each, and all decisions so far."""

    put: tuple[Put, ...]
    opinions: dict[str, Question]
    entries: tuple[Entry, ...]

    def find(self, review_id: str) -> Put | None:
        """The question of this id."""
        return next((one for one in self.put if one.asked.review_id == review_id), None)

    def opinion(self, one: Put) -> Question | None:
        """What was answered to a question."""
        return self.opinions.get(one.asked.key)

    def waiting(self, name: str, source: str = "") -> list[Put]:
        """The questions that wait for this person, in order; of one source where it is named."""
        return [one for one in _of(self.put, source) if is_for(self.opinion(one), name, one.asked.wanted)]


class Progress(NamedTuple):
    """How far the questions have come, and how many wait for one person; `minutes`: how long those may take them."""

    every: int
    answered: int
    statuses: dict[str, int]
    waiting: int
    minutes: int | None


def lay_out(run: Published, outputs: Path, second_share: float) -> Desk:
    """The desk of a run, as things stand now. UsageError where the run is of a version that made no such queue."""
    entries = _entries(outputs)
    return Desk(_put(run, second_share), read_opinions(entries), entries)


def measure(desk: Desk, name: str, source: str = "") -> Progress:
    """How far the questions have come: all, or those of one source."""
    put = _of(desk.put, source)
    states = [question.status if (question := desk.opinion(one)) else Status.OPEN for one in put]
    waiting = len(desk.waiting(name, source))
    pace = _seconds(desk.entries, name)
    counts = {str(status): states.count(status) for status in Status}
    minutes = None if pace is None else max(1, round(waiting * pace / 60))
    return Progress(len(put), len(put) - counts[Status.OPEN], counts, waiting, minutes)


def sources_of(desk: Desk) -> list[str]:
    """The sources of all records that are asked about."""
    return sorted({source for one in desk.put for source in one.sources})


def is_second(key: str, share: float) -> bool:
    """Whether a question is of those that a second person answers: the same for ever, and told by nothing in it."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) < share * (1 << 32)


def _of(put: Iterable[Put], source: str) -> list[Put]:
    return [one for one in put if not source or source in one.sources]


def _seconds(entries: tuple[Entry, ...], name: str) -> float | None:
    """What a person takes for an answer; None where they gave too few to tell."""
    own = [entry for entry in entries if entry["event"] == DECIDED and entry["decided_by"] == name]
    at = [datetime.fromisoformat(entry["at"]).timestamp() for entry in own if entry["via"] == "page"]
    gaps = [later - earlier for earlier, later in zip(at, at[1:], strict=False) if 0 < later - earlier < BREAK]
    return median(gaps) if len(gaps) >= 3 else None


@lru_cache(maxsize=2)
def _put(run: Published, second_share: float) -> tuple[Put, ...]:
    queue = run.table("review_queue")
    source = run.table("review_records").set_index("record_id")["source"].to_dict()
    return tuple(_question(row, source, second_share) for row in queue.to_dict("records"))


def _question(row: dict, source: dict[str, str], second_share: float) -> Put:
    ends = (str(row["left_id"]), str(row["right_id"]))
    weight = row["match_weight"]
    asked = Asked(
        str(row["review_id"]),
        str(row["kind"]),
        ends[0],
        ends[1],
        str(row["left_hash"]),
        str(row["right_hash"]),
        weight=None if pd.isna(weight) else round(float(weight), 3),
        needed=BOTH if row["claimed"] else 1,
        settled=_text(row["settled"]),
        among=None if pd.isna(row["among"]) else int(row["among"]),
    )
    asked = asked._replace(wanted=BOTH if row["claimed"] or is_second(asked.key, second_share) else 1)
    told = {name: _text(row[name]) for name in ("why", "change", "effect", "families")}
    return Put(
        asked,
        int(row["rank"]),
        probability=None if pd.isna(row["match_probability"]) else float(row["match_probability"]),
        sources=frozenset(source[end] for end in ends if end in source),
        people=(_text(row["left_person"]), _text(row["right_person"])),
        **told,
    )


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


_lock = threading.Lock()
_read: dict[Path, tuple[tuple[int, int], tuple[Entry, ...]]] = {}


def _entries(outputs: Path) -> tuple[Entry, ...]:
    """All decisions so far, read again when the file has changed."""
    path = decisions_path(outputs)
    if not path.exists():
        return ()
    stat = path.stat()
    state = (stat.st_mtime_ns, stat.st_size)
    with _lock:
        known = _read.get(path)
        if known is None or known[0] != state:
            known = _read[path] = (state, read_decisions(outputs))
    return known[1]
