"""What of a run was purged, as the retention file has it: so that a file which is gone can be told from a lost one."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pipeline.keys.lists import stands
from pipeline.record.chain import Entry
from pipeline.record.manifest import Manifest
from pipeline.retention.register import archived_path, check_retention, gone, when
from schemas.errors import UsageError


class Purged(NamedTuple):
    """What was purged of a run, of what its manifest names: files by path, archived files by sha256; and in words."""

    files: frozenset[str]
    archived: frozenset[str]
    notes: tuple[str, ...] = ()


def purged_of(folder: Path, manifest: Manifest) -> Purged:
    """What of the run in `folder` was purged and is gone. IntegrityError where the retention file was changed.

    A file counts as purged only where what went had the digest that the manifest has.
    """
    if not check_retention(folder.parent):
        return Purged(frozenset(), frozenset())
    known = gone(folder.parent)
    then = {entry.file: entry.sha256 for entry in manifest.outputs}
    files = {file: entry for (run, file), entry in known.files.items()
             if run == folder.name and then.get(file) == entry["sha256"] and stands(folder, file) is None}
    read = {file.sha256 for file in manifest.inputs if not archived_path(folder.parent, file.sha256).exists()}
    archived = {sha256: entry for sha256, entry in known.archived.items() if sha256 in read}
    notes = (*_counted(files.values(), "file"), *_counted(archived.values(), "extract file"))
    more = (NOT_AGAIN,) if archived else ()
    return Purged(frozenset(files), frozenset(archived), (*notes, *more))


NOT_AGAIN = "Without its extracts this run cannot be replayed."


def refuse_unrepeatable(folder: Path, manifest: Manifest) -> None:
    """UsageError where what a run was washed from is not here any more: its extracts, or the run that it followed."""
    purged = purged_of(folder, manifest)
    if purged.archived:
        raise UsageError(f"{folder.name} cannot be replayed. {' '.join(purged.notes)}")
    if missing := without_previous(folder, manifest):
        raise UsageError(missing)


def without_previous(folder: Path, manifest: Manifest) -> str | None:
    """A sentence where the run that this one followed is not here any more: whether it was purged, and what that
    means."""
    before = manifest.previous
    if before is None or (folder.parent / before.name).exists():
        return None
    said = purged_run(folder.parent, before.name) or f"The run {before.name} is not here."
    return f"{said} {folder.name} followed it, and cannot be replayed without it."


def purged_run(outputs: Path, name: str) -> str | None:
    """A sentence where the run called `name` was purged: its folder's name, its id or the start of one."""
    found = [run for run in gone(outputs).runs if run == name or run.split("-", 3)[-1].startswith(name)]
    return f"{found[0]} was {when(gone(outputs).runs[found[0]])}." if len(found) == 1 else None


def _counted(entries: Iterable[Entry], what: str) -> list[str]:
    said = Counter(when(entry) for entry in entries)
    return [f"{count:,} {what}{'' if count == 1 else 's'} of it: {words}." for words, count in sorted(said.items())]
