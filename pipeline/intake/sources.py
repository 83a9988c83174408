"""Which files of a folder are which extract; decides that by name and settings, archives them, and reads none.

Raw bytes are in the archive before anything is read, and are read from there.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from pipeline.intake.archive import ArchivedFile, archive_file
from pipeline.intake.file_names import canonical_extract, looked_for, values_in_name
from pipeline.intake.reader import start_reader
from pipeline.intake.settings import ExtractsSettings, FileSettings, Layout
from pipeline.keys.encryption import Recipients
from pipeline.record.listing import find_paths
from schemas.errors import ExtractRefusedError, SettingsError, UsageError
from schemas.extracts import EXTRACTS
from schemas.nearest import nearest


CRIME_EXTRACTS = ("youth_offending", "asb")
"""A wash needs at least one of these beside attendance."""


class SourceFile(NamedTuple):
    """A file of an extract: its path under the extract folder, its archived bytes, and what its name says."""

    path: str
    sha256: str
    size: int
    archived: Path
    named: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rsplit("/", 1)[-1]


class Part(NamedTuple):
    """The files of one layout, and of each table joined to them or spread over them."""

    layout: Layout
    files: tuple[SourceFile, ...]
    joins: tuple[tuple[SourceFile, ...], ...] = ()
    spreads: tuple[tuple[SourceFile, ...], ...] = ()


class Source(NamedTuple):
    """An extract and its files. `repeated`: files whose bytes another file of the extract has too, not read again."""

    extract: str
    parts: tuple[Part, ...]
    repeated: tuple[SourceFile, ...] = ()
    max_quarantined_share: float = 0.10

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Every file of the extract once, joined and repeated ones too, in the order of their content."""
        groups = [group for part in self.parts for group in (part.files, *part.joins, *part.spreads)]
        every = {file.path: file for group in (*groups, self.repeated) for file in group}
        return tuple(sorted(every.values(), key=_by_content))

    @property
    def snapshots(self) -> dict[str, date]:
        """The day on which a file was taken, by its sha256, where the settings say it."""
        taken = [(part.layout.snapshot_date, file.sha256) for part in self.parts for file in part.files]
        return {sha256: day for day, sha256 in taken if day}


class Sources(NamedTuple):
    """The extracts that were found, in the order of `EXTRACTS`, and the files that fit none."""

    sources: tuple[Source, ...]
    not_read: tuple[str, ...]


def find_sources(
    folder: Path,
    settings: ExtractsSettings,
    archive: Path,
    *,
    without: tuple[str, ...] = (),
    recipients: Recipients | None = None,
) -> Sources:
    """The extracts in `folder`, each file archived in `archive`, encrypted where there are `recipients`; extracts
    named in `without` are left out.

    Raises ExtractRefusedError when a file that the settings name is not there, when attendance is missing, or when
    both youth offending and anti-social behaviour are; UsageError when `without` names no extract.
    """
    _check_without(without)
    start_reader()
    keep = cache(partial(archive_file, archive=archive, recipients=recipients))
    wanted = [name for name in EXTRACTS if name not in without]
    sources = tuple(filter(None, (_find(folder, name, settings, keep) for name in wanted)))
    _check_enough({source.extract for source in sources}, folder, settings)
    return Sources(sources, _not_read(folder, {file.path for source in sources for file in source.files}))


def _by_content(file: SourceFile) -> tuple[str, str]:
    return file.sha256, file.path


def _check_without(without: tuple[str, ...]) -> None:
    for name in without:
        if name not in EXTRACTS:
            near = nearest(name, EXTRACTS)
            raise UsageError(f"{name} is not an extract{f'; did you mean {near}?' if near else '.'}")


def _check_enough(found: set[str], folder: Path, settings: ExtractsSettings) -> None:
    if "attendance" not in found:
        raise ExtractRefusedError(
            f"There is no attendance extract in {folder}, and a wash needs one. {_sought('attendance', settings)}"
        )
    if not found & set(CRIME_EXTRACTS):
        sought = " ".join(_sought(name, settings) for name in CRIME_EXTRACTS)
        raise ExtractRefusedError(
            f"There is neither a youth_offending nor an asb extract in {folder}, and a wash needs one of them. {sought}"
        )


def _sought(extract: str, settings: ExtractsSettings) -> str:
    patterns = [pattern for layout in settings.layouts(extract) for pattern in layout.files]
    return f"Looked for {', '.join(patterns) or looked_for(extract)}."


Archive = Callable[[Path], ArchivedFile]


def _find(folder: Path, extract: str, settings: ExtractsSettings, keep: Archive) -> Source | None:
    """The source of one extract; None where it has no file."""
    layouts = settings.layouts(extract) or (Layout(),)
    groups = [_files(folder, extract, layout, keep) for layout in layouts]
    groups, repeated = _once(extract, groups)
    parts = []
    for layout, files in zip(layouts, groups, strict=True):
        if files:
            joins = tuple(_joined(folder, extract, join, keep) for join in layout.join)
            spreads = tuple(_joined(folder, extract, spread, keep) for spread in layout.spread)
            parts.append(Part(layout, files, joins, spreads))
    return Source(extract, tuple(parts), repeated, settings.max_quarantined_share) if parts else None


def _files(folder: Path, extract: str, layout: Layout, keep: Archive) -> tuple[SourceFile, ...]:
    """The files of a layout in the order of their content: those it names, or else those of canonical name."""
    if layout.files:
        paths = _matching(folder, extract, layout.files)
    else:
        paths = [path for path in _plain_files(folder) if canonical_extract(path.name) == extract]
    return _archived(folder, extract, layout, paths, keep)


def _joined(folder: Path, extract: str, settings: FileSettings, keep: Archive) -> tuple[SourceFile, ...]:
    files = _archived(folder, extract, settings, _matching(folder, extract, settings.files), keep)
    return _once(extract, [files])[0][0]


def _archived(
    folder: Path, extract: str, settings: FileSettings, paths: Iterable[Path], keep: Archive
) -> tuple[SourceFile, ...]:
    return tuple(sorted((_archive(folder, extract, settings, path, keep) for path in paths), key=_by_content))


def _archive(folder: Path, extract: str, settings: FileSettings, path: Path, keep: Archive) -> SourceFile:
    place = path.relative_to(folder).as_posix()
    named: dict[str, str] | None = {}
    if settings.from_name:
        named = values_in_name(settings.from_name, place)
    if named is None:
        raise ExtractRefusedError(
            f"{extract}: the name of {place} does not fit the pattern {settings.from_name} that the settings give "
            f"as [extracts.{extract}] from_name. Rename the file, or mend the pattern."
        )
    kept = keep(path)
    return SourceFile(place, kept.sha256, kept.size, kept.path, tuple(sorted(named.items())))


def _matching(folder: Path, extract: str, patterns: tuple[str, ...]) -> list[Path]:
    """The files that the settings name; each pattern must find at least one, inside the folder."""
    found: dict[Path, None] = {}
    for pattern in patterns:
        paths = [folder / pattern] if (folder / pattern).is_file() else _globbed(folder, extract, pattern)
        if not paths:
            raise ExtractRefusedError(
                f"{extract}: the settings name {pattern}, and {folder} holds no such file. Add the file, mend "
                f"[extracts.{extract}] files, or leave the extract out."
            )
        found |= dict.fromkeys(sorted(paths))
    outside = [path for path in found if not path.resolve().is_relative_to(folder.resolve())]
    if outside:
        name = outside[0].relative_to(folder).as_posix()
        raise ExtractRefusedError(f"{extract}: {name} is a link that leads out of the extract folder.")
    return list(found)


def _globbed(folder: Path, extract: str, pattern: str) -> list[Path]:
    try:
        return [path for path in find_paths(folder, pattern) if path.is_file()]
    except ValueError:
        raise SettingsError(f"[extracts.{extract}] files: {pattern} is not a path or a pattern of paths.") from None


def _once(
    extract: str, groups: list[tuple[SourceFile, ...]]
) -> tuple[list[tuple[SourceFile, ...]], tuple[SourceFile, ...]]:
    """The groups with each content once, and the files whose content had been met before."""
    first: dict[str, SourceFile] = {}
    kept: list[tuple[SourceFile, ...]] = []
    repeated: list[SourceFile] = []
    for group in groups:
        fresh = []
        for file in group:
            before = first.setdefault(file.sha256, file)
            if before is file:
                fresh.append(file)
            elif before.named != file.named:
                raise ExtractRefusedError(
                    f"{extract}: {before.path} and {file.path} are the same file, and their names say different "
                    f"things. Remove the one that is wrong."
                )
            elif before.path != file.path:
                repeated.append(file)
        kept.append(tuple(fresh))
    return kept, tuple(repeated)


def _plain_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))


def _not_read(folder: Path, read: set[str]) -> tuple[str, ...]:
    """Files beside those that were read that fit no extract; settings and notes are not extracts."""
    places = {folder, *((folder / path).parent for path in read)}
    beside = {path.relative_to(folder).as_posix() for place in places for path in _plain_files(place)}
    return tuple(sorted(path for path in beside - read if not path.endswith((".toml", ".md"))))
