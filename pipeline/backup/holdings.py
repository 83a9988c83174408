"""Which files below an outputs folder a backup takes; decides what is left out, and reads none of them.

Left out is what a process needs only while it lives (locks, half-written files, clear copies), Prefect's own database,
what people searched for, other private keys, and links that lead elsewhere.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pipeline.record.listing import walk
from pipeline.record.run import PART


SERVED_BY = "prefect"
SEARCHES = "pages/searches.sqlite"
UPLOADS = "pages/uploads/"
REPLAYING = "work"
KEY = ".key"
OF_THE_OUTPUTS = (".rights.key",)
"""Hidden, and yet part of what stands here: without it the marks that people asked for fit nobody."""
SQLITE = ".sqlite"
BESIDE_SQLITE = (".sqlite-wal", ".sqlite-shm", ".sqlite-journal")
LINES = ".jsonl"
PREPARED = "claim.json"


class Holdings(NamedTuple):
    """Paths below the outputs folder, in order. `live`: those that change while they stand; `links`: not followed."""

    still: tuple[str, ...]
    live: tuple[str, ...]
    links: tuple[str, ...]


def list_holdings(outputs: Path) -> Holdings:
    """What is to be taken of an outputs folder as it stands now."""
    files: list[str] = []
    links: list[str] = []
    for path in _walk(outputs):
        (links if path.is_symlink() else files).append(path.relative_to(outputs).as_posix())
    taken = [name for name in sorted(files) if _is_kept(name)]
    live = tuple(name for name in taken if is_live(name))
    return Holdings(tuple(name for name in taken if not is_live(name)), live, tuple(sorted(links)))


def is_live(name: str) -> bool:
    """Whether a file is written to as people work: a chained file, a store of accounts, a prepared claim."""
    path = PurePosixPath(name)
    in_run = len(path.parts) > 1 and path.parts[0][:1].isdigit()
    return not in_run and not _is_of_replay(path) and (path.suffix in (LINES, SQLITE) or path.name == PREPARED)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in walk(folder):
        here = Path(place)
        names = [*files, *(name for name in folders if (here / name).is_symlink())]
        folders[:] = [name for name in folders if _is_kept((here / name).relative_to(folder).as_posix())]
        yield from (here / name for name in names)


def _is_of_replay(path: PurePosixPath) -> bool:
    return path.parts[:2] == ("pages", "replays")


def _is_kept(name: str) -> bool:
    parts = name.split("/")
    if name in OF_THE_OUTPUTS:
        return True
    passing = any(part.startswith(".") or part.endswith(PART) for part in parts)
    replaying = _is_of_replay(PurePosixPath(name)) and REPLAYING in parts[3:4]
    named = name.startswith((SEARCHES, UPLOADS)) or name.endswith((*BESIDE_SQLITE, KEY)) or parts[0] == SERVED_BY
    return not (passing or replaying or named)
