"""Is a place fit for families' data? Looked at as a wash, a schedule or the pages start; decides what is refused there.

Refused is what makes a promise void: a folder that everybody may write to. The rest is said, with what to do.
"""

import os
import stat
from pathlib import Path

from pipeline.record.machine import OTHERS, mode_of, network_share
from schemas.errors import StorageError


SHOWN = 3
NOT_OURS = ("README.md", ".gitignore")
"""What stands in an outputs folder and says nothing of anybody."""


def refuse_open_place(outputs: Path) -> None:
    """StorageError where anybody on this machine may put files into the outputs folder, or take them away."""
    mode = mode_of(outputs)
    if mode is not None and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        raise StorageError(
            f"Everybody on this machine may write to {outputs}, and so exchange a run or a decision. Nothing was "
            f"begun. Close it: chmod 700 {outputs}"
        )


def doubts(outputs: Path) -> tuple[str, ...]:
    """What is not as it should be with the outputs folder, each with what to do; it may not be there yet."""
    return (*_writable(outputs), *_readable(outputs), *_shared(outputs))


def open_to_others(outputs: Path) -> list[Path]:
    """What stands in the outputs folder, and can be read or changed by other users of this machine."""
    if os.name != "posix" or not outputs.is_dir():
        return []
    inside = [path for path in sorted(outputs.iterdir()) if path.name not in NOT_OURS]
    return [path for path in inside if (mode_of(path) or 0) & OTHERS]


def _writable(outputs: Path) -> list[str]:
    mode = mode_of(outputs) or 0
    if not mode & (stat.S_IWGRP | stat.S_IWOTH):
        return []
    return [f"Other users of this machine may put files into {outputs}. Close it: chmod 700 {outputs}"]


def _readable(outputs: Path) -> list[str]:
    found = open_to_others(outputs)
    if not found:
        return []
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    names = ", ".join(path.name for path in found[:SHOWN])
    return [f"Other users of this machine may read {names}{more} in {outputs}. Close it: chmod -R go-rwx {outputs}"]


def _shared(outputs: Path) -> list[str]:
    kind = network_share(outputs)
    if kind is None:
        return []
    return [
        f"{outputs} is on a network share ({kind}): what keeps two washes apart is not sure there, and what is written "
        "goes over the network. Have the outputs on a disk of this machine, and back them up from there."
    ]
