"""What stands in a folder, in order: one that may not be looked into is an error here, never an empty one.

`Path.glob` and `os.walk` say nothing of such a folder. Whatever decides by what stands somewhere asks here instead.
"""

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path


OF_THE_DISK = "lost+found"
"""What a file system keeps in its own root, for its owner alone."""


def find_paths(folder: Path, pattern: str) -> list[Path]:
    """The files and folders below `folder` that fit `pattern`, as `Path.glob` understands it; none where it is missing.

    ValueError for a pattern that fits nothing anywhere; OSError where a folder may not be looked into.
    """
    first, _, rest = pattern.partition("/")
    if not first or ("**" in first and first != "**"):
        raise ValueError(pattern)
    if first == "**":
        found = [folder, *(Path(place, name) for place, names, _ in walk(folder) for name in names)]
        return sorted({path for one in found for path in find_paths(one, rest or "*")})
    found = _named(folder, first)
    return [path for one in found for path in find_paths(one, rest)] if rest else found


def files_below(folder: Path) -> list[Path]:
    """Every file below `folder`; none where it is missing. OSError where a folder may not be looked into."""
    return sorted(path for place, _, names in walk(folder) for path in (Path(place, name) for name in names)
                  if path.is_file())  # fmt: skip


def walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """`os.walk` that raises OSError where a folder may not be looked into; one that is gone by then has nothing."""
    for place, folders, files in os.walk(folder, onerror=_tell):
        folders[:] = [name for name in folders if name != OF_THE_DISK]
        yield place, folders, files


def _tell(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _named(folder: Path, name: str) -> list[Path]:
    if not any(mark in name for mark in "*?["):
        return [folder / name] if (folder / name).exists() else []
    try:
        return sorted(path for path in folder.iterdir() if fnmatch(path.name, name) and path.name != OF_THE_DISK)
    except (FileNotFoundError, NotADirectoryError):
        return []
