"""Takes people's answers into the decisions file: once, by whom they may be given; says what became of each.

A second press of a button decides nothing twice: an answer says which earlier answer of the same person it was given
after, and is taken only where that is still their latest.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pipeline.decisions.opinions import UNSURE, Question, Status, is_definite, key_of, read_opinions
from pipeline.decisions.reasons import reasons_for
from pipeline.decisions.store import DECIDED, REVEALED, append_decisions
from pipeline.judgements import ANSWERS
from pipeline.record.chain import Entry, Event
from schemas.words import ReviewKind


LONGEST_NOTE = 500


class Taken(StrEnum):
    """What became of an answer."""

    TAKEN = "taken"
    CHANGED = "changed"
    ALREADY = "already"
    STALE = "stale"
    REFERRED = "referred"
    NOT_NEEDED = "not_needed"
    WRONG = "wrong"


class Asked(NamedTuple):
    """A question as a run puts it: what it is about, what the two records weighed together, and how it is asked.

    `needed`: how many people must say the same before it holds; `wanted`: how many are asked. `settled`: how it was
    settled without people, where it is asked to see how often that goes wrong, `among` how many such pairs.
    """

    review_id: str
    kind: str
    left_id: str
    right_id: str
    left_hash: str
    right_hash: str
    weight: float | None = None
    needed: int = 1
    wanted: int = 1
    settled: str = ""
    among: int | None = None

    @property
    def key(self) -> str:
        """What the question is known by, whichever run asks it."""
        return key_of(self.kind, self.left_hash, self.right_hash)


class Given(NamedTuple):
    """An answer, as somebody gave it. `after`: the decision of theirs that it takes the place of (empty: none)."""

    answer: str
    reason: str = ""
    note: str = ""
    after: str = ""


class Reviewer(NamedTuple):
    """Who answers, on which day, of which run (its id and the digest of its model), and by which way."""

    name: str
    day: date
    run_id: str
    model: str
    via: str = "page"


def record_answers(outputs: Path, answers: Sequence[tuple[Asked, Given]], by: Reviewer) -> list[Taken]:
    """Take answers, in one piece; what became of each. Raises as `append_decisions` does."""
    outcomes: list[Taken] = []

    def decide(entries: tuple[Entry, ...]) -> Iterable[Event]:
        outcomes.clear()
        written = list(entries)
        for asked, given in answers:
            outcome = _outcome(asked, given, by.name, written)
            outcomes.append(outcome)
            if outcome in (Taken.TAKEN, Taken.CHANGED):
                said = _said(asked, given, by, written)
                written.append(said | {"event": DECIDED})
                yield DECIDED, said

    append_decisions(outputs, decide, who=by.name)
    return outcomes


def record_reveal(outputs: Path, asked: Asked, by: Reviewer) -> bool:
    """Record that somebody looked at how two records compare; whether that was before their first answer."""
    seen: list[bool] = []

    def decide(entries: tuple[Entry, ...]) -> Iterable[Event]:
        question = read_opinions(entries).get(asked.key)
        before = question is None or question.of(by.name) is None
        seen[:] = [before]
        if before and not has_revealed(entries, asked.key, by.name):
            yield REVEALED, {"key": asked.key, "review_id": asked.review_id, "by": by.name, "run": by.run_id}

    append_decisions(outputs, decide, who=by.name)
    return seen[0]


def has_revealed(entries: Iterable[Entry], key: str, name: str) -> bool:
    """Whether a person had looked at how the two records compare before they answered."""
    return any(entry["event"] == REVEALED and entry["key"] == key and entry["by"] == name for entry in entries)


def is_for(question: Question | None, name: str, wanted: int) -> bool:
    """Whether a question waits for this person: they have not answered it, and it is not settled without them."""
    if question is None:
        return True
    if question.of(name) is not None:
        return False
    return question.status != Status.SETTLED or len(question.votes) < wanted


def last_of(entries: Sequence[Entry], name: str) -> Entry | None:
    """The last answer that a person gave to any question."""
    return next((one for one in reversed(entries) if one["event"] == DECIDED and one["decided_by"] == name), None)


def _outcome(asked: Asked, given: Given, name: str, entries: Sequence[Entry]) -> Taken:
    if not _is_allowed(asked, given):
        return Taken.WRONG
    question = read_opinions(entries).get(asked.key)
    mine = question.of(name) if question else None
    if mine is None:
        return Taken.TAKEN if not given.after and is_for(question, name, max(asked.wanted, 2)) else _too_late(given)
    if mine["decision_id"] != given.after:
        return Taken.ALREADY if mine["answer"] == given.answer else Taken.STALE
    if (mine["answer"], mine["reason"], mine["note"]) == (given.answer, given.reason, given.note):
        return Taken.ALREADY
    if mine["answer"] == UNSURE and mine is not last_of(entries, name):
        return Taken.REFERRED
    return Taken.CHANGED


def _too_late(given: Given) -> Taken:
    return Taken.STALE if given.after else Taken.NOT_NEEDED


def _is_allowed(asked: Asked, given: Given) -> bool:
    """Whether the answer is one of those to such a question, and its reason one of the list or none."""
    fits = given.answer in ANSWERS[ReviewKind(asked.kind)] if is_definite(given.answer) else given.answer == UNSURE
    reasoned = not given.reason or given.reason in reasons_for(asked.kind)
    return fits and reasoned and len(given.note) <= LONGEST_NOTE


def _said(asked: Asked, given: Given, by: Reviewer, entries: Sequence[Entry]) -> Entry:
    number = sum(entry["event"] == DECIDED for entry in entries) + 1
    revealed = bool(given.after) or has_revealed(entries, asked.key, by.name)
    about = asked._asdict()
    return {
        **{name: about[name] for name in ("review_id", "kind", "left_id", "right_id", "left_hash", "right_hash")},
        **{name: about[name] for name in ("weight", "needed", "settled", "among")},
        "decision_id": f"D{number:07d}",
        "answer": given.answer,
        "reason": given.reason,
        "note": given.note,
        "decided_by": by.name,
        "decided_on": by.day.isoformat(),
        "run": by.run_id,
        "model": by.model,
        "via": by.via,
        "revealed": revealed,
        "supersedes": given.after or None,
    }
