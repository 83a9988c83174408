"""The log of releases: each follows from the one before, and what a crash left half written is no release."""

from pathlib import Path

import pytest

from pipeline.releases import FOLDER, LOG, only_release, read_releases, record_release
from schemas.errors import IntegrityError


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Two releases."""
    for name in ("0001-profile", "0002-profile"):
        release(tmp_path, name)
    return tmp_path


def release(outputs: Path, name: str) -> None:
    with only_release(outputs):
        record_release(outputs, {"name": name, "cells": [["size", "1", 10]]})


def names(outputs: Path) -> list[str]:
    return [one["name"] for one in read_releases(outputs)]


@pytest.mark.parametrize("cut", [1, 2, 20])
def test_a_release_that_a_crash_cut_off_is_none_and_the_next_takes_its_place(outputs: Path, cut: int) -> None:
    log = outputs / FOLDER / LOG
    log.write_bytes(log.read_bytes()[:-cut])
    whole = ["0001-profile", "0002-profile"] if cut == 1 else ["0001-profile"]
    assert names(outputs) == whole
    release(outputs, "0003-profile")
    assert names(outputs) == [*whole, "0003-profile"]


@pytest.mark.parametrize("line", [b"[]\n", b"nonsense\n", b"{}\n"])
def test_a_line_that_is_no_release_stops_the_next(outputs: Path, line: bytes) -> None:
    log = outputs / FOLDER / LOG
    log.write_bytes(log.read_bytes() + line)
    with pytest.raises(IntegrityError, match="line 3: it does not follow"):
        read_releases(outputs)
    before = log.read_bytes()
    with pytest.raises(IntegrityError, match="line 3: it does not follow"):
        release(outputs, "0003-profile")
    assert log.read_bytes() == before
