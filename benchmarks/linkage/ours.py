"""One run of `linkage.link` in a process of its own: records in; people, households and pairs out, as Parquet.

Run with: `-m benchmarks.linkage.ours RECORDS OUT [--as-of DATE]`.
"""

import time


STARTED = time.perf_counter()

import argparse  # noqa: E402
import json  # noqa: E402
from datetime import date  # noqa: E402
from pathlib import Path  # noqa: E402

import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

import linkage.engine  # noqa: E402, F401  (recordlinkage comes with it: import time, not linking)
from benchmarks.linkage.memory import peak_megabytes  # noqa: E402
from linkage import LinkageSettings, LinkResult, link, overview  # noqa: E402
from schemas.columns import TEXT  # noqa: E402


ASKED = (
    *("forename", "middle_names", "surname", "date_of_birth", "sex"),
    *("address", "postcode", "uprn", "upn", "nino"),
)


def write(result: LinkResult, out: Path) -> None:
    """Whose each record is and where that person lives, and the listed pairs."""
    people = result.person_records[["record_id", "person_id"]]
    homes = result.members.drop_duplicates("person_id").set_index("person_id")["household_id"]
    people.assign(household_id=people["person_id"].map(homes)).to_parquet(out / "people.parquet", index=False)
    columns = {"left_id": "left", "right_id": "right", "match_probability": "probability"}
    result.pairs[list(columns)].rename(columns=columns).to_parquet(out / "pairs.parquet", index=False)


def unlinkable(result: LinkResult, records: pd.DataFrame) -> float:
    """The share of records that even an exact copy could not be joined to."""
    asked = pd.DataFrame({name: records.get(name) for name in ASKED}, index=records.index)
    asked = asked.replace("", None).assign(record_id=records["record_id"], extract=records["source"])
    known = {"model": result.model, "pairs": result.pairs, "person_records": result.person_records, "records": asked}
    told = overview.unlinkables(overview.Linked(**{name: known.get(name) for name in overview.Linked._fields}))
    return float((told["share"] * told["records"]).sum() / max(told["records"].sum(), 1))


def main() -> None:
    """Link with default settings, write, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat)
    parser.add_argument("--extra", nargs="*", default=[], help="columns to compare beyond linkage's own, as text")
    given = parser.parse_args()
    imported = time.perf_counter() - STARTED
    records = pq.read_table(given.records).to_pandas(types_mapper={pa.string(): TEXT, pa.large_string(): TEXT}.get)
    extra = {name: {"kind": "text", "block": True} for name in given.extra}
    chosen = {"as_of": given.as_of, **({"extra": extra} if extra else {})}
    settings = LinkageSettings.model_validate(chosen)
    begun, used = time.perf_counter(), time.process_time()
    result = link(records, settings)
    told = {"link_s": time.perf_counter() - begun, "link_cpu_s": time.process_time() - used}
    write(result, given.out)
    told |= {"import_s": imported, "whole_s": time.perf_counter() - STARTED, "peak_mb": peak_megabytes()}
    told["unlinkable"] = unlinkable(result, records)
    told["candidate_pairs"] = result.counts["candidate_pairs"]
    (given.out / "told.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
