"""How each wash ended, in the audit log: said by itself, or by the next one."""

import errno
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.record import wash_log
from pipeline.record.audit_log import read_events, record_event
from pipeline.record.manifest import MANIFEST
from pipeline.record.run import Run
from schemas.errors import LockedError, StorageError


def a_run(outputs: Path, run_id: str = "0123456789ab") -> Run:
    return cast(Run, SimpleNamespace(outputs=outputs, run_id=run_id, final=outputs / f"2013-09-30-{run_id}"))


def published(run: Run) -> Run:
    run.final.mkdir()
    (run.final / MANIFEST).touch()
    return run


def told(outputs: Path) -> list[tuple[str, str]]:
    return [(event["event"], event.get("error") or event.get("after") or "") for event in read_events(outputs)]


def test_the_end_of_a_killed_wash_is_told_by_what_stands_of_it(tmp_path: Path) -> None:
    wash_log.record_started(a_run(tmp_path, "aaaaaaaaaaaa"))
    wash_log.record_started(published(a_run(tmp_path, "bbbbbbbbbbbb")))
    record_event(tmp_path, "verified", "cccccccccccc")
    wash_log.record_killed(tmp_path)
    wash_log.record_killed(tmp_path)
    assert told(tmp_path)[3:] == [("wash_failed", "Killed"), ("wash_published", "Killed")]


def test_a_wash_that_failed_after_it_was_published_was_published(tmp_path: Path) -> None:
    wash_log.record_failed(published(a_run(tmp_path)), KeyboardInterrupt())
    assert told(tmp_path) == [("wash_published", "KeyboardInterrupt")]


@pytest.mark.parametrize("trouble", [OSError(errno.ENOSPC, "No space left on device"), LockedError("The log is held.")])
def test_a_log_that_cannot_be_written_hides_neither_the_run_nor_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def failing(*args: Any, **facts: Any) -> None:
        raise trouble

    monkeypatch.setattr(wash_log, "record_event", failing)
    run = a_run(tmp_path)
    with pytest.raises(StorageError, match=f"The run {run.final.name} was published"):
        wash_log.record_published(run)
    wash_log.record_failed(run, KeyError("x"))
