"""One extract from its archived files to a clean table and its rejected rows; decides which row is accepted.

Bad data never raises: it is a quarantined row, a cleared value, or, where there is too much of it, a refused extract.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.checks import check_rows
from pipeline.intake.dropping import dropped_table
from pipeline.intake.mapping import FileRead
from pipeline.intake.parsing import Breach
from pipeline.intake.rejecting import decide, refuse_too_many, rejected_rows
from pipeline.intake.sources import Source, SourceFile
from pipeline.intake.taking_in import Taken, take_in, together
from pipeline.intake.validation import check_values, require_validation
from pipeline.record.manifest import InputFile
from pipeline.rights.door import NOBODY, Marks, records_left_alone, take_out_erased
from schemas.columns import TEXT
from schemas.engine import open_engine
from schemas.extracts import EXTRACTS, ExtractSpec
from schemas.person import PROVENANCE_COLUMNS
from schemas.rules import RULES, Outcome


class Ingested(NamedTuple):
    """An extract as it came in.

    `clean`: the clean table of `EXTRACTS`. `quarantine`: schemas.published.Quarantine, a line for each rejected row.
    `restricted`: the same with the rejected value. `files`: what was read of each file. `notes`: what was seen that
    is worth telling, a count for each "rule: column". `dropped`: schemas.working.DroppedColumns, the headings of the
    columns that the extract does not need and that went no further. `left_alone`: schemas.working.LeftAlone, the
    records of people who asked that their data be left alone.
    """

    clean: pd.DataFrame
    quarantine: pd.DataFrame
    restricted: pd.DataFrame
    files: tuple[InputFile, ...]
    notes: dict[str, int]
    dropped: pd.DataFrame
    left_alone: pd.DataFrame


def ingest_source(source: Source, *, as_of: date, marks: Marks = NOBODY) -> Ingested:
    """Read, map, parse and check every file of an extract. The rows of people whose `marks` say erase go no further.

    Raises ExtractRefusedError for a file that cannot be read, a required column that is missing, dates that may be
    month first, or more rejected rows than the settings allow; UsageError where validation is switched off.
    """
    require_validation()
    spec = EXTRACTS[source.extract]
    taken = together([take_in(part, spec, as_of) for part in source.parts])
    taken, erased = take_out_erased(taken, spec.name, marks)
    with ThreadPoolExecutor(1) as aside:
        across = aside.submit(check_rows, taken.frame, spec, as_of)
        breaches = taken.breaches + check_values(taken.frame, spec) + across.result()
    rejected, kept = decide(breaches, spec)
    accepted = np.ones(len(taken.frame), dtype=bool)
    for breach in rejected:
        accepted[breach.rows] = False
    refuse_too_many(taken, rejected, accepted, source)
    restricted = rejected_rows(taken, rejected, spec.name)
    clean = _clean(taken, kept, accepted, spec)
    files = _files(taken, accepted, source, erased if marks.marks else None)
    _conserve(files, clean, restricted, taken)
    notes = _notes(taken, kept, clean, source)
    dropped = dropped_table(taken.dropped, spec.name)
    alone = pd.DataFrame({"record_id": records_left_alone(taken, spec.name, marks)}, dtype=TEXT)
    return Ingested(clean, restricted.drop(columns="value"), restricted, files, notes, dropped, alone)


def _clean(taken: Taken, kept: list[Breach], accepted: np.ndarray, spec: ExtractSpec) -> pd.DataFrame:
    """The accepted rows, each with its name, its file and its row number, before the extract's own columns."""
    frame = _cleared(taken.frame, kept)
    where = np.flatnonzero(accepted)
    file_of, row_numbers = taken.file_of[where], taken.row_numbers[where]
    prefixes = pa.array([f"{spec.name}:{read.file.sha256[:10]}:" for read in taken.files], type=pa.large_string())
    numbers = pa.array(row_numbers).cast(pa.large_string())
    ids = pc.binary_join_element_wise(prefixes.take(pa.array(file_of)), numbers, pa.scalar("", pa.large_string()))
    origin = pd.DataFrame(
        {
            "record_id": pd.array(ids, dtype=TEXT),
            "file": _category([read.file.name for read in taken.files], file_of),
            "file_sha256": _category([read.file.sha256 for read in taken.files], file_of),
            "row_number": pd.array(row_numbers, dtype="Int64"),
        }
    )
    return pd.concat([origin, frame if accepted.all() else _take(frame, where)], axis=1)


def _take(frame: pd.DataFrame, where: np.ndarray) -> pd.DataFrame:
    with ThreadPoolExecutor() as pool:
        columns = pool.map(lambda name: frame[name].array.take(where), frame.columns)
    return pd.DataFrame(dict(zip(frame.columns, columns, strict=True)), copy=False)


def _cleared(frame: pd.DataFrame, kept: list[Breach]) -> pd.DataFrame:
    """The frame without the values that rules across columns clear; the others went as they were read."""
    for breach in kept:
        if RULES[breach.rule].outcome is Outcome.CLEAR and frame[breach.column].iloc[breach.rows].notna().any():
            frame.loc[breach.rows, breach.column] = None
    return frame


def _category(names: list[str], file_of: np.ndarray) -> pd.Categorical:
    known = sorted(set(names))
    codes = np.array([known.index(name) for name in names])[file_of]
    return pd.Categorical.from_codes(codes, categories=pd.Index(known, dtype=TEXT))


def _files(
    taken: Taken, accepted: np.ndarray, source: Source, erased: np.ndarray | None
) -> tuple[InputFile, ...]:
    """Every file of the extract: those read with their rows, those joined or repeated without."""
    rows = np.bincount(taken.file_of[accepted], minlength=len(taken.files))
    read = {one.file.path: (one, int(count)) for one, count in zip(taken.files, rows, strict=True)}
    repeated = {file.path for file in source.repeated}
    each = [_file(file, source.extract, read.get(file.path), file.path in repeated) for file in source.files]
    counts = {path: len(headings) for path, headings in taken.dropped.items()}
    gone = {} if erased is None else {one.file.path: int(count)
                                      for one, count in zip(taken.files, erased, strict=True)}
    return tuple(_with_counts(file, counts.get(file.path), gone.get(file.path)) for file in each)


def _with_counts(file: InputFile, dropped: int | None, erased: int | None) -> InputFile:
    """The file with its columns that nothing needed, and its rows of erased people (None: nobody is marked)."""
    quarantined = file.rows_quarantined - (erased or 0)
    return file.model_copy(
        update={"columns_dropped": dropped, "rows_erased": erased, "rows_quarantined": quarantined}
    )


def _file(file: SourceFile, extract: str, read: tuple[FileRead, int] | None, repeated: bool) -> InputFile:
    entry = InputFile(
        extract=extract, name=file.name, path=file.path, sha256=file.sha256, bytes=file.size, repeated=int(repeated)
    )
    if read is None:
        return entry
    one, accepted = read
    rows = {"rows_read": one.rows, "rows_accepted": accepted, "rows_quarantined": one.rows - accepted}
    return entry.model_copy(update=rows | {"encoding": one.encoding, "separator": one.separator})


def _conserve(files: tuple[InputFile, ...], clean: pd.DataFrame, restricted: pd.DataFrame, taken: Taken) -> None:
    """Rows read = rows accepted + rows quarantined + rows of erased people, in the files and in the tables."""
    read = sum(file.rows_read - (file.rows_erased or 0) for file in files)
    assert read == len(taken.frame) == len(clean) + len(restricted)
    assert len(clean) == sum(file.rows_accepted for file in files)
    assert len(restricted) == sum(file.rows_quarantined for file in files)


def _notes(taken: Taken, kept: list[Breach], clean: pd.DataFrame, source: Source) -> dict[str, int]:
    counts = Counter(taken.notes)
    for breach in kept:
        counts[breach.rule, breach.column] += len(breach.rows)
    counts["duplicate_row", None] += _duplicates(clean)
    counts["repeated_file", None] += len(source.repeated)
    counts["unknown_column", None] += sum(map(len, taken.dropped.values()))
    named = {
        rule if column is None else f"{rule}: {column}": count for (rule, column), count in counts.items() if count
    }
    return dict(sorted(named.items()))


def _duplicates(clean: pd.DataFrame) -> int:
    """How many rows say exactly what another row of the extract says."""
    rows = pa.Table.from_pandas(clean.drop(columns=list(PROVENANCE_COLUMNS)), preserve_index=False)
    with open_engine() as con:
        con.register("clean", rows)
        return int(con.sql("SELECT count(*) - count(DISTINCT hash(clean)) FROM clean").fetchall()[0][0])
