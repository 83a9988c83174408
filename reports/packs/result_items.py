"""Items 7, 8, 9 and 10: results, education per child, employment, and what is missing; decides none of them."""

from collections.abc import Iterable
from typing import Any

from reports.packs.claim_items import standing
from reports.packs.gathered import Case, Rows
from reports.packs.shape import Column, Grid, Item, Part, Says
from reports.packs.wording import day, joined, many, person, places, short_day, text, title_of, window, words


SCHOOLING = ("education",)
JOBS = ("employment", "progress_to_work")


def results(case: Case) -> Item:
    """Item 7: each test of a result, with both windows, both counts and the arithmetic."""
    title, asked = "Baseline and result", "Did it change as much as the result asks, and does the arithmetic hold?"
    rows = case.of("results")
    if "results" not in case.rows:
        return Item("7", title, asked, "This run judged no results", (Says("This run judged no results."),))
    if not rows:
        said = "No result was judged for this family in this run."
        return Item("7", title, asked, "No result was judged", (Says(said),))
    of_family = [row for row in rows if row["person_id"] is None]
    of_people = [row for row in rows if row["person_id"] is not None]
    parts = [_windows(case, of_family, "Of the family"), _windows(case, of_people, "Of each person")]
    parts += [_arithmetic(case, rows)]
    short = joined([f"{words(row['measure'])} {words(row['verdict'])}" for row in of_family], "no family result")
    return Item("7", title, asked, short.capitalize(), tuple(parts))


_RESULT = (
    Column("Measure", 1.7),
    Column("Person", 2),
    Column("Baseline", 1.9),
    Column("Count", 0.8, True),
    Column("Result window", 1.9),
    Column("Count", 0.8, True),
    Column("Verdict", 1.3),
    Column("Why", 3.2),
)


def _windows(case: Case, rows: Rows, caption: str) -> Part:
    if not rows:
        return Says(f"{caption}: no result was judged.")
    said = [
        (
            _measure(row),
            person(case.people.get(row["person_id"]), row["person_id"]) or "the family",
            window(row["baseline_start"], row["baseline_end"]),
            text(row["baseline_count"]),
            window(row["result_start"], row["result_end"]),
            text(row["result_count"]),
            words(row["verdict"]),
            row["reason"] + (f"; could be met from {day(row['could_be'])}" if row["could_be"] else ""),
        )
        for row in rows
    ]
    return Grid(caption, _RESULT, said)


def _measure(row: dict[str, Any]) -> str:
    name = words(row["measure"]).replace("asb", "ASB")
    route = {"a": "route A", "a_progress": "route A with progress", "b": "route B"}.get(
        row["route"], words(row["route"])
    )
    return f"{title_of(row['problem'] or name)} ({route})"


def _arithmetic(case: Case, rows: Rows) -> Part:
    said = [
        (
            _measure(row),
            person(case.people.get(row["person_id"]), row["person_id"]) or "the family",
            text(row["arithmetic"]) or "none",
            _stands(case, row),
        )
        for row in rows
        if row["arithmetic"] or row["row_numbers"]
    ]
    if not said:
        return Says("There is no arithmetic to show: no result was counted.")
    heads = (Column("Measure", 2), Column("Person", 2), Column("Arithmetic", 4), Column("Stands in", 4))
    return Grid("Arithmetic, and the rows that were counted", heads, said)


def _stands(case: Case, row: dict[str, Any]) -> str:
    return places(row["file_sha256"], row["row_numbers"], case.shared.files) or "no row"


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


_TERM = (
    Column("Child", 2.4),
    Column("Term", 1.5),
    Column("School", 2.2),
    Column("Possible", 1, True),
    Column("Authorised", 1.2, True),
    Column("Unauthorised", 1.4, True),
    Column("Share", 0.9, True),
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
    said += [
        (person(case.people.get(one), one), "none", "no school sent attendance", "", "", "", "", "") for one in silent
    ]
    return Grid("Attendance by term (sessions are half days)", _TERM, said)


def _term(case: Case, row: dict[str, Any]) -> tuple[str, ...]:
    possible, unauthorised = row["sessions_possible"], row["sessions_unauthorised"]
    share = f"{100 * unauthorised / possible:.1f}%" if possible else "none possible"
    return (
        person(case.people.get(row["person_id"]), row["person_id"]),
        f"{row['term']} {row['academic_year']}",
        row["school_name"] or row["school_urn"],
        text(possible),
        "not sent" if row["sessions_authorised"] is None else text(row["sessions_authorised"]),
        text(unauthorised),
        share,
        standing(row),
    )


def _exclusions(case: Case, rows: Rows) -> Part:
    if "exclusions" not in case.rows:
        return Says("No exclusions in this run: the extract was not given.")
    if not rows:
        return Says("The exclusions of this run say nothing of any child of this family.")
    said = [
        (
            person(case.people.get(row["person_id"]), row["person_id"]),
            text(row["category"]),
            short_day(row["start_date"]),
            text(row["sessions"]),
            standing(row),
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
    said = [
        (person(case.people.get(row["person_id"]), row["person_id"]), words(row["verdict"]), row["reason"])
        for row in rows
    ]
    heads = (Column("Child", 3), Column("Counted as", 1.5), Column("Why", 5))
    return Grid("Children whom the test leaves out, or cannot judge", heads, said)


def employment(case: Case) -> Item:
    """Item 9: jobs, the benefit before them, their weeks, and whether another programme pays for the same."""
    title, asked = "Employment", "Is anybody off benefit and in continuous work?"
    rows = case.of("employment")
    if "employment" not in case.rows:
        said = "No employment in this run: the extract was not given."
        return Item("9", title, asked, "No employment in this run", (Says(said), *_job_results(case)))
    if not rows:
        said = "The employment extract of this run says nothing of anybody in this family."
        return Item("9", title, asked, "Nobody's employment is recorded", (Says(said), *_job_results(case)))
    said_rows = [_job(case, row) for row in rows]
    heads = (
        Column("Person", 2.3),
        Column("Benefit before", 1.2),
        Column("Job", 2),
        Column("Weeks", 0.8, True),
        Column("Hours a week", 1, True),
        Column("Evidence", 2),
        Column("ESF or Work Programme", 1.6),
        Column("Stands in", 2.4),
    )
    short = many(len(rows), "job or placement", "jobs or placements")
    return Item("9", title, asked, short, (Grid("Jobs and placements", heads, said_rows), *_job_results(case)))


def _job(case: Case, row: dict[str, Any]) -> tuple[str, ...]:
    end = min(row["ended_on"] or case.as_of, case.as_of)
    weeks = max((end - row["started_on"]).days + 1, 0) // 7
    hours = row["hours_a_week"]
    return (
        person(case.people.get(row["person_id"]), row["person_id"]),
        row["prior_benefit"] or "not said",
        window(row["started_on"], row["ended_on"]),
        str(weeks),
        "not said" if hours is None else f"{hours:g}",
        row["evidence"] or "not said",
        words(row["progress_to_work"]) or "not said",
        standing(row),
    )


def _job_results(case: Case) -> tuple[Part, ...]:
    rows = [row for row in case.of("results") if row["measure"] in JOBS]
    return (_windows(case, rows, "What the results make of it"),) if rows else ()


NEEDED = {
    "attendance": "education",
    "exclusions": "education",
    "education_status": "education",
    "youth_offending": "crime and anti-social behaviour",
    "asb": "crime and anti-social behaviour",
    "dwp_benefits": "work",
    "local_indicators": "local criteria",
    "employment": "employment",
    "caseload": "attachment",
}


def completeness(case: Case) -> Item:
    """Item 10: by source, whether the run had it and of whom it speaks; what is absent is missing, not nought."""
    given, everyone = case.shared.record.given, sorted(case.people)
    seen = {name: {row["person_id"] for row in case.of("person_records") if row["extract"] == name} for name in NEEDED}
    said = [_source(case, name, seen[name], everyone) for name in NEEDED]
    heads = (
        Column("Source", 1.8),
        Column("Needed for", 2),
        Column("In this run", 1.2),
        Column("Says something of", 3),
        Column("Says nothing of", 3),
    )
    grid = Grid("What each source says of the people of this case", heads, said)
    rule = Says(
        "Where a source is not in the run, or says nothing of a person, that is missing and never counted as nought."
    )
    absent = [words(name) for name in NEEDED if name not in given]
    short = f"Not in this run: {', '.join(absent)}" if absent else "Every source is in this run"
    return Item("10", "What is missing", "Does silence anywhere pass for a nought?", short, (rule, grid))


def _source(case: Case, name: str, seen: set[str], everyone: list[str]) -> tuple[str, ...]:
    has = name in case.shared.record.given
    without = [one for one in everyone if one not in seen]
    return (
        title_of(name),
        NEEDED[name],
        "yes" if has else "no",
        _names(case, sorted(seen)) or "nobody",
        (_names(case, without) or "nobody") if has else "everybody: it was not given",
    )


def _names(case: Case, people: list[str]) -> str:
    return ", ".join(person(case.people.get(one), one) for one in people)
