"""Seconds and megabytes to pack a claim window of 2,000 cases: `python -m benchmarks.packs`.

The sample is washed, and the rows of its cases are written again and again under other ids until there are enough: a
run of that size, whose cases are as full as those of the sample. Its manifest is left as it was, so it is no run that
would verify.
"""

import argparse
import json
import resource
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from benchmarks.washing import wash
from pipeline.claims.prepared import HELD
from pipeline.claims.register import FOLDER
from pipeline.claims.window import read_window
from pipeline.evidence_packs import pack_window
from pipeline.pack_tables import gather_run, subjects_of_claim
from pipeline.record.files import private_folder
from pipeline.record.manifest import digest_of
from pipeline.record.run import pointer_to
from pipeline.record.tables import read_table, to_arrow


LIMIT = 300
AS_OF, WINDOW = date(2013, 9, 30), "2013/14-Q2"
IDS = ("family_ref", "family_id", "household_id", "snapshot_of", "person_id", "record_id", "left_id", "right_id")
IDS += ("request_ref", "evidence_id")
CLAIM = {"route": "a", "amount": 700, "rate_year": "2012/13", "people": []}


def main() -> None:
    """Make the run, pack its window, print what that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--sample", type=Path, default=Path("data/sample"))
    given = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="datawash-packs-"))
    try:
        outputs = make_outputs(given.sample, place, given.cases)
        start, worked = time.perf_counter(), cpu_seconds()
        packed = pack_window(outputs, read_window(WINDOW))
        seconds, worked = time.perf_counter() - start, cpu_seconds() - worked
    finally:
        shutil.rmtree(place)
    own, others = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    held = "held" if seconds <= LIMIT else "NOT HELD"
    print(f"packs: {packed.packs:,} cases in {seconds:.0f} s (at most {LIMIT} s: {held}), {packed.bytes / 1e6:,.0f} MB")
    print(f"  {worked:,.0f} s of processor time, all processes together")
    print(f"  memory: {own:,.0f} MB, and at most {others:,.0f} MB in each process that sets pages")


def cpu_seconds() -> float:
    """Processor time of this process and of those it has waited for: the same on a busy machine as on a quiet one."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def make_outputs(sample: Path, place: Path, cases: int) -> Path:
    """An outputs folder with one run of so many cases, each of them in a prepared claim."""
    outputs = place / "outputs"
    run = wash(sample, AS_OF, outputs).run
    refs = read_table(run / "tables/cases.parquet")["family_ref"].tolist()
    grow(run, refs, -(-cases // len(refs)))
    every = read_table(run / "tables/cases.parquet")[["family_ref", "family_id"]].head(cases)
    hold(outputs, run, every)
    return outputs


def grow(run: Path, refs: list[str], times: int) -> None:
    """Write the rows of these cases `times` times in all, each time under ids of their own."""
    gathered = gather_run(run, subjects_of_claim(run, refs))
    people = set(gathered.tables["people"]["person_id"])
    records = set(gathered.tables["person_records"]["record_id"])
    theirs = {"person_id": people, "record_id": records, "left_id": records, "family_ref": set(refs)}
    theirs |= {name: set(gathered.subjects[name].dropna()) for name in ("family_id", "household_id")}
    for path in sorted([*run.glob("tables/*.parquet"), *run.glob("clean/*.parquet")]):
        table = read_table(path)
        key = next((name for name in theirs if name in table), None)
        rows = table[table[key].isin(theirs[key])] if key else table.iloc[:0]
        if len(rows):
            to_parquet(path, pd.concat([table, *(_again(rows, number) for number in range(1, times))]))


def _again(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    return rows.assign(**{name: rows[name] + f"-{number}" for name in IDS if name in rows})


def to_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table as a run has it."""
    pq.write_table(to_arrow(table), path, compression="zstd", write_page_checksum=True)


def hold(outputs: Path, run: Path, cases: pd.DataFrame) -> None:
    """Prepare a claim of all these cases, whether or not one is ready."""
    window = read_window(WINDOW)
    rows = cases.astype(object).where(cases.notna(), None).to_dict("records")
    claims = [{"claim_id": f"C{window.folder}-{number:04d}"} | row | CLAIM for number, row in enumerate(rows, start=1)]
    held = {"window": window.label, "part": 1, "run": run.name, "manifest": pointer_to(run).sha256, "claims": claims}
    folder = private_folder(outputs / FOLDER / window.folder)
    (folder / HELD).write_text(json.dumps(held | {"digest": digest_of(held)}), encoding="utf-8")


if __name__ == "__main__":
    main()
