"""An extract's layouts, each mapped and parsed, as one table with its faults; decides nothing about a row."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.intake.dropping import Dropped, also_dropped
from pipeline.intake.mapping import FileRead, Mapped, map_part
from pipeline.intake.parsing import Breach, Setting, parse_table
from pipeline.intake.sources import Part
from schemas.extracts import ExtractSpec


class Taken(NamedTuple):
    """Parsed rows and the text they came from, row by row; `file_of` is a place in `files`."""

    frame: pd.DataFrame
    text: pa.Table
    file_of: np.ndarray
    row_numbers: np.ndarray
    files: tuple[FileRead, ...]
    breaches: list[Breach]
    notes: Mapping[tuple[str, str | None], int]
    dropped: Dropped


def take_in(part: Part, spec: ExtractSpec, as_of: date) -> Taken:
    """Map and parse the files of one layout."""
    mapped = map_part(part, spec.name)
    frame, breaches = parse_table(mapped.table, spec, _setting(mapped, part, spec, as_of))
    return Taken(
        frame, mapped.table, mapped.file_of, mapped.row_numbers, mapped.files, breaches, mapped.notes, mapped.dropped
    )


def _setting(mapped: Mapped, part: Part, spec: ExtractSpec, as_of: date) -> Setting:
    return Setting(
        extract=spec.name,
        as_of=as_of,
        file_of=mapped.file_of,
        file_names=tuple(read.file.path for read in mapped.files),
        spreadsheets=np.array([read.form == "xlsx" for read in mapped.files]),
        date_formats=part.layout.dates,
    )


def together(parts: list[Taken]) -> Taken:
    """The layouts of an extract one after the other."""
    if len(parts) == 1:
        return parts[0]
    rows = np.cumsum([0, *(len(part.frame) for part in parts)])
    files = np.cumsum([0, *(len(part.files) for part in parts)])
    return Taken(
        frame=pd.concat([part.frame for part in parts], ignore_index=True),
        text=pa.concat_tables([part.text for part in parts], promote_options="default"),
        file_of=np.concatenate([part.file_of + start for part, start in zip(parts, files, strict=False)]),
        row_numbers=np.concatenate([part.row_numbers for part in parts]),
        files=tuple(read for part in parts for read in part.files),
        breaches=[
            breach._replace(rows=breach.rows + start)
            for part, start in zip(parts, rows, strict=False)
            for breach in part.breaches
        ],
        notes=sum((Counter(part.notes) for part in parts), Counter()),
        dropped=also_dropped({}, (item for part in parts for item in part.dropped.items())),
    )
