"""A list as a file to download: marked, with the run, who asked and what for; decides what stands in it, not who may.

A name or postcode that was searched for does not stand in it.
"""

import io
import re
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pandas as pd

from reports.packs.wording import day
from reports.workbook import Cover, Sheet, write_csv, write_workbook
from web.families.listing import LEFT, LISTED, UNDETERMINED, Listing
from web.families.missing import Missing
from web.published import Published


TITLES = {LISTED: "Eligible families", UNDETERMINED: "Undetermined families", LEFT: "Families no longer listed"}
NAMES = {LISTED: "families", UNDETERMINED: "undetermined-families", LEFT: "families-no-longer-listed"}


class Wanted(NamedTuple):
    """Who asks for a file of which list, when, and for which of its families, in words."""

    name: str
    who: str
    at: datetime
    only: tuple[str, ...]


def as_workbook(run: Published, held: Listing, rows: np.ndarray, wanted: Wanted, missing: Missing) -> bytes:
    """The rows as XLSX: a sheet of them, and one that says what it is."""
    file = io.BytesIO()
    title = TITLES[wanted.name]
    write_workbook(file, _cover(run, wanted, len(rows), missing), [Sheet(title, _table(held, rows), frozen=2)])
    return file.getvalue()


def as_csv(run: Published, held: Listing, rows: np.ndarray, wanted: Wanted) -> bytes:
    """The rows as CSV for Excel; each says how it is marked, of which run it is and who asked."""
    file = io.BytesIO()
    told = {"marking": run.settings.authority.marking, "run": run.run_id, "asked_by": wanted.who}
    write_csv(file, _table(held, rows).assign(**told))
    return file.getvalue()


def file_name(run: Published, wanted: Wanted, form: str) -> str:
    """`OFFICIAL-SENSITIVE families 2013-09-30 27fb5c6f7a4f.xlsx`."""
    marking = re.sub(r"[^\w -]", "-", run.settings.authority.marking)
    return f"{marking} {NAMES[wanted.name]} {run.manifest.as_of.isoformat()} {run.run_id}.{form}"


def _table(held: Listing, rows: np.ndarray) -> pd.DataFrame:
    """The rows as the list has them, with area and schools; columns of criteria that this programme lacks are left."""
    return held.table.take(rows).reset_index(drop=True)


def _cover(run: Published, wanted: Wanted, count: int, missing: Missing) -> Cover:
    at = f"{day(wanted.at.date())}, {wanted.at:%H:%M} UTC"
    only = "; ".join(wanted.only) or "none: every family that they may see"
    silent = [f"{school.name} sent no attendance for {school.terms}: education is not known for its pupils "
              "unless otherwise met." for school in missing.schools]
    notes = (f"Asked for by {wanted.who} on {at}.", f"Filters: {only}.", f"Families in this file: {count:,}.",
             *missing.extracts, *silent)
    return run.cover(TITLES[wanted.name], notes)


