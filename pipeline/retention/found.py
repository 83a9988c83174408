"""What stands below the outputs, by class: each thing with its files and its day; removes nothing, and opens no table.

A run, its lists and its restricted rows are as old as its as-of date, an archived extract as the latest run that read
it, everything else as its file. The registers, the decisions, the audit log and what was prepared for a claim window
are of no class: they are the record itself.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from pipeline.record.listing import files_below, find_paths
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.run import PART, published_runs
from pipeline.replays import ASKED
from pipeline.retention.policy import Kind
from pipeline.retention.register import CIPHER


LIST_ENDINGS = (".xlsx", ".csv", ".html", ".xlsx.age", ".csv.age", ".html.age")


class Thing(NamedTuple):
    """Something that goes as one: its class, its path below the outputs, its day, the run it is of (or none) and its
    files; for a file of a run also the digest that the manifest has (`clear`)."""

    kind: Kind
    path: str
    day: date
    run: str
    files: tuple[Path, ...]
    clear: str = ""


class Standing(NamedTuple):
    """The published runs of an outputs folder, in order, with their manifests."""

    outputs: Path
    manifests: dict[str, Manifest]


def standing(outputs: Path) -> Standing:
    """The published runs below `outputs`."""
    return Standing(outputs, {run.name: read_manifest(run) for run in published_runs(outputs)})


def find_things(now: Standing) -> list[Thing]:
    """Everything of every class, in the order of the classes, then of the paths."""
    found = [*_replays(now.outputs), *_files(now.outputs, Kind.REPORTS, "reports/**/*"), *_packs(now.outputs)]
    for name, manifest in now.manifests.items():
        found += _parts_of_run(now.outputs, name, manifest)
    found += _extracts(now)
    order = list(Kind)
    return sorted(found, key=lambda thing: (order.index(thing.kind), thing.path))


def left_behind(outputs: Path) -> list[Path]:
    """Folders and files that interrupted commands left. Call it while nothing else is at work there."""
    patterns = (f"*{PART}", ".*.aside", "*/.*.aside", f"archive/.*{PART}", "pages/replays/[0-9]*/work",
                "claims/*/.packs.part", "claims/*/.packs.old")
    return sorted({path for pattern in patterns for path in find_paths(outputs, pattern)})


def files_of(path: Path) -> tuple[Path, ...]:
    """A file alone, or every file of a folder."""
    return (path,) if path.is_file() else tuple(files_below(path))


def kept_pointers(manifests: Iterable[Manifest]) -> set[str]:
    """What runs were washed with beside their extracts, by sha256: it goes when the last of them goes."""
    named = ("settings_file", "judgements", "model_file", "claims_register", "decisions", "boundaries", "rights")
    held = (getattr(manifest, name, None) for manifest in manifests for name in named)
    return {pointer.sha256 for pointer in held if pointer is not None}


def _parts_of_run(outputs: Path, name: str, manifest: Manifest) -> Iterator[Thing]:
    folder, day = outputs / name, manifest.as_of
    then = {entry.file: entry.sha256 for entry in manifest.outputs}
    yield Thing(Kind.RUNS, name, day, name, files_of(folder))
    for path in files_of(folder):
        place = path.relative_to(folder).as_posix()
        clear = then.get(place) or then.get(place.removesuffix(CIPHER), "")
        if place.startswith("restricted/"):
            yield Thing(Kind.RESTRICTED, f"{name}/{place}", day, name, (path,), clear)
        elif path.name.endswith(LIST_ENDINGS):
            yield Thing(Kind.LISTS, f"{name}/{place}", day, name, (path,), clear)


def _extracts(now: Standing) -> Iterator[Thing]:
    read: dict[str, date] = {}
    for manifest in now.manifests.values():
        for file in manifest.inputs:
            read[file.sha256] = max(manifest.as_of, read.get(file.sha256, manifest.as_of))
    spared = kept_pointers(now.manifests.values())
    for path in find_paths(now.outputs / "archive", "[0-9a-f]*"):
        sha256 = path.name.removesuffix(CIPHER)
        if len(sha256) == 64 and sha256 not in spared:
            yield Thing(Kind.EXTRACTS, f"archive/{path.name}", read.get(sha256) or _day_of(path), "", (path,))


def _replays(outputs: Path) -> Iterator[Thing]:
    for folder in find_paths(outputs / "pages" / "replays", "[0-9]*"):
        of = json.loads((folder / ASKED).read_bytes())["run"] if (folder / ASKED).exists() else ""
        yield Thing(Kind.REPLAYS, folder.relative_to(outputs).as_posix(), _day_of(folder), of, files_of(folder))


def _packs(outputs: Path) -> Iterator[Thing]:
    yield from _files(outputs, Kind.PACKS, "packs/**/*")
    for folder in find_paths(outputs, "claims/*/packs"):
        yield Thing(Kind.PACKS, folder.relative_to(outputs).as_posix(), _day_of(folder), "", files_of(folder))


def _files(outputs: Path, kind: Kind, pattern: str) -> Iterator[Thing]:
    for path in find_paths(outputs, pattern):
        if path.is_file() and not path.name.startswith("."):
            yield Thing(kind, path.relative_to(outputs).as_posix(), _day_of(path), "", (path,))


def _day_of(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
