"""What the page of a person shows: which records are theirs and why, and what was looked at and not joined.

Gathered, put in order and worded; decides nothing. Of a record of somebody else it shows the place and the id, no name.
"""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from linkage.explain import STEPS, level_words
from pipeline.explained.person import person_facts, place_of
from pipeline.explained.words import BASIS, HOUSEHOLD_FLAGS, MEMBER_BASIS, RECORD_RULES
from pipeline.record.rows import records, rows_with
from reports.charts import waterfall
from reports.packs.wording import many, sentence, words
from reports.svg import named
from web.family.shown import UNSURE_BELOW, name_of, share


Facts = dict[str, Any]
MOST_PICTURES = 3
MOST_PAIRS = 20
VERBS = {"match": "taken to be one person", "no_match": "taken to be two people", "review": "waiting for a reviewer"}
DECIDED = {"model": "by the weights", "identifier": "by UPN or NINO", "rule": "by a rule", "others": "by other records",
           "judgement": "by a reviewer"}


class Pair(NamedTuple):
    """Two records that were compared: where they stand, whose they are, what was decided, and the weight in words."""

    left: Facts
    right: Facts
    decided: str
    reason: str
    probability: str
    words: str
    steps: list[Facts]
    picture: Markup | None


class Shown(NamedTuple):
    """Everything on the page of a person."""

    person: Facts
    name: str
    lead: list[str]
    household: Facts | None
    records: list[Facts]
    joined: list[Pair]
    apart: list[Pair]
    left_out: int


def show_person(run: Path, who: str) -> Shown:
    """What the page of the person `who` shows; the run has them."""
    facts = person_facts(run, who)
    if facts is None:
        raise KeyError(who)
    joined = [pair for pair in facts["pairs"] if _of_one(pair)]
    apart = [pair for pair in facts["pairs"] if not _of_one(pair)]
    return Shown(
        person=facts["person"],
        name=name_of(facts["person"]),
        lead=_lead(facts),
        household=_household(run, facts["household"]),
        records=[_record(record) for record in facts["records"]],
        joined=_pairs(joined),
        apart=_pairs(apart),
        left_out=max(len(joined) - MOST_PAIRS, 0) + max(len(apart) - MOST_PAIRS, 0),
    )


def _of_one(pair: Facts) -> bool:
    return bool(pair["left"]["person_id"] == pair["right"]["person_id"])


def _lead(facts: Facts) -> list[str]:
    """Why these records are taken to be one person, in a few sentences."""
    own = facts["records"]
    files = {record["file"] for record in own}
    said = [f"{many(len(own), 'record')} in {many(len(files), 'file')} {'is' if len(own) == 1 else 'are'} taken to be "
            "this person."]  # fmt: skip
    for rule, count in Counter(record["rule"] for record in own).most_common():
        said.append(f"{many(count, 'record')}: {RECORD_RULES.get(rule, words(rule))}.")
    if len(own) > 1:
        sure = share(facts["person"]["cohesion"])
        said.append(f"How sure it is that all of them are one person: {sure}. It is the weakest link that counts.")
    return said


def _household(run: Path, member: Facts | None) -> Facts | None:
    if member is None:
        return None
    home = records(rows_with(run, "households", "household_id", [member["household_id"]]))[0]
    return member | {
        "address": ", ".join(filter(None, (home["address"], home["postcode"]))) or "no address known",
        "why": MEMBER_BASIS.get(member["basis"], words(member["basis"])),
        "sure": share(member["confidence"]),
        "held": BASIS[home["basis"]],
        "flags": [HOUSEHOLD_FLAGS.get(flag, sentence(flag)) for flag in (home["flags"] or "").split(";") if flag],
    }


def _record(record: Facts) -> Facts:
    return {
        "place": place_of(record),
        "extract": sentence(record["extract"]),
        "why": RECORD_RULES.get(record["rule"], words(record["rule"])),
        "sure": "" if record["match_probability"] is None else share(record["match_probability"]),
        "is_unsure": record["match_probability"] is not None and record["match_probability"] < UNSURE_BELOW,
    }


def _pairs(pairs: list[Facts]) -> list[Pair]:
    return [_pair(pair, is_drawn=place < MOST_PICTURES) for place, pair in enumerate(pairs[:MOST_PAIRS])]


def _pair(pair: Facts, *, is_drawn: bool) -> Pair:
    steps = [(STEPS.get(step["step"], step["step"]), level_words(**step), step["bits"]) for step in pair["steps"]]
    return Pair(
        left=pair["left"],
        right=pair["right"],
        decided=f"{VERBS[pair['judgement']]} {DECIDED.get(pair['decided_by'], words(pair['decided_by']))}",
        reason=pair["reason"],
        probability=share(pair["match_probability"]),
        words=_in_words(steps),
        steps=[{"step": step, "level": level, "bits": f"{bits:+.1f}"} for step, level, bits in steps],
        picture=named(_drawn(tuple(steps)), f"Waterfall of the weights. {_in_words(steps)}") if is_drawn else None,
    )


def _in_words(steps: list[tuple[str, str, float]]) -> str:
    """What speaks for one person and what against, the heaviest first; the last step is the sum, and is left out."""
    parts = sorted(steps[:-1], key=lambda step: -abs(step[2]))
    said = {words: [f"{_step(step, level)} ({bits:+.1f})" for step, level, bits in parts if sign(bits)]
            for words, sign in SIGNS.items()}  # fmt: skip
    return " ".join(f"{words}: {', '.join(found)}." for words, found in said.items() if found)


SIGNS: dict[str, Callable[[float], bool]] = {
    "For one person": lambda bits: bits >= LEAST_BITS,
    "Against": lambda bits: bits <= -LEAST_BITS,
}
LEAST_BITS = 0.05


def _step(step: str, level: str) -> str:
    return f"{step}: {level}" if level else step


@lru_cache(maxsize=256)
def _drawn(steps: tuple[tuple[str, str, float], ...]) -> str:
    """The weights as a waterfall; equal weights are drawn once."""
    return waterfall(pd.DataFrame(steps, columns=["step", "level", "bits"]))
