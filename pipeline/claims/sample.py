"""The sample of a prepared claim that internal audit looks at: drawn, written for the auditor, and recorded.

Every draw stands in the register with its seed, so that nobody draws until the sample suits.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from criteria import Framework, load_framework
from criteria.claim_risks import draw_sample, risks_of
from criteria.shares import assumptions
from pipeline.claims.prepared import Prepared, read_prepared, settings_of
from pipeline.claims.register import CLAIMED, Entry, append_events, check_register, read_register, standing_claims
from pipeline.claims.window import ClaimWindow
from pipeline.published import cover_of, table_of
from pipeline.record.manifest import digest_of, read_manifest
from reports.workbook import Choice, Sheet, write_csv, write_workbook
from schemas.columns import TEXT


SAMPLED = "sampled"
SAMPLE = "sample"
FOUND = ("valid", "invalid")
ANSWERS = ("found", "looked_at_by", "looked_at_on", "remark")


class Sampled(NamedTuple):
    """A sample: of which prepared claim, with which seed, its claims, its digest, and the file it stands in."""

    prepared: Prepared
    seed: str
    drawn: pd.DataFrame
    digest: str
    path: Path
    draws: int


def sample_claim(outputs: Path, window: ClaimWindow, seed: str | None = None) -> Sampled:
    """Draw the sample of the claim prepared for a window, write `sample.xlsx` beside it, and record the draw.

    `seed`: what the auditor threw; by default the digest of the claim itself, which nobody chooses. The same seed and
    claim give the same sample. UsageError where no claim was prepared, IntegrityError where something was changed.
    """
    check_register(outputs)
    prepared = read_prepared(outputs, window)
    rules = load_framework(settings_of(prepared.run).criteria)
    used = seed or prepared.digest
    claims = claims_of(prepared)
    cases, members, people = (table_of(prepared.run, name) for name in ("cases", "case_members", "people"))
    entries = read_register(outputs)
    risks = risks_of(claims, cases, members, people, rules=rules, withdrawn=withdrawn_families(entries))
    drawn = draw_sample(claims, risks, rules, seed=used)
    digest = digest_of([prepared.digest, used, drawn["claim_id"].tolist()])
    if digest not in [entry["sample"] for entry in draws_of(entries, prepared.digest)]:
        said = {"window": prepared.window, "part": prepared.part, "prepared": prepared.digest, "seed": used}
        append_events(outputs, [(SAMPLED, said | {"sample": digest, "claims": drawn["claim_id"].tolist()})])
    path = _write(prepared, drawn, rules, used)
    return Sampled(prepared, used, drawn, digest, path, len(draws_of(read_register(outputs), prepared.digest)))


def draws_of(entries: Iterable[Entry], digest: str) -> list[Entry]:
    """The samples drawn of a prepared claim, in order."""
    return [entry for entry in entries if entry["event"] == SAMPLED and entry["prepared"] == digest]


def withdrawn_families(entries: Iterable[Entry]) -> set[str]:
    """The families (family_ref) with a claim that was withdrawn."""
    held = list(entries)
    standing = {claim["claim_id"] for claim in standing_claims(held)}
    return {entry["family_ref"] for entry in held if entry["event"] == CLAIMED and entry["claim_id"] not in standing}


def claims_of(prepared: Prepared) -> pd.DataFrame:
    """The claims of a prepared claim, a row each."""
    columns = ["claim_id", "family_ref", "family_id", "route", "amount", "hinges", "result_start"]
    table = pd.DataFrame([{name: claim[name] for name in columns} for claim in prepared.claims], columns=columns)
    texts = dict.fromkeys(("claim_id", "family_ref", "family_id", "route", "hinges"), TEXT)
    table["result_start"] = pd.to_datetime(table["result_start"]).astype("datetime64[ns]")
    return table.astype({**texts, "amount": "Int64"})


def _write(prepared: Prepared, drawn: pd.DataFrame, rules: Framework, seed: str) -> Path:
    """The sample as a workbook that the auditor fills in, and as CSV."""
    table = drawn.assign(**{name: pd.Series(None, index=drawn.index, dtype=TEXT) for name in ANSWERS})
    notes = (
        f"Of {len(prepared.claims):,} claims, {len(drawn):,} are to be looked at. Seed: {seed}. The same seed draws "
        "the same claims from the same prepared claim.",
        f"Prepared claim {prepared.digest[:12]}. A claim that is prepared anew and differs needs a sample of its own.",
        "For what a claim rests on, see its evidence pack: datawash claims pack.",
    )
    cover = cover_of(f"Sample of the claim of {prepared.window}", read_manifest(prepared.run),
                     settings_of(prepared.run), notes)
    choice = Choice("found", FOUND, tuple(range(len(table))))
    sheets = [Sheet("Sample", table, frozen=2, answers=ANSWERS, choices=(choice,)),
              Sheet("What it rests on", assumptions(rules, ("audit",)))]
    path = prepared.folder / f"{SAMPLE}.xlsx"
    write_workbook(path, cover, sheets)
    write_csv(prepared.folder / f"{SAMPLE}.csv", table)
    return path
