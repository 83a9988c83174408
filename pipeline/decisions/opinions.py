"""What of people's answers stands: each person's latest, as many as are needed, and none against the others.

A question is known by what its two records say (their hashes), not by a run's ids: so it is the same next month. An
answer that is not sure decides nothing, and sends the question to somebody else. Of two who contradict each other
neither is right: a third says. Records nothing, and asks nobody.
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import pandas as pd

from pipeline.decisions.reasons import reason_words
from pipeline.decisions.store import DECIDED
from pipeline.record.chain import Entry
from pipeline.record.manifest import digest_of
from schemas.columns import TEXT
from schemas.words import Answer, ReviewKind


UNSURE = "unsure"
ROW = ("left_id", "right_id", "judgement", "decided_by", "decided_on", "reason", "left_hash", "right_hash", "row")
"""The columns of what stands, as linkage takes judgements; `row` says which decision it is."""


class Status(StrEnum):
    """How far a question has come."""

    OPEN = "open"
    REFERRED = "referred"
    SECOND = "second"
    DISPUTED = "disputed"
    SETTLED = "settled"


class Question(NamedTuple):
    """All that was answered to one question: each person's latest answer, in the order in which they first answered.

    `needed`: how many people must say the same before it stands. `first` has each person's first answer.
    """

    key: str
    latest: tuple[Entry, ...]
    first: tuple[Entry, ...]
    needed: int

    @property
    def votes(self) -> tuple[Entry, ...]:
        """The latest answers that decide something."""
        return tuple(entry for entry in self.latest if entry["answer"] != UNSURE)

    @property
    def answer(self) -> str | None:
        """What stands; None where nothing does yet."""
        counted = Counter(entry["answer"] for entry in self.votes).most_common()
        if not counted or counted[0][1] < self.needed:
            return None
        if len(counted) == 1:
            return str(counted[0][0])
        return str(counted[0][0]) if counted[0][1] > counted[1][1] else None

    @property
    def status(self) -> Status:
        """How far it has come."""
        if self.answer is not None:
            return Status.SETTLED
        if len({entry["answer"] for entry in self.votes}) > 1:
            return Status.DISPUTED
        if self.votes:
            return Status.SECOND
        return Status.REFERRED if self.latest else Status.OPEN

    def of(self, name: str) -> Entry | None:
        """The latest answer of a person; None where they gave none."""
        return next((entry for entry in self.latest if entry["decided_by"] == name), None)


def key_of(kind: str, left_hash: str, right_hash: str) -> str:
    """What a question is known by: whether it is about people or their homes, and what its two records say."""
    about = "homes" if kind == ReviewKind.HOUSEHOLD else "people"
    return " ".join([about, *sorted((left_hash, right_hash))])


def read_opinions(entries: Iterable[Entry]) -> dict[str, Question]:
    """Every question that was ever answered, by its key."""
    latest: dict[str, dict[str, Entry]] = {}
    first: dict[str, dict[str, Entry]] = {}
    needed: dict[str, int] = {}
    for entry in entries:
        if entry["event"] != DECIDED:
            continue
        key = key_of(entry["kind"], entry["left_hash"], entry["right_hash"])
        latest.setdefault(key, {})[entry["decided_by"]] = entry
        first.setdefault(key, {}).setdefault(entry["decided_by"], entry)
        needed[key] = max(needed.get(key, 1), entry["needed"])
    return {key: Question(key, tuple(latest[key].values()), tuple(first[key].values()), needed[key]) for key in latest}


def standing(entries: Iterable[Entry]) -> pd.DataFrame:
    """The decisions that stand, a row each with the columns `ROW`, in the order of their questions' first answers."""
    rows = [_row(question, question.answer) for question in read_opinions(entries).values() if question.answer]
    return pd.DataFrame(rows, columns=list(ROW)).astype(TEXT)


def standing_digest(entries: Iterable[Entry]) -> str | None:
    """The digest of all that stands; None where nothing does."""
    rows = standing(entries)
    return digest_of(rows.to_numpy(dtype=object).tolist()) if len(rows) else None


def _row(question: Question, answer: str) -> tuple[str, ...]:
    said = [entry for entry in question.votes if entry["answer"] == answer]
    last = max(said, key=lambda entry: (entry["decided_on"], entry["decision_id"]))
    who = " and ".join(entry["decided_by"] for entry in said)
    told = [text for entry in said for text in (reason_words(entry["reason"]), entry["note"]) if text]
    why = "; ".join(dict.fromkeys(told))
    place = " and ".join(entry["decision_id"] for entry in said)
    return (last["left_id"], last["right_id"], answer, who, last["decided_on"], why or "reviewed",
            last["left_hash"], last["right_hash"], f"decision {place} of {who} ({last['decided_on']})")


def is_definite(answer: str) -> bool:
    """Whether an answer decides something."""
    return answer in list(Answer)
