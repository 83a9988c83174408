"""A person in words: whose records they are, and the pairs that hold them together, field by field with its weight.

What is said was gathered below (`pipeline.explained`); decides nothing. It is for the person who asked, and goes to no
log.
"""

from pathlib import Path
from typing import Any

from cli.say import Report, many, table
from linkage.explain import STEPS, level_words
from pipeline.explained.person import person_facts, place_of


MOST_PAIRS = 10


def explain_person(folder: Path, who: str) -> Report | None:
    """The person whose id is `who`; None where the run has none."""
    facts = person_facts(folder, who)
    return None if facts is None else Report(facts, _in_words(facts))


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
    return (place_of(record), record["rule"].replace("_", " "), sure)


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
