"""`datawash check`: would these settings and extracts go through a wash? Washes nothing and keeps nothing.

Extracts are read from a private copy that is removed at the end; what is rejected is counted, never shown.
"""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from cli.say import Report, many, table
from criteria import load_framework
from pipeline.boundaries import boundaries_file
from pipeline.config import load_settings
from pipeline.intake.ingest import Ingested, ingest_source
from pipeline.intake.sources import Source, Sources, find_sources
from pipeline.prepare import Request, settings_path
from pipeline.publish import needed_by
from pipeline.record.files import plain_storage_errors
from pipeline.record.scratch import scratch_folder
from schemas.errors import ExtractRefusedError, UsageError
from schemas.rules import message


COMMONEST = 3
MOST_FILES = 3
DROPPED = "unknown_column"


class Checked(NamedTuple):
    """An extract: what was counted in it, or why it is refused."""

    extract: str
    facts: dict[str, Any]
    refused: str | None = None


def check_folder(folder: Path, settings: Path | None, as_of: date) -> Report:
    """Read settings and extracts as a wash would, and report on each extract.

    SettingsError, UsageError and a missing extract are raised; an extract that is refused is reported, and the others
    are looked at all the same. The exit code is then that of a refused extract.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder of extracts.")
    with plain_storage_errors("The check"), scratch_folder() as place:
        path = settings_path(Request(folder, as_of, place, settings))
        known = load_settings(path)
        boundaries_file(path)
        rests_on = needed_by(load_framework(known.criteria).name)
        found = find_sources(folder, known.extracts, place / "archive")
        checked = [_check(source, as_of) for source in found.sources]
    facts = _facts(found, checked, rests_on) | {"settings": path and str(path), "as_of": as_of.isoformat()}
    refused = any(one.refused for one in checked)
    return Report(facts, _in_words(facts), ExtractRefusedError.exit_code if refused else 0)


def _check(source: Source, as_of: date) -> Checked:
    try:
        return Checked(source.extract, _counted(source, ingest_source(source, as_of=as_of)))
    except ExtractRefusedError as error:
        return Checked(source.extract, {"files": _paths(source)}, str(error))


def _counted(source: Source, done: Ingested) -> dict[str, Any]:
    rules = done.quarantine["rule"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return {
        "files": _paths(source),
        "rows_read": sum(file.rows_read for file in done.files),
        "rows_accepted": sum(file.rows_accepted for file in done.files),
        "rows_quarantined": sum(file.rows_quarantined for file in done.files),
        "rules": {str(rule): int(count) for rule, count in rules.items()},
        "notes": {note: count for note, count in done.notes.items() if note != DROPPED},
        "columns_dropped": {str(name): int(files) for name, files in done.dropped["heading"].value_counts().items()},
    }


def _paths(source: Source) -> list[str]:
    return sorted(file.path for file in source.files)


def _facts(found: Sources, checked: list[Checked], rests_on: dict[str, str]) -> dict[str, Any]:
    given = {one.extract for one in checked}
    return {
        "sound": not any(one.refused for one in checked),
        "extracts": {one.extract: one.facts | {"refused": one.refused} for one in checked},
        "missing_extracts": {name: criterion for name, criterion in rests_on.items() if name not in given},
        "not_read": list(found.not_read),
    }


def _in_words(facts: dict[str, Any]) -> list[str]:
    return [
        f"Settings: {facts['settings'] or 'the packaged defaults'}. Looked at as of {facts['as_of']}.",
        *(line for name, one in facts["extracts"].items() for line in _extract_lines(name, one)),
        *(f"No extract {name}: {criterion} is unknown wherever nothing else shows it to be met."
          for name, criterion in facts["missing_extracts"].items()),
        *([f"Not read: {', '.join(facts['not_read'])}."] if facts["not_read"] else []),
        "A wash would go through. Nothing was washed." if facts["sound"] else "A wash would stop. Nothing was washed.",
    ]  # fmt: skip


def _extract_lines(name: str, one: dict[str, Any]) -> list[str]:
    more = f" and {len(one['files']) - MOST_FILES} more" if len(one["files"]) > MOST_FILES else ""
    files = ", ".join(one["files"][:MOST_FILES]) + more
    if one["refused"]:
        return [f"{name} ({files}): REFUSED", *(f"  {line}" for line in one["refused"].splitlines())]
    rejected = ", ".join(f"{rule} {count:,}" for rule, count in list(one["rules"].items())[:COMMONEST])
    notes = [(f"{count:,}", _note(note)) for note, count in one["notes"].items()]
    dropped = sorted(one["columns_dropped"])
    return [
        f"{name} ({files}): {many(one['rows_read'], 'row')}, {one['rows_accepted']:,} accepted, "
        f"{one['rows_quarantined']:,} quarantined{f' ({rejected})' if rejected else ''}",
        *(table(notes) if notes else []),
        *([f"  Not needed, and dropped at the door: {', '.join(dropped)}."] if dropped else []),
    ]


def _note(note: str) -> str:
    """`placeholder: surname` -> what the rule says of it."""
    rule, _, column = note.partition(": ")
    return message(rule, column or None)
