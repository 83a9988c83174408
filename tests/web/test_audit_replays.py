"""Replays in a process of their own: what each comes to is kept and recorded, and nothing of the second wash."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from filelock import FileLock

from pipeline import replay
from pipeline.record.audit_log import read_events
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.run import open_run
from pipeline.replay_process import replay_asked
from pipeline.replays import (
    ASKED,
    FOLDER,
    VERIFY,
    WORK,
    State,
    list_replays,
    read_replay,
    running_lock,
    start_replay,
    stop_replay,
)
from schemas.errors import UsageError


@pytest.fixture
def run(own_outputs: Path) -> Path:
    """A run that may be changed."""
    return open_run(own_outputs, "latest")


@pytest.fixture
def asked(run: Path) -> Path:
    """The place of a replay that was asked for, and that nobody has begun."""
    place = run.parent / FOLDER / "0001"
    place.mkdir(parents=True)
    (place / ASKED).write_text(json.dumps({"run": run.name, "who": "Aud", "at": "2013-10-02T09:00:00+00:00"}))
    return place


def comes_out(monkeypatch: pytest.MonkeyPatch, changed: Callable[[Manifest], Manifest]) -> None:
    """Let the second wash take two steps, lay something out, and end as `changed` has the first one's manifest."""

    def again(folder: Path, into: Path, step: Callable[..., Any]) -> Manifest:
        into.mkdir(exist_ok=True)
        step(_named("ingest"), None, SimpleNamespace(extract="attendance"))
        step(_named("link"), None)
        return changed(read_manifest(folder))

    monkeypatch.setattr(replay, "wash_again", again)


def _named(name: str) -> Callable[..., None]:
    def stage(*_: object) -> None:
        return None

    stage.__name__ = name
    return stage


def without_a_row(manifest: Manifest) -> Manifest:
    """The manifest of a wash in which the people of one table came out otherwise."""
    (stage,) = [one for one in manifest.stages if one.name == "link"]
    table = stage.tables[0].model_copy(update={"logical_digest": "0" * 64, "rows": stage.tables[0].rows - 1})
    other = stage.model_copy(update={"tables": (table, *stage.tables[1:])})
    return manifest.model_copy(update={"stages": tuple(other if one is stage else one for one in manifest.stages)})


def test_a_replay_that_is_equal_says_so_of_every_table_and_list(
    run: Path, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_out(monkeypatch, lambda manifest: manifest)
    result = replay_asked(run.parent, asked)
    assert (result["state"], result["said"]) == (State.EQUAL, "")
    assert {line["is_file"] for line in result["compared"]} == {True, False}
    steps = read_replay(run.parent, 1).steps
    assert [step.name for step in steps] == [VERIFY, "ingest attendance", "link"]
    assert all(step.seconds is not None for step in steps)


def test_a_replay_that_differs_says_in_what_and_why_that_may_be(
    run: Path, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_out(monkeypatch, without_a_row)
    result = replay_asked(run.parent, asked)
    assert (result["state"], result["said"]) == (State.DIFFERS, "")
    (line,) = [line for line in result["compared"] if not line["same"]]
    assert (line["stage"], line["rows_then"] - line["rows_now"]) == ("link", 1)
    comes_out(monkeypatch, lambda manifest: without_a_row(manifest).model_copy(update={"code_version": "another"}))
    assert "this is another: replay it with that version" in replay_asked(run.parent, asked)["said"]


def test_a_bug_in_a_replay_is_told_by_its_place_alone(
    run: Path, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(manifest: Manifest) -> Manifest:
        raise KeyError("Kim Ashdown")

    comes_out(monkeypatch, broken)
    result = replay_asked(run.parent, asked)
    assert result["state"] == State.FAILED
    assert "A bug in Data Wash: KeyError at " in result["said"]
    assert "Ashdown" not in result["said"]


def test_a_replay_goes_on_by_itself_and_what_came_of_it_is_kept_and_recorded(run: Path) -> None:
    outputs = run.parent
    (run / "master_list.csv").write_text("more")
    number = start_replay(outputs, run, "Aud")
    until = time.monotonic() + 120
    while read_replay(outputs, number).state is State.RUNNING and time.monotonic() < until:
        time.sleep(0.05)
    (done,) = list_replays(outputs, run.name)
    assert (done.state, done.who, done.result["compared"]) == (State.FAILED, "Aud", [])
    assert "changed: master_list.csv" in done.result["said"]
    (event,) = read_events(outputs, "replayed")
    assert (event["who"], event["replay"], event["result"]) == ("Aud", 1, "failed")
    assert not list((outputs / FOLDER).glob("*/work"))
    assert list_replays(outputs, "another run") == []


def test_to_stop_a_replay_that_has_ended_takes_nothing_from_the_one_that_runs(tmp_path: Path) -> None:
    ended, other = (tmp_path / FOLDER / number for number in ("0001", "0002"))
    for place in (ended, other):
        (place / WORK).mkdir(parents=True)
        (place / ASKED).write_text(json.dumps({"run": "a", "who": "Aud", "at": "2013-10-02T09:00:00+00:00"}))
    with FileLock(running_lock(tmp_path)):
        stop_replay(tmp_path, 1)
        assert (other / WORK).exists()
        assert [one.state for one in list_replays(tmp_path)] == [State.RUNNING, State.STOPPED]
    stop_replay(tmp_path, 1)
    assert not list(tmp_path.glob(f"{FOLDER}/*/{WORK}")), "nobody is at work, so what is laid out is left over"
    assert read_replay(tmp_path, 2).state is State.STOPPED


def test_a_replay_that_nobody_asked_for_is_none(tmp_path: Path) -> None:
    assert list_replays(tmp_path) == []
    with pytest.raises(UsageError, match="no replay 3"):
        read_replay(tmp_path, 3)


def test_a_replay_that_was_killed_before_it_was_asked_for_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "pages" / "replays" / "0001").mkdir(parents=True)
    assert list_replays(tmp_path) == []
