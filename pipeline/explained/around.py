"""Who and what is around a family of a published run: agencies, referrals, panels, and doubts about its people.

Reads tables; decides nothing. A table that the run's version did not make says nothing.
"""

from pathlib import Path
from typing import Any

from pipeline.record.rows import has_table, records, rows_with


Rows = list[dict[str, Any]]


def around_family(run: Path, family: str) -> dict[str, Rows]:
    """The rows about a family by table: who works with it, who referred it, what panels said, which schools it has."""
    return {name: _rows(run, name, "family_id", [family]) for name in BY_FAMILY}


BY_FAMILY = ("services", "no_lead", "referral_outcomes", "panel_history", "panel_answers", "family_schools")


def doubts_about(run: Path, people: list[str]) -> Rows:
    """The questions of the review queue that are about a record of one of these people, the most telling first.

    Pairs that were settled without people, and are asked about all the same to see how often that is right, are no
    doubts.
    """
    own = rows_with(run, "person_records", "person_id", people)[["record_id", "person_id"]]
    owner = dict(zip(own["record_id"], own["person_id"], strict=True))
    asked = [row for side in ("left_id", "right_id") for row in _rows(run, "review_queue", side, own["record_id"])]
    questions = {row["review_id"]: row for row in asked}
    told = [_question(row, owner) for row in questions.values() if not row.get("settled")]
    return sorted(told, key=lambda question: question["rank"])


def _question(row: dict[str, Any], owner: dict[str, str]) -> dict[str, Any]:
    sides = [owner.get(row[side]) for side in ("left_id", "right_id")]
    about = sorted({person for person in sides if person})
    return {name: row[name] for name in ("review_id", "rank", "kind", "why", "change")} | {"people": about}


def _rows(run: Path, table: str, column: str, values: Any) -> Rows:
    return records(rows_with(run, table, column, values)) if has_table(run, table) else []
