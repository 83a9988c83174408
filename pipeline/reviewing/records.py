"""What a reviewer sees of records: what the extracts say, where, and since when; no UPN or NINO. Compares none.

Of each of the two people of a question all records are kept, so that it shows what a join would bring together.
"""

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import criteria
from criteria.calendar import terms_around
from pipeline.mentions import CHILD, mentions
from pipeline.record.run import Run
from pipeline.record.tables import to_frame
from schemas.columns import TEXT, columns_of
from schemas.keys import look_up
from schemas.reviewing import ReviewRecords


MOST_SHOWN = 60
"""Of more records of one person a reviewer would see nothing more."""
SHOWN = (
    *("source", "where", "seen_on", "forename", "middle_names", "surname", "other_surnames"),
    *("date_of_birth", "sex", "address", "postcode"),
)


def show_records(run: Run, queue: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """The records of all people that the queue asks about, as `schemas.reviewing.ReviewRecords`.

    `parts`: record_id, part, for people who do not hold together surely. The rows are read as they came in: one that
    names a child who asked to be left alone still shows its adult.
    """
    owners = run.read("person_records", ["record_id", "person_id"])
    ends = pd.concat([queue["left_id"], queue["right_id"]])
    near = owners[owners["person_id"].isin(pd.concat([queue["left_person"], queue["right_person"]]).dropna())]
    near = near.assign(other=~near["record_id"].isin(ends)).sort_values(["other", "record_id"])
    near = near[near.groupby("person_id").cumcount() < MOST_SHOWN]
    ids = pd.concat([ends, near["record_id"]]).astype(TEXT).drop_duplicates()
    shown = _records(run, ids)
    told = shown.rename_axis("record_id").reset_index()
    told["person_id"] = look_up(told["record_id"], owners["record_id"], owners["person_id"])
    told["part"] = look_up(told["record_id"], parts["record_id"], parts["part"])
    table = told.sort_values("record_id", ignore_index=True)
    kinds = {name: TEXT for name in ("record_id", "person_id", "part", *SHOWN) if name not in DATES}
    return table[list(columns_of(ReviewRecords))].astype(kinds | dict.fromkeys(DATES, "datetime64[ns]"))


DATES = ("seen_on", "date_of_birth")


def _records(run: Run, ids: pd.Series) -> pd.DataFrame:
    """What the extracts say in these records, by record id."""
    rows = ids.str.removesuffix(CHILD).unique()
    tables = {source.extract: _rows(run, source.extract, rows) for source in run.sources}
    tables = {name: table for name, table in tables.items() if len(table)}
    terms = terms_around(run.as_of, criteria.load_framework(run.settings.criteria))
    days = {sha256: day for source in run.sources for sha256, day in source.snapshots.items()}
    records = mentions(tables, terms, days, as_of=run.as_of)
    records = records[records["record_id"].isin(ids)].set_index("record_id")
    where = {
        row: f"{file}, row {number}"
        for table in tables.values()
        for row, file, number in zip(table["record_id"], table["file"], table["row_number"], strict=True)
    }
    records["where"] = pd.array([where[record.removesuffix(CHILD)] for record in records.index], dtype=TEXT)
    others = [
        records.get(name, pd.Series(pd.NA, records.index, dtype=TEXT))
        for name in ("former_surname", "preferred_surname")
    ]
    records["other_surnames"] = _joined(others)
    return records.rename(columns={"observed_on": "seen_on"}).reindex(columns=list(SHOWN))


def _rows(run: Run, extract: str, ids: Iterable[str]) -> pd.DataFrame:
    wanted = pa.array(sorted(ids), pa.string())
    return to_frame(pq.read_table(run.clean / f"{extract}.parquet", filters=pc.field("record_id").isin(wanted)))


def _joined(columns: list[pd.Series]) -> pd.Series:
    pairs = zip(*(column.fillna("").astype(str) for column in columns), strict=True)
    texts = ["; ".join(dict.fromkeys(filter(None, pair))) or None for pair in pairs]
    return pd.Series(pd.array(texts, dtype=TEXT), index=columns[0].index)
