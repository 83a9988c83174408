"""A family in words: who is in it and what holds them together, the verdicts, and the evidence with its file and row.

What is said was gathered below (`pipeline.explained`); decides nothing. It is for the person who asked, and goes to no
log.
"""

from pathlib import Path
from typing import Any

from cli.case import case_lines
from cli.say import Report, table
from cli.summary import CRITERIA
from pipeline.explained.family import family_facts
from pipeline.explained.words import BASIS, standing_sentence


MOST_ROWS = 6
VERDICTS = {"met": "met", "not_met": "not met", "unknown": "unknown"}


def explain_family(folder: Path, who: str) -> Report | None:
    """The household whose family id or household id is `who`; None where the run has none."""
    facts = family_facts(folder, who)
    return None if facts is None else Report(facts, _in_words(facts))


def _in_words(facts: dict[str, Any]) -> list[str]:
    home = facts["household"]
    where = ", ".join(filter(None, (home["address"], home["postcode"]))) or "no address"
    return [
        f"{home['family_id'] or 'No family'}, household {home['household_id']}, run {facts['run']}",
        standing_sentence(facts["standing"]),
        "",
        f"Household: {where}" + (f" (UPRN {home['uprn']})" if home["uprn"] else ""),
        f"  held together by {BASIS[home['basis']]}; cohesion {_number(home['cohesion'])}"
        + (f"; flags: {home['flags'].replace(';', ', ')}" if home["flags"] else ""),
        *table([_member_row(member) for member in facts["members"]]),
        "",
        *case_lines(facts),
        *(line for name, words in CRITERIA.items() for line in _criterion_lines(facts, name, words)),
    ]


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
