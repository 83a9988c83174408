"""What was found in the audit log as a file to keep: marked, with who asked and what for; decides no filter."""

import io
from collections.abc import Sequence

import pandas as pd

from pipeline.record.audit_search import Found
from reports.workbook import Cover, Sheet, write_csv, write_workbook
from schemas.columns import TEXT
from web.audit.events import event_words


TITLE = "Audit log"
COLUMNS = ("line", "at", "who", "event", "in_words", "run_id", "about")


def events_table(found: Sequence[Found]) -> pd.DataFrame:
    """The events as `COLUMNS`, a row each: `about` holds the facts as the log has them."""
    rows = [
        (one.line, one.at, one.who, one.event, event_words(one.event), one.run_id,
         "; ".join(f"{name}: {value}" for name, value in one.facts.items()))
        for one in found
    ]
    kinds = dict.fromkeys(COLUMNS[1:], TEXT) | {"line": "Int64"}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def as_workbook(table: pd.DataFrame, cover: Cover) -> bytes:
    """The events as XLSX: a sheet of them, and one that says what it is."""
    file = io.BytesIO()
    write_workbook(file, cover, [Sheet(TITLE, table)])
    return file.getvalue()


def as_csv(table: pd.DataFrame, marking: str, who: str) -> bytes:
    """The events as CSV for Excel; each says how it is marked and who asked."""
    file = io.BytesIO()
    write_csv(file, table.assign(marking=marking, asked_by=who))
    return file.getvalue()
