"""A person of a published run: whose records they are, and the pairs that hold them together or were not joined.

Reads tables; decides nothing. What it says is for the person who asked, and goes to no log.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from linkage.explain import waterfall
from pipeline.mentions import CHILD
from pipeline.record.rows import records, rows_with
from schemas.columns import columns_of
from schemas.linked import Pairs


OWN = columns_of(Pairs)


def person_facts(run: Path, who: str) -> dict[str, Any] | None:
    """The person whose id is `who`, as JSON has it; None where the run has none.

    `person`, `household` (None where they are in none), `records`, and `pairs`, the heaviest first: each with whose
    records it is about (`left`, `right`) and the `steps` of its weight.
    """
    found = rows_with(run, "people", "person_id", [who])
    if found.empty:
        return None
    key = found["person_id"]
    own = rows_with(run, "person_records", "person_id", key).drop(columns="person_id")
    pairs = _pairs(run, own["record_id"])
    others = pd.concat([pairs["left_id"], pairs["right_id"]])
    places = rows_with(run, "person_records", "record_id", others).set_index("record_id")
    return {
        "run": run.name,
        "person": records(found)[0],
        "household": next(iter(records(_household(run, key))), None),
        "records": records(own),
        "pairs": [_pair(row, places) for row in records(pairs)],
    }


def place_of(record: dict[str, Any]) -> str:
    """Where a record stands: its file and row, and whether it is of the child that the row names."""
    child = " (its child)" if record["record_id"].endswith(CHILD) else ""
    return f"{record['file']}, row {record['row_number']}{child}"



def _household(run: Path, key: pd.Series) -> pd.DataFrame:
    member = rows_with(run, "members", "person_id", key)
    homes = rows_with(run, "households", "household_id", member["household_id"])
    return member.merge(homes[["household_id", "family_id"]], on="household_id").drop(columns="person_id")


def _pairs(run: Path, own: pd.Series) -> pd.DataFrame:
    """Every pair that one of these records is in, the heaviest first."""
    sides = [rows_with(run, "pairs", side, own) for side in ("left_id", "right_id")]
    pairs = pd.concat(sides, ignore_index=True).drop_duplicates(["left_id", "right_id"])
    return pairs.sort_values(["match_weight", "left_id", "right_id"], ascending=[False, True, True], ignore_index=True)


def _pair(row: dict[str, Any], places: pd.DataFrame) -> dict[str, Any]:
    sides = {side: _side(row[f"{side}_id"], places) for side in ("left", "right")}
    return {name: row[name] for name in OWN} | sides | {"steps": records(waterfall(row))}


def _side(record: str, places: pd.DataFrame) -> dict[str, Any]:
    row = places.loc[record]
    place = place_of({"record_id": record, "file": row["file"], "row_number": row["row_number"]})
    return {"person_id": row["person_id"], "place": place}
