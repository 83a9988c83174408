"""Time and memory of whole washes, as figures for the page; the washes themselves are `benchmarks.speed`'s."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.linkage.data_sets import AS_OF, SEED
from benchmarks.linkage.measures import spread
from benchmarks.speed import make
from benchmarks.washing import wash


def measure_washes(sizes: Iterable[int], folder: Path, rounds: int) -> dict[str, Any]:
    """Wash a borough of each size, with no orchestrator: seconds and most megabytes of so many washes, rows, and the
    seconds of each stage of the wash in the middle."""
    found = {}
    for residents in sizes:
        borough = folder / f"wash-{residents}"
        make(residents, borough, AS_OF, "csv")
        taken = sorted((_wash(borough, folder) for _ in range(rounds)), key=lambda took: took["seconds"])
        seconds, megabytes = ([took[name] for took in taken] for name in ("seconds", "megabytes"))
        found[str(residents)] = taken[len(taken) // 2] | {"seconds": spread(seconds), "megabytes": max(megabytes)}
    about = {"name": "wash", "label": "whole washes", "records": max(map(int, found), default=0), "seed": SEED}
    return {"about": about, "washes": found}


def _wash(borough: Path, folder: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="outputs-", dir=folder) as outputs:
        washed = wash(borough, AS_OF, Path(outputs))
        rows = int(washed.table("funnel").set_index("step")["count"].get("rows_read", 0))
    print(f"  {borough.name}: {washed.seconds:.1f} s, {washed.megabytes:,.0f} MB", flush=True)
    return {"rows": rows, "seconds": washed.seconds, "megabytes": washed.megabytes, "stages": washed.stages}
