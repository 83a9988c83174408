"""Time and memory of a wash of 100,000 and of 1,000,000 residents, stage by stage, and how they grow.

`python -m benchmarks.speed` (or `make bench-speed`); the borough is made in another process, before the clock runs.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.washing import Washed, wash


LIMITS = {100_000: (20.0, 2.0), 1_000_000: (180.0, 6.0)}
"""Seconds and gigabytes that a wash may take on two cores."""
GROWTH = 12.0


def make(residents: int, folder: Path, as_of: date, form: str) -> None:
    """Write a borough, unless `folder` has one."""
    if folder.exists():
        return
    size = ["--residents", str(residents), "--seed", "1", "--as-of", as_of.isoformat(), "--form", form]
    subprocess.run([sys.executable, "-m", "benchmarks.borough", *size, str(folder)], check=True)


def show(residents: int, washed: Washed) -> None:
    """Print what a wash took, stage by stage."""
    rows = int(washed.table("funnel").set_index("step")["count"].get("rows_read", 0))
    print(f"\n{residents:,} residents, {rows:,} rows: {washed.seconds:.1f} s, {washed.megabytes / 1024:.2f} GB")
    for stage, seconds in washed.stages.items():
        print(f"  {stage:<32}{seconds:8.2f} s")
    if residents in LIMITS:
        seconds, gigabytes = LIMITS[residents]
        held = washed.seconds <= seconds and washed.megabytes <= gigabytes * 1024
        print(f"  at most {seconds:.0f} s and {gigabytes:.0f} GB: {'held' if held else 'NOT HELD'}")


def main() -> None:
    """Make, wash and measure boroughs of each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2013, 9, 30))
    parser.add_argument("--form", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--folder", type=Path, help="where boroughs are made and kept (default: a temporary folder)")
    given = parser.parse_args()
    place = given.folder or Path(tempfile.mkdtemp(prefix="datawash-speed-"))
    found: dict[int, Washed] = {}
    for residents in given.residents:
        folder = place / f"borough-{residents}-{given.form}"
        make(residents, folder, given.as_of, given.form)
        outputs = Path(tempfile.mkdtemp(prefix="outputs-", dir=place))
        found[residents] = wash(folder, given.as_of, outputs)
        show(residents, found[residents])
        shutil.rmtree(outputs)
    if given.folder is None:
        shutil.rmtree(place)
    figures = [f"{n}: {w.seconds:.1f} s {w.megabytes / 1024:.2f} GB" for n, w in found.items()]
    first, last = found[min(found)], found[max(found)]
    growth = f"growth {last.seconds / first.seconds:.1f}-fold (at most {GROWTH:.0f})" if len(found) > 1 else ""
    print("\nspeed: " + ", ".join([*figures, *([growth] if growth else [])]))


if __name__ == "__main__":
    main()
