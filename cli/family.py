"""A family in words: who is in it and what holds them together, the verdicts, and the evidence with its file and row.

Reads tables of a published run; decides nothing. What it says is for the person who asked, and goes to no log.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from cli.case import case_lines, cases_of
from cli.lookup import rows_with
from cli.records import records
from cli.say import Report, table
from cli.summary import CRITERIA
from pipeline.record.manifest import read_manifest


MOST_ROWS = 6
BASIS = {
    "uprn": "the same UPRN",
    "address": "the same address",
    "contact": "ties between parents or carers and children",
    "judgement": "what somebody decided",
}
VERDICTS = {"met": "met", "not_met": "not met", "unknown": "unknown"}
RULES = {"3_of_3": "all three national criteria", "2_plus_local": "two national criteria and a local one",
         "2_of_6": "two or more of the six problems"}


def explain_family(folder: Path, who: str) -> Report | None:
    """The household whose family id or household id is `who`; None where the run has none."""
    column = "family_id" if who.startswith("F") else "household_id"
    found = rows_with(folder, "households", column, [who])
    if found.empty:
        return None
    facts = _facts(folder, found.iloc[0])
    return Report(facts, _in_words(facts))


def _facts(folder: Path, home: pd.Series) -> dict[str, Any]:
    key = [home["household_id"]]
    return {
        "run": folder.name,
        "household": records(home.to_frame().T)[0],
        "standing": _standing(folder, key),
        "members": records(_members(folder, key)),
        "verdicts": records(rows_with(folder, "verdicts", "household_id", key).drop(columns="household_id")),
        "evidence": _evidence(folder, key),
        **cases_of(folder, home["family_id"] if isinstance(home["family_id"], str) else None),
    }


def _standing(folder: Path, key: list[str]) -> dict[str, Any]:
    """Whether the family is on the master list, undetermined, or neither, and why."""
    listed = rows_with(folder, "master_list", "household_id", key)
    if len(listed):
        return {"is": "eligible"} | records(listed[["rank", "rule", "change", "rank_reasons"]])[0]
    waiting = rows_with(folder, "undetermined", "household_id", key)
    if len(waiting):
        return {"is": "undetermined"} | records(waiting[["would_settle"]])[0]
    return {"is": "not eligible"}


def _members(folder: Path, key: list[str]) -> pd.DataFrame:
    members = rows_with(folder, "members", "household_id", key)
    people = rows_with(folder, "people", "person_id", members["person_id"])
    named = members.merge(people[["person_id", "forename", "surname", "date_of_birth"]], on="person_id")
    columns = ["person_id", "forename", "surname", "date_of_birth", "role", "age", "basis", "confidence"]
    return named.sort_values(["role", "person_id"], ascending=[True, True])[columns]


def _evidence(folder: Path, key: list[str]) -> list[dict[str, Any]]:
    """Evidence, each fact with the files and rows that it stands in."""
    names = {file.sha256: file.path for file in read_manifest(folder).inputs}
    facts = records(rows_with(folder, "evidence", "household_id", key).drop(columns="household_id"))
    return [fact | {"stands_in": _places(fact["file_sha256"], fact["row_numbers"], names)} for fact in facts]


def _places(digests: str | None, rows: str | None, names: dict[str, str]) -> dict[str, list[int]]:
    """The rows of each file: one digest is of every row; else there is one for each."""
    numbers = [int(row) for row in (rows or "").split(";") if row]
    files = [names.get(digest, digest) for digest in (digests or "").split(";") if digest]
    files = files * len(numbers) if len(files) == 1 else files
    return {file: [row for name, row in zip(files, numbers, strict=False) if name == file] for file in files}


def _in_words(facts: dict[str, Any]) -> list[str]:
    home = facts["household"]
    where = ", ".join(filter(None, (home["address"], home["postcode"]))) or "no address"
    return [
        f"{home['family_id'] or 'No family'}, household {home['household_id']}, run {facts['run']}",
        _standing_line(facts["standing"]),
        "",
        f"Household: {where}" + (f" (UPRN {home['uprn']})" if home["uprn"] else ""),
        f"  held together by {BASIS[home['basis']]}; cohesion {_number(home['cohesion'])}"
        + (f"; flags: {home['flags'].replace(';', ', ')}" if home["flags"] else ""),
        *table([_member_row(member) for member in facts["members"]]),
        "",
        *case_lines(facts),
        *(line for name, words in CRITERIA.items() for line in _criterion_lines(facts, name, words)),
    ]


def _standing_line(standing: dict[str, Any]) -> str:
    if standing["is"] == "eligible":
        why = f" Ranked for: {standing['rank_reasons']}." if standing["rank_reasons"] else ""
        return f"Eligible by {RULES[standing['rule']]}; rank {standing['rank']}, {standing['change']}.{why}"
    if standing["is"] == "undetermined":
        return f"Undetermined. It would be settled by: {standing['would_settle']}."
    return "Not eligible."


def _member_row(member: dict[str, Any]) -> tuple[str, ...]:
    age = "age unknown" if member["age"] is None else f"age {member['age']}"
    name = " ".join(filter(None, (member["forename"], member["surname"]))) or "no name"
    born = f"born {member['date_of_birth']}" if member["date_of_birth"] else ""
    sure = f"{member['basis']}, confidence {_number(member['confidence'])}"
    return (member["person_id"], member["role"], name, born, age, sure)


def _criterion_lines(facts: dict[str, Any], criterion: str, words: str) -> list[str]:
    verdict = next((row for row in facts["verdicts"] if row["criterion"] == criterion), None)
    if verdict is None:
        return []
    waits = f" Waiting for: {verdict['missing']}." if verdict["missing"] else ""
    head = f"{words.capitalize()}: {VERDICTS[verdict['verdict']]}. {verdict['reason']}.{waits}"
    return [head, *(_evidence_line(row) for row in facts["evidence"] if row["criterion"] == criterion)]


def _evidence_line(row: dict[str, Any]) -> str:
    places = "; ".join(_place(file, rows) for file, rows in row["stands_in"].items()) or row["extract"]
    measured = f" {row['value']}" if row["value"] is not None else ""
    limit = f" against {row['threshold']}" if row["threshold"] is not None else ""
    day = f" on {row['event_date']}" if row["event_date"] else ""
    who = f" ({row['person_id']})" if row["person_id"] else ""
    detail = f"; {row['detail']}" if row["detail"] else ""
    counts = "counts" if row["met"] else "does not count" if row["met"] is False else "cannot be told"
    return f"  {row['indicator']}{measured}{limit}{day}{who}: {counts}{detail} [{places}]"


def _place(file: str, rows: list[int]) -> str:
    more = f" and {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
    return f"{file}, {'row' if len(rows) == 1 else 'rows'} {', '.join(map(str, rows[:MOST_ROWS]))}{more}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"
