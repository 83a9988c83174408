"""Time and memory of whole washes, as figures for the page; the washes themselves are `benchmarks.speed`'s."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.linkage.data_sets import AS_OF, SEED
from benchmarks.speed import make
from benchmarks.washing import wash


def measure_washes(sizes: Iterable[int], folder: Path) -> dict[str, Any]:
    """Wash a borough of each size once, with no orchestrator: seconds (of each stage too), megabytes, rows."""
    found = {}
    for residents in sizes:
        borough = folder / f"wash-{residents}"
        make(residents, borough, AS_OF, "csv")
        with tempfile.TemporaryDirectory(prefix="outputs-", dir=folder) as outputs:
            washed = wash(borough, AS_OF, Path(outputs))
            rows = int(washed.table("funnel").set_index("step")["count"].get("rows_read", 0))
        took = {"seconds": washed.seconds, "megabytes": washed.megabytes, "stages": washed.stages}
        found[str(residents)] = {"rows": rows, **took}
        print(f"  {residents:,} residents: {washed.seconds:.1f} s, {washed.megabytes:,.0f} MB", flush=True)
    about = {"name": "wash", "label": "whole washes", "records": max(map(int, found), default=0), "seed": SEED}
    return {"about": about, "washes": found}
