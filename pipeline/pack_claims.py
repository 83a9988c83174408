"""What the register and the prepared claims say of the cases to pack; decides no claim."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.claims.earlier import known_again
from pipeline.claims.prepared import Prepared, read_prepared
from pipeline.claims.register import PREPARED, Entry, read_register, register_path, standing_claims
from pipeline.claims.window import read_window
from pipeline.record.tables import to_frame
from reports.packs.gathered import Claims
from schemas.columns import TEXT
from schemas.errors import UsageError


ELSEWHERE = ("claim_id", "claimed_on", "route", "family_ref", "person_id")


def prepared_from(run: Path) -> Prepared | None:
    """The claim that was last prepared from a run; None where none was, or where another has taken its place."""
    events = [entry for entry in read_register(run.parent) if entry["event"] == PREPARED and entry["run"] == run.name]
    if not events:
        return None
    try:
        prepared = read_prepared(run.parent, read_window(events[-1]["window"]))
    except UsageError:
        return None
    return prepared if prepared.run.name == run.name else None


def read_claims(outputs: Path, prepared: Prepared | None) -> Claims:
    """The ids of the prepared claims by family_ref, and by family_ref every event of the register about its claims."""
    entries = read_register(outputs)
    ids = {claim["family_ref"]: claim["claim_id"] for claim in prepared.claims} if prepared else {}
    return Claims(
        window=prepared.window if prepared else None,
        ids=ids,
        events=_by_case(entries, prepared, ids),
        checked=register_path(outputs).exists(),
    )


def _by_case(
    entries: tuple[Entry, ...], prepared: Prepared | None, ids: Mapping[str, str]
) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Events of each case: those that name it or a claim of its, and those of the claim that it was prepared in."""
    cases = {
        entry["claim_id"]: entry["family_ref"] for entry in entries if "family_ref" in entry and "claim_id" in entry
    }
    cases |= {claim: ref for ref, claim in ids.items()}
    together: dict[str, list[str]] = {prepared.digest: list(ids)} if prepared else {}
    for entry in entries:
        if entry["event"] == "claimed" and entry["family_ref"] not in together.get(entry["prepared"], []):
            together.setdefault(entry["prepared"], []).append(entry["family_ref"])
    found: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        for ref in _about(entry, cases, together):
            found.setdefault(ref, []).append(entry)
    return {ref: tuple(events) for ref, events in found.items()}


def _about(entry: Entry, cases: Mapping[str, str], together: Mapping[str, list[str]]) -> Iterable[str]:
    if "family_ref" in entry:
        return (entry["family_ref"],)
    if "claim_id" in entry:
        return (cases[entry["claim_id"]],) if entry["claim_id"] in cases else ()
    return together.get(entry.get("prepared", ""), ())


def claims_elsewhere(run: Path, people: pd.Series, claims: Claims) -> pd.DataFrame | None:
    """Standing claims of the register for these people, but for the claims that are packed (`ELSEWHERE`).

    None where there is no register.
    """
    if not claims.checked:
        return None
    own = set(claims.ids.values())
    standing = tuple(claim for claim in standing_claims(read_register(run.parent)) if claim["claim_id"] not in own)
    wanted = pc.field("person_id").isin(pa.array(people.tolist(), pa.string()))
    identities = to_frame(pq.read_table(run / "tables" / "identities.parquet", filters=wanted))
    facts = pd.DataFrame([[claim[name] for name in ELSEWHERE[:-1]] for claim in standing], columns=list(ELSEWHERE[:-1]))
    known = known_again(standing, identities)
    kinds = dict.fromkeys(ELSEWHERE, TEXT) | {"claimed_on": "datetime64[ns]"}
    named = facts.assign(claimed_on=pd.to_datetime(facts["claimed_on"])).merge(known, on="claim_id")
    return named[list(ELSEWHERE)].astype(kinds)
