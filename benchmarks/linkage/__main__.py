"""Measures linkage beside Splink and keeps the figures: `python -m benchmarks.linkage --only mentions --size 100000`.

The page is written from the kept figures by `python -m benchmarks.linkage.page`. Parts: `febrl`, `mentions`, `shapes`,
`boroughs`, `wash`, `months`; each can be measured again alone. The peer needs an environment of its own
(`make bench-linkage` makes it).
"""

import argparse
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.linkage.data_sets import SEED, SHAPES
from benchmarks.linkage.figures import FEBRL, FOLDER, headline
from benchmarks.linkage.machine import describe_machine
from benchmarks.linkage.rounds import ROOT, Tool, alternate, tools_for
from benchmarks.linkage.stability import measure as measure_months
from benchmarks.linkage.whole_wash import measure_washes


SIZES = (10_000, 100_000, 300_000, 1_000_000)
SHAPE_SIZE = 100_000
BOROUGHS = (20_000, 100_000)
WASHES = (100_000, 1_000_000)
MONTHS_OF = 20_000
PARTS = ("febrl", "mentions", "shapes", "boroughs", "wash", "months")
FEWER = {300_000: 1, 1_000_000: 2}
"""Rounds at most, by records."""


def plan(only: list[str], sizes: list[int], rounds: int) -> list[tuple[str, int]]:
    """The data sets of these parts, none larger than the largest of `sizes`, and how many rounds each gets."""
    most = max(sizes)
    sets: list[tuple[str, int]] = []
    if "febrl" in only:
        sets += [(name, 1) for name in FEBRL]
    if "mentions" in only:
        sets += [(f"mentions-{size}", min(rounds, FEWER.get(size, rounds))) for size in sizes]
    if "shapes" in only:
        sets += [(f"{shape}-{min(SHAPE_SIZE, most)}", 1) for shape in SHAPES]
    if "boroughs" in only:
        sets += [(f"borough-{size}", 1) for size in BOROUGHS if size <= most]
    sets += [("wash", rounds)] if "wash" in only else []
    sets += [("months", 1)] if "months" in only else []
    return sets


def measure(data: str, rounds: int, given: argparse.Namespace) -> dict[str, Any]:
    """The figures of one data set, with when and on what they were measured."""
    print(f"{data}, {rounds} round{'s' if rounds > 1 else ''}", flush=True)
    given.folder.mkdir(parents=True, exist_ok=True)
    measured: dict[str, Any] = {"on": given.on, "note": given.note, "machine": describe_machine(), "peer": {}}
    if data == "wash":
        return measured | measure_washes([size for size in WASHES if size <= max(given.size)], given.folder, rounds)
    if data == "months":
        size = min(MONTHS_OF, max(given.size))
        about = {"name": "months", "label": "twelve monthly washes", "records": size, "seed": SEED}
        return measured | {"about": about, "months": measure_months(size, SEED)}
    return measured | compare(data, rounds, given)


def compare(data: str, rounds: int, given: argparse.Namespace) -> dict[str, Any]:
    """Make the data set unless it is there, run every tool on it, and hold what they gave against the truth."""
    folder = given.folder / data
    if not (folder / "about.json").exists():
        subprocess.run([sys.executable, "-m", "benchmarks.linkage.data_sets", data, str(folder)], cwd=ROOT, check=True)
    tools = [tool for tool in tools_for(data) if _wanted(tool, data, given.tools)]
    told = alternate(tools, given.peer, folder, rounds)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.linkage.report", str(folder)],
        cwd=ROOT, input=json.dumps(told), capture_output=True, text=True, check=True,
    )  # fmt: skip
    versions: dict[str, str] = next((runs[0]["versions"] for runs in told.values() if "versions" in runs[0]), {})
    return json.loads(done.stdout) | {"peer": versions}


def _wanted(tool: Tool, data: str, names: list[str] | None) -> bool:
    if names is not None:
        return tool.name in names
    return not (tool.name in ("m4_documented", "m5_documented", "m4_lean") and not data.startswith("mentions"))


def main() -> None:
    """Measure what is asked for and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS)
    parser.add_argument("--data", nargs="+", help="these data sets instead, by the names of their folders")
    parser.add_argument("--size", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tools", nargs="+", help="only these (ours, m4_fast, m5_fast, ...)")
    parser.add_argument("--on", default=date.today().isoformat(), help="the day of measuring, as the page shows it")
    parser.add_argument("--note", default="", help="what the page should say of the circumstances, as one sentence")
    parser.add_argument("--peer", type=Path, default=ROOT / ".venv-splink/bin/python", help="Splink's Python")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/bench-linkage", help="where data sets are kept")
    parser.add_argument("--figures", type=Path, default=FOLDER, help="where figures are kept")
    given = parser.parse_args()
    given.folder, given.peer = given.folder.resolve(), given.peer.absolute()
    given.figures.mkdir(parents=True, exist_ok=True)
    parts = given.only or list(PARTS)
    chosen = [(data, given.rounds) for data in given.data] if given.data else plan(parts, given.size, given.rounds)
    for data, rounds in chosen:
        figures = measure(data, rounds, given)
        path = given.figures / f"{data}.json"
        path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(headline(figures), flush=True)


if __name__ == "__main__":
    main()
