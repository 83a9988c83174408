"""What `datawash claims` says to an auditor: samples, signatures, spot checks, answers; decides none of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from cli.lookup import find_run
from cli.say import Report, many, table
from pipeline.claims.questions import answer_questions
from pipeline.claims.sample import sample_claim
from pipeline.claims.signoff import SignOff, sign_claim, sign_off
from pipeline.claims.spot_check import correct_claim, record_check
from pipeline.claims.window import read_window
from pipeline.record.files import plain_storage_errors
from schemas.errors import UsageError


def draw(outputs: Path, window: str, seed: str | None) -> Report:
    """Draw the sample of a prepared claim; say which claims, and why."""
    with plain_storage_errors("Drawing the sample"):
        done = sample_claim(outputs, read_window(window), seed)
    rows = done.drawn[["claim_id", "drawn", "reasons"]].fillna("").itertuples(index=False, name=None)
    facts = {"window": done.prepared.window, "prepared": done.prepared.digest, "seed": done.seed,
             "sample": done.digest, "draws": done.draws, "file": str(done.path), "claims": _records(done.drawn)}
    return Report(
        facts,
        [
            f"{many(len(done.drawn), 'claim')} of {len(done.prepared.claims):,} are to be looked at; seed {done.seed}.",
            *table([("claim", "drawn", "why it is a risk"), *rows]),
            *([f"It has been drawn from {done.draws} times: the register holds each."] if done.draws > 1 else []),
            f"The sample, to be filled in: {done.path}",
        ],
    )


def sign_window(outputs: Path, window: str, role: str | None, name: str | None) -> Report:
    """Sign a prepared claim, or say who has."""
    asked = read_window(window)
    if (role is None) != (name is None):
        raise UsageError("A signature needs both --role and --name; without either, only who has signed is said.")
    with plain_storage_errors("Signing the claim"):
        stands = sign_off(outputs, asked) if role is None or name is None else sign_claim(outputs, asked, role, name)
    facts = {"window": stands.prepared.window, "prepared": stands.prepared.digest, "missing": list(stands.missing),
             "signed": [_signature(entry) for entry in stands.signed],
             "voided": [_signature(entry) for entry in stands.voided]}
    return Report(facts, _sign_lines(stands))


def _sign_lines(stands: SignOff) -> list[str]:
    families = many(len(stands.prepared.claims), "family", "families")
    lines = [f"The claim of {stands.prepared.window}, {stands.prepared.digest[:12]}: {families}, "
             f"£{stands.prepared.pounds:,}."]
    lines += table([(entry["role"], entry["name"], entry["at"], _of(entry)) for entry in stands.signed])
    for entry in stands.voided:
        lines.append(f"No longer holds: {entry['name']} as {entry['role']}, {entry['at']}, for what was prepared as "
                     f"{entry['prepared'][:12]}.")
    if len({entry["who"] for entry in stands.signed}) < len(stands.signed):
        lines.append("Signatures were made from one login: that they are of different people, the names alone say.")
    missing = f"To sign: {', '.join(stands.missing)}." if stands.missing else "Everybody has signed: it can be made."
    return [*lines, missing]


def _of(entry: dict[str, Any]) -> str:
    return f"sample {entry['sample'][:12]}" if entry.get("sample") else ""


def _signature(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry.get(name) for name in ("role", "name", "at", "who", "prepared", "sample")}


def record_spot_check(
    outputs: Path, claim_id: str, result: str, reason: str | None, *, by: str, on: date
) -> Report:
    """Record what a spot check found."""
    with plain_storage_errors("Recording the spot check"):
        entry = record_check(outputs, claim_id, result, by=by, on=on, reason=reason)
    why = f" ({reason.replace('_', ' ')})" if reason else ""
    mend = f"To put it right: datawash claims correct {claim_id} --withdraw, or --amount POUNDS."
    more = [mend] if result == "invalid" else []
    return Report({name: entry.get(name) for name in ("claim_id", "result", "reason", "by", "on")},
                  [f"{claim_id} was found {result}{why} on {on}.", *more])


def correct_register(
    outputs: Path, claim_id: str, reason: str | None, *, withdraw: bool, amount: int | None, by: str
) -> Report:
    """Withdraw a claim or change its amount."""
    if withdraw == (amount is not None):
        raise UsageError("Give either --withdraw or --amount POUNDS.")
    if reason is None:
        raise UsageError("Give --reason: what is the matter with the claim.")
    with plain_storage_errors("Correcting the claim"):
        done = correct_claim(outputs, claim_id, amount=amount, reason=reason, by=by)
    told = "is withdrawn" if done.after is None else f"is now for £{done.after:,}"
    return Report(done._asdict(), [f"{claim_id}, which was for £{done.before:,}, {told}.",
                                   "Wash again, so that the list and the next claim know it."])


def tell_answers(outputs: Path, window: str | None, run: str) -> Report:
    """Answer every question about the claims."""
    asked = None if window is None else read_window(window)
    with plain_storage_errors("Answering"):
        done = answer_questions(outputs, find_run(outputs, run), asked)
    rows = [(row.asked, f"{row.answer:,}", _share(row)) for row in done.table.itertuples(index=False)]
    return Report(
        {"answers": _records(done.table), "file": str(done.path)},
        [*table(rows), f"The queries that counted these: {done.path}"],
    )


def _share(row: Any) -> str:
    share = "" if pd.isna(row.percent) else f"{row.percent:g}% of {row.of:,}"
    return "; ".join(part for part in (share, row.beside if isinstance(row.beside, str) else "") if part)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    plain = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return [{name: value.item() if hasattr(value, "item") else value for name, value in row.items()} for row in plain]
