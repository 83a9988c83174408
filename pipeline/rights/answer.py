"""The answer to a request for access, as a workbook or as JSON: everything held, for whoever checks it before it goes.

The audit log has it before the file stands there. It names somebody, so it is for its owner alone, and goes nowhere by
itself.
"""

import io
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.published import cover_of, settings_of
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder, write_aside
from pipeline.record.manifest import read_manifest
from pipeline.record.rows import records
from pipeline.record.run import open_run
from pipeline.rights.held import as_sheets, count, held_about
from pipeline.rights.sought import Sought
from reports.workbook import Sheet, write_workbook
from schemas.errors import UsageError


NOTES = (
    "Everything that stands below the outputs folder about one person, as a wash knows them. Backups, and copies that "
    "somebody took elsewhere, are not among it.",
    "Read it before it is handed over. Rows were joined by what they say, and a run may have joined another's: the "
    "sheet of rows says which were joined. Households, families, cases, pairs and packs are about others too, whose "
    "data is theirs.",
    "Scores, weights and ids are of the wash. A person decided nothing by them but where decisions are listed.",
)


class Answer(NamedTuple):
    """The file that was written, and how many lines it holds of each table."""

    file: Path
    counts: dict[str, int]


def answer_request(outputs: Path, sought: Sought, out: Path) -> Answer:
    """Write everything held about whoever was sought to `out`, an XLSX or JSON file. UsageError for any other."""
    if out.suffix not in (".xlsx", ".json"):
        raise UsageError(f"{out.name}: an answer is an .xlsx or a .json file.")
    tables = held_about(outputs, sought)
    data = _as_json(tables) if out.suffix == ".json" else _as_workbook(outputs, tables)
    private_folder(out.parent)
    record_event(outputs, "subject_told", "rights", lines=sum(count(tables).values()), sha256=sha256(data).hexdigest())
    write_aside(out, data)
    out.chmod(0o600)
    return Answer(out, count(tables))


def _as_json(tables: dict[str, pd.DataFrame]) -> bytes:
    held = {name: records(_plain(table)) for name, table in tables.items()}
    told = {"notes": list(NOTES), "written_at": datetime.now(UTC).isoformat(timespec="seconds"), "held": held}
    return json.dumps(told, indent=1, ensure_ascii=False, default=str).encode()


def _as_workbook(outputs: Path, tables: dict[str, pd.DataFrame]) -> bytes:
    run = open_run(outputs, "latest")
    manifest = read_manifest(run)
    cover = cover_of("What is held about a person", manifest, settings_of(run, manifest), NOTES)
    titles = as_sheets(tables)
    file = io.BytesIO()
    write_workbook(file, cover, [Sheet(titles[name], _plain(table)) for name, table in tables.items()])
    return file.getvalue()


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Cells that a workbook and JSON can hold: what is a list of something is text."""
    odd = [name for name in table.columns if table[name].map(lambda cell: isinstance(cell, list | dict | set)).any()]
    return table.assign(**{name: table[name].map(str) for name in odd})
