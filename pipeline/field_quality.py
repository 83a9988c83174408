"""How full each field of a run's extracts is, as the clean tables' files say it of themselves; reads no row."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from schemas.columns import TEXT
from schemas.extracts import EXTRACTS


BIRTH = "date_of_birth"
"""The first and last day of birth are somebody's own, and are not told."""


def field_quality(clean: Path) -> pd.DataFrame:
    """A row for each field of each extract that has a clean table in the folder: `schemas.published.FieldQuality`."""
    there = [name for name in EXTRACTS if (clean / f"{name}.parquet").exists()]
    rows = [row for name in there for row in _fields(name, clean / f"{name}.parquet")]
    table = pd.DataFrame(rows, columns=["extract", "field", "rows", "blank", "first", "last"])
    days = {name: pd.to_datetime(table[name]).astype("datetime64[ns]") for name in ("first", "last")}
    return table.assign(**days).astype({"extract": TEXT, "field": TEXT, "rows": "Int64", "blank": "Int64"})


def _fields(extract: str, path: Path) -> Iterable[tuple[Any, ...]]:
    spec, said = EXTRACTS[extract], pq.read_metadata(path)
    names = said.schema.to_arrow_schema().names
    for field in spec.columns:
        groups = [said.row_group(group) for group in range(said.num_row_groups)]
        held = [group.column(names.index(field)).statistics for group in groups if group.num_rows]
        dated = field in spec.dates and not field.endswith(BIRTH)
        days = [day for one in held if dated and one.has_min_max for day in (one.min, one.max)]
        blank = sum(one.null_count for one in held)
        yield extract, field, said.num_rows, blank, min(days, default=None), max(days, default=None)
