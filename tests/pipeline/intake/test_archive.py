"""Raw bytes into the archive: whole or not at all, never changed, and plain words for what the disk says."""

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from pipeline.intake.archive import archive_file, plain_words, sweep_archive
from pipeline.keys.encryption import Recipients
from schemas.errors import ExtractRefusedError, IntegrityError, StorageError


DATA = b"surname,upn\nQuillfeather,1\n"
DIGEST = hashlib.sha256(DATA).hexdigest()
ROOT = Path(__file__).parents[3]


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "extracts" / "asb [1].csv"
    path.parent.mkdir()
    path.write_bytes(DATA)
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "outputs" / "archive"


def test_a_file_is_copied_under_its_digest(extract: Path, archive: Path) -> None:
    kept = archive_file(extract, archive)
    assert kept == ("asb [1].csv", DIGEST, len(DATA), archive / DIGEST)
    assert kept.path.read_bytes() == DATA
    assert [path.name for path in archive.iterdir()] == [DIGEST]
    assert extract.read_bytes() == DATA


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_the_copy_is_for_its_owner_alone(extract: Path, archive: Path) -> None:
    extract.chmod(0o644)
    kept = archive_file(extract, archive)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(archive.stat().st_mode) == 0o700


def test_the_same_bytes_again_change_nothing(extract: Path, archive: Path) -> None:
    first = archive_file(extract, archive)
    before = first.path.stat()
    again = extract.with_name("other.csv")
    again.write_bytes(DATA)
    assert archive_file(again, archive) == ("other.csv", DIGEST, len(DATA), first.path)
    after = first.path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_large_and_an_empty_file_are_copied(tmp_path: Path, archive: Path) -> None:
    for name, data in {"large.csv": os.urandom(5_000_001), "empty.csv": b""}.items():
        (tmp_path / name).write_bytes(data)
        kept = archive_file(tmp_path / name, archive)
        assert (kept.size, kept.path.read_bytes()) == (len(data), data)


def test_an_archived_copy_that_was_changed_is_reported_and_left(extract: Path, archive: Path) -> None:
    kept = archive_file(extract, archive)
    kept.path.write_bytes(DATA[:-1])
    with pytest.raises(IntegrityError, match=r"asb \[1\].csv: the archived copy .* is not what its name says"):
        archive_file(extract, archive)
    assert kept.path.read_bytes() == DATA[:-1]


def test_a_folder_in_the_place_of_a_copy_is_reported(extract: Path, archive: Path) -> None:
    (archive / DIGEST).mkdir(parents=True)
    with pytest.raises(IntegrityError, match="Bring it back from a backup"):
        archive_file(extract, archive)


def test_a_link_to_a_file_is_followed(extract: Path, archive: Path) -> None:
    link = extract.with_name("asb.csv")
    link.symlink_to(extract)
    kept = archive_file(link, archive)
    assert (kept.name, kept.sha256) == ("asb.csv", DIGEST)
    assert not kept.path.is_symlink()


def test_what_is_no_file_is_refused(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "round.csv").symlink_to(tmp_path / "round.csv")
    (tmp_path / "plain").write_bytes(DATA)
    os.mkfifo(tmp_path / "pipe.csv")
    for name, said in {
        "missing.csv": "missing.csv: there is no such file. Check the folder and the spelling",
        "plain/inside.csv": "inside.csv: there is no such file",
        ".": "this is a folder, not a file. Name the file in it",
        "round.csv": "round.csv: the link leads round in a circle",
        "pipe.csv": "pipe.csv: this is a device or a pipe, not a file",
    }.items():
        with pytest.raises(ExtractRefusedError) as refused:
            archive_file(tmp_path / name, archive)
        assert said in str(refused.value)
    assert not archive.exists()


def test_a_name_that_the_disk_does_not_take_is_no_fault_of_the_extract(tmp_path: Path, archive: Path) -> None:
    with pytest.raises(StorageError, match=r"x.csv: the disk gave an error \(File name too long\) on"):
        archive_file(tmp_path / f"{'x' * 300}.csv", archive)


def test_an_archive_that_is_no_folder_is_reported(extract: Path, archive: Path) -> None:
    archive.parent.mkdir()
    archive.write_bytes(b"")
    with pytest.raises(StorageError, match=r"asb \[1\].csv: the disk gave an error"):
        archive_file(extract, archive)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_told_in_plain_words(extract: Path, archive: Path) -> None:
    with (
        pytest.raises(StorageError) as told,
        plain_words("asb.csv", extract, archive),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(DATA)
    assert str(told.value) == f"asb.csv: the disk that holds the archive {archive} is full. Free space and wash again."
    assert told.value.__suppress_context__


def test_a_copy_that_cannot_be_finished_leaves_nothing(extract: Path, archive: Path) -> None:
    """A limit on the size of files stands for a full disk: it needs no rights and fails in the middle of a write."""
    extract.write_bytes(DATA * 100_000)
    script = (
        "import resource, signal, sys; from pathlib import Path; from pipeline.intake.archive import archive_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "archive_file(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, extract, archive], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "StorageError: asb [1].csv: the disk gave an error (File too large)" in done.stderr
    assert "Quillfeather" not in done.stderr
    assert list(archive.iterdir()) == []


def test_an_encrypted_copy_that_cannot_be_finished_leaves_nothing(extract: Path, archive: Path) -> None:
    import resource

    extract.write_bytes(os.urandom(300_000))
    keys = Recipients(tuple(str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2)))
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most[1]))
    try:
        with pytest.raises(StorageError, match=r"asb \[1\].csv: the disk gave an error \(File too large\)"):
            archive_file(extract, archive, keys)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert list(archive.iterdir()) == []


def test_copies_that_a_killed_wash_left_are_swept_and_whole_ones_are_kept(extract: Path, archive: Path) -> None:
    kept = archive_file(extract, archive)
    (archive / ".abc.part").write_bytes(DATA[:5])
    assert sweep_archive(archive) == 1
    assert list(archive.iterdir()) == [kept.path]
    assert sweep_archive(archive.with_name("none")) == 0
