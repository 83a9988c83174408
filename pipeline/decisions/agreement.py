"""How far two people agree, what reviewers' answers came to, and how often what was settled without people is right.

Counted from first answers, which nobody gave knowing another's. Decides nothing, and is for who leads reviewing.
"""

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import NamedTuple

from pipeline.decisions.opinions import UNSURE, Question, is_definite
from schemas.words import Answer, Settled


JOINED = (Settled.IDENTIFIER, Settled.SURE, Settled.NEAR, Settled.OTHERS)
SURE_OF = 1.96
"""Standard deviations: nineteen times of twenty the true share lies between the two that are given."""


class Agreement(NamedTuple):
    """Questions that two people answered for sure, on how many they agree, and Cohen's kappa (None: not to be told).

    `table`: by the first and the second person's answer, how many questions; an answer is yes (one person, one home)
    or no.
    """

    both: int
    agreed: int
    kappa: float | None
    table: dict[tuple[bool, bool], int]


class Record(NamedTuple):
    """What a reviewer's answers came to; `checked`: others answered too, `differs`: from what stands."""

    name: str
    answered: int
    unsure: int
    revealed: int
    changed: int
    checked: int
    differs: int


class Share(NamedTuple):
    """Of pairs settled in one way without people: how many there are, how many were looked at, how many are right.

    `low`, `high`: between which the share that is right lies, nineteen times of twenty.
    """

    settled: str
    among: int
    looked: int
    right: int
    low: float
    high: float


def measure_agreement(questions: Iterable[Question]) -> Agreement:
    """How far the first two who were sure agree, over all questions that two people answered."""
    table: dict[tuple[bool, bool], int] = {}
    for question in questions:
        sure = [is_yes(entry["answer"]) for entry in question.first if is_definite(entry["answer"])]
        if len(sure) >= 2:
            table[sure[0], sure[1]] = table.get((sure[0], sure[1]), 0) + 1
    both = sum(table.values())
    agreed = sum(count for (one, other), count in table.items() if one == other)
    return Agreement(both, agreed, _kappa(table, both, agreed), table)


def list_reviewers(questions: Sequence[Question], changes: dict[str, int]) -> list[Record]:
    """Each reviewer's answers, by name; `changes`: how many answers each has changed."""
    names = sorted({entry["decided_by"] for question in questions for entry in question.latest})
    return [_record(name, questions, changes.get(name, 0)) for name in names]


def estimate_shares(questions: Iterable[Question]) -> list[Share]:
    """How often each way to settle a pair without people is right, as far as people looked."""
    looked: dict[str, list[bool]] = {}
    among: dict[str, int] = {}
    for question in questions:
        asked = question.latest[-1]
        if asked["settled"] and question.answer:
            joined = asked["settled"] in JOINED
            looked.setdefault(asked["settled"], []).append(is_yes(question.answer) == joined)
            among[asked["settled"]] = asked["among"]
    order = [str(way) for way in Settled]
    return [_share(way, among[way], looked[way]) for way in order if way in looked]


def estimate_precision(shares: Iterable[Share], ways: Iterable[str] = JOINED) -> tuple[float, float] | None:
    """The share of all pairs settled in these ways that is right, and its standard error; None where nobody looked."""
    told = [share for share in shares if share.settled in tuple(ways) and share.looked]
    every = sum(share.among for share in told)
    if not every:
        return None
    right = sum(share.among / every * share.right / share.looked for share in told)
    spread = [(share.among / every) ** 2 * _variance(share) for share in told]
    return right, sqrt(sum(spread))


def is_yes(answer: str) -> bool:
    """Whether an answer brings the two together."""
    return answer in (Answer.MATCH, Answer.SAME_HOUSEHOLD)


def _kappa(table: dict[tuple[bool, bool], int], both: int, agreed: int) -> float | None:
    """Agreement beyond that of chance, as a share of all there could be; None without any, or where none could be."""
    if not both:
        return None
    first = sum(count for (one, _), count in table.items() if one) / both
    second = sum(count for (_, other), count in table.items() if other) / both
    chance = first * second + (1 - first) * (1 - second)
    return None if chance == 1 else (agreed / both - chance) / (1 - chance)


def _record(name: str, questions: Sequence[Question], changed: int) -> Record:
    own = [(question, entry) for question in questions if (entry := question.of(name))]
    first = [entry for question in questions for entry in question.first if entry["decided_by"] == name]
    judged = [(question, entry) for question, entry in own
              if len(question.votes) > 1 and question.answer and entry["answer"] != UNSURE]
    return Record(
        name,
        len(own),
        sum(entry["answer"] == UNSURE for _, entry in own),
        sum(bool(entry["revealed"]) for entry in first),
        changed,
        len(judged),
        sum(entry["answer"] != question.answer for question, entry in judged),
    )


def _share(way: str, among: int, right: list[bool]) -> Share:
    low, high = _between(sum(right), len(right))
    return Share(way, among, len(right), sum(right), low, high)


def _between(right: int, looked: int) -> tuple[float, float]:
    """Wilson's interval of a share."""
    share, square = right / looked, SURE_OF**2
    middle = (share + square / (2 * looked)) / (1 + square / looked)
    half = SURE_OF * sqrt(share * (1 - share) / looked + square / (4 * looked**2)) / (1 + square / looked)
    return max(0.0, middle - half), min(1.0, middle + half)


def _variance(share: Share) -> float:
    """Of a share that few looked at; one more of either kind is taken for seen, so that none is without doubt."""
    part = (share.right + 1) / (share.looked + 2)
    return part * (1 - part) / share.looked
