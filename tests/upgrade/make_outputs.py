"""Run as a script, by the code of the version whose outputs it keeps: an outputs folder in use, as one archive.

    git archive 1041992 | tar -x -C OLD && cd OLD && PYTHONPATH=. python .../tests/upgrade/make_outputs.py KEPT.tar.xz

Two runs, the second after the first, with settings, a decision, a claim that was signed and made, a release, a pack, a
replay and accounts: everything that a later version must still be able to open. All of it is invented.
"""

import csv
import os
import sys
import tarfile
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from cli.audit import replay_again, verify_again
from cli.pack import pack_family
from cli.steering import tell_profile
from pipeline.claims.prepared import prepare_claim
from pipeline.claims.sample import sample_claim
from pipeline.claims.signoff import ROLES, sign_claim
from pipeline.claims.submit import submit_claim
from pipeline.claims.window import read_window
from pipeline.decisions.answering import Asked, Given, Reviewer, record_answers
from pipeline.prepare import Request
from pipeline.record.manifest import read_manifest
from pipeline.wash import wash_extracts
from tests.builders import (
    AMIRA,
    JOANNE,
    OWEN,
    PATRICK,
    SANDRA,
    Row,
    claimant,
    contact,
    incident,
    offence,
    pupil,
    write_rows,
)
from tests.claiming import AS_OF, LATER, WINDOW, claiming_folder
from web.door.accounts import add_account, set_locked, set_password
from web.door.passwords import hashed
from web.door.roles import Person, Role
from web.door.sessions import How, start_session
from web.door.store import Store


SETTINGS = """[authority]
name = "Sandport Council (invented)"

[extracts]
max_quarantined_share = 0.5
"""
PEOPLE = (
    Person("cora.coordinator", frozenset({Role.COORDINATOR}), frozenset({"SP4"})),
    Person("aud.auditor", frozenset({Role.AUDITOR, Role.ANALYST}), frozenset()),
    Person("gone.leaver", frozenset({Role.REVIEWER}), frozenset()),
)
PASSWORD = "harbour lights and gulls"
EPOCH = 1_380_000_000


def extracts(folder: Path) -> Path:
    """The claiming families, one more that is eligible, and rows of people who may be one of them; and settings."""
    school = {"school_urn": "100002", "school_name": "Quay Academy"}
    doubtful = [
        incident(SANDRA._replace(forename="Sandy", date_of_birth="1976-02-08"), case_ref="D1", role="victim"),
        incident(PATRICK._replace(forename="Pat", date_of_birth="1971-09-11"), case_ref="D2", role="victim"),
        incident(OWEN, case_ref="D3", event_date="2013-13-81"),
    ]
    claiming_folder(folder)
    for year in ("2011/12", "2012/13"):
        add(folder, "attendance", pupil(AMIRA, unauthorised=30, academic_year=year, **school))
    add(folder, "youth_offending", [offence(AMIRA, yot_ref="Y9")])
    add(folder, "dwp_benefits", [claimant(JOANNE)])
    add(folder, "contacts", [contact(JOANNE, AMIRA)])
    add(folder, "asb", doubtful)
    (folder / "wash.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def add(folder: Path, extract: str, rows: list[Row]) -> None:
    """Add rows to an extract that is there."""
    path = folder / f"{extract}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    write_rows(path, [*known, *rows])


def decide(outputs: Path, run: Path) -> None:
    """Answer the first question of a run."""
    queue = pd.read_parquet(run / "tables" / "review_queue.parquet").sort_values("rank")
    row = queue.iloc[0]
    asked = Asked(*(row[name] for name in ("review_id", "kind", "left_id", "right_id", "left_hash", "right_hash")))
    manifest = read_manifest(run)
    by = Reviewer("rev.reviewer", date(2013, 10, 15), manifest.run_id, "model")
    record_answers(outputs, [(asked, Given("match", reason="small_slips", note="seen the papers"))], by)


def claim(outputs: Path) -> None:
    """Prepare the claim of the window, sign it, and make it."""
    window = read_window(WINDOW)
    prepare_claim(outputs, window)
    for role in ROLES:
        if role == "auditor":
            sample_claim(outputs, window)
        sign_claim(outputs, window, role, f"The {role}")
    submit_claim(outputs, window)


def accounts(outputs: Path) -> None:
    """Three accounts: one with a session, one with a password, one locked."""
    with Store(outputs).change() as db:
        first, second, third = (add_account(db, person, EPOCH) for person in PEOPLE)
        start_session(db, first, How.LINK, EPOCH, EPOCH + 3600)
        set_password(db, second, hashed(PASSWORD))
        set_locked(db, third, True)


def fill(outputs: Path, folder: Path) -> None:
    """Everything that is kept."""
    first = wash_extracts(Request(extracts(folder), date.fromisoformat(AS_OF), outputs)).folder
    decide(outputs, first)
    claim(outputs)
    second = wash_extracts(Request(folder, date.fromisoformat(LATER), outputs)).folder
    family = pd.read_parquet(second / "tables" / "cases.parquet")["family_id"].dropna().iloc[0]
    pack_family(outputs, second.name, family, None, None)
    tell_profile(outputs, second.name, "programme", (), None)
    verify_again(outputs, second.name)
    replay_again(outputs, first.name, None, False)
    accounts(outputs)


def keep(outputs: Path, archive: Path) -> None:
    """The outputs as one archive, in which no time and no owner of this machine stands."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.mtime, member.uid, member.gid, member.uname, member.gname = EPOCH, 0, 0, "", ""
        return member

    with tarfile.open(archive, "w:xz") as kept:
        kept.add(outputs, "outputs", filter=plain)


def main(archive: Path) -> None:
    """Make the outputs, and keep them in `archive`."""
    os.umask(0o077)
    os.environ["LOGNAME"] = "ana.analyst"
    with tempfile.TemporaryDirectory() as place:
        fill(Path(place) / "outputs", Path(place) / "extracts")
        keep(Path(place) / "outputs", archive)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
