"""Files of a borough: canonical extracts as CSV or Parquet, truth as Parquet; the same borough gives the same bytes."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.town.scribe import TRUTH
from benchmarks.town.truth import records_table


def canonical_columns(frame: pd.DataFrame) -> list[str]:
    """The columns that a source sends."""
    return [name for name in frame.columns if name not in TRUTH]


def write_canonical(extracts: dict[str, pd.DataFrame], folder: Path, form: str) -> pd.DataFrame:
    """Write each extract's files to `folder`; returns the `records` table: whose each row is."""
    folder.mkdir(parents=True, exist_ok=True)
    for frame in extracts.values():
        columns = canonical_columns(frame)
        for file, rows in frame.groupby("file", sort=True):
            write_table(rows[columns], folder / f"{file}.{form}")
    return records_table(extracts, f".{form}")


def write_table(rows: pd.DataFrame, path: Path) -> None:
    """One table of text, to a CSV (UTF-8, commas, LF) or Parquet file by its suffix."""
    table = pa.table({name: pa.array(rows[name].to_numpy(), type=pa.string(), from_pandas=True) for name in rows})
    if path.suffix == ".parquet":
        pq.write_table(table, path)
        return
    options = pa.csv.WriteOptions(quoting_style="needed", quoting_header="none")
    pa.csv.write_csv(table, path, options)


def write_truth(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Each truth table as Parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.parquet")
