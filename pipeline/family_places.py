"""Where the families of a run's lists live and which schools their children go to; decides no more than that."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.areas import areas_of, districts_of
from pipeline.record.run import Run
from pipeline.record.tables import to_frame
from schemas.columns import TEXT
from schemas.engine import open_engine
from schemas.keys import as_arrow, look_up


def family_areas(run: Run, master: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    """Each family of the lists or with a case, and its area: family_id, area, district.

    By the postcode of its household, or of the list before where it has no household any more.
    """
    lists = [table["family_id"] for table in (master, run.read("undetermined"), left, run.read("cases"))]
    families = pd.concat(lists, ignore_index=True).dropna().drop_duplicates(ignore_index=True).astype(TEXT)
    postcode = _postcodes(families, run.read("households"))
    before = run.read_previous("master_list")
    if before is not None:
        postcode = postcode.fillna(_postcodes(families, before))
    areas, districts = areas_of(postcode, run.settings.areas), districts_of(postcode)
    return pd.DataFrame({"family_id": families, "area": areas, "district": districts})


def _postcodes(families: pd.Series, table: pd.DataFrame) -> pd.Series:
    return look_up(families, table["family_id"], table["postcode"])


def family_schools(run: Run, families: pd.Series) -> pd.DataFrame:
    """The schools of these families' children, by the last term in which each child was sent (`FamilySchools`)."""
    homes = _rows(run.tables / "households.parquet", ("family_id", "household_id"), families)
    people = _rows(run.tables / "members.parquet", ("household_id", "person_id"), homes["household_id"])
    records = _rows(run.tables / "person_records.parquet", ("person_id", "record_id"), people["person_id"])
    with open_engine() as connection:
        connection.register("households", homes)
        connection.register("members", people)
        connection.register("records", records)
        connection.register("attendance", _rows(run.clean / "attendance.parquet", SENT, records["record_id"]))
        found = to_frame(connection.sql(_LAST_SEEN).to_arrow_table())
    return found.astype({"children": "Int64"})


def _rows(path: Path, columns: tuple[str, ...], known: pd.Series | pa.ChunkedArray) -> pa.Table:
    """Some columns of the table at `path`, of the rows whose first column is known."""
    table = pq.read_table(path, columns=list(columns), page_checksum_verification=True)
    keys = as_arrow(known) if isinstance(known, pd.Series) else known.combine_chunks()
    return table.filter(pc.is_in(table[columns[0]], value_set=keys))


SENT = ("record_id", "school_urn", "school_name", "academic_year", "term")
_LAST_SEEN = """
    with sent as (
        select family_id, person_id, school_urn, school_name, academic_year, term,
               rank() over (partition by person_id order by academic_year desc, term desc) as place
        from households join members using (household_id) join records using (person_id)
             join attendance using (record_id)
    )
    select family_id, school_urn, max(school_name) as school_name, count(distinct person_id) as children,
           max(academic_year) as academic_year, max_by(term, (academic_year, term)) as term
    from sent where place = 1 group by family_id, school_urn order by family_id, school_urn
"""
