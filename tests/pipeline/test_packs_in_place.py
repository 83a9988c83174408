"""The packs of a window are replaced all at once: those that stood there come back where the new ones cannot."""

import errno
import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import evidence_packs
from pipeline.claims.prepared import prepare_claim
from pipeline.claims.window import read_window
from pipeline.evidence_packs import OLD, PACKS, PART, pack_window
from reports.evidence_pack import make_packs
from reports.packs.shape import Pack
from schemas.errors import StorageError, UsageError
from tests.reports.case import gathered
from tests.upgrade.kept import kept_outputs


def packs(folder: Path, said: str) -> Path:
    folder.mkdir()
    (folder / "C1.pdf").write_text(said, encoding="utf-8")
    return folder


def test_new_packs_take_the_place_of_old_ones(tmp_path: Path) -> None:
    packs(tmp_path / PACKS, "old")
    evidence_packs._put_in_place(packs(tmp_path / PART, "new"), tmp_path / PACKS)
    assert [path.name for path in tmp_path.iterdir()] == [PACKS]
    assert (tmp_path / PACKS / "C1.pdf").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("before", [True, False])
def test_old_packs_come_back_where_new_ones_cannot_be_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    if before:
        packs(tmp_path / PACKS, "old")
    part, rename = packs(tmp_path / PART, "new"), Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path == part:
            raise OSError(errno.EACCES, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="Permission denied"):
        evidence_packs._put_in_place(part, tmp_path / PACKS)
    stands = [path.read_text(encoding="utf-8") for path in tmp_path.glob(f"{PACKS}/*")]
    assert stands == (["old"] if before else [])


def test_what_a_kill_left_between_two_names_is_there_until_new_packs_are(tmp_path: Path) -> None:
    """Killed between the two names, the old packs stand aside: they go only once the new ones have the name."""
    packs(tmp_path / OLD, "old")
    part = packs(tmp_path / PART, "new")
    evidence_packs._put_in_place(part, tmp_path / PACKS)
    assert (tmp_path / PACKS / "C1.pdf").read_text(encoding="utf-8") == "new"
    assert not (tmp_path / OLD).exists()


def test_a_claim_of_nobody_leaves_nothing_to_pack(tmp_path: Path) -> None:
    outputs, window = kept_outputs(tmp_path), read_window("2013/14-Q4")
    prepared = prepare_claim(outputs, window)
    with pytest.raises(UsageError, match="The claim of 2013/14-Q4 holds no case that is ready"):
        pack_window(outputs, window)
    assert not list(prepared.folder.glob("*packs*"))


def test_a_process_that_is_stopped_from_outside_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_packs, "AT_ONCE", 1)
    (pack,), others = make_packs(gathered()), multiprocessing.active_children()

    def cases() -> Iterator[Pack]:
        yield pack
        for process in multiprocessing.active_children():
            if process not in others:
                process.kill()
        yield pack

    with pytest.raises(StorageError, match="A process that set pages was stopped from outside"):
        list(evidence_packs._set_in_processes(cases(), tmp_path))
