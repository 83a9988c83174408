"""How much of the rules, the linkage and the pipeline the tests run, by line and by branch; less than the floor fails.

`python -m benchmarks.covered`, or `make coverage`, which first runs every test and counts what subprocesses run too.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from coverage import Coverage


ROOMS = ("criteria", "linkage", "pipeline")
FLOOR = 0.95


class Covered(NamedTuple):
    """Lines and branches of a room: how many there are, and how many were run."""

    room: str
    lines: int
    lines_run: int
    branches: int
    branches_run: int

    @property
    def of_lines(self) -> float:
        """The share of lines that were run."""
        return self.lines_run / self.lines

    @property
    def of_branches(self) -> float:
        """The share of branches that were taken."""
        return self.branches_run / self.branches


def read_files(data: Path) -> dict[str, dict]:
    """What was run of each file, by its path."""
    with tempfile.TemporaryDirectory() as place:
        measured = Coverage(data_file=str(Path(place) / "all"))
        measured.combine([str(path) for path in data.glob("data.*")], keep=True)
        report = Path(place) / "report.json"
        measured.json_report(outfile=str(report))
        return json.loads(report.read_text(encoding="utf-8"))["files"]


def sum_up(files: dict[str, dict], room: str) -> Covered:
    """All files of a room together."""
    of = [one["summary"] for path, one in files.items() if Path(path).parts[0] == room]
    names = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    return Covered(room, *(sum(one[name] for one in of) for name in names))


def show_missing(files: dict[str, dict]) -> None:
    """What was not run, file by file."""
    for path, one in sorted(files.items()):
        if one["missing_lines"] or one["missing_branches"]:
            ways = ", ".join(f"{start} to {end}" for start, end in one["missing_branches"])
            print(f"  {path}: lines {one['missing_lines'] or 'none'}; ways {ways or 'none'}")


def main() -> None:
    """Sum up what the tests ran, show what they did not, and hold it to the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("build/coverage"), help="where the runs wrote what they ran")
    parser.add_argument("--missing", action="store_true", help="show what was not run, file by file")
    given = parser.parse_args()
    files = read_files(given.data)
    if given.missing:
        show_missing(files)
    rooms = [sum_up(files, room) for room in ROOMS]
    told = [
        f"{one.room} {one.of_lines:.1%} of {one.lines:,} lines, {one.of_branches:.1%} of {one.branches:,} branches"
        for one in rooms
    ]
    held = all(min(one.of_lines, one.of_branches) >= FLOOR for one in rooms)
    print(f"\ncoverage: {'; '.join(told)}; at least {FLOOR:.0%} of each wanted: {'held' if held else 'NOT HELD'}")
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
