"""Items 7 and 9: results with their windows and arithmetic, and employment; decides neither."""

from typing import Any

from reports.packs.gathered import Case, Rows
from reports.packs.shape import Column, Grid, Item, Part, Says
from reports.packs.wording import day, joined, many, places, sentence, text, title_of, window, words


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
    parts += [_arithmetic(case, rows), _readings(case)]
    short = joined([f"{words(row['measure'])} {words(row['verdict'])}" for row in of_family], "no family result")
    return Item("7", title, asked, sentence(short), tuple(parts))


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
            case.who(row["person_id"]) or "the family",
            window(row["baseline_start"], row["baseline_end"]) or "none",
            text(row["baseline_count"]) or "none",
            window(row["result_start"], row["result_end"]) or "none",
            text(row["result_count"]) or "none",
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
            case.who(row["person_id"]) or "the family",
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


READ = (
    *("baseline", "zero_baseline", "asb_reduction_percent", "offending_reduction_percent", "education_terms"),
    *("fixed_exclusions_below", "absence_below_percent", "left_school", "children"),
)
"""The figures that a result turns on; each has a source, and some are one reading of it among others."""


def _readings(case: Case) -> Grid:
    figures = case.shared.rules.results
    said = []
    for name in READ:
        figure = getattr(figures, name)
        said.append(
            (
                sentence(name),
                words(str(figure.value)),
                words(figure.confidence),
                _reading(figure),
                figure.source,
            )
        )
    heads = (
        Column("Figure", 2),
        Column("Value", 1.8),
        Column("How sure", 1.2),
        Column("Reading", 3),
        Column("Source", 3),
    )
    return Grid("Figures that the results turn on", heads, said)


def _reading(figure: Any) -> str:
    changed = f"the council's own: {figure.changed_because}" if figure.changed_because else ""
    return joined([changed, figure.reading or ""], "as written").replace("`", "")


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
        case.who(row["person_id"]),
        row["prior_benefit"] or "not said",
        window(row["started_on"], row["ended_on"]),
        str(weeks),
        "not said" if hours is None else f"{hours:g}",
        row["evidence"] or "not said",
        words(row["progress_to_work"]) or "not said",
        case.standing(row),
    )


def _job_results(case: Case) -> tuple[Part, ...]:
    rows = [row for row in case.of("results") if row["measure"] in JOBS]
    return (_windows(case, rows, "What the results make of it"),) if rows else ()
