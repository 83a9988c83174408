"""A person in words: whose records they are, and the pairs that hold them together, field by field with its weight.

Reads tables of a published run; decides nothing. What it says is for the person who asked, and goes to no log.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from cli.lookup import rows_with
from cli.records import records
from cli.say import Report, many, table
from linkage.explain import STEPS, level_words, waterfall
from schemas.linked import Pairs


MOST_PAIRS = 10
CHILD = "#child"


def explain_person(folder: Path, who: str) -> Report | None:
    """The person whose id is `who`; None where the run has none."""
    found = rows_with(folder, "people", "person_id", [who])
    if found.empty:
        return None
    facts = _facts(folder, found)
    return Report(facts, _in_words(facts))


def _facts(folder: Path, person: pd.DataFrame) -> dict[str, Any]:
    key = person["person_id"]
    own = rows_with(folder, "person_records", "person_id", key).drop(columns="person_id")
    pairs = _pairs(folder, own["record_id"])
    others = pd.concat([pairs["left_id"], pairs["right_id"]])
    places = rows_with(folder, "person_records", "record_id", others).set_index("record_id")
    return {
        "run": folder.name,
        "person": records(person)[0],
        "household": next(iter(records(_household(folder, key))), None),
        "records": records(own),
        "pairs": [_pair(row, places) for row in records(pairs)],
    }


def _household(folder: Path, key: pd.Series) -> pd.DataFrame:
    member = rows_with(folder, "members", "person_id", key)
    homes = rows_with(folder, "households", "household_id", member["household_id"])
    return member.merge(homes[["household_id", "family_id"]], on="household_id").drop(columns="person_id")


def _pairs(folder: Path, own: pd.Series) -> pd.DataFrame:
    """Every pair that one of these records is in, the heaviest first."""
    sides = [rows_with(folder, "pairs", side, own) for side in ("left_id", "right_id")]
    pairs = pd.concat(sides, ignore_index=True).drop_duplicates(["left_id", "right_id"])
    return pairs.sort_values(["match_weight", "left_id", "right_id"], ascending=[False, True, True], ignore_index=True)


def _pair(row: dict[str, Any], places: pd.DataFrame) -> dict[str, Any]:
    """A pair with whose its records are, and its weight step by step."""
    sides = {side: _side(row[f"{side}_id"], places) for side in ("left", "right")}
    return {name: row[name] for name in OWN} | sides | {"steps": records(waterfall(row))}


OWN = tuple(Pairs.to_schema().columns)


def _side(record: str, places: pd.DataFrame) -> dict[str, Any]:
    if record not in places.index:
        return {"person_id": None, "place": record}
    row = places.loc[record]
    place = _place({"record_id": record, "file": row["file"], "row_number": row["row_number"]})
    return {"person_id": row["person_id"], "place": place}


def _place(record: dict[str, Any]) -> str:
    child = " (its child)" if record["record_id"].endswith(CHILD) else ""
    return f"{record['file']}, row {record['row_number']}{child}"


def _in_words(facts: dict[str, Any]) -> list[str]:
    person, own = facts["person"], facts["records"]
    name = " ".join(filter(None, (person["forename"], person["surname"]))) or "no name"
    born = f", born {person['date_of_birth']}" if person["date_of_birth"] else ""
    joined = [pair for pair in facts["pairs"] if pair["left"]["person_id"] == pair["right"]["person_id"]]
    apart = [pair for pair in facts["pairs"] if pair not in joined]
    return [
        f"{person['person_id']}, run {facts['run']}: {name}{born}",
        _household_line(facts["household"]),
        "",
        f"{many(len(own), 'record')}",
        *table([_record_row(record) for record in own]),
        *_pair_lines("Pairs that hold them together", joined),
        *_pair_lines("Pairs that were looked at and not joined", apart),
    ]


def _household_line(home: dict[str, Any] | None) -> str:
    if home is None:
        return "In no household on the day."
    sure = "unknown" if home["confidence"] is None else f"{home['confidence']:.2f}"
    place = ", household ".join(filter(None, (home["family_id"], home["household_id"])))
    return f"{home['role'].capitalize()} in {place}, by {home['basis'].replace('_', ' ')}, confidence {sure}"


def _record_row(record: dict[str, Any]) -> tuple[str, ...]:
    sure = "" if record["match_probability"] is None else f"probability {record['match_probability']:.4f}"
    return (_place(record), record["rule"].replace("_", " "), sure)


def _pair_lines(title: str, pairs: list[dict[str, Any]]) -> list[str]:
    if not pairs:
        return []
    more = f", of which the {MOST_PAIRS} heaviest" if len(pairs) > MOST_PAIRS else ""
    shown = [line for pair in pairs[:MOST_PAIRS] for line in _pair_words(pair)]
    return ["", f"{title}: {len(pairs):,}{more}", *shown]


def _pair_words(pair: dict[str, Any]) -> list[str]:
    sure = "" if pair["match_probability"] is None else f", probability {pair['match_probability']:.4f}"
    steps = [(STEPS.get(one["step"], one["step"]), level_words(**one), f"{one['bits']:+.1f}") for one in pair["steps"]]
    return [
        f"  {pair['left']['place']} with {pair['right']['place']}: {pair['judgement'].replace('_', ' ')} "
        f"by {pair['decided_by']}{sure}; {pair['reason']}",
        *(f"  {line}" for line in table(steps)),
    ]
