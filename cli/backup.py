"""`datawash backup` and `datawash restore`: how they are asked for and told; decides whose keys a backup is for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cli.replay import replay_again
from cli.say import Report, many, table
from pipeline.backup.restoring import Restored, restore_backup
from pipeline.backup.writing import Written, write_backup
from pipeline.config import load_settings
from pipeline.keys.encryption import AGE, Recipients, private_place
from pipeline.published import settings_of
from pipeline.record.manifest import read_manifest
from pipeline.record.run import published_runs
from web.door.store import FILE, FOLDER, forget_comings


NOT_WHOLE = 7
STORES = {f"{FOLDER}/{FILE}": forget_comings}
PLAIN = (
    "It is not encrypted: whoever has the file can read everything in it.",
    "Settings with a run key and an escrow key ([protection]) encrypt it.",
)


def back_up(outputs: Path, to: Path, settings: Path | None) -> Report:
    """Write a backup to the file or into the folder `to`. Exit code 7 where something in it was damaged before."""
    recipients = _recipients(outputs, settings)
    path = to / _called(outputs, recipients) if to.is_dir() else to
    begun = time.monotonic()
    written = write_backup(outputs, path, recipients, STORES)
    seconds = round(time.monotonic() - begun, 1)
    contents = written.contents
    facts = {"file": str(path), "sha256": written.sha256, "bytes": path.stat().st_size, "encrypted": bool(recipients)}
    facts |= {"read_back": written.read_back}
    facts |= {"runs": written.runs, "files": len(contents.files), "seconds": seconds}
    facts |= {"amiss": list(contents.amiss), "links_left_out": list(contents.links_left_out)}
    return Report(facts, _said(written, seconds, encrypted=bool(recipients)), NOT_WHOLE if contents.amiss else 0)


def restore(path: Path, outputs: Path, *, drill: bool, replay: bool = False) -> Report:
    """Restore a backup and verify it; for a drill, into a private folder that is removed. Exit code as `back_up`.

    `replay`: wash its latest run again, too. ReplayDiffersError where that comes out otherwise.
    """
    begun = time.monotonic()
    with _place(outputs, drill) as place:
        restored = restore_backup(path, place)
        seconds = round(time.monotonic() - begun, 1)
        replayed = replay_again(place, "latest", None, False) if replay else Report({}, [])
    found = restored.found
    facts = {"made_at": restored.contents.made_at, "runs": found.runs, "files": len(restored.contents.files)}
    facts |= {"files_of_runs": found.files, "archived": found.archived, "lines": dict(found.lines)}
    facts |= {"amiss": list(found.amiss), "notes": list(found.notes), "seconds": seconds, "drill": drill}
    facts |= {"outputs": None if drill else str(outputs)}
    facts |= {"replayed": replayed.facts.get("run")}
    lines = [*_told(restored, seconds, outputs, drill), *replayed.lines]
    return Report(facts, lines, NOT_WHOLE if found.amiss else 0)


def _called(outputs: Path, recipients: Recipients | None) -> str:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    return f"datawash-{outputs.resolve().name}-{now}.tar{AGE if recipients else ''}"


def _recipients(outputs: Path, settings: Path | None) -> Recipients | None:
    """Whom the settings encrypt to: those that are named, else those of the latest run."""
    if settings is not None:
        return Recipients.from_settings(load_settings(settings).protection)
    runs = published_runs(outputs)
    return Recipients.from_settings(settings_of(runs[-1], read_manifest(runs[-1])).protection) if runs else None


def _said(written: Written, seconds: float, *, encrypted: bool) -> list[str]:
    contents = written.contents
    size = written.path.stat().st_size
    done = [*(["encrypted"] if encrypted else []), *(["read back"] if written.read_back else [])]
    lines = [
        f"{written.path}: {many(written.runs, 'run')}, {many(len(contents.files), 'file')}, {size:,} bytes, written, "
        f"{', '.join(done)} in {seconds} s.",
        f"Its sha256 is {written.sha256}.",
        *([] if encrypted else PLAIN),
        *(f"Not taken, because it is a link: {name}" for name in contents.links_left_out),
    ]
    if contents.amiss:
        lines += ["These were not what they should be, and are in the backup as they stand:"]
        lines += [f"  {line}" for line in contents.amiss]
    return lines


def _told(restored: Restored, seconds: float, outputs: Path, drill: bool) -> list[str]:
    found, contents = restored.found, restored.contents
    where = "a folder of the drill's own, which is removed again" if drill else str(outputs)
    rows = [("runs", found.runs), ("files of runs", found.files), ("archived files", found.archived)]
    rows += [(f"lines of {name}", count) for name, count in found.lines.items()]
    lines = [
        f"The backup of {contents.made_at} is restored to {where}: {many(len(contents.files), 'file')} in {seconds} s.",
        "Verified:",
        *table([(name, f"{count:,}") for name, count in rows]),
        *found.notes,
    ]
    if found.amiss:
        return [*lines, "Not sound:", *(f"  {line}" for line in found.amiss)]
    lines.append("Everything is what it was.")
    if not drill:
        lines.append("Accounts are as they were then, and nobody is signed in: lock who has left since.")
    return lines


@contextmanager
def _place(outputs: Path, drill: bool) -> Iterator[Path]:
    if not drill:
        yield outputs
        return
    with private_place(outputs) as place:
        yield place / "outputs"
