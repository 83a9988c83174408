"""What the operating system tells of a place: who may read it, what disk it is on, what it may write of our memory.

Decides nothing: `places` and `doctor` do. What a system does not tell is None, and never a guess.
"""

import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.record.listing import walk


OTHERS = stat.S_IRWXG | stat.S_IRWXO
NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "davfs", "webdav")
    + ("fuse.sshfs", "fuse.davfs2", "fuse.rclone")
)
_DRIVE_REMOTE = 4


class Mount(NamedTuple):
    """Where a file system hangs and of what kind it is."""

    point: Path
    kind: str


def mode_of(path: Path) -> int | None:
    """The mode of a file or a folder; None where the system has none, or it is a link or gone."""
    try:
        told = path.lstat()
    except OSError:
        return None
    return None if os.name != "posix" or stat.S_ISLNK(told.st_mode) else stat.S_IMODE(told.st_mode)


def below(folder: Path) -> Iterator[Path]:
    """Every file and folder below a folder. OSError where one may not be looked into."""
    for place, folders, files in walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def mount_of(path: Path, mounts: Path = Path("/proc/mounts")) -> Mount | None:
    """The file system that a path is on, the innermost of those that hang there; None where the system does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    at = _there(path)
    found = [_mount(line) for line in lines if len(line.split()) > 2]
    over = [one for one in found if at.is_relative_to(one.point)]
    return max(reversed(over), key=lambda one: len(one.point.parts), default=None)


def network_share(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """What kind of network share a path is on; None where it is on none, or the system does not say."""
    if os.name == "nt":
        return _windows_share(path)
    mount = mount_of(path, mounts)
    return mount.kind if mount and mount.kind in NETWORK else None


def disk_encrypted(path: Path, devices: Path = Path("/sys/dev/block")) -> bool | None:
    """Whether the disk below a path is encrypted, as Linux tells of its own (LUKS and the like); None where it is mute.

    True says so; False says that no layer below the file system is one that encrypts: the disk itself may still.
    """
    number = _there(path).stat().st_dev
    if not sys.platform.startswith("linux") or os.major(number) == 0:
        return None
    device = devices / f"{os.major(number)}:{os.minor(number)}"
    return _encrypts(device) if device.exists() else None


def swap_in_clear(swaps: Path = Path("/proc/swaps"), devices: Path = Path("/sys/dev/block")) -> bool | None:
    """Whether memory may be written to a disk that is not encrypted; None where the system does not say."""
    try:
        used = [line.split()[0] for line in swaps.read_text(encoding="utf-8").splitlines()[1:]]
    except OSError:
        return None
    return any(not _in_memory_or_encrypted(Path(name), devices) for name in used)


def dumps_to_program(pattern: Path = Path("/proc/sys/kernel/core_pattern")) -> str | None:
    """The program that gets core dumps on this machine, whatever the limit of their size is; None where none does."""
    try:
        said = pattern.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return Path(said[1:].split()[0]).name if said.startswith("|") and said[1:].split() else None


def _there(path: Path) -> Path:
    """The path itself, or the nearest folder above it that there is."""
    found = path.resolve()
    while not found.exists():
        found = found.parent
    return found


def _mount(line: str) -> Mount:
    point, kind = line.split()[1:3]
    return Mount(Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), point)), kind)


def _encrypts(device: Path) -> bool:
    """Whether a block device, or every one that it is made of, is one that encrypts."""
    name = device / "dm" / "uuid"
    if name.exists() and name.read_text(encoding="utf-8").startswith("CRYPT-"):
        return True
    if (device / "partition").exists():
        device = device.resolve().parent
    made_of = list((device / "slaves").iterdir()) if (device / "slaves").is_dir() else []
    return bool(made_of) and all(_encrypts(one) for one in made_of)


def _in_memory_or_encrypted(swap: Path, devices: Path) -> bool:
    if swap.name.startswith("zram"):
        return True
    try:
        told = swap.stat()
    except OSError:
        return False
    number = told.st_rdev if stat.S_ISBLK(told.st_mode) else told.st_dev
    device = devices / f"{os.major(number)}:{os.minor(number)}"
    return device.exists() and _encrypts(device)


def _windows_share(path: Path) -> str | None:
    """Windows: a path of another machine, or a drive letter that stands for one."""
    drive = _there(path).drive
    if drive.startswith("\\\\"):
        return "a share of another machine"
    from ctypes import windll  # type: ignore[attr-defined]

    return "a drive of another machine" if windll.kernel32.GetDriveTypeW(f"{drive}\\") == _DRIVE_REMOTE else None
