"""What stands in a folder is found in order; a folder that may not be looked into is told and is never empty."""

import os
from pathlib import Path

import pytest

from pipeline.record.listing import files_below, find_paths, walk


HELD = ("2013-09-30-aa/manifest.json", "2013-09-30-ab.part/manifest.json", "claims/2013-01/packs/b.pdf",
        "packs/.hidden", "packs/a.pdf", "packs/deep/c.pdf", "lost+found/manifest.json", "notes.txt")  # fmt: skip
PATTERNS = ("*", "*/manifest.json", "[0-9]*/manifest.json", "packs/*", "claims/*/packs/*", "packs/**/*", "**/*.pdf",
            "notes.txt", "notes.txt/*", "none/*", "none", "*.t?t")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in HELD:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_fits_a_pattern_is_what_glob_finds_but_for_what_the_disk_keeps(folder: Path, pattern: str) -> None:
    wanted = sorted(path for path in folder.glob(pattern) if "lost+found" not in path.parts)
    assert find_paths(folder, pattern) == wanted


def test_every_file_is_found_at_any_depth(folder: Path) -> None:
    assert [path.relative_to(folder).as_posix() for path in files_below(folder)] == sorted(
        name for name in HELD if "lost+found" not in name
    )


@pytest.mark.parametrize("pattern", ["", "/notes.txt", "a**/b", "packs//a.pdf"])
def test_a_pattern_that_is_none_is_told(folder: Path, pattern: str) -> None:
    with pytest.raises(ValueError):
        find_paths(folder, pattern)


def test_nothing_is_found_where_there_is_no_folder(tmp_path: Path) -> None:
    assert find_paths(tmp_path / "none", "*") == files_below(tmp_path / "none") == []


def test_a_folder_that_may_not_be_looked_into_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a system that refuses: the tests may run as a user whom no folder refuses."""

    def refusing(real):
        def look(path, *more):
            if Path(path).name == "packs":
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *more)

        return look

    monkeypatch.setattr(os, "listdir", refusing(os.listdir))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    for ask in (lambda: find_paths(folder, "packs/*"), lambda: find_paths(folder, "**/*.pdf"),
                lambda: files_below(folder), lambda: list(walk(folder))):  # fmt: skip
        with pytest.raises(PermissionError):
            ask()
    assert find_paths(folder, "notes.txt") == [folder / "notes.txt"]
