"""Items 8 and 10: the schooling of each child, and what no source says; decides no verdict."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from reports.packs.gathered import Case, Rows
from reports.packs.shape import Column, Grid, Item, Part, Says
from reports.packs.wording import joined, many, sentence, short_day, text, words


def education(case: Case) -> Item:
    """Item 8: per child and term what the schools sent, exclusions, and which children the test leaves out."""
    title, asked = (
        "Education of each child",
        "Was every child of the family in school, and who is left out of the test?",
    )
    children = children_of(case)
    if not children:
        return Item("8", title, asked, "No child is known in this family", (Says("No child is known in this family."),))
    rows = [row for row in case.of("attendance") if row["person_id"] in children]
    away = [row for row in case.of("exclusions") if row["person_id"] in children]
    parts = (_attendance(case, rows, children), _exclusions(case, away), _left_out(case))
    silent = len(children - {row["person_id"] for row in rows})
    found = [f"{many(len(rows), 'term')} of attendance for {many(len(children) - silent, 'child', 'children')}"]
    found += [f"none for {many(silent, 'child', 'children')}"] if silent else []
    found += [many(len(away), "exclusion")]
    return Item("8", title, asked, joined(found, ""), parts)


def children_of(case: Case) -> set[str]:
    """The people who are children of the case, then or now."""
    tables = ("snapshots", "members", "case_members")
    return {row["person_id"] for table in tables for row in case.of(table) if row["role"] == "child"}


SCHOOLING = ("education",)
_TERM = (
    Column("Child", 2.4),
    Column("Term", 1.5),
    Column("School", 2.2),
    Column("Possible", 1.2, True),
    Column("Authorised", 1.4, True),
    Column("Unauthorised", 1.7, True),
    Column("Share", 1, True),
    Column("All absence", 1.1, True),
    Column("Stands in", 3),
)
_TERMS = {"autumn": 0, "spring": 1, "summer": 2}


def _attendance(case: Case, rows: Rows, children: Iterable[str]) -> Part:
    if "attendance" not in case.rows:
        return Says("No attendance in this run: the extract was not given.")
    silent = sorted(set(children) - {row["person_id"] for row in rows})
    if not rows:
        return Says("No school sent attendance for any child of this family.")
    ordered = sorted(
        rows, key=lambda row: (row["person_id"], row["academic_year"], _TERMS[row["term"]], row["row_number"])
    )
    said = [_term(case, row) for row in ordered]
    said += [(case.who(one), "none", "no school sent attendance", "", "", "", "", "", "") for one in silent]
    return Grid("Attendance by term (sessions are half days)", _TERM, said)


def _term(case: Case, row: dict[str, Any]) -> tuple[str, ...]:
    possible, unauthorised = row["sessions_possible"], row["sessions_unauthorised"]
    share = f"{100 * unauthorised / possible:.1f}%" if possible else "none possible"
    return (
        case.who(row["person_id"]),
        f"{row['term']} {row['academic_year']}",
        row["school_name"] or row["school_urn"],
        text(possible),
        "not sent" if row["sessions_authorised"] is None else text(row["sessions_authorised"]),
        text(unauthorised),
        share,
        _all_absence(row),
        case.standing(row),
    )


def _all_absence(row: dict[str, Any]) -> str:
    possible, authorised = row["sessions_possible"], row["sessions_authorised"]
    if authorised is None or not possible:
        return "not known"
    return f"{100 * (authorised + row['sessions_unauthorised']) / possible:.1f}%"


def _exclusions(case: Case, rows: Rows) -> Part:
    if "exclusions" not in case.rows:
        return Says("No exclusions in this run: the extract was not given.")
    if not rows:
        return Says("The exclusions of this run say nothing of any child of this family.")
    said = [
        (
            case.who(row["person_id"]),
            text(row["category"]),
            short_day(row["start_date"]),
            text(row["sessions"]),
            case.standing(row),
        )
        for row in rows
    ]
    heads = (
        Column("Child", 3),
        Column("Kind", 1),
        Column("From", 1.5),
        Column("Sessions", 1, True),
        Column("Stands in", 3),
    )
    return Grid("Exclusions", heads, said)


def _left_out(case: Case) -> Part:
    out = ("neutral", "not_applicable", "void", "unknown")
    rows = [
        row
        for row in case.of("results")
        if row["measure"] in SCHOOLING and row["person_id"] is not None and row["verdict"] in out
    ]
    if not rows:
        return Says("No child is left out of the education test of a result in this run.")
    said = [(case.who(row["person_id"]), words(row["verdict"]), row["reason"]) for row in rows]
    heads = (Column("Child", 3), Column("Counted as", 1.5), Column("Why", 5))
    return Grid("Children whom the test leaves out, or cannot judge", heads, said)


class Silence(NamedTuple):
    """What a source is needed for, of whom it speaks, and what it means when it says nothing of one of them."""

    needed_for: str
    speaks_of: str
    silence: str


MISSING, NOTHING_HAPPENED = "missing: cannot be told", "nothing is recorded"
SOURCES = {
    "attendance": Silence("education", "child", MISSING),
    "exclusions": Silence("education", "child", NOTHING_HAPPENED),
    "education_status": Silence("education", "child", NOTHING_HAPPENED),
    "youth_offending": Silence("crime and ASB", "child", NOTHING_HAPPENED),
    "asb": Silence("crime and ASB", "anybody", NOTHING_HAPPENED),
    "dwp_benefits": Silence("work", "adult", MISSING),
    "local_indicators": Silence("local criteria", "anybody", NOTHING_HAPPENED),
    "employment": Silence("Route B", "adult", MISSING),
    "caseload": Silence("attachment", "anybody", "not named on the caseload"),
}


def completeness(case: Case) -> Item:
    """Item 10: by source, whether the run had it and of whom it speaks; what is absent is missing, not nought."""
    given = case.shared.record.given
    roles = roles_of(case)
    said = [_source(case, name, roles, has=name in given) for name in SOURCES]
    heads = (
        Column("Source", 1.8),
        Column("Needed for", 1.5),
        Column("In this run", 1),
        Column("Says something of", 3),
        Column("Says nothing of", 3),
        Column("Which means", 2),
    )
    grid = Grid("What each source says of the people of this case", heads, said)
    rule = Says("Where a source is not in the run, what it would say is missing, and is never counted as nought.")
    absent = [sentence(name) for name in SOURCES if name not in given]
    found = [f"not in this run: {', '.join(absent)}" if absent else "every source is in this run"]
    found += [f"verdicts wait for {one}" for one in _waits(case)]
    short = joined(found, "")
    return Item(
        "10", "What is missing", "Does silence anywhere pass for a nought?", short[:1].upper() + short[1:], (rule, grid)
    )


def roles_of(case: Case) -> dict[str, str]:
    """Everybody of the case, each as child or adult: as the case has it, else the snapshot, else the home."""
    tables = ("members", "snapshots", "case_members")
    return {row["person_id"]: row["role"] for table in tables for row in case.of(table)}


def _waits(case: Case) -> list[str]:
    return sorted({row["missing"] for row in case.of("verdicts") if row["missing"]})


def _source(case: Case, name: str, roles: dict[str, str], *, has: bool) -> tuple[str, ...]:
    source = SOURCES[name]
    wanted = [one for one, role in sorted(roles.items()) if source.speaks_of in ("anybody", role)]
    seen = {row["person_id"] for row in case.of("person_records") if row["extract"] == name}
    silent = [one for one in wanted if one not in seen]
    if not has:
        return (sentence(name), source.needed_for, "no", "nobody", "everybody", "missing: it was not given")
    names = ", ".join(map(case.who, sorted(seen))) or "nobody"
    without = ", ".join(map(case.who, silent)) or "nobody of whom it would speak"
    return (
        sentence(name),
        source.needed_for,
        "yes",
        names,
        without,
        source.silence if silent else "nothing is missing",
    )
