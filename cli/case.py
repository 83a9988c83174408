"""A family's case in words: since when, evidenced how, with whose help, its results, its claim, and what happened.

Reads tables of a published run; decides nothing. A run that was washed before there were cases has nothing to say.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from cli.lookup import rows_with
from cli.records import records
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


def cases_of(folder: Path, family: str | None) -> dict[str, Any]:
    """The cases of a family with their results and claim, what happened to it, and how many its snapshot froze."""
    if family is None or not (folder / "tables" / "cases.parquet").exists():
        return {"cases": [], "events": []}
    cases = rows_with(folder, "cases", "family_id", [family])
    return {"cases": [_case(folder, case) for case in records(cases)],
            "events": records(rows_with(folder, "family_events", "family_id", [family]).drop(columns="family_id"))}


def _case(folder: Path, case: dict[str, Any]) -> dict[str, Any]:
    ref = [case["family_ref"]]
    results = rows_with(folder, "results", "family_ref", ref)
    whole = results[results["person_id"].isna()][["route", "measure", "problem", "verdict", "reason", "could_be"]]
    claim = rows_with(folder, "claims", "family_ref", ref)[["status", "route", "amount", "could_be", "reasons"]]
    frozen = rows_with(folder, "snapshots", "family_id", [case["snapshot_of"]] if case["snapshot_of"] else [])
    then = frozen[frozen["eligible_on"] == pd.Timestamp(case["eligible_on"])] if len(frozen) else frozen
    return case | {"results": records(whole), "claim": next(iter(records(claim)), None),
                   "frozen_members": then["person_id"].tolist()}


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
