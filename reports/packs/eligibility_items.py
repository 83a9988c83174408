"""Items 2, 3, 4, 5 and 13: household, eligibility, rule, DWP's answers, age of facts; decides none of them."""

from datetime import date
from typing import Any

from reports.packs.claim_items import claimed_events, standing
from reports.packs.gathered import Case, Rows
from reports.packs.shape import Column, Grid, Item, Part, Says, facts
from reports.packs.wording import (
    COUNTS,
    CRITERIA,
    RULES,
    VERDICTS,
    day,
    joined,
    many,
    person,
    places,
    short_day,
    text,
    title_of,
    window,
    words,
)


def household(case: Case) -> Item:
    """Item 2: who the family was on the day of its eligibility, where, and on what basis; and who it is today."""
    then, now = case.of("snapshots"), case.of("members")
    known = facts(
        ("Family", case.family_id or "no family of this run"),
        ("Household today", case.household_id or "none"),
        ("Eligibility evidenced on", day(eligible_on(case)) or "not evidenced in this run"),
    )
    parts: list[Part] = [known, _then(case, then), _now(case, now)]
    parts += [_belongs(case)] if case.of("case_members") else []
    short = f"{many(len(then), 'member')} on {day(eligible_on(case))}" if then else "No snapshot of members in this run"
    return Item("2", "The family", "Is it the same family throughout?", short, tuple(parts))


def eligible_on(case: Case) -> date | None:
    """The first day on which this run has evidence that the family was eligible."""
    held, then = case.one("cases"), case.one("snapshots")
    on = (held and held["eligible_on"]) or (then and then["eligible_on"])
    return on or None


_MEMBER = (
    Column("Person", 3),
    Column("Born", 1.5),
    Column("Role", 1),
    Column("Address", 3.5),
    Column("By", 1.4),
    Column("Confidence", 1.4, True),
)


def _then(case: Case, rows: Rows) -> Part:
    if not rows:
        return Says("This run holds no snapshot of the family's members on the day of its eligibility.")
    said = [
        (
            person(case.people.get(row["person_id"]), row["person_id"]),
            short_day(row["date_of_birth"]),
            row["role"],
            _address(row),
            words(row["basis"]),
            _share(row["confidence"]),
        )
        for row in rows
    ]
    return Grid(f"Members on {day(rows[0]['eligible_on'])}, when eligibility was first evidenced", _MEMBER, said)


def _now(case: Case, rows: Rows) -> Part:
    if not rows:
        return Says(f"On {day(case.as_of)} nobody is known to live in this family's household.")
    home = case.one("households") or {"address": None, "postcode": None}
    said = [
        (
            person(case.people.get(row["person_id"]), row["person_id"]),
            _born(case, row["person_id"]),
            row["role"],
            _address(home),
            words(row["basis"]),
            _share(row["confidence"]),
        )
        for row in rows
    ]
    return Grid(f"Members on {day(case.as_of)}", _MEMBER, said)


def _belongs(case: Case) -> Grid:
    said = [
        (
            person(case.people.get(row["person_id"]), row["person_id"]),
            row["role"],
            *("yes" if row[name] else "no" for name in ("named", "then", "now")),
        )
        for row in case.of("case_members")
    ]
    heads = (
        Column("Person", 3),
        Column("Role", 1),
        Column("Named by the caseload", 1.6),
        Column("There when eligible", 1.6),
        Column("There today", 1.3),
    )
    return Grid("Who belongs to the case, and by what", heads, said)


def _born(case: Case, person_id: str) -> str:
    known = case.people.get(person_id)
    return short_day(known["date_of_birth"]) if known else ""


def _address(row: dict[str, Any]) -> str:
    return ", ".join(filter(None, (row["address"], row["postcode"]))) or "not known"


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def shown_evidence(case: Case) -> tuple[Rows, date | None]:
    """The evidence of eligibility, numbered, and the day it stood: the snapshot's, else today's."""
    rows, on = case.of("snapshot_evidence"), eligible_on(case)
    if not rows:
        rows, on = case.of("evidence"), case.as_of
    return [row | {"number": f"3.{place}"} for place, row in enumerate(rows, start=1)], on


def eligibility(case: Case) -> Item:
    """Item 3: every fact that bears on a criterion, with its file and rows; and the verdicts as they stand today."""
    rows, on = shown_evidence(case)
    parts: list[Part] = []
    if not case.of("snapshot_evidence"):
        parts.append(Says(f"No evidence was frozen for this family. What follows is its household's on {day(on)}."))
    parts += [
        _criterion(case, name, [row for row in rows if row["criterion"] == name])
        for name in dict.fromkeys([*_known(case), *(row["criterion"] for row in rows)])
    ]
    if not rows:
        parts.append(Says("This run holds no fact that bears on this family's eligibility."))
    parts.append(_verdicts(case))
    met = [named(name) for name in _known(case) if any(row["met"] for row in rows if row["criterion"] == name)]
    counted = many(len(rows), "fact")
    short = f"{counted}; counting for {', '.join(met).lower()}" if met else f"{counted}; none counts"
    return Item("3", "Eligibility", "Was the family eligible when it started?", short, tuple(parts))


def _known(case: Case) -> list[str]:
    return [row["criterion"] for row in case.of("verdicts")] or list(CRITERIA)


def named(criterion: str) -> str:
    """A criterion's name."""
    return CRITERIA.get(criterion, title_of(criterion))


_EVIDENCE = (
    Column("No.", 0.7),
    Column("Fact", 2.1),
    Column("Person", 2),
    Column("Found and needed", 2.2),
    Column("Date", 1.3),
    Column("Window", 1.7),
    Column("Counts", 1.1),
    Column("Stands in", 3),
)


def _criterion(case: Case, criterion: str, rows: Rows) -> Part:
    if not rows:
        return Says(f"{named(criterion)}: this run holds no fact about this family.")
    return Grid(named(criterion), _EVIDENCE, [_fact(case, row) for row in rows])


def _fact(case: Case, row: dict[str, Any]) -> tuple[str, ...]:
    found = " against ".join(filter(None, (row["value"], row["threshold"])))
    fact = words(row["indicator"]).capitalize() + (f": {row['detail']}" if row["detail"] else "")
    who = person(case.people.get(row["person_id"]), row["person_id"]) or "the household"
    stands = places(row["file_sha256"], row["row_numbers"], case.shared.files) or f"no row of {words(row['extract'])}"
    return (
        row["number"],
        fact,
        who,
        found,
        short_day(row["event_date"]),
        window(row["window_start"], row["window_end"]),
        COUNTS[row["met"]],
        stands,
    )


def _verdicts(case: Case) -> Part:
    rows = case.of("verdicts")
    if not rows:
        return Says(f"On {day(case.as_of)} this family has no household of which a verdict could be given.")
    said = [(named(row["criterion"]), VERDICTS[row["verdict"]], row["reason"], text(row["missing"])) for row in rows]
    heads = (Column("Criterion", 2), Column("Verdict", 1), Column("Reason", 4), Column("Waits for", 2))
    return Grid(f"Verdicts on {day(case.as_of)}", heads, said)


def rule(case: Case) -> Item:
    """Item 4: by which rule the family is eligible, and which criteria were in force, with the council's own."""
    rules, record = case.shared.rules, case.shared.record
    held, then, on = case.one("cases"), case.one("snapshots"), eligible_on(case)
    which = (held and held["rule"]) or (then and then["rule"])
    rows, _ = shown_evidence(case)
    used = sorted({row["indicator"] for row in rows if row["criterion"] == "local" and row["met"]})
    known = facts(
        ("Rule", RULES.get(which or "", "none is evidenced")),
        ("Local criteria met", joined([words(code) for code in used], "none")),
        ("Criteria", f"{rules.title}, sha256 {record.framework[1]}"),
        (
            "Local criteria in force",
            joined([one.name for one in rules.local_criteria if one.is_in_force(on or case.as_of)], "none"),
        ),
    )
    return Item(
        "4",
        "The rule",
        "Which rule made the family eligible, and what was in force?",
        RULES.get(which or "", "No rule is evidenced").capitalize(),
        (known, _changes(case)),
    )


def _changes(case: Case) -> Part:
    changes = case.shared.rules.changes
    if not changes:
        return Says("The council changed no figure of the published criteria.")
    said = [(change.key, str(change.published), str(change.used), change.reason) for change in changes]
    heads = (Column("Figure", 2), Column("As published", 1.5), Column("As used", 1.5), Column("Because", 4))
    return Grid("Figures that the council changed", heads, said)


def dwp(case: Case) -> Item:
    """Item 5: what DWP was asked about each person, and what it answered."""
    title, asked = "Evidence of DWP status", "Does DWP confirm that somebody was out of work?"
    rows, refs = case.of("dwp_benefits"), case.of("request_refs")
    parts: list[Part] = [_asked(case, refs)]
    if "dwp_benefits" not in case.rows:
        parts.append(Says("No DWP answer in this run: the extract dwp_benefits was not given."))
        return Item("5", title, asked, "No DWP answer in this run", tuple(parts))
    if not rows:
        parts.append(Says("DWP's answers in this run say nothing of anybody in this family."))
        return Item("5", title, asked, "No DWP answer about this family", tuple(parts))
    said = [
        (
            person(case.people.get(row["person_id"]), row["person_id"]),
            text(row["request_ref"]),
            words(row["status"]),
            text(row["benefit"]),
            window(row["start_date"], row["end_date"]),
            short_day(row["as_at"]),
            standing(row),
        )
        for row in rows
    ]
    heads = (
        Column("Person", 2.4),
        Column("Request", 1.8),
        Column("Answer", 1.5),
        Column("Benefit", 1),
        Column("Paid", 1.8),
        Column("As at", 1.3),
        Column("Stands in", 2.6),
    )
    parts.append(Grid("DWP's answers", heads, said))
    statuses = ", ".join(sorted({words(row["status"]) for row in rows}))
    return Item("5", title, asked, f"{many(len(rows), 'answer')}: {statuses}", tuple(parts))


def _asked(case: Case, refs: Rows) -> Part:
    if not refs:
        return Says("Nobody in this family has a reference under which DWP would be asked.")
    said = [(person(case.people.get(row["person_id"]), row["person_id"]), row["request_ref"]) for row in refs]
    return Grid("References under which DWP is asked", (Column("Person", 3), Column("Reference", 2)), said)


def staleness(case: Case) -> Item:
    """Item 13: the age in days of each fact on the day of the claim."""
    title, asked = "Age of the facts", "How old was each fact when it was claimed on?"
    rows, _ = shown_evidence(case)
    on = claim_day(case)
    dated = [(row, row["event_date"] or row["window_end"]) for row in rows]
    ages = [(on - when).days for _, when in dated if when]
    if not dated:
        return Item(
            "13", title, asked, "There is no fact whose age could be said", (Says("There is no fact of eligibility."),)
        )
    said = [
        (
            row["number"],
            words(row["indicator"]).capitalize(),
            short_day(when) or "not dated",
            f"{(on - when).days:,}" if when else "not known",
        )
        for row, when in dated
    ]
    heads = (Column("No.", 0.6), Column("Fact (item 3)", 3), Column("Date", 1.5), Column("Age in days", 1.2, True))
    short = f"From {min(ages):,} to {many(max(ages), 'day')} on {day(on)}" if ages else "No fact has a date"
    return Item("13", title, asked, short, (Grid(f"Age of each fact on {day(on)}", heads, said),))


def claim_day(case: Case) -> date:
    """The day of the claim; the run's day where there is none yet."""
    days = [event.get("claimed_on") for event in claimed_events(case)]
    return max((date.fromisoformat(when) for when in days if when), default=case.as_of)
