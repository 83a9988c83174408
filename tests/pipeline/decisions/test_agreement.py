"""Agreement between reviewers, and how often pairs that were settled without people are right: figures made by hand."""

from typing import Any

import pytest

from pipeline.decisions.agreement import (
    estimate_precision,
    estimate_shares,
    list_reviewers,
    measure_agreement,
)
from pipeline.decisions.opinions import Question, read_opinions
from pipeline.decisions.store import DECIDED


def said(pair: str, who: str, answer: str, **more: Any) -> dict[str, Any]:
    ends = {"kind": "pair", "left_hash": pair, "right_hash": "z", "left_id": "l", "right_id": "r"}
    facts = {"needed": 1, "settled": "", "among": None, "revealed": False, "decided_on": "2013-10-02"}
    return {"event": DECIDED, "decided_by": who, "answer": answer, "decision_id": f"{pair}{who}"} | ends | facts | more


def questions(*entries: dict[str, Any]) -> list[Question]:
    return list(read_opinions(entries).values())


def both(one: str, other: str, count: int) -> list[dict[str, Any]]:
    pairs = [f"{one}{other}{number}" for number in range(count)]
    return [said(pair, who, answer) for pair in pairs for who, answer in (("Ann", one), ("Bob", other))]


def test_kappa_is_agreement_beyond_that_of_chance() -> None:
    """20 and 15 of 50 agree, 5 and 10 do not: 0.7 agree, 0.5 would by chance (Cohen's own kind of table)."""
    found = measure_agreement(questions(
        *both("match", "match", 20), *both("match", "no_match", 5),
        *both("no_match", "match", 10), *both("no_match", "no_match", 15),
    ))  # fmt: skip
    assert (found.both, found.agreed) == (50, 35)
    assert found.kappa == pytest.approx(0.4)
    assert found.table[True, False] == 5


def test_without_two_answers_or_without_two_kinds_of_them_there_is_no_kappa() -> None:
    assert measure_agreement([]).kappa is None
    alone = questions(said("a", "Ann", "match"), said("b", "Ann", "match"), said("b", "Bob", "unsure"))
    assert measure_agreement(alone).both == 0
    assert measure_agreement(questions(*both("match", "match", 3))).kappa is None


def test_first_answers_count_though_somebody_changed_their_mind() -> None:
    changed = questions(*both("match", "no_match", 1), said("matchno_match0", "Bob", "match"))
    assert (measure_agreement(changed).agreed, changed[0].answer) == (0, "match")


def test_a_reviewers_answers_are_held_to_what_stands_where_others_answered_too() -> None:
    entries = [*both("match", "no_match", 1), said("matchno_match0", "Cat", "match"), said("own", "Bob", "unsure")]
    ann, bob, cat = list_reviewers(questions(*entries), {"Ann": 2})
    assert (ann.name, ann.answered, ann.checked, ann.differs, ann.changed) == ("Ann", 1, 1, 0, 2)
    assert (bob.answered, bob.unsure, bob.checked, bob.differs) == (2, 1, 1, 1)
    assert (cat.checked, cat.differs) == (1, 0)


def looked(way: str, among: int, right: int, wrong: int) -> list[dict[str, Any]]:
    good = "no_match" if way in ("rule", "set_aside") else "match"
    bad = "match" if good == "no_match" else "no_match"
    answers = [good] * right + [bad] * wrong
    return [said(f"{way}{at}", "Ann", answer, settled=way, among=among) for at, answer in enumerate(answers)]


def test_precision_weighs_each_way_by_how_many_pairs_it_settled() -> None:
    shares = estimate_shares(questions(
        *looked("identifier", 900, 4, 0), *looked("near", 100, 1, 1), *looked("set_aside", 5000, 3, 1),
        said("doubt", "Ann", "match"), said("open", "Ann", "unsure", settled="near", among=100),
    ))  # fmt: skip
    assert [(one.settled, one.looked, one.right) for one in shares] == [
        ("identifier", 4, 4), ("near", 2, 1), ("set_aside", 4, 3),
    ]  # fmt: skip
    assert all(0 <= one.low < one.right / one.looked <= one.high <= 1 for one in shares)
    right, error = estimate_precision(shares) or (0.0, 0.0)
    assert right == pytest.approx(0.9 * 1 + 0.1 * 0.5)
    assert 0 < error < 0.2
    assert estimate_precision([]) is None
