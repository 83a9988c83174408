"""What a system tells of disks, shares, swap and dumps is read as it is told; what it does not tell is not guessed."""

import ctypes
import os
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from pipeline.record import machine


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//files/families /srv/families\\040of\\040ours cifs rw 0 0
files:/export /srv/nfs nfs4 rw 0 0
/dev/sdb1 /srv/nfs/local ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(MOUNTS, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", None),
        ("/srv/families of ours", "cifs"),
        ("/srv/families of ours/outputs", "cifs"),
        ("/srv/nfs", "nfs4"),
        ("/srv/nfs/local", None),
        ("/srv/other", None),
    ],
)
def test_a_network_share_is_known_by_the_innermost_mount(
    path: str, kind: str | None, mounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_there", lambda path: path)
    assert machine.network_share(Path(path), mounts) == kind


def test_a_system_without_mounts_says_nothing_of_shares(tmp_path: Path) -> None:
    assert machine.network_share(tmp_path, tmp_path / "none") is None


def _device(devices: Path, number: str, uuid: str = "", made_of: tuple[Path, ...] = ()) -> Path:
    device = devices / number
    (device / "slaves").mkdir(parents=True)
    if uuid:
        (device / "dm").mkdir()
        (device / "dm" / "uuid").write_text(uuid, encoding="utf-8")
    for one in made_of:
        (device / "slaves" / f"{one.parent.name}-{one.name}").symlink_to(one)
    return device


@pytest.mark.skipif(os.name != "posix", reason="devices are told so by Linux alone")
def test_a_disk_is_encrypted_where_every_way_down_has_a_layer_that_encrypts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "major", lambda _: 8)
    monkeypatch.setattr(os, "minor", lambda _: 1)
    plain = _device(tmp_path / "a", "8:1")
    assert machine.disk_encrypted(tmp_path, tmp_path / "a") is False
    luks = _device(tmp_path / "b", "8:1", "CRYPT-LUKS2-1234")
    assert machine.disk_encrypted(tmp_path, tmp_path / "b") is True
    _device(tmp_path / "c", "8:1", "LVM-1234", (luks,))
    assert machine.disk_encrypted(tmp_path, tmp_path / "c") is True
    _device(tmp_path / "d", "8:1", "LVM-1234", (luks, plain))
    assert machine.disk_encrypted(tmp_path, tmp_path / "d") is False
    assert machine.disk_encrypted(tmp_path, tmp_path / "none") is None


@pytest.mark.skipif(os.name != "posix", reason="devices are told so by Linux alone")
def test_a_part_of_a_disk_is_encrypted_where_the_whole_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "major", lambda _: 8)
    monkeypatch.setattr(os, "minor", lambda _: 1)
    luks = _device(tmp_path / "luks", "8:9", "CRYPT-LUKS2-1234")
    whole = _device(tmp_path / "whole", "raid", made_of=(luks,))
    (whole / "part" / "partition").mkdir(parents=True)
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "8:1").symlink_to(whole / "part")
    assert machine.disk_encrypted(tmp_path, tmp_path / "devices") is True


@pytest.mark.skipif(os.name != "posix", reason="devices are told so by Linux alone")
def test_a_disk_that_is_no_device_of_this_machine_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "major", lambda _: 0)
    monkeypatch.setattr(os, "minor", lambda _: 1)
    _device(tmp_path, "0:1", "CRYPT-LUKS2-1234")
    assert machine.disk_encrypted(tmp_path, tmp_path) is None


@pytest.mark.skipif(os.name != "posix", reason="devices are told so by Linux alone")
@pytest.mark.parametrize(("uuid", "clear"), [("CRYPT-LUKS2-1234", False), ("LVM-1234", True)])
def test_a_file_to_swap_to_is_as_clear_as_the_disk_that_it_is_on(
    uuid: str, clear: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "major", lambda _: 8)
    monkeypatch.setattr(os, "minor", lambda _: 1)
    _device(tmp_path, "8:1", uuid)
    (tmp_path / "swapfile").touch()
    swaps = tmp_path / "swaps"
    swaps.write_text(f"Filename Type Size Used Priority\n{tmp_path / 'swapfile'} file 1 0 5\n", encoding="utf-8")
    assert machine.swap_in_clear(swaps, tmp_path) is clear


@pytest.mark.parametrize(
    ("lines", "clear"),
    [
        ("", False),
        ("/dev/zram0 partition 1 0 5\n", False),
        ("/dev/none partition 1 0 5\n", True),
        ("/dev/zram0 partition 1 0 5\n/dev/none partition 1 0 5\n", True),
    ],
)
def test_swap_is_in_the_clear_unless_it_stays_in_memory_or_is_encrypted(
    lines: str, clear: bool, tmp_path: Path
) -> None:
    swaps = tmp_path / "swaps"
    swaps.write_text(f"Filename Type Size Used Priority\n{lines}", encoding="utf-8")
    assert machine.swap_in_clear(swaps) is clear
    assert machine.swap_in_clear(tmp_path / "none") is None


@pytest.mark.parametrize(
    ("said", "program"),
    [("core\n", None), ("|/usr/lib/systemd/systemd-coredump %P %u\n", "systemd-coredump"), ("|\n", None)],
)
def test_the_program_that_gets_core_dumps_is_named(said: str, program: str | None, tmp_path: Path) -> None:
    pattern = tmp_path / "core_pattern"
    pattern.write_text(said, encoding="utf-8")
    assert machine.dumps_to_program(pattern) == program
    assert machine.dumps_to_program(tmp_path / "none") is None


@pytest.mark.parametrize(
    ("path", "drive", "kind"),
    [
        (r"\\files\families\outputs", 3, "a share of another machine"),
        (r"Z:\outputs", 4, "a drive of another machine"),
        (r"C:\outputs", 3, None),
    ],
)
def test_windows_knows_a_share_by_its_path_or_by_its_drive(
    path: str, drive: int, kind: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = SimpleNamespace(kernel32=SimpleNamespace(GetDriveTypeW=lambda _: drive))
    monkeypatch.setattr(ctypes, "windll", told, raising=False)
    monkeypatch.setattr(machine, "_there", PureWindowsPath)
    monkeypatch.setattr(machine, "os", SimpleNamespace(name="nt"))
    assert machine.network_share(path) == kind  # type: ignore[arg-type]


def test_nothing_is_said_of_a_file_that_is_gone_or_a_link(tmp_path: Path) -> None:
    assert machine.mode_of(tmp_path / "gone") is None
    (tmp_path / "link").symlink_to(tmp_path)
    assert machine.mode_of(tmp_path / "link") is None
