"""A prepared claim: what a window's ready cases come to, from one run, held by its digest; decides no claim.

It stands in `outputs/claims/WINDOW/`: `claim.json` for what follows, and the files that people open.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.claims.register import (
    CLAIMED,
    FOLDER,
    PREPARED,
    SUBMITTED,
    Entry,
    append_events,
    check_register,
    claims_digest,
    parse_register,
    read_register,
)
from pipeline.claims.window import ClaimWindow
from pipeline.config import Settings, load_settings
from pipeline.intake.archive import read_archived
from pipeline.record.files import private_folder, sha256_of, write_aside
from pipeline.record.listing import find_paths
from pipeline.record.manifest import Manifest, digest_of, read_manifest
from pipeline.record.run import open_run, pointer_to, published_runs
from pipeline.record.tables import read_table
from schemas.errors import IntegrityError, UsageError
from schemas.words import ClaimStatus


HELD = "claim.json"
TABLES = ("claims", "claim_blocks", "cases", "case_members", "identities")
"""What a claim is prepared from."""

FACTS = (
    "family_ref",
    "family_id",
    "route",
    "amount",
    "rate_year",
    "rate_table",
    "result_start",
    "result_end",
    "hinges",
)
"""What is held of a ready case, beside its claim's id and its people."""


class Prepared(NamedTuple):
    """A prepared claim. `part` counts the claims of one window; `claims` are the ready cases, with their people."""

    folder: Path
    window: str
    part: int
    run: Path
    manifest_digest: str
    claims: tuple[dict[str, Any], ...]
    digest: str

    @property
    def pounds(self) -> int:
        """What all its claims come to."""
        return sum(claim["amount"] for claim in self.claims)


def prepare_claim(outputs: Path, window: ClaimWindow, run: str | None = None) -> Prepared:
    """Prepare the claim of a window from a run as of a day in it (by default the latest such run).

    Raises UsageError where there is none, where the run has no cases, or where claims were made since it was washed;
    IntegrityError where the register is not what it was.
    """
    check_register(outputs)
    entries = read_register(outputs)
    folder = _run_in(outputs, window, run)
    refuse_if_stale(folder, entries)
    part = 1 + sum(entry["event"] == SUBMITTED and entry["window"] == window.label for entry in entries)
    place = private_folder(outputs / FOLDER / (window.folder + (f"-part-{part}" if part > 1 else "")))
    prepared = _hold(place, window, part, folder)
    if not any(entry["event"] == PREPARED and entry["prepared"] == prepared.digest for entry in entries):
        append_events(outputs, [(PREPARED, said_of(prepared))])
    return prepared


def said_of(prepared: Prepared) -> dict[str, Any]:
    """What an event of the register says of a prepared claim."""
    return {"window": prepared.window, "part": prepared.part, "prepared": prepared.digest, "run": prepared.run.name,
            "manifest": prepared.manifest_digest, "claims": len(prepared.claims), "pounds": prepared.pounds}


def read_prepared(outputs: Path, window: ClaimWindow) -> Prepared:
    """The claim last prepared for a window. UsageError where none was, IntegrityError where it was changed since."""
    every = [outputs / FOLDER / window.folder / HELD, *find_paths(outputs / FOLDER, f"{window.folder}-part-*/{HELD}")]
    places = sorted((path for path in every if path.exists()), key=lambda path: (len(str(path)), path))
    if not places:
        raise UsageError(f"No claim has been prepared for {window.label}. Run: datawash claims --window {window.label}")
    held = json.loads(places[-1].read_text(encoding="utf-8"))
    digest = held.pop("digest", None)
    if digest_of(held) != digest:
        raise IntegrityError(f"{HELD} of {window.label} is not what was prepared. Prepare the claim again.")
    run = open_run(outputs, held["run"])
    if pointer_to(run).sha256 != held["manifest"]:
        raise IntegrityError(f"The run {run.name} is not the one that the claim of {window.label} was prepared from.")
    claims = tuple(held["claims"])
    return Prepared(places[-1].parent, held["window"], held["part"], run, held["manifest"], claims, digest)


def refuse_if_stale(run: Path, entries: tuple[Entry, ...]) -> None:
    """UsageError where the register says of claims what the run did not know when it was washed."""
    if claims_digest(entries) != known_claims(run):
        raise UsageError(
            f"Claims were made or corrected since {run.name} was washed, and it does not know them. "
            "Wash again, with the same extracts if there are no newer ones, and prepare the claim from that run."
        )


def known_claims(run: Path) -> str | None:
    """The digest of the claims that a run knew when it was washed."""
    pointer = read_manifest(run).claims_register
    if pointer is None:
        return None
    return claims_digest(parse_register(read_archived(run.parent / "archive" / pointer.sha256)).entries)


def settings_of(run: Path) -> Settings:
    """The settings that a published run was washed with."""
    manifest, archive = read_manifest(run), run.parent / "archive"
    if manifest.settings_file is None:
        return Settings()
    model = archive / manifest.model_file.sha256 if manifest.model_file else None
    return load_settings(archive / manifest.settings_file.sha256, model)


def _run_in(outputs: Path, window: ClaimWindow, name: str | None) -> Path:
    days = {run: read_manifest(run) for run in published_runs(outputs)}
    if name is not None:
        folder = open_run(outputs, name)
        if not window.holds(day := read_manifest(folder).as_of):
            raise UsageError(f"{folder.name} is as of {day}, which is not in {window.label} ({_days(window)}).")
        return _with_cases(folder, read_manifest(folder))
    inside = [run for run, manifest in days.items() if window.holds(manifest.as_of)]
    if not inside:
        latest = f"; the latest is {list(days)[-1].name}" if days else ""
        raise UsageError(f"No run is as of a day in {window.label} ({_days(window)}){latest}. Wash as of such a day.")
    return _with_cases(inside[-1], days[inside[-1]])


def _with_cases(run: Path, manifest: Manifest) -> Path:
    """The run, whose tables of claims are there and are what its manifest says."""
    then = {entry.file: entry.sha256 for entry in manifest.outputs}
    files = [f"tables/{name}.parquet" for name in TABLES]
    if any(file not in then for file in files):
        raise UsageError(f"{run.name} was washed before Data Wash judged claims. Wash again.")
    changed = [file for file in files if not (run / file).exists() or sha256_of(run / file) != then[file]]
    if changed:
        raise IntegrityError(f"{run.name} is not what its manifest says: {changed[0]} was changed. Nothing is claimed.")
    return run


def _days(window: ClaimWindow) -> str:
    return f"{window.start} to {window.end}"


def _hold(place: Path, window: ClaimWindow, part: int, run: Path) -> Prepared:
    """Write what was prepared, whole or not at all."""
    claims = _ready(run, window, part)
    manifest = pointer_to(run).sha256
    held = {"window": window.label, "part": part, "run": run.name, "manifest": manifest, "claims": claims}
    digest = digest_of(held)
    write_aside(place / HELD, json.dumps(held | {"digest": digest}, indent=1).encode())
    return Prepared(place, window.label, part, run, manifest, tuple(claims), digest)


def _ready(run: Path, window: ClaimWindow, part: int) -> list[dict[str, Any]]:
    """The ready cases in the order in which they joined, each with the id of its claim and its people's digests."""
    states, cases = read_table(run / "tables/claims.parquet"), read_table(run / "tables/cases.parquet")
    ready = states[states["status"] == ClaimStatus.READY].merge(cases[["family_ref", "attached_on"]], on="family_ref")
    ready = ready.sort_values(["attached_on", "family_ref"])
    people = _people(run, set(ready["family_ref"]))
    stem = f"C{window.folder}" + (f"-{part}" if part > 1 else "")
    return [{"claim_id": f"{stem}-{number:04d}", **{name: _plain(row[name]) for name in FACTS},
             "people": people.get(row["family_ref"], [])} for number, row in enumerate(ready.to_dict("records"), 1)]


def _people(run: Path, refs: set[str]) -> dict[str, list[dict[str, Any]]]:
    members = read_table(run / "tables/case_members.parquet")
    members = members[members["family_ref"].isin(refs)].sort_values(["family_ref", "person_id"])
    identities = read_table(run / "tables/identities.parquet")
    identities = identities[identities["person_id"].isin(members["person_id"])].sort_values(["person_id", "identity"])
    digests = identities.groupby("person_id")["identity"].agg(list).to_dict()
    found: dict[str, list[dict[str, Any]]] = {}
    for ref, person in members[["family_ref", "person_id"]].itertuples(index=False):
        found.setdefault(ref, []).append({"person_id": person, "identities": digests.get(person, [])})
    return found


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else value


def claimed_in(entries: tuple[Entry, ...], prepared: Prepared) -> set[str]:
    """The claims of a prepared claim that the register holds already."""
    return {entry["claim_id"] for entry in entries
            if entry["event"] == CLAIMED and entry["prepared"] == prepared.digest}
