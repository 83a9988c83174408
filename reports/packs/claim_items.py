"""Items 1, 6 and 12: the claim, attachment to the programme, and attribution; decides none of them."""

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
    pounds,
    sentence,
    short_day,
    text,
    window,
    with_days,
    words,
)


NO_CASE = "This family is not on the caseload that the run was given: nothing shows that it was on the programme."
NO_CLAIM = "This run prepared no claim for this family."


def claim(case: Case) -> Item:
    """Item 1: what is claimed, by which route, at what rate; or what stands in the way."""
    state, cover = case.one("claims"), case.shared.cover
    known = facts(
        ("Authority", cover.authority),
        ("Claim", case.claim_id or "none prepared from this run"),
        ("Claimed on", _claimed_on(case)),
        ("Claim window", case.shared.claims.window or "none: this pack is of the run's day"),
        ("Family reference", case.family_ref or "none"),
        ("Financial year of the run's day", financial_year(case.as_of)),
        *_state_facts(state),
    )
    parts: list[Part] = [known] if state else [known, Says(NO_CLAIM)]
    parts += [_blocks(case.of("claim_blocks"))] if case.of("claim_blocks") else []
    return Item("1", "The claim", "Which claim is this, and what does it pay?", _claim_short(case, state), tuple(parts))


def claimed_events(case: Case) -> list[Mapping[str, Any]]:
    """The register's events that make this case's claim."""
    return [event for event in case.events if event["event"] == "claimed" and event["claim_id"] == case.claim_id]


def _claimed_on(case: Case) -> str:
    days = [short_day(date.fromisoformat(event["claimed_on"])) for event in claimed_events(case)]
    return ", ".join(days) or "not claimed yet"


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
        ("Reasons", with_days(state["reasons"] or "none given").replace(";", "; ")),
    ]


def _blocks(rows: Rows) -> Grid:
    said = [
        (sentence(row["block"]), _stopped(row), with_days(row["detail"]), day(row["until"]) or "it does not")
        for row in rows
    ]
    heads = (Column("Block", 2), Column("Stops", 1), Column("Why", 4.4), Column("Lifts by itself on", 1.6))
    return Grid("What blocks it", heads, said)


def _stopped(row: Mapping[str, Any]) -> str:
    routes = {"a": "route A", "a_progress": "route A with progress", "b": "route B"}
    return routes.get(row.get("route") or "", "any claim")


def _claim_short(case: Case, state: dict[str, Any] | None) -> str:
    if state is None:
        return NO_CLAIM.removesuffix(".")
    paid = ", ".join(filter(None, (pounds(state["amount"]), state["rate_year"] and f"rates of {state['rate_year']}")))
    route = f"Route {ROUTES[state['route']]}" if state["route"] else ""
    return joined([STATUSES.get(state["status"], words(state["status"])), route, paid, case.claim_id or ""], "")


def attachment(case: Case) -> Item:
    """Item 6: when the family joined, who leads, and the caseload's rows that say so."""
    held, rows = case.one("cases"), case.of("caseload_rows")
    title, asked = "Attachment to the programme", "Was the family on the programme, and since when?"
    if held is None:
        return Item("6", title, asked, "Not on the caseload in this run", (Says(NO_CASE),))
    known = facts(
        ("Attached on", day(held["attached_on"])),
        ("Year in which it counts", financial_year(held["attached_on"])),
        ("Start of the first year that is paid for", _against_start(case, held["attached_on"])),
        ("First contact on", day(held["first_contact_on"]) or "not recorded"),
        ("Closed on", day(held["closed_on"]) or "still open"),
        ("Tier", words(held["tier"]) or "not recorded"),
        ("Lead worker or agency", held["lead_agency"] or "not recorded"),
        ("Eligible at attachment", words(held["eligible_at_attachment"])),
        ("Flags", listed(held["flags"]) or "none"),
    )
    short = f"Attached on {day(held['attached_on'])}; lead: {held['lead_agency'] or 'not recorded'}"
    return Item("6", title, asked, short, (known, _caseload(case, rows)))


def _against_start(case: Case, attached: date) -> str:
    """The day of attachment against 1 April of the first year in which the framework pays for one."""
    start = date(int(min(case.shared.rules.funding.attachment_fee.value)[:4]), 4, 1)
    days = (attached - start).days
    when = f"attached {many(days, 'day')} after it" if days >= 0 else f"attached {many(-days, 'day')} before it"
    return f"{day(start)}: {when}"


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
            case.who(row["person_id"]) or "nobody known",
            short_day(row["attached_on"]),
            short_day(row["first_contact_on"]),
            short_day(row["closed_on"]) or "still open",
            words(row["tier"]) or "not recorded",
            case.standing(row),
        )
        for row in rows
    ]
    return Grid("Rows of the caseload", heads, said)


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
