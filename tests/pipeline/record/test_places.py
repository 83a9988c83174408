"""A place that others may write to is refused, one that they may read is told of, and a closed one is passed over."""

import os
import stat
from pathlib import Path

import pytest

from pipeline.record import places
from pipeline.record.places import doubts, refuse_open_place
from pipeline.record.run import only_wash
from schemas.errors import StorageError


pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of files are told so on POSIX alone")


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    folder = tmp_path / "outputs"
    folder.mkdir(mode=0o700)
    folder.chmod(0o700)
    return folder


@pytest.mark.parametrize(
    ("mode", "refused"), [(0o777, True), (0o703, True), (0o1777, False), (0o775, False), (0o700, False)]
)
def test_a_place_to_which_everybody_may_write_is_refused(mode: int, refused: bool, outputs: Path) -> None:
    outputs.chmod(mode)
    if not refused:
        refuse_open_place(outputs)
        return
    with pytest.raises(StorageError, match="chmod 700"):
        refuse_open_place(outputs)
    with pytest.raises(StorageError, match="Nothing was begun"), only_wash(outputs):
        pass
    assert list(outputs.iterdir()) == []


def test_a_closed_place_leaves_no_doubt(outputs: Path) -> None:
    (outputs / "README.md").write_text("for everybody")
    (outputs / "README.md").chmod(0o644)
    (outputs / "archive").mkdir(mode=0o700)
    assert doubts(outputs) == ()
    assert doubts(outputs / "not there yet") == ()


def test_what_others_may_read_or_write_is_told_with_what_to_do(outputs: Path) -> None:
    for name in ("archive", "claims", "decisions.jsonl", "pages"):
        (outputs / name).mkdir()
        (outputs / name).chmod(0o755)
    outputs.chmod(0o770)
    writable, readable = doubts(outputs)
    assert f"chmod 700 {outputs}" in writable
    assert "archive, claims, decisions.jsonl and 1 more" in readable
    assert f"chmod -R go-rwx {outputs}" in readable


def test_a_network_share_is_told(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "network_share", lambda path: "cifs")
    (told,) = doubts(outputs)
    assert "network share (cifs)" in told
    assert stat.S_IMODE(outputs.stat().st_mode) == 0o700
