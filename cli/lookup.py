"""Finding a run by what a person calls it, and rows of its tables by key; decides nothing about them."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.record.files import plain_storage_errors
from pipeline.record.run import open_run, published_runs
from pipeline.record.tables import to_frame
from schemas.errors import UsageError
from schemas.nearest import nearest


def find_run(outputs: Path, name: str) -> Path:
    """The published run that `name` means; UsageError, with the nearest there is, when it means none."""
    try:
        return open_run(outputs, name)
    except UsageError as error:
        names = [run.name for run in published_runs(outputs)]
        ids = {run.split("-", 3)[-1]: run for run in names}
        near = nearest(name, [*names, *ids], at_least=0)
        if near is None:
            raise UsageError(f"No run has been published below {outputs} yet.") from None
        raise UsageError(f"{error} Did you mean {ids.get(near, near)}?") from None


def rows_with(folder: Path, table: str, column: str, values: Iterable[str]) -> pd.DataFrame:
    """The rows of a table of the run in `folder` whose `column` holds one of `values`, in the table's order."""
    with plain_storage_errors("Reading the run"):
        path = folder / "tables" / f"{table}.parquet"
        wanted = pa.array(sorted(set(values)), pa.string())
        return to_frame(pq.read_table(path, filters=pc.field(column).isin(wanted)))
