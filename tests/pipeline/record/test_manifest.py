"""A manifest is read whole or refused: without one a folder is no run."""

from pathlib import Path

import pytest

from pipeline.record.manifest import MANIFEST, read_manifest
from schemas.errors import IntegrityError


def test_a_folder_without_a_manifest_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "2013-09-30-abc").mkdir()
    with pytest.raises(IntegrityError, match=r"^2013-09-30-abc has no manifest\.json: it is not a published run\.$"):
        read_manifest(tmp_path / "2013-09-30-abc")


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b"{}", b"\xff"])
def test_a_damaged_manifest_is_told_so_and_not_shown(tmp_path: Path, said: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(said)
    with pytest.raises(IntegrityError, match="is damaged, or of another version"):
        read_manifest(tmp_path)
