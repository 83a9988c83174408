"""Files that must not be half there: a failed line is undone, a failed file leaves the old one, leftovers go."""

import errno
import os
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.record import files
from pipeline.record.files import (
    ASIDE,
    append_whole,
    make_last,
    plain_storage_errors,
    sweep_aside,
    sync_folder,
    write_aside,
)
from schemas.errors import StorageError


@pytest.fixture
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes what it is given and then says that it did not keep it."""

    def failing(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files.os, "fsync", failing)


def test_a_line_is_put_after_what_stands_and_in_the_stead_of_what_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    append_whole(path, b"one\n", 0)
    path.write_bytes(path.read_bytes() + b"tw")
    append_whole(path, b"two\n", 4)
    assert path.read_bytes() == b"one\ntwo\n"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("no_sync")
def test_a_line_that_was_not_kept_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"one\n")
    with pytest.raises(OSError, match="Input/output error"):
        append_whole(path, b"two\n", 4)
    assert path.read_bytes() == b"one\n"


@pytest.mark.usefixtures("no_sync")
def test_a_file_that_was_not_kept_leaves_the_old_one_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="Input/output error"):
        write_aside(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_what_was_written_aside_long_ago_goes_and_what_somebody_writes_now_stays(tmp_path: Path) -> None:
    old, young = (tmp_path / "below" / f".{name}{ASIDE}" for name in ("old", "young"))
    old.parent.mkdir()
    for path in (old, young):
        path.touch()
    then = time.time() - 2 * files.HOUR
    os.utime(old, (then, then))
    assert sweep_aside(tmp_path) == 1
    assert [path.name for path in old.parent.iterdir()] == [young.name]


def test_every_file_and_folder_is_made_to_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path / "a", tmp_path / "below" / "b"):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    synced: list[Path] = []
    monkeypatch.setattr(files, "_sync", synced.append)
    make_last(tmp_path)
    assert set(synced) == {tmp_path, tmp_path / "a", tmp_path / "below", tmp_path / "below" / "b"}


def test_a_system_that_cannot_make_names_last_is_asked_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").touch()
    synced: list[Path] = []
    monkeypatch.setattr(files, "_sync", synced.append)
    monkeypatch.setattr(files, "os", SimpleNamespace(name="nt"))
    make_last(tmp_path)
    sync_folder(tmp_path)
    assert synced == []


class OutOfMemoryException(Exception):  # noqa: N818 - as the database engine calls it
    """What the database engine raises."""


@pytest.mark.parametrize(
    "trouble",
    [
        MemoryError(),
        RuntimeError("can't start new thread"),
        OutOfMemoryException("failed to allocate"),
        ImportError("libopenblas.so: failed to map segment from shared object"),
    ],
)
def test_want_of_memory_is_told_whichever_library_says_it(trouble: Exception) -> None:
    with pytest.raises(StorageError, match="The wash failed: the memory of this machine"), _washing():
        raise trouble


def test_a_bug_is_not_taken_for_want_of_memory() -> None:
    with pytest.raises(RuntimeError, match="something else"), _washing():
        raise RuntimeError("something else")


def _washing() -> AbstractContextManager[None]:
    return plain_storage_errors("The wash")
