"""The packs of a window are replaced all at once: those that stood there come back where the new ones cannot."""

import errno
from pathlib import Path

import pytest

from pipeline import evidence_packs
from pipeline.evidence_packs import OLD, PACKS, PART


def packs(folder: Path, said: str) -> Path:
    folder.mkdir()
    (folder / "C1.pdf").write_text(said, encoding="utf-8")
    return folder


def test_new_packs_take_the_place_of_old_ones(tmp_path: Path) -> None:
    packs(tmp_path / PACKS, "old")
    evidence_packs._put_in_place(packs(tmp_path / PART, "new"), tmp_path / PACKS)
    assert [path.name for path in tmp_path.iterdir()] == [PACKS]
    assert (tmp_path / PACKS / "C1.pdf").read_text(encoding="utf-8") == "new"


def test_old_packs_come_back_where_new_ones_cannot_be_put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packs(tmp_path / PACKS, "old")
    part, rename = packs(tmp_path / PART, "new"), Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path == part:
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="Permission denied"):
        evidence_packs._put_in_place(part, tmp_path / PACKS)
    assert (tmp_path / PACKS / "C1.pdf").read_text(encoding="utf-8") == "old"


def test_what_a_kill_left_between_two_names_is_there_until_new_packs_are(tmp_path: Path) -> None:
    """Killed between the two names, the old packs stand aside: they go only once the new ones have the name."""
    packs(tmp_path / OLD, "old")
    part = packs(tmp_path / PART, "new")
    evidence_packs._put_in_place(part, tmp_path / PACKS)
    assert (tmp_path / PACKS / "C1.pdf").read_text(encoding="utf-8") == "new"
    assert not (tmp_path / OLD).exists()
