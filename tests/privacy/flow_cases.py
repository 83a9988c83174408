"""Run as a script: washes as flows, on one server, as `cases.json` in the current folder lists them.

Says of each how it ended, as the command would. A `trouble` is a mistake of ours, made with a value from a row.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from flows.data_wash import run_flow
from flows.scheduled import scheduled_wash
from flows.server import any_server
from pipeline.intake.sources import Source
from pipeline.prepare import Request
from schemas.errors import DataWashError
from schemas.process import be_private


def _a_value(source: Source) -> str:
    rows = source.files[0].archived.read_text(encoding="utf-8").splitlines()
    return next(cell for row in rows for cell in row.split(",") if cell.startswith("Zq"))


def slip(stage: Any, *args: Any) -> Any:
    """Fail as a mistake of ours would, with the value in the message and in the error behind it."""
    if isinstance(args[1], Source):
        value = _a_value(args[1])
        try:
            pd.to_datetime(value, format="%Y-%m-%d")
        except ValueError as error:
            raise KeyError(value) from error
    return stage(*args)


def interrupted(stage: Any, *args: Any) -> Any:
    """Fail as a process that is stopped while something else goes wrong."""
    try:
        return slip(stage, *args)
    except KeyError:
        raise KeyboardInterrupt  # noqa: B904 - as it comes


TROUBLES = {"slip": slip, "interrupted": interrupted}


def run(case: dict[str, Any]) -> str:
    """How a case ended: `ok`, or the exit code and the words."""
    paths = {name: Path(case[name]) for name in ("folder", "outputs", "settings", "judgements") if case.get(name)}
    try:
        if case["name"] == "scheduled":
            scheduled_wash(outputs=case["outputs"], settings=case["settings"], month="2013-09")
        else:
            run_flow(Request(as_of=date(2013, 9, 30), **paths), TROUBLES.get(case.get("trouble", "")))
    except DataWashError as error:
        return f"{error.exit_code} {error}"
    except KeyboardInterrupt as error:
        return f"130 {type(error).__name__}"
    return "ok"


def main(cases: Path) -> None:
    """Take the cases one after the other, as the command would begin."""
    be_private()
    listed = json.loads(cases.read_text(encoding="utf-8"))
    with any_server(Path(listed[0]["outputs"])):
        for case in listed:
            sys.stdout.write(f"{case['name']}: {run(case)}\n")


if __name__ == "__main__":
    main(Path("cases.json"))
