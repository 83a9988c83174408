"""A borough's extracts as the dated records that a wash links, each with whose it truly is and where that one lives."""

import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.agreement import CHILD, Truth
from benchmarks.borough import make_borough, write_borough
from benchmarks.linkage.data_sets import AS_OF, SEED, About
from benchmarks.washing import Washed, wash
from criteria import load_framework
from criteria.calendar import terms_around
from pipeline.config import Settings
from pipeline.mentions import mentions
from pipeline.record.tables import read_table


def borough_records(residents: int) -> tuple[pd.DataFrame, About]:
    """Make a borough, wash it, and take the records that its wash linked."""
    with tempfile.TemporaryDirectory(prefix="datawash-borough-") as place:
        folder = Path(place) / "borough"
        write_borough(make_borough(residents, seed=SEED, as_of=AS_OF), folder, form="parquet")
        washed = wash(folder, AS_OF, Path(place) / "outputs")
        records = _linked_records(washed)
        records["true_person_id"] = _whose(records, washed, Truth.read(folder))
        members = Truth.read(folder).members.set_index("person_id")["household_id"]
        kinds = Truth.read(folder).households.set_index("household_id")["kind"]
    records["true_household_id"] = records["true_person_id"].map(members)
    records["true_kind"] = records["true_household_id"].map(kinds)
    label = f"borough of {residents:,}, dated addresses"
    return records, About("borough", label, as_of=AS_OF.isoformat())


def _linked_records(washed: Washed) -> pd.DataFrame:
    tables = {
        path.stem: read_table(path) for path in sorted((washed.run / "clean").glob("*.parquet")) if "." not in path.stem
    }
    rules = load_framework(Settings().criteria)
    return mentions(tables, terms_around(AS_OF, rules), {}, as_of=AS_OF, speaks_of=rules.local.speaks_of.value)


def _whose(records: pd.DataFrame, washed: Washed, truth: Truth) -> pd.Series:
    """The true person of each record; null for one that names nobody."""
    rows = washed.table("person_records")[["record_id", "extract", "file", "row_number"]]
    rows = rows.merge(truth.records, on=["extract", "file", "row_number"])
    of_child = rows["record_id"].astype(str).str.endswith(CHILD)
    whose = rows["child_person_id"].where(of_child, rows["person_id"])
    return records["record_id"].map(pd.Series(whose.to_numpy(), index=rows["record_id"].astype(str)))
