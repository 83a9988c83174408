"""Items 5 and 13: what DWP answered, and how old each fact is; decides neither."""

from datetime import date

from reports.packs.claim_items import claimed_events
from reports.packs.eligibility_items import shown_evidence
from reports.packs.gathered import Case, Rows
from reports.packs.shape import Column, Grid, Item, Part, Says
from reports.packs.wording import day, many, places, sentence, short_day, text, window, with_days, words


def dwp(case: Case) -> Item:
    """Item 5: what DWP was asked about each person, and what it answered."""
    title, asked = "Evidence of DWP status", "Does DWP confirm that somebody was out of work?"
    rows, refs = case.of("dwp_benefits"), case.of("request_refs")
    frozen = _frozen(case)
    parts: list[Part] = [_asked(case, refs), *frozen]
    before = "; answers of item 3 are frozen" if frozen else ""
    if "dwp_benefits" not in case.rows:
        parts.append(Says("No DWP answer in this run: the extract dwp_benefits was not given."))
        return Item("5", title, asked, f"No DWP answer in this run{before}", tuple(parts))
    if not rows:
        parts.append(Says(f"DWP's answers in this run say nothing of anybody in this family. {NOT_KEPT}"))
        return Item("5", title, asked, f"No DWP answer about this family is kept in this run{before}", tuple(parts))
    said = [
        (
            case.who(row["person_id"]),
            text(row["request_ref"]) or "by name",
            words(row["status"]),
            text(row["benefit"]) or "none named",
            window(row["start_date"], row["end_date"]) or "not said",
            short_day(row["as_at"]),
            case.standing(row),
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


NOT_KEPT = "A wash keeps no answer about somebody of whom it need not ask; the file stands in the archive."


def _frozen(case: Case) -> tuple[Part, ...]:
    """The answers that eligibility rested on, as item 3 has them."""
    rows = [row for row in shown_evidence(case)[0] if row["extract"] == "dwp_benefits"]
    if not rows:
        return ()
    said = [
        (
            row["number"],
            case.who(row["person_id"]),
            words(row["value"]),
            with_days(row["detail"]),
            short_day(row["event_date"]),
            places(row["file_sha256"], row["row_numbers"], case.shared.files),
        )
        for row in rows
    ]
    heads = (
        Column("No.", 0.6),
        Column("Person", 2.4),
        Column("Answer", 1),
        Column("Detail", 2.6),
        Column("Date", 1.3),
        Column("Stands in", 2.6),
    )
    return (Grid("Answers that item 3 rests on", heads, said),)


def _asked(case: Case, refs: Rows) -> Part:
    if not refs:
        return Says("Nobody in this family has a reference under which DWP would be asked.")
    said = [(case.who(row["person_id"]), row["request_ref"], ASKED[row.get("asked")]) for row in refs]
    heads = (Column("Person", 3), Column("Reference", 2), Column("In this run's request", 2))
    return Grid("References under which DWP is asked", heads, said)


ASKED = {True: "yes", False: "no: nothing was to be asked, or the address is not full", None: "not known"}


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
            sentence(row["indicator"]),
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
