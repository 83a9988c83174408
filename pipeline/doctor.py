"""Is this machine fit for families' data? What can be told of it, one finding a question; changes nothing.

A finding that cannot be told says so, and how to find out: none is a guess.
"""

import os
import platform
import shutil
import stat
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pipeline.keys.private import key_file, key_names, keys_folder
from pipeline.record.code_version import code_version
from pipeline.record.listing import find_paths
from pipeline.record.machine import (
    OTHERS,
    below,
    disk_encrypted,
    dumps_to_program,
    mode_of,
    network_share,
    swap_in_clear,
)
from pipeline.record.places import NOT_OURS, SHOWN
from pipeline.record.scratch import left_scratch


LITTLE_ROOM = 5 * 1024**3
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DISK_TOLD_BY = {"Windows": "manage-bde -status", "Darwin": "fdesetup status"}


class State(StrEnum):
    """What a finding comes to."""

    GOOD = "good"
    UNKNOWN = "cannot be told"
    LOOK = "worth a look"
    WRONG = "wrong"


class Finding(NamedTuple):
    """The answer to one question about the machine: what was found, and what to do about it where there is."""

    question: str
    state: State
    said: str
    remedy: str = ""


def examine(outputs: Path) -> list[Finding]:
    """Every question about this machine and the outputs folder, which may not be there yet."""
    return [ask(outputs) for ask in QUESTIONS]


def _program(outputs: Path) -> Finding:
    said = f"Data Wash {version('datawash')}, code {code_version()}; Python {platform.python_version()}"
    return Finding("Version", State.GOOD, f"{said}; {platform.system()} {platform.machine()}.")


def _new_files(outputs: Path) -> Finding:
    """Who may read a file that is made now, where the outputs are: some disks keep no modes."""
    tell = partial(Finding, "New files")
    if os.name != "posix":
        how = "icacls OUTPUTS /inheritance:r /grant:r USER:(OI)(CI)F"
        return tell(State.UNKNOWN, "Windows keeps rights by folder.", f"Let nobody else in: {how}")
    place = _nearest(outputs)
    probe = place / f".datawash-doctor-{os.getpid()}"
    try:
        probe.touch(exist_ok=False)
        mode = mode_of(probe) or 0
        probe.unlink()
    except OSError as error:
        remedy = "See to it that the account that washes may write there."
        return tell(State.WRONG, f"No file can be made in {place} ({error.strerror}).", remedy)
    if mode & OTHERS:
        remedy = "Put the outputs on a disk that does, or on one that is this account's alone."
        return tell(State.WRONG, f"A new file is open to others (mode {mode:03o}): the disk keeps no modes.", remedy)
    return tell(State.GOOD, "They are for this user alone (mode 600).")


def _outputs(outputs: Path) -> Finding:
    tell = partial(Finding, "Outputs")
    if not outputs.is_dir():
        return tell(State.GOOD, f"{outputs} is not there yet; it will be made for this user alone.")
    mode = mode_of(outputs)
    if mode is None:
        return tell(State.UNKNOWN, "The system tells no modes.")
    if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        return tell(State.WRONG, f"Everybody may write to {outputs}.", f"chmod 700 {outputs}")
    try:
        wide = [path for path in below(outputs) if (mode_of(path) or 0) & OTHERS and path.name not in NOT_OURS]
    except OSError as error:
        return tell(State.WRONG, _closed(error), "See to it that the account that washes may look into it.")
    if wide:
        said = f"Others can read {_some(wide, outputs)} in {outputs}, {len(wide):,} in all."
        return tell(State.WRONG, said, f"chmod -R go-rwx {outputs}")
    if mode & OTHERS:
        return tell(State.LOOK, f"Others may look into {outputs}; what stands in it is closed.", f"chmod 700 {outputs}")
    return tell(State.GOOD, "Everything in it is for this user alone.")


def _share(outputs: Path) -> Finding:
    tell, kind = partial(Finding, "Network share"), network_share(outputs)
    if kind:
        remedy = "Have the outputs on a disk of this machine, and back them up from there."
        return tell(State.WRONG, f"{outputs} is on one ({kind}): two washes cannot be kept apart for sure.", remedy)
    return tell(State.GOOD, "The outputs are on none, as far as the system tells.")


def _disk(outputs: Path) -> Finding:
    tell, encrypted = partial(Finding, "Disk encryption"), disk_encrypted(outputs)
    if encrypted:
        return tell(State.GOOD, "The disk of the outputs is encrypted.")
    if encrypted is None:
        how = DISK_TOLD_BY.get(platform.system(), "lsblk -o NAME,TYPE,MOUNTPOINT")
        return tell(State.UNKNOWN, "The system does not say of what is below this folder.", f"Find out: {how}")
    remedy = "Use LUKS or a disk that encrypts itself, or find out that the storage below does."
    return tell(State.LOOK, "No layer below the outputs encrypts. Who takes the disk can read everything.", remedy)


def _swap(outputs: Path) -> Finding:
    tell, clear = partial(Finding, "Swap"), swap_in_clear()
    if clear is None:
        remedy = "Have the whole disk encrypted: BitLocker and FileVault cover it."
        return tell(State.UNKNOWN, "The system does not say whether memory goes to a disk.", remedy)
    if clear:
        remedy = "Encrypt the swap, or switch it off: swapoff -a"
        return tell(State.LOOK, "Memory may be written to a disk that is not encrypted.", remedy)
    return tell(State.GOOD, "Memory goes to no disk in the clear.")


def _cores(outputs: Path) -> Finding:
    tell, program = partial(Finding, "Core dumps"), dumps_to_program()
    if os.name != "posix":
        remedy = "Switch the service WerSvc off, or have it keep nothing of python.exe."
        return tell(State.UNKNOWN, "Windows Error Reporting may keep the memory of a crash.", remedy)
    if program:
        remedy = "systemd-coredump and apport heed that; else: sysctl -w kernel.core_pattern=core"
        return tell(State.LOOK, f"The machine hands them to {program}, whatever a process forbids for itself.", remedy)
    return tell(State.GOOD, "None is made of a process of Data Wash.")


def _keys(outputs: Path) -> Finding:
    tell, names, folder = partial(Finding, "Keys"), list(key_names()), keys_folder()
    if not names:
        return tell(State.GOOD, f"No key has a file in {folder}.")
    wide = [path for path in (folder, *map(key_file, names)) if (mode_of(path) or 0) & OTHERS]
    if wide:
        said = f"{', '.join(map(str, wide))} can be read by others."
        return tell(State.WRONG, said, f"chmod -R go-rwx {folder}, and make new keys.")
    if folder.resolve().is_relative_to(outputs.resolve()):
        remedy = "Move them, and say where in DATAWASH_KEYS."
        return tell(State.WRONG, "The keys stand in the outputs folder, beside what they open.", remedy)
    return tell(State.GOOD, f"{len(names)} in {folder}, for this user alone.")


def _prefect(outputs: Path) -> Finding:
    tell, url = partial(Finding, "Prefect"), os.environ.get("PREFECT_API_URL", "")
    host = urlsplit(url).hostname
    if host and host not in LOOPBACK and not url.startswith("https://"):
        remedy = "Give PREFECT_API_URL an address with https://."
        return tell(State.WRONG, f"The server at {host} is spoken to in the clear.", remedy)
    stored = _stored_results()
    if stored:
        said = f"{stored[0].parent} holds {len(stored):,} stored results. Data Wash stores none: they are not its own."
        return tell(State.LOOK, said, "Look at them, and remove them.")
    return tell(State.GOOD, f"The server at {host}." if host else "No server but one of our own, on this machine.")


def _stored_results() -> list[Path]:
    home = Path(os.environ.get("PREFECT_HOME", str(Path.home() / ".prefect")))
    return [path for path in below(home / "storage") if path.is_file()]


def _room(outputs: Path) -> Finding:
    free = shutil.disk_usage(_nearest(outputs)).free
    state = State.LOOK if free < LITTLE_ROOM else State.GOOD
    said = f"{free / 1024**3:,.1f} GB free on the disk of the outputs."
    return Finding("Room", state, said, "Make room, or purge what need not be kept." if state is State.LOOK else "")


def _left(outputs: Path) -> Finding:
    try:
        left = [*find_paths(outputs, "*.part"), *left_scratch()]
    except OSError as error:
        return Finding("Leftovers", State.UNKNOWN, _closed(error), "See to it that who washes may look there.")
    if not left:
        return Finding("Leftovers", State.GOOD, "Nothing that was killed left anything.")
    said = f"Unfinished, of something that runs now or that was killed: {_some(left, outputs)}."
    return Finding("Leftovers", State.LOOK, said, "The next wash or check sweeps what nobody holds.")


QUESTIONS: tuple[Callable[[Path], Finding], ...] = (
    *(_program, _new_files, _outputs, _share, _disk, _swap, _cores, _keys, _prefect, _room, _left),
)


def _closed(error: OSError) -> str:
    return f"{error.filename} cannot be looked into ({error.strerror})."


def _nearest(outputs: Path) -> Path:
    place = outputs.resolve()
    while not place.is_dir():
        place = place.parent
    return place


def _some(paths: list[Path], outputs: Path) -> str:
    named = [path.relative_to(outputs) if path.is_relative_to(outputs) else path for path in paths[:SHOWN]]
    return ", ".join(map(str, named)) + (" and more" if len(paths) > SHOWN else "")
