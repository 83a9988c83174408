"""What `datawash claims` says of a window and of the register; decides no claim."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from cli.say import Report, many, table
from pipeline.claims.lists import LIST, RETURN, ROUTES, write_lists
from pipeline.claims.prepared import Prepared, prepare_claim
from pipeline.claims.register import check_register, read_register, standing_claims
from pipeline.claims.submit import submit_claim
from pipeline.claims.window import read_window
from pipeline.record.files import plain_storage_errors
from schemas.words import ClaimStatus


def prepare_window(outputs: Path, window: str, run: str | None) -> Report:
    """Prepare the claim of a window and write its list and its return; say what is in them."""
    with plain_storage_errors("Preparing the claim"):
        prepared = prepare_claim(outputs, read_window(window), run)
        statuses = write_lists(prepared, read_register(outputs))
    facts = _facts(prepared) | {"cases": statuses}
    return Report(
        facts,
        [
            f"The claim of {_named(prepared)}, from {prepared.run.name}:",
            *table([(status.replace("_", " "), f"{count:,}") for status, count in statuses.items()]),
            *_by_route(prepared),
            f"{many(len(prepared.claims), 'family', 'families')}, £{prepared.pounds:,}. Prepared claim "
            f"{prepared.digest[:12]}.",
            f"The list of every case: {prepared.folder / LIST}.xlsx",
            f"The return: {prepared.folder / RETURN}.xlsx",
        ],
    )


def submit_window(outputs: Path, window: str) -> Report:
    """Make the prepared claim of a window; say what was written into the register."""
    with plain_storage_errors("Making the claim"):
        done = submit_claim(outputs, read_window(window))
    prepared = done.prepared
    facts = _facts(prepared) | {"written": done.events, "already": done.already}
    if done.already:
        return Report(facts, [f"The claim of {_named(prepared)} was made before: nothing was written."])
    families = many(len(prepared.claims), "family", "families")
    return Report(
        facts,
        [
            f"The claim of {_named(prepared)} is made: {families}, £{prepared.pounds:,}.",
            "The register holds each of them. Wash again, so that the list shows them as claimed.",
        ],
    )


def claim_lines(counts: Mapping[str, int]) -> list[str]:
    """The line of a wash's summary about claims, from the counts of a run; none where nobody is on the programme."""
    told = {status: counts.get(f"claims_{status}", 0) for status in ClaimStatus}
    if not any(told.values()):
        return []
    capped = counts["claims_capped"]
    rest = f"; {capped:,} of the blocked for want of a place" if capped else ""
    return [f"Claims: {', '.join(f'{count:,} {status}' for status, count in told.items()).replace('_', ' ')}{rest}."]


def show_register(outputs: Path) -> Report:
    """Check the register and count the claims that stand in it."""
    lines, entries = check_register(outputs), read_register(outputs)
    claims = standing_claims(entries)
    events = Counter(entry["event"] for entry in entries)
    pounds = sum(claim["amount"] for claim in claims)
    facts = {"lines": lines, "events": dict(events), "claims": len(claims), "pounds": pounds}
    return Report(
        facts,
        [
            f"Each of the {many(lines, 'line')} of the register follows from the one before, and none is missing.",
            *table([(event.replace("_", " "), f"{count:,}") for event, count in events.items()]),
            f"{many(len(claims), 'claim')} stand, £{pounds:,}.",
        ],
    )


def _facts(prepared: Prepared) -> dict[str, object]:
    return {
        "window": prepared.window,
        "part": prepared.part,
        "run": prepared.run.name,
        "prepared": prepared.digest,
        "families": len(prepared.claims),
        "pounds": prepared.pounds,
        "folder": str(prepared.folder),
    }


def _named(prepared: Prepared) -> str:
    return prepared.window + (f", part {prepared.part}" if prepared.part > 1 else "")


def _by_route(prepared: Prepared) -> list[str]:
    counts = Counter(claim["route"] for claim in prepared.claims)
    pounds: Counter[str] = Counter()
    for claim in prepared.claims:
        pounds[claim["route"]] += claim["amount"]
    return table([(words, f"{counts[route]:,}", f"£{pounds[route]:,}") for route, words in ROUTES.items()
                  if counts[route]]) if counts else []
