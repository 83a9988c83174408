"""Items 2, 3 and 4: the family, its eligibility, and the rule that made it eligible; decides none of them."""

from datetime import date
from typing import Any

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
    places,
    sentence,
    short_day,
    text,
    title_of,
    window,
    with_days,
    words,
)


def household(case: Case) -> Item:
    """Item 2: who the family was on the day of its eligibility, where, and on what basis; and who it is today."""
    then, now = snapshot(case, "snapshots"), case.of("members")
    known = facts(
        ("Family", case.family_id or "no family of this run"),
        ("Household today", case.household_id or "none"),
        ("Eligibility evidenced on", day(eligible_on(case)) or "not evidenced in this run"),
        ("Evidenced by", EVIDENCED_BY.get(_evidenced_by(case) or "", "nothing that was frozen")),
        ("Snapshot stands under", _snapshot_under(case)),
    )
    parts: list[Part] = [known, _then(case, then), _now(case, now)]
    parts += [_belongs(case)] if case.of("case_members") else []
    short = f"{many(len(then), 'member')} on {day(eligible_on(case))}" if then else "No snapshot of members in this run"
    return Item("2", "The family", "Is it the same family throughout?", short, tuple(parts))


def eligible_on(case: Case) -> date | None:
    """The first day on which this run has evidence that the family was eligible: a snapshot's, else this list's."""
    held = case.one("cases")
    if held is not None and held["eligible_on"]:
        first: date = held["eligible_on"]
        return first
    days = [row["eligible_on"] for row in case.of("snapshots")]
    return min(days, default=case.as_of if case.of("master_list") else None)


def snapshot(case: Case, table: str) -> Rows:
    """The rows of `snapshots` or `snapshot_evidence` that were frozen on the day of this case's eligibility."""
    on, of = eligible_on(case), case.snapshot_of or case.family_id
    return [row for row in case.of(table) if row["eligible_on"] == on and row["family_id"] == of]


def _evidenced_by(case: Case) -> str | None:
    held, then = case.one("cases"), snapshot(case, "snapshots")
    told: str | None = held["evidenced_by"] if held else None
    return told or (then[0]["evidenced_by"] if then else None)


def _snapshot_under(case: Case) -> str:
    if not snapshot(case, "snapshots"):
        return "no family"
    of = case.snapshot_of or case.family_id
    return f"{of}, the same family" if of == case.family_id else f"{of}, which this family came from"


EVIDENCED_BY = {
    "wash": "a wash, which listed the family on that day",
    "attachment": "the facts looked at again for the day of attachment",
}


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
            case.who(row["person_id"]),
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
            case.who(row["person_id"]),
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
            case.who(row["person_id"]),
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
    rows, on = snapshot(case, "snapshot_evidence"), eligible_on(case)
    if not rows:
        rows, on = case.of("evidence"), case.as_of
    known = known_criteria(case)
    order = {name: place for place, name in enumerate(known)}
    rows = sorted(rows, key=lambda row: order.get(row["criterion"], len(order)))
    return [row | {"number": f"3.{place}"} for place, row in enumerate(rows, start=1)], on


def eligibility(case: Case) -> Item:
    """Item 3: every fact that bears on a criterion, with its file and rows; and the verdicts as they stand today."""
    rows, on = shown_evidence(case)
    parts: list[Part] = []
    if not snapshot(case, "snapshot_evidence"):
        parts.append(Says(f"No evidence was frozen for this family. What follows is its household's on {day(on)}."))
    else:
        parts.append(Says(f"The evidence as it stood on {day(on)}, when eligibility was first evidenced."))
    parts += [
        _criterion(case, name, [row for row in rows if row["criterion"] == name])
        for name in dict.fromkeys([*known_criteria(case), *(row["criterion"] for row in rows)])
    ]
    if not rows:
        parts.append(Says("This run holds no fact that bears on this family's eligibility."))
    parts.append(_verdicts(case))
    met = [named(name) for name in known_criteria(case) if any(row["met"] for row in rows if row["criterion"] == name)]
    counted = many(len(rows), "fact")
    short = f"{counted} on {day(on)}; counting for {'; '.join(met)}" if met else f"{counted}; none counts"
    return Item("3", "Eligibility", "Was the family eligible when it started?", short, tuple(parts))


def known_criteria(case: Case) -> list[str]:
    """The criteria of the programme in its own order, and the council's own last."""
    return [*map(str, case.shared.rules.national.criteria.value), "local"]


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
    fact = sentence(row["indicator"]) + (f": {with_days(row['detail'])}" if row["detail"] else "")
    who = case.who(row["person_id"]) or "the household"
    stands = places(row["file_sha256"], row["row_numbers"], case.shared.files) or f"no row of {words(row['extract'])}"
    return (
        row["number"],
        fact,
        who,
        _against(row),
        short_day(row["event_date"]),
        window(row["window_start"], row["window_end"]),
        COUNTS[row["met"]],
        stands,
    )


def _against(row: dict[str, Any]) -> str:
    found, needed = words(row["value"]), words(row["threshold"])
    return found if found == needed else " against ".join(filter(None, (found, needed)))


def _verdicts(case: Case) -> Part:
    rows = case.of("verdicts")
    if not rows:
        return Says(f"On {day(case.as_of)} this family has no household of which a verdict could be given.")
    said = [
        (named(row["criterion"]), VERDICTS[row["verdict"]], row["reason"], text(row["missing"]) or "nothing")
        for row in rows
    ]
    heads = (Column("Criterion", 2), Column("Verdict", 1), Column("Reason", 4), Column("Waits for", 2))
    return Grid(f"Verdicts on {day(case.as_of)}", heads, said)


def rule(case: Case) -> Item:
    """Item 4: by which rule the family is eligible, and which criteria were in force, with the council's own."""
    rules, record = case.shared.rules, case.shared.record
    on = eligible_on(case)
    which = rule_of(case)
    rows, _ = shown_evidence(case)
    used = sorted({row["indicator"] for row in rows if row["criterion"] == "local" and row["met"]})
    known = facts(
        ("Rule", RULES.get(which or "", "none is evidenced")),
        ("Local criteria met", joined([words(code) for code in used], "none")),
        ("Criteria in force", f"{rules.title} ({record.framework[0]})"),
        ("Digest of the criteria", record.framework[1]),
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


def rule_of(case: Case) -> str | None:
    """The rule by which the case is eligible: as the case has it, else its snapshot, else this run's list."""
    rows = [*case.of("cases"), *snapshot(case, "snapshots"), *case.of("master_list")]
    return next((row["rule"] for row in rows if row["rule"]), None)


def _changes(case: Case) -> Part:
    changes = case.shared.rules.changes
    if not changes:
        return Says("The council changed no figure of the published criteria.")
    said = [(change.key, str(change.published), str(change.used), change.reason) for change in changes]
    heads = (Column("Figure", 2), Column("As published", 1.5), Column("As used", 1.5), Column("Because", 4))
    return Grid("Figures that the council changed", heads, said)
