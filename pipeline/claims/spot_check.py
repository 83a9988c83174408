"""What a spot check found of a claim, and how the claim was put right: recorded, never erased."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from criteria import load_framework
from pipeline.claims.prepared import settings_of
from pipeline.claims.register import (
    CLAIMED,
    CORRECTED,
    SPOT_CHECKED,
    Entry,
    append_events,
    check_register,
    read_register,
    standing_claims,
)
from pipeline.record.run import open_run
from schemas.errors import UsageError
from schemas.nearest import nearest


VALID, INVALID = "valid", "invalid"
REASONS = ("eligibility", "evidence_missing", "result_not_met", "wrong_family", "claimed_twice", "amount", "other")
"""What is the matter with a claim, as a word and not as a sentence: a sentence could name somebody."""


class Corrected(NamedTuple):
    """A claim and what is left of it: its pounds before and after; none after where it was withdrawn."""

    claim_id: str
    before: int
    after: int | None


def record_check(
    outputs: Path, claim_id: str, result: str, *, by: str, on: date, reason: str | None = None
) -> Entry:
    """Record what a spot check found of a claim. It may be checked more than once: what was found last counts.

    Raises UsageError where there is no such claim, or where it is invalid and no reason is given.
    """
    check_register(outputs)
    _claim(outputs, claim_id)
    if result == INVALID and reason is None:
        raise UsageError(f"Why is {claim_id} invalid? Give --reason, one of: {', '.join(REASONS)}.")
    said = {"claim_id": claim_id, "result": result, "by": by, "on": on.isoformat(), "reason": reason}
    (entry,) = append_events(outputs, [(SPOT_CHECKED, said)])
    return entry


def correct_claim(
    outputs: Path, claim_id: str, *, amount: int | None, reason: str, by: str
) -> Corrected:
    """Withdraw a claim (no amount) or change its pounds; the next wash reads it.

    Raises UsageError where no such claim stands, where the amount is what it was, or more than a family can bring.
    """
    check_register(outputs)
    _claim(outputs, claim_id)
    standing = {claim["claim_id"]: claim for claim in standing_claims(read_register(outputs))}
    if claim_id not in standing:
        raise UsageError(f"{claim_id} was withdrawn before: there is nothing to correct.")
    claim = standing[claim_id]
    if amount is not None:
        _refuse_amount(outputs, claim, amount)
    said = {"claim_id": claim_id, "withdrawn": amount is None, "amount": amount, "reason": reason, "by": by}
    append_events(outputs, [(CORRECTED, said)])
    return Corrected(claim_id, claim["amount"], amount)


def _claim(outputs: Path, claim_id: str) -> Entry:
    claims = {entry["claim_id"]: entry for entry in read_register(outputs) if entry["event"] == CLAIMED}
    if claim_id in claims:
        return claims[claim_id]
    near = nearest(claim_id, list(claims), at_least=0)
    raise UsageError(f"The register holds no claim {claim_id}." + (f" Did you mean {near}?" if near else ""))


def _refuse_amount(outputs: Path, claim: Entry, amount: int) -> None:
    if amount == claim["amount"]:
        raise UsageError(f"{claim['claim_id']} is for £{amount:,} already.")
    rules = load_framework(settings_of(open_run(outputs, claim["run"])).criteria)
    most = rules.funding.results_payment.value.get(claim["rate_year"])
    if most is not None and amount > most:
        raise UsageError(f"A result of {claim['rate_year']} is paid £{most:,} at most, not £{amount:,}.")
