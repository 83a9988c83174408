"""What a wash takes over from the run before it; decides nothing. A table that an older run does not have is empty."""

import pandas as pd

from criteria import History
from pipeline.record.run import Run
from pipeline.rights.washed import without_erased


TAKEN_OVER = ("snapshots", "snapshot_evidence", "family_events", "cases", "master_list", "households", "panel_history",
              "services")


def read_history(run: Run, earlier: pd.DataFrame | None = None) -> History:
    """The previous run's tables and what became of its ids; `earlier` are the claims made before this wash."""
    known = {} if earlier is None else {"earlier": earlier}
    if run.previous is None:
        return History(**known)
    empty = History()
    tables = {name: _read(run, name, getattr(empty, name)) for name in TAKEN_OVER}
    changes = run.read("identity_changes")
    return History(**tables, **known, changes=changes[changes["change"].isin(["merged", "split"])])


def _read(run: Run, name: str, empty: pd.DataFrame) -> pd.DataFrame:
    """The table, in the columns that it has today: one that it did not have then is empty."""
    before = run.read_previous(name)
    if before is None:
        return empty
    table = without_erased(run, before)
    for column in empty.columns.difference(table.columns):
        table[column] = pd.Series(None, index=table.index, dtype=empty[column].dtype)
    return table[list(empty.columns)]
