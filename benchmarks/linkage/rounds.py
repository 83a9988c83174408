"""Runs each tool in a process of its own, turn about, and keeps what it took and what it gave."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple


ROOT = Path(__file__).resolve().parents[2]
MEASURED = ("link_s", "link_cpu_s", "import_s", "whole_s", "peak_mb")


class Tool(NamedTuple):
    """One way of linking: `model` and `training` of the peer, or neither for ours; `rounds` at most."""

    name: str
    label: str
    model: str = ""
    training: str = ""
    rounds: int = 99


OURS = Tool("ours", "linkage.link, default settings")
PEERS = (
    Tool("m4_fast", "Splink M4, fast training", "m4", "fast"),
    Tool("m4_documented", "Splink M4, documented training", "m4", "documented"),
    Tool("m5_fast", "Splink M5, fast training", "m5", "fast"),
    Tool("m5_documented", "Splink M5, documented training", "m5", "documented", 1),
    Tool("m4_lean", "Splink M4, fast training, without the rule of most pairs", "m4_lean", "fast", 1),
)
FEBRL_PEERS = (
    Tool("splink_fast", "Splink, fast training", "febrl", "fast"),
    Tool("splink_documented", "Splink, documented training", "febrl", "documented"),
)


def tools_for(data: str) -> tuple[Tool, ...]:
    """Who takes part in a data set."""
    if data.startswith("borough"):
        return OURS, PEERS[0], PEERS[2]._replace(model="m5_identified", label="Splink M5 with UPN, NINO and UPRN, fast")
    if not data.startswith("febrl"):
        return OURS, *PEERS
    if "_" in data:
        return (OURS,)
    return OURS, *(peer._replace(model=data) for peer in FEBRL_PEERS)


def command(tool: Tool, peer_python: Path, folder: Path, out: Path) -> list[str]:
    """How a tool is started."""
    if tool.model:
        options = ["--model", tool.model, "--training", tool.training]
        return [str(peer_python), "-m", "benchmarks.linkage.peer", str(folder / "peer.parquet"), str(out), *options]
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    options = ["--as-of", about["as_of"]] if about["as_of"] else []
    options += ["--extra", *about["extra"]] if about.get("extra") else []
    return [sys.executable, "-m", "benchmarks.linkage.ours", str(folder / "records.parquet"), str(out), *options]


def run_once(tool: Tool, peer_python: Path, folder: Path, *, first: bool) -> dict[str, Any]:
    """Start a tool, wait, and read what it says it took. Raises RuntimeError with its last words if it fails."""
    out = folder / tool.name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    count = ["--count"] if tool.model and first else []
    done = subprocess.run(
        [*command(tool, peer_python, folder, out), *count], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{tool.label} ended with {done.returncode}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads((out / "told.json").read_text(encoding="utf-8"))
    return told


def alternate(tools: Sequence[Tool], peer_python: Path, folder: Path, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Every tool once, then every tool again, `rounds` times; what each run said, by tool."""
    told: dict[str, list[dict[str, Any]]] = {tool.name: [] for tool in tools}
    for number in range(rounds):
        for tool in tools:
            if number < tool.rounds:
                told[tool.name].append(run_once(tool, peer_python, folder, first=number == 0))
                print(f"  {tool.label}: {told[tool.name][-1]['link_s']:.2f} s", flush=True)
    return told
