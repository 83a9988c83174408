"""A family's case in words: since when, evidenced how, with whose help, its results, its claim, and what happened.

What is said was gathered below (`pipeline.explained`); decides nothing.
"""

from typing import Any

from cli.say import table
from pipeline.explained.words import (
    AT_ATTACHMENT,
    claim_sentence,
    evidenced_sentence,
    flag_sentences,
    measure_name,
)
from pipeline.programme_files import EVENTS
from schemas.words import FamilyEvent


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
    flags = [f"  Look at: {said}" for said in flag_sentences(case)]
    return [head, f"  {AT_ATTACHMENT[case['eligible_at_attachment']]} {evidenced_sentence(case)}", *flags,
            *(_result(result) for result in case["results"]), f"  {claim_sentence(case['claim'])}"]


def _result(result: dict[str, Any]) -> str:
    return f"  Result, {measure_name(result)}: {result['verdict'].replace('_', ' ')}; {result['reason']}."


def _event(event: dict[str, Any]) -> tuple[str, ...]:
    about = "; ".join(filter(None, (event["person_id"], event["detail"])))
    return (event["seen_on"], EVENTS[FamilyEvent(event["event"])], about)
