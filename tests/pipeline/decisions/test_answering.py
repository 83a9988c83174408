"""Answers as they are taken: once, with their history, and only so many of them as make a decision."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.decisions.answering import Asked, Given, Reviewer, Taken, is_for, record_answers, record_reveal
from pipeline.decisions.contradictions import find_contradictions
from pipeline.decisions.opinions import Status, read_opinions, standing, standing_digest
from pipeline.decisions.store import append_decisions, check_decisions, decisions_path, read_decisions
from pipeline.record.chain import Entry
from schemas.errors import IntegrityError


def asked(left: str = "a", right: str = "b", kind: str = "pair", **more: object) -> Asked:
    return Asked(f"R{left}{right}", kind, f"x:{left}", f"x:{right}", f"h1-{left}", f"h1-{right}", **more)


def by(name: str = "Ann", day: str = "2013-10-02") -> Reviewer:
    return Reviewer(name, date.fromisoformat(day), "run", "model")


def say(outputs: Path, answer: str, question: Asked | None = None, *, who: str = "Ann", **more: str) -> Taken:
    (outcome,) = record_answers(outputs, [(question or asked(), Given(answer, **more))], by(who))
    return outcome


def status(outputs: Path, question: Asked | None = None) -> Status:
    return read_opinions(read_decisions(outputs))[(question or asked()).key].status


def last(outputs: Path) -> Entry:
    return read_decisions(outputs)[-1]


def test_an_answer_is_kept_with_all_that_it_rests_on(tmp_path: Path) -> None:
    assert say(tmp_path, "match", asked(weight=1.5), reason="moved", note="known to the school") == Taken.TAKEN
    entry = last(tmp_path)
    assert (entry["decision_id"], entry["answer"], entry["decided_by"]) == ("D0000001", "match", "Ann")
    assert (entry["left_hash"], entry["weight"], entry["model"], entry["run"]) == ("h1-a", 1.5, "model", "run")
    assert (entry["revealed"], entry["supersedes"], entry["who"]) == (False, None, "Ann")
    assert oct(decisions_path(tmp_path).stat().st_mode)[-3:] == "600"


def test_a_second_press_of_the_button_decides_nothing_twice(tmp_path: Path) -> None:
    assert say(tmp_path, "match") == Taken.TAKEN
    assert say(tmp_path, "match") == Taken.ALREADY
    assert say(tmp_path, "no_match") == Taken.STALE
    assert len(read_decisions(tmp_path)) == 1


def test_a_change_of_mind_names_what_it_takes_the_place_of(tmp_path: Path) -> None:
    say(tmp_path, "match")
    assert say(tmp_path, "no_match", after="D0000001") == Taken.CHANGED
    assert (last(tmp_path)["supersedes"], last(tmp_path)["revealed"]) == ("D0000001", True)
    assert standing(read_decisions(tmp_path))["judgement"].tolist() == ["no_match"]
    assert len(read_decisions(tmp_path)) == 2


def test_a_change_that_changes_nothing_is_not_written(tmp_path: Path) -> None:
    say(tmp_path, "match", reason="moved", note="known to the school")
    assert say(tmp_path, "match", reason="moved", note="known to the school", after="D0000001") == Taken.ALREADY
    assert len(read_decisions(tmp_path)) == 1
    assert say(tmp_path, "match", reason="moved", after="D0000001") == Taken.CHANGED


def test_an_answer_that_comes_too_late_is_not_taken_and_says_why(tmp_path: Path) -> None:
    assert say(tmp_path, "match", after="D0000001") == Taken.STALE
    for who in ("Ann", "Bob"):
        say(tmp_path, "match", who=who)
    assert say(tmp_path, "no_match", who="Cat") == Taken.NOT_NEEDED
    assert len(read_decisions(tmp_path)) == 2


def test_who_is_not_sure_decides_nothing_and_cannot_decide_later(tmp_path: Path) -> None:
    say(tmp_path, "unsure")
    assert status(tmp_path) == Status.REFERRED
    assert standing_digest(read_decisions(tmp_path)) is None
    say(tmp_path, "match", asked("c", "d"))
    assert say(tmp_path, "match", after="D0000001") == Taken.REFERRED
    assert say(tmp_path, "match", who="Bob") == Taken.TAKEN
    assert status(tmp_path) == Status.SETTLED


def test_who_pressed_not_sure_by_mistake_may_step_back(tmp_path: Path) -> None:
    say(tmp_path, "unsure")
    assert say(tmp_path, "match", after="D0000001") == Taken.CHANGED


def test_a_claimed_family_takes_two_people_who_say_the_same(tmp_path: Path) -> None:
    question = asked(needed=2, wanted=2)
    say(tmp_path, "match", question)
    assert status(tmp_path) == Status.SECOND
    assert say(tmp_path, "match", question) == Taken.ALREADY
    assert len(standing(read_decisions(tmp_path))) == 0
    say(tmp_path, "match", question, who="Bob")
    (row,) = standing(read_decisions(tmp_path)).to_dict("records")
    assert row["decided_by"] == "Ann and Bob"
    assert row["row"] == "decision D0000001 and D0000002 of Ann and Bob (2013-10-02)"


def test_of_two_who_contradict_each_other_neither_holds_until_a_third_says(tmp_path: Path) -> None:
    question = asked(wanted=2)
    say(tmp_path, "match", question)
    say(tmp_path, "no_match", question, who="Bob")
    assert status(tmp_path) == Status.DISPUTED
    assert standing_digest(read_decisions(tmp_path)) is None
    say(tmp_path, "no_match", question, who="Cat")
    (row,) = standing(read_decisions(tmp_path)).to_dict("records")
    assert (row["judgement"], row["decided_by"]) == ("no_match", "Bob and Cat")


def test_a_question_waits_for_those_who_have_not_answered_and_only_while_it_is_open(tmp_path: Path) -> None:
    assert is_for(None, "Ann", 1)
    say(tmp_path, "match")
    question = read_opinions(read_decisions(tmp_path))[asked().key]
    assert not is_for(question, "Ann", 2)
    assert is_for(question, "Bob", 2)
    assert not is_for(question, "Bob", 1)


def test_a_question_is_the_same_next_month_though_its_records_have_other_ids(tmp_path: Path) -> None:
    say(tmp_path, "match")
    later = asked()._replace(review_id="R9", left_id="y:1", left_hash="h1-b", right_hash="h1-a")
    assert say(tmp_path, "match", later) == Taken.ALREADY


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("pair", Given("same_household")),
        ("household", Given("match")),
        ("pair", Given("perhaps")),
        ("pair", Given("match", reason="because")),
        ("pair", Given("match", note="x" * 501)),
    ],
)
def test_what_is_no_answer_is_not_taken(tmp_path: Path, kind: str, given: Given) -> None:
    assert record_answers(tmp_path, [(asked(kind=kind), given)], by()) == [Taken.WRONG]
    assert not decisions_path(tmp_path).exists()


def test_whoever_looked_at_the_weights_first_is_recorded_to_have(tmp_path: Path) -> None:
    assert record_reveal(tmp_path, asked(), by())
    assert record_reveal(tmp_path, asked(), by())
    assert len(read_decisions(tmp_path)) == 1
    say(tmp_path, "match")
    assert last(tmp_path)["revealed"]
    say(tmp_path, "match", who="Bob")
    assert not last(tmp_path)["revealed"]
    assert not record_reveal(tmp_path, asked(), by())


def test_contradictions_through_others_are_named_with_who_decided(tmp_path: Path) -> None:
    say(tmp_path, "match", asked("a", "b"))
    say(tmp_path, "match", asked("b", "c"), who="Bob")
    assert find_contradictions(standing(read_decisions(tmp_path))) == []
    say(tmp_path, "no_match", asked("c", "a"), who="Cat")
    (found,) = find_contradictions(standing(read_decisions(tmp_path)))
    assert found.apart == "decision D0000003 of Cat (2013-10-02)"
    assert [text.split()[3] for text in found.joined] == ["Bob", "Ann"]


def test_homes_are_joined_by_one_person_too(tmp_path: Path) -> None:
    say(tmp_path, "match", asked("a", "b"))
    say(tmp_path, "other_household", asked("a", "b", kind="household"), who="Bob")
    assert len(find_contradictions(standing(read_decisions(tmp_path)))) == 1


def test_a_changed_or_shortened_file_is_found(tmp_path: Path) -> None:
    for left in "abc":
        say(tmp_path, "match", asked(left, "z"))
    assert check_decisions(tmp_path) == 3
    path = decisions_path(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]))
    with pytest.raises(IntegrityError, match=r"decisions\.jsonl, line 3"):
        check_decisions(tmp_path)
    path.write_bytes(b"".join([lines[0].replace(b'"match"', b'"no_match"'), *lines[1:]]))
    with pytest.raises(IntegrityError, match="line 2"):
        append_decisions(tmp_path, lambda entries: (), who="Ann")
