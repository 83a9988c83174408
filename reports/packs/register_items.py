"""Items 11 and 15: earlier claims for these people, and who signed and checked; decides neither."""

from collections.abc import Mapping
from typing import Any

from reports.packs.gathered import Case, Rows
from reports.packs.shape import Column, Grid, Item, Part, Says
from reports.packs.wording import joined, many, moment, pounds, sentence, short_day, text, with_days, words


UNTOLD = (
    "at",
    "who",
    "event",
    "role",
    "name",
    "by",
    "before",
    "manifest",
    "prepared",
    "sample",
    "family_ref",
    "family_id",
)
SIGNERS = ("preparer", "checker", "auditor", "approver")


def no_double_claim(case: Case) -> Item:
    """Item 11: earlier claims for any of these people, other cases they are in, and what became of the family."""
    others, events = _elsewhere(case), case.of("family_events")
    claims = {row["claim_id"] for row in [*case.of("earlier_claims"), *case.of("claims_rows")]}
    parts = (
        *_registered(case, case.of("earlier_claims")),
        *_given(case, case.of("claims_rows")),
        _others(case, others),
        _same_home(case),
        _events(case, events),
    )
    found = [many(len(claims), "other claim") + " for these people or this reference"] if claims else []
    found += (
        [many(len({row["person_id"] for row in others}), "person", "people") + " in another case"] if others else []
    )
    short = joined(found, "No other claim and no other case for any of these people")
    if not case.shared.claims.checked and "claims_rows" not in case.rows:
        short = joined(found, "There is no register of claims, and no earlier claims were given")
    return Item("11", "No double claim", "Has anybody here been claimed for before, or elsewhere?", short, parts)


def _elsewhere(case: Case) -> Rows:
    return [row for row in case.of("other_cases") if row["family_ref"] != case.family_ref]


def _given(case: Case, rows: Rows) -> tuple[Part, ...]:
    """The claims that the extract gives for this reference."""
    if "claims_rows" not in case.rows:
        return (Says("No list of earlier claims in this run: the extract claims was not given."),)
    if not rows:
        return (Says("The extract of earlier claims says nothing of this family's reference."),)
    heads = (Column("Claimed on", 1.4), Column("Route", 1), Column("Amount", 1, True), Column("Stands in", 4))
    said = [
        (short_day(row["claimed_on"]), words(row["route"]), pounds(row["amount"]), case.standing(row)) for row in rows
    ]
    return (Grid("Claims that the extract gives for this reference", heads, said),)


def _registered(case: Case, rows: Rows) -> tuple[Part, ...]:
    """Claims of the register, other than this one, for people who are in this case."""
    if not case.shared.claims.checked:
        return (Says("There is no register of claims here yet."),)
    if not rows:
        return (Says("The register of claims holds no other claim for anybody in this case."),)
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
            case.who(row["person_id"]),
        )
        for row in rows
    ]
    return (Grid("Other claims in the register for people of this case", heads, said),)


def _others(case: Case, rows: Rows) -> Part:
    if not rows:
        return Says("No person of this case is in another case of this run.")
    said = [(case.who(row["person_id"]), row["family_ref"]) for row in rows]
    return Grid("People who are in another case too", (Column("Person", 3), Column("Other case", 2)), said)


def _same_home(case: Case) -> Says:
    """Other cases whose family lives in the same household today."""
    here = sorted(row["family_ref"] for row in case.of("cases_here") if row["family_ref"] != case.family_ref)
    if not here:
        return Says("No other case of this run lives in this family's household.")
    return Says(f"In the same household today: {many(len(here), 'other case')} ({', '.join(here)}).")


def _events(case: Case, rows: Rows) -> Part:
    if "family_events" not in case.rows:
        return Says("This run follows no families over time: it says nothing of families merged or split.")
    if not rows:
        return Says(
            "Nothing has happened to this family since it was first listed: not merged, not split, nobody came or left."
        )
    said = [
        (
            short_day(row["seen_on"]),
            sentence(row["event"]),
            case.who(row["person_id"]) or "the family",
            _event(case, row),
        )
        for row in rows
    ]
    heads = (Column("Seen on", 1.3), Column("What happened", 2), Column("Person", 1.5), Column("Detail", 4))
    return Grid("What happened to the family since it was listed", heads, said)


def _event(case: Case, row: Mapping[str, Any]) -> str:
    told = with_days(row["detail"])
    return told if row["family_id"] == case.family_id else joined([f"as {row['family_id']}", told], "")


def sign_off(case: Case) -> Item:
    """Item 15: who prepared, checked, audited and approved, and what a spot check found, from the register."""
    title, asked = "Sign-off", "Who answers for this claim, and has it been checked since?"
    rows = case.events
    if not rows:
        short = "Nobody has signed: the register of claims holds nothing about it"
        return Item("15", title, asked, short, (Says(short + "."),))
    said = [
        (
            moment(row.get("at")),
            sentence(row["event"]),
            words(text(row.get("role"))) or "nobody in particular",
            text(row.get("name") or row.get("by") or row.get("who")),
            _signed_detail(case, row),
        )
        for row in rows
    ]
    heads = (Column("When", 2), Column("What", 1.5), Column("As", 1.3), Column("Who", 2), Column("Detail", 4))
    signed = dict.fromkeys(row["role"] for row in rows if row["event"] == "signed" and row.get("role"))
    wanting = [role for role in SIGNERS if role not in signed]
    found = [
        f"Signed by {', '.join(signed)}" if signed else "",
        f"not signed by {', '.join(wanting)}" if wanting else "",
    ]
    short = joined(found, "")
    return Item(
        "15",
        title,
        asked,
        short[:1].upper() + short[1:],
        (Grid("Events of the register of claims", heads, said),),
    )


def _signed_detail(case: Case, event: Mapping[str, Any]) -> str:
    drawn = event.get("claims")
    said = [f"this claim is {'' if case.claim_id in drawn else 'not '}in the sample"] if isinstance(drawn, list) else []
    said += [f"{words(key)}: {text(value)}" for key, value in sorted(event.items()) if _is_told(key, value)]
    return with_days(joined(said, "nothing more"))


def _is_told(key: str, value: Any) -> bool:
    """Whether an event's fact is for a reader: not what the table says already, nor a digest of another thing."""
    return value is not None and not isinstance(value, list | dict) and key not in UNTOLD
