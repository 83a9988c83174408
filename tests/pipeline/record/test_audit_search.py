"""Looking into the audit log: what each filter finds, newest first, and what it does not."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.record.audit_log import Log, read_log, record_event
from pipeline.record.audit_search import Sought, find_events, in_words, known


@pytest.fixture
def log(tmp_path: Path) -> Log:
    record_event(tmp_path, "wash_published", "abc1", who="Ana")
    record_event(tmp_path, "explained", "abc1", who="Ana", what="F0000001")
    record_event(tmp_path, "family_opened", "def2", who="Cara", family="F0000011")
    record_event(tmp_path, "packed", "def2", who="Cara", what="F0000001-evidence.pdf", sha256="0" * 64)
    return read_log(tmp_path)


@pytest.mark.parametrize(("sought", "lines"), [
    (Sought(), [4, 3, 2, 1]),
    (Sought(who="Cara"), [4, 3]),
    (Sought(event="packed"), [4]),
    (Sought(run="2013-09-30-abc1"), [2, 1]),
    (Sought(run="abc"), [2, 1]),
    (Sought(about="F0000001"), [4, 2]),
    (Sought(about=" f0000011 "), [3]),
    (Sought(about="F000001"), []),
    (Sought(about="."), []),
    (Sought(who="Ana", event="packed"), []),
    (Sought(since=date(2013, 1, 1)), [4, 3, 2, 1]),
    (Sought(until=date(2013, 1, 1)), []),
])
def test_what_each_filter_finds(log: Log, sought: Sought, lines: list[int]) -> None:
    assert [one.line for one in find_events(log, sought)] == lines


def test_what_there_is_to_choose_from(log: Log) -> None:
    assert known(log.lines, "who") == {"Ana", "Cara"}
    assert known(log.lines, "event") == {"explained", "family_opened", "packed", "wash_published"}


def test_an_event_stands_in_words_known_or_not() -> None:
    assert in_words("packed") == "An evidence pack was written"
    assert in_words("family_opened") == "Family opened"
    assert in_words("family_opened", [("family_opened", "A family was opened")]) == "A family was opened"


def test_the_facts_of_an_event_are_what_its_line_has_beside_the_rest(log: Log) -> None:
    (one,) = find_events(log, Sought(event="family_opened"))
    assert (one.who, one.run_id, one.facts) == ("Cara", "def2", {"family": "F0000011"})


def test_a_name_with_any_sign_in_it_is_found(tmp_path: Path) -> None:
    name = 'Zoë "Z" O\'Brien\\'
    record_event(tmp_path, "explained", "abc1", who=name)
    record_event(tmp_path, "explained", "abc1", who="Ana", what=f'"who": "{name}"')
    log = read_log(tmp_path)
    assert known(log.lines, "who") == {name, "Ana"}
    assert [one.who for one in find_events(log, Sought(who=name))] == [name]
