"""A large workbook is written in a process of its own: the same bytes, whatever becomes of the process."""

import multiprocessing
import time
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reports.beside import LARGE, written_beside
from reports.workbook import Cover, Sheet, write_workbook
from schemas.columns import TEXT


COVER = Cover("Evidence", "Borough & Co", "OFFICIAL-SENSITIVE", date(2013, 9, 30), "abc123")
SOON = 30.0


def sheets(rows: int) -> list[Sheet]:
    ids = pd.array([f"E{number}" for number in range(rows)], dtype=TEXT)
    return [Sheet("Evidence", pd.DataFrame({"evidence_id": ids, "value": [0.5] * rows}))]


def started(others: list[multiprocessing.process.BaseProcess]) -> list[multiprocessing.process.BaseProcess]:
    """The processes that were started since, waited for a while."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        if found := [process for process in multiprocessing.active_children() if process not in others]:
            return found
        time.sleep(0.01)
    return []


@pytest.mark.parametrize("kill", [False, True])
def test_the_bytes_are_the_same_whether_its_process_lives_or_not(tmp_path: Path, kill: bool) -> None:
    write_workbook(tmp_path / "here.xlsx", COVER, sheets(LARGE))
    others = multiprocessing.active_children()
    with written_beside(tmp_path / "beside.xlsx", COVER, sheets(LARGE)):
        (process,) = started(others)
        if kill:
            process.kill()
    assert process.exitcode == (-9 if kill else 0)
    assert (tmp_path / "beside.xlsx").read_bytes() == (tmp_path / "here.xlsx").read_bytes()


def test_a_small_workbook_is_there_before_other_work_begins(tmp_path: Path) -> None:
    with written_beside(tmp_path / "small.xlsx", COVER, sheets(3)):
        assert (tmp_path / "small.xlsx").exists()


def test_what_cannot_be_written_is_said_by_this_process(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), written_beside(tmp_path / "no" / "x.xlsx", COVER, sheets(9), large=1):
        pass


def test_what_fails_meanwhile_is_what_is_told(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), written_beside(tmp_path / "no" / "x.xlsx", COVER, sheets(9), large=1):
        raise ZeroDivisionError
