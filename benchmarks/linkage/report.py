"""The figures of all tools on one data set, from what their runs left: `-m benchmarks.linkage.report FOLDER < told`.

A process of its own, so that reading the results of a million records does not weigh on the processes that are timed.
"""

import json
import sys
from pathlib import Path

from benchmarks.linkage import measures
from benchmarks.linkage.evaluate import address_rules, read_known, tool_figures
from benchmarks.linkage.rounds import tools_for


def main() -> None:
    """Read, measure, print as JSON."""
    folder, told = Path(sys.argv[1]), json.load(sys.stdin)
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    known = read_known(folder)
    tools = {tool.name: tool for tool in tools_for(folder.name) if told.get(tool.name)}
    figures = {
        "about": about,
        "true_pairs": measures.true_pairs(known.person, known.source),
        "address_rules": address_rules(known),
        "tools": {name: tool_figures(tool, folder, known, told[name]) for name, tool in tools.items()},
    }
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
