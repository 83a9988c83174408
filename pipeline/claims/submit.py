"""Making a prepared claim: one `claimed` event a family in the register; refuses what is not signed or not current."""

from pathlib import Path
from typing import NamedTuple

from criteria import load_framework
from pipeline.claims.prepared import Prepared, claimed_in, read_prepared, refuse_if_stale, said_of, settings_of
from pipeline.claims.register import (
    BEARING,
    CLAIMED,
    SUBMITTED,
    Entry,
    Event,
    check_register,
    decide_and_append,
)
from pipeline.claims.signoff import unsigned
from pipeline.claims.window import ClaimWindow
from pipeline.record.manifest import read_manifest
from schemas.errors import UsageError


class Submitted(NamedTuple):
    """A claim that was made, how many events that took, and whether it had been made before."""

    prepared: Prepared
    events: int
    already: bool


def submit_claim(outputs: Path, window: ClaimWindow) -> Submitted:
    """Make the claim that was prepared for a window: append an event for each family, then one that closes it.

    What an interrupted submission left is completed. Raises UsageError where the claim is not signed by everyone who
    must sign, or where other claims were made since its run was washed; IntegrityError where something was changed.
    """
    check_register(outputs)
    prepared = read_prepared(outputs, window)
    written = decide_and_append(outputs, lambda entries: _events(prepared, entries))
    return Submitted(prepared, sum(entry["event"] == CLAIMED for entry in written), already=not written)


def _events(prepared: Prepared, entries: tuple[Entry, ...]) -> list[Event]:
    """What is to be written after the register's entries; nothing where the claim was made already."""
    if any(entry["event"] == SUBMITTED and entry["prepared"] == prepared.digest for entry in entries):
        return []
    refuse_if_stale(prepared.run, _without(entries, prepared))
    _refuse_if_unsigned(prepared, entries)
    done, day = claimed_in(entries, prepared), read_manifest(prepared.run).as_of.isoformat()
    common = {name: said_of(prepared)[name] for name in ("window", "part", "prepared", "run", "manifest")}
    left = [claim for claim in prepared.claims if claim["claim_id"] not in done]
    return [*((CLAIMED, {**claim, **common, "claimed_on": day}) for claim in left), (SUBMITTED, said_of(prepared))]


def _without(entries: tuple[Entry, ...], prepared: Prepared) -> tuple[Entry, ...]:
    """The register without what an interrupted submission of this very claim left in it."""
    return tuple(entry for entry in entries
                 if entry["event"] in BEARING and entry.get("prepared") != prepared.digest)


def _refuse_if_unsigned(prepared: Prepared, entries: tuple[Entry, ...]) -> None:
    rules = load_framework(settings_of(prepared.run).criteria)
    missing = unsigned(entries, prepared.digest) if rules.claims.internal_audit_first.value else ()
    if missing:
        raise UsageError(
            f"The claim of {prepared.window} is not signed by its {', '.join(missing)}. "
            "Internal audit comes before the claim: nothing was claimed."
        )
