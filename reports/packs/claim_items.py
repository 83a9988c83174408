"""Items 1, 6, 11, 12 and 15: the claim, the programme, no double claim, attribution, and who signed; decides none."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from reports.packs.gathered import Case, Rows
from reports.packs.shape import Column, Grid, Item, Part, Says, facts
from reports.packs.wording import (
    ROUTES,
    STATUSES,
    day,
    joined,
    listed,
    many,
    person,
    pounds,
    row_numbers,
    short_day,
    text,
    window,
    words,
)


NO_CASE = "This family is not on the caseload that the run was given: nothing shows that it was on the programme."
NO_CLAIM = "This run prepared no claim for this family."


def claim(case: Case) -> Item:
    """Item 1: what is claimed, by which route, at what rate; or what stands in the way."""
    state, cover = case.one("claims"), case.shared.cover
    own = claimed_events(case)
    known = facts(
        ("Authority", cover.authority),
        ("Claim", joined([text(event.get("claim_id")) for event in own], "not claimed yet")),
        ("Claim window", case.shared.window or "none: this pack is of the run's day"),
        ("Family reference", case.family_ref or "none"),
        ("Financial year of the run's day", financial_year(case.as_of)),
        *_state_facts(state),
    )
    parts: list[Part] = [known] if state else [known, Says(NO_CLAIM)]
    parts += [_blocks(case.of("claim_blocks"))] if case.of("claim_blocks") else []
    return Item("1", "The claim", "Which claim is this, and what does it pay?", _claim_short(state, own), tuple(parts))


def claimed_events(case: Case) -> list[Mapping[str, Any]]:
    """The register's `claimed` events about this case."""
    return [event for event in case.shared.register if event["event"] == "claimed" and is_about(event, case)]


def is_about(event: Mapping[str, Any], case: Case) -> bool:
    """Whether an event of the register is about this case."""
    return event.get("family_ref") is not None and event["family_ref"] == case.family_ref


def financial_year(when: date) -> str:
    """`2013/14`: from 1 April."""
    first = when.year if (when.month, when.day) >= (4, 1) else when.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def _state_facts(state: dict[str, Any] | None) -> list[tuple[str, str]]:
    if state is None:
        return []
    return [
        ("Status", STATUSES.get(state["status"], words(state["status"]))),
        ("Route", ROUTES.get(state["route"], "none is met")),
        ("Amount", pounds(state["amount"]) or "none"),
        ("Rates of the year", text(state["rate_year"]) or "none"),
        ("Rate table", text(state["rate_table"]) or "none"),
        ("Result window", window(state["result_start"], state["result_end"]) or "none"),
        ("Could be claimed from", day(state["could_be"]) or "not worked out"),
        ("Rests on", listed(state["hinges"]) or "no single element"),
        ("Reasons", (state["reasons"] or "none given").replace(";", "; ")),
    ]


def _blocks(rows: Rows) -> Grid:
    said = [(words(row["block"]), row["detail"], day(row["until"])) for row in rows]
    return Grid("What blocks it", (Column("Block", 2), Column("Why", 5), Column("Lifts by itself on", 1.6)), said)


def _claim_short(state: dict[str, Any] | None, own: list[Mapping[str, Any]]) -> str:
    if state is None:
        return NO_CLAIM
    paid = ", ".join(filter(None, (pounds(state["amount"]), state["rate_year"] and f"rates of {state['rate_year']}")))
    route = f"Route {ROUTES[state['route']]}" if state["route"] else ""
    return joined(
        [STATUSES.get(state["status"], state["status"]), route, paid, many(len(own), "claim") if own else ""], ""
    )


def attachment(case: Case) -> Item:
    """Item 6: when the family joined, who leads, and the caseload's rows that say so."""
    held, rows = case.one("cases"), case.of("caseload_rows")
    title, asked = "Attachment to the programme", "Was the family on the programme, and since when?"
    if held is None:
        return Item("6", title, asked, "Not on the caseload in this run", (Says(NO_CASE),))
    known = facts(
        ("Attached on", day(held["attached_on"])),
        ("Year in which it counts", financial_year(held["attached_on"])),
        ("First contact on", day(held["first_contact_on"]) or "not recorded"),
        ("Closed on", day(held["closed_on"]) or "still open"),
        ("Tier", words(held["tier"]) or "not recorded"),
        ("Lead", held["lead_agency"] or "not recorded"),
        ("Eligible at attachment", words(held["eligible_at_attachment"])),
        ("Flags", listed(held["flags"]) or "none"),
    )
    short = f"Attached on {day(held['attached_on'])}; lead: {held['lead_agency'] or 'not recorded'}"
    return Item("6", title, asked, short, (known, _caseload(case, rows)))


def _caseload(case: Case, rows: Rows) -> Part:
    if not rows:
        return Says("The rows of the caseload behind this are not in this run.")
    heads = (
        Column("Person", 3),
        Column("Attached", 1.4),
        Column("First contact", 1.4),
        Column("Closed", 1.4),
        Column("Tier", 1.2),
        Column("Stands in", 3),
    )
    said = [
        (
            person(case.people.get(row["person_id"]), row["person_id"]) or "nobody known",
            short_day(row["attached_on"]),
            short_day(row["first_contact_on"]),
            short_day(row["closed_on"]),
            words(row["tier"]),
            standing(row),
        )
        for row in rows
    ]
    return Grid("Rows of the caseload", heads, said)


def standing(row: Mapping[str, Any]) -> str:
    """The file and row of an extract's row."""
    return f"{row['file']}, {row_numbers([row['row_number']])}"


def no_double_claim(case: Case) -> Item:
    """Item 11: earlier claims for any of these people, other cases they are in, and what became of the family."""
    earlier, others, events = case.of("earlier_claims"), case.of("other_cases"), case.of("family_events")
    parts = (_earlier(case, earlier), _others(case, others), _events(events, "family_events" in case.rows))
    found = [many(len(earlier), "earlier claim for these people", "earlier claims for these people")] if earlier else []
    found += [many(len(others), "person", "people") + " in another case"] if others else []
    short = joined(found, "No earlier claim and no other case for any of these people")
    if "earlier_claims" not in case.rows:
        short = "This run looked at no earlier claims"
    return Item("11", "No double claim", "Has anybody here been claimed for before, or elsewhere?", short, parts)


def _earlier(case: Case, rows: Rows) -> Part:
    if "earlier_claims" not in case.rows:
        return Says("This run was given no earlier claims, and the register of claims here holds none.")
    if not rows:
        return Says("No earlier claim names this family or any person of it.")
    heads = (
        Column("Claim", 2),
        Column("Claimed on", 1.4),
        Column("Route", 1),
        Column("Family", 1.4),
        Column("Person", 3),
    )
    said = [
        (
            text(row["claim_id"]),
            short_day(row["claimed_on"]),
            words(row["route"]),
            text(row["family_ref"]),
            person(case.people.get(row["person_id"]), row["person_id"]),
        )
        for row in rows
    ]
    return Grid("Earlier claims", heads, said)


def _others(case: Case, rows: Rows) -> Part:
    if not rows:
        return Says("No person of this case is in another case of this run.")
    said = [(person(case.people.get(row["person_id"]), row["person_id"]), row["family_ref"]) for row in rows]
    return Grid("People who are in another case too", (Column("Person", 3), Column("Other case", 2)), said)


def _events(rows: Rows, has: bool) -> Part:
    if not has:
        return Says("This run follows no families over time: it says nothing of families merged or split.")
    if not rows:
        return Says(
            "Nothing has happened to this family since it was first listed: not merged, not split, nobody came or left."
        )
    said = [
        (short_day(row["seen_on"]), words(row["event"]), text(row["person_id"]), text(row["detail"])) for row in rows
    ]
    heads = (Column("Seen on", 1.3), Column("What happened", 2), Column("Person", 1.5), Column("Detail", 4))
    return Grid("What happened to the family since it was listed", heads, said)


def attribution(case: Case) -> Item:
    """Item 12: first contact against the end of the result window."""
    held, state = case.one("cases"), case.one("claims")
    contact: date | None = held["first_contact_on"] if held else None
    end: date | None = state["result_end"] if state else None
    short = _attribution(contact, end)
    known = facts(
        ("First contact on", day(contact) or "not recorded"),
        ("End of the result window", day(end) or "no result window in this run"),
        ("Finding", short),
    )
    return Item("12", "Attribution", "Was the family helped before its result?", short, (known,))


def _attribution(contact: date | None, end: date | None) -> str:
    if contact is None:
        return "First contact is not recorded: nothing shows that help came before the result"
    if end is None:
        return f"First contact on {day(contact)}; there is no result window to hold it against"
    days = (end - contact).days
    if days < 0:
        return f"First contact came {many(-days, 'day')} after the end of the result window"
    return f"First contact came {many(days, 'day')} before the end of the result window"


def sign_off(case: Case) -> Item:
    """Item 15: who prepared, checked, audited and approved, and what a spot check found, from the register."""
    title, asked = "Sign-off", "Who answers for this claim, and has it been checked since?"
    rows = [event for event in case.shared.register if is_about(event, case) or _is_of_window(event, case)]
    if not rows:
        short = "Nobody has signed: the register of claims holds nothing about it"
        return Item("15", title, asked, short, (Says(short + "."),))
    said = [
        (
            text(row.get("at")),
            words(row["event"]),
            words(text(row.get("role"))),
            text(row.get("name") or row.get("who")),
            _signed_detail(row),
        )
        for row in rows
    ]
    heads = (Column("When", 2), Column("What", 1.5), Column("As", 1.3), Column("Who", 2), Column("Detail", 4))
    signed = [words(row["role"]) for row in rows if row["event"] == "signed" and row.get("role")]
    return Item(
        "15",
        title,
        asked,
        joined([f"Signed by {', '.join(signed)}" if signed else ""], "Not signed"),
        (Grid("Events of the register of claims", heads, said),),
    )


def _is_of_window(event: Mapping[str, Any], case: Case) -> bool:
    return event["event"] in ("prepared", "signed") and event.get("window") == case.shared.window


def _signed_detail(event: Mapping[str, Any]) -> str:
    said = (
        "claim_id",
        "window",
        "route",
        "amount",
        "rate_year",
        "result",
        "valid",
        "reason",
        "note",
        "sample",
        "withdrawn",
    )
    return joined([f"{words(key)}: {text(event[key])}" for key in said if event.get(key) is not None], "")
