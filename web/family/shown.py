"""What the page of a family shows, from what the run holds: gathered, put in order and worded; decides nothing."""

import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from pipeline.explained.around import around_family, doubts_about
from pipeline.explained.family import family_facts
from pipeline.explained.since import changes_since
from pipeline.explained.words import BASIS, HOUSEHOLD_FLAGS, LISTED_BY, MEMBER_BASIS
from pipeline.record.rows import records, rows_with
from reports.fact_line import fact_line, span_of
from reports.packs.drawing import draw_picture
from reports.packs.wording import COUNTS, CRITERIA, many, row_numbers, sentence, with_days
from reports.packs.wording import words as plain_words
from web.family.followed import show_agency, show_case, show_event


Facts = dict[str, Any]
ORDER = list(CRITERIA)
UNSURE_BELOW = 0.9


class Criterion(NamedTuple):
    """A criterion on the page: its verdict and why, its time line, and its facts, those that count first."""

    name: str
    title: str
    verdict: str
    reason: str
    missing: tuple[str, ...]
    picture: Markup | None
    counting: list[Facts]
    others: list[Facts]


class Shown(NamedTuple):
    """Everything on the page of a family."""

    family_id: str
    home: Facts
    standing: Facts
    listed: Facts | None
    points: list[str]
    members: list[Facts]
    criteria: list[Criterion]
    built: list[str]
    cases: list[Facts]
    events: list[Facts]
    agencies: list[Facts]
    extracts: list[Facts]
    around: dict[str, list[Facts]]
    doubts: list[Facts]
    since: Facts | None
    lapsed: list[str]
    names: dict[str, str]


def show_family(run: Path, family: str, as_of: date) -> Shown:
    """What the page of `family` shows; the run has a household of it."""
    facts = family_facts(run, family)
    if facts is None:
        raise KeyError(family)
    since, around = changes_since(run, family), around_family(run, family)
    names = _names(run, facts, since)
    listed = next(iter(records(rows_with(run, "master_list", "family_id", [family]))), None)
    return Shown(
        family_id=family,
        home=facts["household"],
        standing=facts["standing"],
        listed=listed,
        points=(listed["rank_reasons"] or "").split("; ") if listed else [],
        members=[_member(member) for member in facts["members"]],
        criteria=_criteria(facts, names, as_of),
        built=_built(facts["household"], facts["members"]),
        cases=[show_case(case, names) for case in facts["cases"]],
        events=[show_event(event, names) for event in facts["events"]],
        agencies=[show_agency(row) for row in around["services"]],
        extracts=_extracts(facts["evidence"]),
        around=around,
        doubts=doubts_about(run, [member["person_id"] for member in facts["members"]]),
        since=since,
        lapsed=lapsed_words(since["change"]) if since and since["change"] else [],
        names=names,
    )


def name_of(person: Facts) -> str:
    """A person's name, as the records have it."""
    return " ".join(filter(None, (person["forename"], person["surname"]))) or "No name"


def share(value: float | None) -> str:
    """How sure: `97 in 100`; never quite sure, and never no chance, but where it is exactly that."""
    if value is None:
        return "not known"
    shown = min(max(round(value * 100), 1), 99) if 0 < value < 1 else round(value * 100)
    return f"{shown} in 100" if value < 0.995 else "over 99 in 100" if value < 1 else "sure"


def plain_reason(said: str | None) -> str:
    """What the wash says of a verdict or a fact: days written out, criteria by their names, other codes in words."""
    return CODES.sub(_named, with_days(said))


CODES = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b(?!\.)")
"""A code, such as of a criterion or an indicator; not the name of a file."""


def _named(code: re.Match[str]) -> str:
    return CRITERIA[code.group()].lower() if code.group() in CRITERIA else plain_words(code.group())


def _member(member: Facts) -> Facts:
    return member | {
        "name": name_of(member),
        "why": MEMBER_BASIS.get(member["basis"], plain_words(member["basis"])),
        "sure": share(member["confidence"]),
        "is_unsure": member["confidence"] is not None and member["confidence"] < UNSURE_BELOW,
    }


def _built(home: Facts, members: list[Facts]) -> list[str]:
    """How the household was put together, and how sure it is, in sentences."""
    unsure = [member for member in members if member["confidence"] is not None and member["confidence"] < UNSURE_BELOW]
    said = [f"{many(len(members), 'person', 'people')} held together by {BASIS[home['basis']]}.",
            f"How sure it is that they belong together: {share(home['cohesion'])}."]  # fmt: skip
    if unsure:
        said.append(f"{many(len(unsure), 'member')} less sure than 90 in 100: look at why they are here.")
    return said + [HOUSEHOLD_FLAGS.get(flag, sentence(flag) + ".") for flag in (home["flags"] or "").split(";") if flag]


def _criteria(facts: Facts, names: dict[str, str], as_of: date) -> list[Criterion]:
    span = span_of(facts["evidence"], as_of)
    verdicts = sorted(facts["verdicts"], key=lambda row: ORDER.index(row["criterion"]))
    found = []
    for row in verdicts:
        own = [fact for fact in facts["evidence"] if fact["criterion"] == row["criterion"]]
        title = CRITERIA[row["criterion"]]
        picture = fact_line(title, own, span)
        shown = sorted((_fact(fact, names) for fact in own), key=lambda fact: (fact["event_date"] or ""), reverse=True)
        found.append(Criterion(
            name=row["criterion"],
            title=title,
            verdict=row["verdict"],
            reason=plain_reason(row["reason"]),
            missing=tuple(plain_reason(row["missing"]).split("; ")) if row["missing"] else (),
            picture=Markup(draw_picture(picture)) if picture else None,  # noqa: S704 - the template escapes every word
            counting=[fact for fact in shown if fact["met"] is not False],
            others=[fact for fact in shown if fact["met"] is False],
        ))  # fmt: skip
    return found


def _extracts(facts: list[Facts]) -> list[Facts]:
    """Which extracts say something about the family: how many facts, how many that count, and the newest."""
    held: dict[str, list[Facts]] = {}
    for fact in facts:
        held.setdefault(fact["extract"], []).append(fact)
    return [
        {"extract": sentence(extract), "facts": len(own), "count": sum(fact["met"] is True for fact in own),
         "newest": max((fact["event_date"] for fact in own if fact["event_date"]), default=None)}
        for extract, own in sorted(held.items())
    ]  # fmt: skip


def _fact(fact: Facts, names: dict[str, str]) -> Facts:
    stands = "; ".join(f"{file}, {row_numbers(rows)}" for file, rows in fact["stands_in"].items())
    return fact | {
        "title": sentence(fact["indicator"]),
        "who": names.get(fact["person_id"], fact["person_id"]) if fact["person_id"] else "the household",
        "found": plain_words(fact["value"]),
        "asked": plain_words(fact["threshold"]),
        "said": plain_reason(fact["detail"]),
        "counts": COUNTS[fact["met"]],
        "stands": stands or f"no row of {plain_words(fact['extract'])}",
        "age": many(fact["age_days"], "day") if fact["age_days"] is not None else "not known",
    }


def lapsed_words(change: Facts) -> list[str]:
    """What lapsed when a family left the list, with criteria by their names."""
    parts = (change["lapsed"] or "").split("; ") if change["lapsed"] else []
    return [f"{CRITERIA[name]}: {said}" if name in CRITERIA else part
            for part, (name, _, said) in ((part, part.partition(": ")) for part in parts)]  # fmt: skip


def _names(run: Path, facts: Facts, since: Facts | None) -> dict[str, str]:
    """The names of all whom the page speaks of: members, those of the run before, those of the cases."""
    others = {*(since or {}).get("left", []), *(one["person_id"] for case in facts["cases"] for one in case["members"])}
    people = [*facts["members"], *records(rows_with(run, "people", "person_id", others))]
    return {person["person_id"]: name_of(person) for person in people}


def standing_words(shown: Shown) -> str:
    """Where the family stands, in a sentence."""
    if shown.listed:
        return f"On the list, by {LISTED_BY[shown.listed['rule']]}."
    if shown.standing["is"] == "undetermined":
        return "Could still become eligible: something is not known yet."
    return "Neither on the list nor undetermined: what is known of it does not qualify it."
