"""A family of a published run: who is in it, where it stands, the verdicts, each fact with its file and row.

Reads tables; decides nothing. What it says is for the person who asked, and goes to no log.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.explained.case import cases_of
from pipeline.record.manifest import read_manifest
from pipeline.record.rows import records, rows_with


def family_facts(run: Path, who: str) -> dict[str, Any] | None:
    """The household whose family id or household id is `who`, as JSON has it; None where the run has none.

    `household`, `standing` (is: eligible, undetermined or not eligible), `members`, `verdicts`, `evidence` (each with
    the rows of each file that it `stands_in`), `cases`, `events`.
    """
    column = "family_id" if who.startswith("F") else "household_id"
    found = rows_with(run, "households", column, [who])
    if found.empty:
        return None
    home = found.iloc[0]
    key = [home["household_id"]]
    return {
        "run": run.name,
        "household": records(home.to_frame().T)[0],
        "standing": _standing(run, key),
        "members": records(_members(run, key)),
        "verdicts": records(rows_with(run, "verdicts", "household_id", key).drop(columns="household_id")),
        "evidence": _evidence(run, key),
        **cases_of(run, home["family_id"] if isinstance(home["family_id"], str) else None),
    }


def _standing(run: Path, key: list[str]) -> dict[str, Any]:
    """Whether the family is on the master list, undetermined, or neither, and why."""
    listed = rows_with(run, "master_list", "household_id", key)
    if len(listed):
        return {"is": "eligible"} | records(listed[["rank", "rule", "change", "rank_reasons"]])[0]
    waiting = rows_with(run, "undetermined", "household_id", key)
    if len(waiting):
        return {"is": "undetermined"} | records(waiting[["would_settle"]])[0]
    return {"is": "not eligible"}


def _members(run: Path, key: list[str]) -> pd.DataFrame:
    members = rows_with(run, "members", "household_id", key)
    people = rows_with(run, "people", "person_id", members["person_id"])
    named = members.merge(people[["person_id", "forename", "surname", "date_of_birth"]], on="person_id")
    columns = ["person_id", "forename", "surname", "date_of_birth", "role", "age", "basis", "confidence"]
    return named.sort_values(["role", "person_id"], ascending=[True, True])[columns]


def _evidence(run: Path, key: list[str]) -> list[dict[str, Any]]:
    names = {file.sha256: file.path for file in read_manifest(run).inputs}
    facts = records(rows_with(run, "evidence", "household_id", key).drop(columns="household_id"))
    return [fact | {"stands_in": _places(fact["file_sha256"], fact["row_numbers"], names)} for fact in facts]


def _places(digests: str | None, rows: str | None, names: dict[str, str]) -> dict[str, list[int]]:
    """The rows of each file: one digest is of every row; else there is one for each."""
    numbers = [int(row) for row in (rows or "").split(";") if row]
    files = [names.get(digest, digest) for digest in (digests or "").split(";") if digest]
    files = files * len(numbers) if len(files) == 1 else files
    return {file: [row for name, row in zip(files, numbers, strict=False) if name == file] for file in files}
