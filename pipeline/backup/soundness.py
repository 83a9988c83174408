"""Is everything below an outputs folder what it was? Every run verified, every chained file followed; mends nothing."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.backup.holdings import LINES, list_holdings
from pipeline.claims.register import check_register, register_path
from pipeline.decisions.store import check_decisions, decisions_path
from pipeline.record.audit_log import AUDIT_LOG, check_audit_log
from pipeline.record.chain import Chain, parse
from pipeline.record.run import run_folders
from pipeline.record.verify import verify_run
from pipeline.releases import FOLDER, LOG, read_releases
from schemas.errors import IntegrityError


class Sound(NamedTuple):
    """What was verified: runs and their files, archived files, lines by chained file; what is not sound; and notes."""

    runs: int
    files: int
    archived: int
    lines: Mapping[str, int]
    amiss: tuple[str, ...]
    notes: tuple[str, ...]


def check_outputs(outputs: Path) -> Sound:
    """Verify all that stands below `outputs`."""
    runs = run_folders(outputs)
    amiss: dict[str, None] = {}
    notes: dict[str, None] = {}
    files = 0
    for run in runs:
        try:
            found = verify_run(run)
        except IntegrityError as error:
            amiss |= dict.fromkeys(str(error).splitlines())
        else:
            files += found.files
            notes |= dict.fromkeys(found.notes)
    lines = {}
    for name, check in _chains(outputs).items():
        try:
            lines[name] = check(outputs)
        except IntegrityError as error:
            amiss |= dict.fromkeys(str(error).splitlines())
    return Sound(len(runs), files, _archived(outputs), lines, tuple(amiss), tuple(notes))


def _chains(outputs: Path) -> dict[str, Callable[[Path], int]]:
    """What checks each chained file that is there, and counts its lines."""
    known: dict[str, Callable[[Path], int]] = {
        AUDIT_LOG: check_audit_log,
        decisions_path(outputs).name: check_decisions,
        register_path(outputs).relative_to(outputs).as_posix(): check_register,
        f"{FOLDER}/{LOG}": lambda place: len(read_releases(place)),
    }
    live = [name for name in list_holdings(outputs).live if name.endswith(LINES)]
    return {name: known.get(name, partial(_follow, name)) for name in live}


def _follow(name: str, outputs: Path) -> int:
    """The count of lines of a chained file of which no more is known than that its lines follow from each other."""
    kind = Chain(name, "", "", "Bring it back from another backup.", "bring it back from another backup.")
    return len(parse((outputs / name).read_bytes(), kind).entries)


def _archived(outputs: Path) -> int:
    folder = outputs / "archive"
    return sum(not path.name.startswith(".") for path in folder.iterdir()) if folder.is_dir() else 0
