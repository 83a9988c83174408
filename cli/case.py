"""A family's case in words: since when, evidenced how, with whose help, its results, its claim, and what happened.

What is said was gathered below (`pipeline.explained`); decides nothing.
"""

from typing import Any

from cli.say import table
from pipeline.programme_files import EVENTS, FLAGS
from schemas.words import CaseFlag, FamilyEvent


BY = {"wash": "a wash listed it", "attachment": "it was looked at again for the day of attachment"}
AT_ATTACHMENT = {
    "met": "Eligible when attached.",
    "not_met": "Not eligible when attached.",
    "unknown": "Whether it was eligible when attached cannot be told.",
}
MEASURES = {
    "education": "education",
    "asb": "anti-social behaviour",
    "offending": "offending by minors",
    "progress_to_work": "progress to work",
    "employment": "employment",
    "problem": "problem",
}


def case_lines(facts: dict[str, Any]) -> list[str]:
    """The same in lines for a person; none where there is nothing."""
    told = [line for case in facts["cases"] for line in (*_lines(case), "")]
    events = [_event(event) for event in facts["events"]]
    return told + (["What happened:", *table(events), ""] if events else [])


def _lines(case: dict[str, Any]) -> list[str]:
    closed = f", closed on {case['closed_on']}" if case["closed_on"] else ""
    led = f"; led by {case['lead_agency']}" if case["lead_agency"] else "; no lead"
    tier = f", {case['tier'].replace('_', ' ')}" if case["tier"] else ""
    head = f"Case {case['family_ref']}: attached on {case['attached_on']}{tier}{led}{closed}."
    flags = [f"  Look at: {FLAGS[CaseFlag(flag)]}." for flag in (case["flags"] or "").split(";") if flag]
    return [head, f"  {AT_ATTACHMENT[case['eligible_at_attachment']]} {_evidenced(case)}", *flags,
            *(_result(result) for result in case["results"]), _claim(case["claim"])]


def _evidenced(case: dict[str, Any]) -> str:
    if not case["eligible_on"]:
        return "No day of eligibility is evidenced."
    frozen = f"{len(case['frozen_members'])} members frozen"
    other = "" if case["snapshot_of"] == case["family_id"] else f" under {case['snapshot_of']}"
    return f"Evidenced from {case['eligible_on']}: {BY[case['evidenced_by']]}; {frozen}{other}."


def _result(result: dict[str, Any]) -> str:
    name = MEASURES[result["measure"]]
    name = f"{name} ({result['problem']})" if result["measure"] == "problem" and result["problem"] else name
    return f"  Result, {name}: {result['verdict'].replace('_', ' ')}; {result['reason']}."


def _claim(claim: dict[str, Any] | None) -> str:
    if claim is None:
        return "  No claim was judged."
    due = f" (could be from {claim['could_be']})" if claim["could_be"] else ""
    amount = f", {claim['amount']:,} pounds" if claim["amount"] else ""
    why = f": {claim['reasons']}" if claim["reasons"] else ""
    return f"  Claim: {claim['status'].replace('_', ' ')}{amount}{due}{why}."


def _event(event: dict[str, Any]) -> tuple[str, ...]:
    about = "; ".join(filter(None, (event["person_id"], event["detail"])))
    return (event["seen_on"], EVENTS[FamilyEvent(event["event"])], about)
