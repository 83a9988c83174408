"""The month that a scheduled wash is for, its folder, and what is still missing there; reads no extract."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import Inbox, Settings
from pipeline.intake.file_names import canonical_extract, looked_for
from pipeline.intake.settings import ExtractsSettings
from pipeline.intake.sources import CRIME_EXTRACTS
from pipeline.record.listing import find_paths
from schemas.errors import SettingsError, UsageError
from schemas.extracts import EXTRACTS


def as_of_of(month: str | None, as_of: date | None, scheduled: datetime, timezone: str) -> date:
    """The date that a scheduled wash is as of: the one given, the month's last day, or that of the month before.

    `month` is like 2013-09. Without either, the month before the one in which, in `timezone`, the run was scheduled.
    """
    if as_of is not None:
        return as_of
    if month is None:
        return scheduled.astimezone(ZoneInfo(timezone)).date().replace(day=1) - timedelta(days=1)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise UsageError(f"month wants a year and a month like 2013-09, not {month!r}.") from None
    return first.replace(day=monthrange(first.year, first.month)[1])


def month_folder(inbox: Inbox, settings: Path | None, as_of: date) -> Path:
    """The folder of the month of `as_of`: `[inbox] path`, beside the settings file."""
    words = {"month": f"{as_of:%Y-%m}", "year": f"{as_of:%Y}", "as_of": as_of.isoformat()}
    try:
        path = inbox.path.format_map(words)
    except (KeyError, ValueError, IndexError, AttributeError):
        raise SettingsError(f"[inbox] path: {inbox.path} may hold {{month}}, {{year}}, {{as_of}}.") from None
    return (settings.parent if settings else Path()) / path


def missing_extracts(folder: Path, settings: Settings, without: tuple[str, ...] = ()) -> list[str]:
    """What `folder` still lacks of what a wash must have, each with the file names that are looked for."""
    required = [name for name in settings.inbox.required if name not in without]
    lacking = [(name, _lacking(folder, name, settings.extracts)) for name in required]
    missing = [f"{name} ({', '.join(sought)})" for name, sought in lacking if sought]
    if all(_lacking(folder, name, settings.extracts) for name in CRIME_EXTRACTS):
        missing.append(f"{' or '.join(CRIME_EXTRACTS)} (one of them is needed)")
    return missing


def left_out(folder: Path, settings: Settings) -> tuple[str, ...]:
    """The extracts whose files the settings name, that are not required and of which nothing is there."""
    sought = {name: _patterns(name, settings.extracts) for name in EXTRACTS if name not in settings.inbox.required}
    return tuple(name for name, patterns in sought.items() if patterns and patterns == _lost(folder, patterns))


def _lacking(folder: Path, extract: str, settings: ExtractsSettings) -> list[str]:
    """The names of files of `extract` that are looked for in vain."""
    if patterns := _patterns(extract, settings):
        return _lost(folder, patterns)
    files = folder.iterdir() if folder.is_dir() else ()
    return [] if any(canonical_extract(file.name) == extract for file in files) else [looked_for(extract)]


def _patterns(extract: str, settings: ExtractsSettings) -> list[str]:
    parts = [part for layout in settings.layouts(extract) for part in (layout, *layout.join, *layout.spread)]
    return [pattern for part in parts for pattern in part.files]


def _lost(folder: Path, patterns: list[str]) -> list[str]:
    return [pattern for pattern in patterns if not _there(folder, pattern)]


def _there(folder: Path, pattern: str) -> bool:
    try:
        return (folder / pattern).is_file() or any(path.is_file() for path in find_paths(folder, pattern))
    except ValueError:
        return False
