"""What follows a family once it is known: agencies, what happened to it, its case, results and claim; decides none."""

from typing import Any

from pipeline.explained.words import (
    AT_ATTACHMENT,
    claim_state,
    evidenced_sentence,
    flag_sentences,
    measure_name,
)
from pipeline.programme_files import EVENTS
from reports.packs.wording import sentence, with_days, words
from schemas.words import FamilyEvent
from web.wording import day


Facts = dict[str, Any]


def show_event(event: Facts, names: dict[str, str]) -> Facts:
    """Something that happened to a family, in words."""
    return event | {"words": sentence(EVENTS[FamilyEvent(event["event"])]), "detail": with_days(event["detail"]),
                    "who": names.get(event["person_id"], event["person_id"])}


def show_agency(row: Facts) -> Facts:
    """An agency that works with a family: how that is known, since when, and whether it leads."""
    return {"agency": sentence(row["agency"]), "known_by": SOURCES.get(row["source"], words(row["source"])),
            "since": row["since"], "lead": YES_NO[row["leads"]]}


YES_NO = {True: "yes", False: "no"}
SOURCES = {"evidence": "facts that count", "caseload": "the caseload", "form": "the panel's form"}


def show_case(case: Facts, names: dict[str, str]) -> Facts:
    """A case with what the page says of it: `facts`, `look_at`, `people`, `results_shown`, and its claim."""
    return case | {
        "facts": [
            ("Attached on", day(case["attached_on"])),
            ("First contact", day(case["first_contact_on"]) or "not recorded"),
            ("Closed on", day(case["closed_on"]) or "open"),
            ("Tier", sentence(case["tier"])),
            ("Lead", case["lead_agency"] or "nobody"),
            ("Eligible when attached", AT_ATTACHMENT[case["eligible_at_attachment"]]),
            ("Eligibility evidenced", with_days(evidenced_sentence(case))),
        ],
        "look_at": [sentence(said) for said in flag_sentences(case)],
        "people": [_member(member, names) for member in case["members"]],
        "results_shown": [_result(result) for result in case["results"]],
        "claim_state": with_days(claim_state(case["claim"])) if case["claim"] else "not judged",
        "claim_reasons": [with_days(said) for said in ((case["claim"] or {}).get("reasons") or "").split("; ") if said],
    }


def _member(member: Facts, names: dict[str, str]) -> Facts:
    told = {name: YES_NO[member[name]] for name in ("named", "then", "now")}
    return told | {"who": names.get(member["person_id"], member["person_id"]), "role": sentence(member["role"])}


def _result(result: Facts) -> Facts:
    return result | {
        "measure": sentence(measure_name(result)),
        "verdict": words(result["verdict"]),
        "reason": with_days(result["reason"]),
    }
