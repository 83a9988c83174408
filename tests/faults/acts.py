"""What is done while something goes wrong: a wash, a publish, a decision, a signature, a claim, a line of the log.

A hollow wash takes the real road (archive, folder, stages' records, manifest, name, audit log) with little in its
tables, in a twentieth of a second; a whole one is the wash itself. `tell` says what was done before the act went on:
what was told must never be lost.
"""

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline import wash as washing
from pipeline.claims.prepared import HELD
from pipeline.claims.register import FOLDER, PREPARED, SIGNED, append_events
from pipeline.claims.signoff import ROLES, sign_claim
from pipeline.claims.submit import submit_claim
from pipeline.claims.window import read_window
from pipeline.decisions.answering import Asked, Given, Reviewer, record_answers
from pipeline.prepare import Request
from pipeline.record.audit_log import record_event
from pipeline.record.files import private_folder, write_aside
from pipeline.record.manifest import digest_of
from pipeline.record.run import Run, StageRecord, pointer_to, published_runs
from pipeline.record.stage_log import write_inputs, write_model, write_stage
from pipeline.record.tables import write_table
from pipeline.releases import only_release, record_release
from pipeline.seal import seal_run
from pipeline.stages import link, publish
from pipeline.wash import wash_extracts
from schemas.columns import TEXT
from schemas.errors import DataWashError
from schemas.published import PUBLISHED
from tests.builders import four_families, write_folder
from tests.claiming import AS_OF


DAY = date.fromisoformat(AS_OF)
WINDOW = read_window("2013/14-Q3")
AT_ONCE = 4
LINES = 3
"""How many decisions and how many lines of the audit log an act writes, one after the other."""

Tell = Callable[[str], None]


class Place(NamedTuple):
    """Where a trial happens: the extracts, the outputs, and what a wash looks like just before it is published."""

    root: Path

    @property
    def extracts(self) -> Path:
        """The folder of extracts."""
        return self.root / "extracts"

    @property
    def outputs(self) -> Path:
        """The outputs folder: the one thing that a trial changes."""
        return self.root / "outputs"

    @property
    def before_publish(self) -> Path:
        """A copy of a run's folder as it stands when the last stage begins: one for all places beside each other."""
        return self.root.parents[1] / "before-publish"


def write_extracts(place: Place) -> None:
    """The least that can be washed: three extracts of four families."""
    tables = four_families()
    private_folder(place.outputs)
    write_folder(place.extracts, **{name: tables[name] for name in ("attendance", "asb", "contacts")})


def write_claim(outputs: Path) -> None:
    """A claim as it stands when it was prepared from the latest run, with two families."""
    run = published_runs(outputs)[-1]
    claims = [{"claim_id": f"C{number}", "family_ref": f"C{number}", "family_id": f"F000000{number}", "amount": 700,
               "people": []} for number in (1, 2)]
    held = {"window": WINDOW.label, "part": 1, "run": run.name, "manifest": pointer_to(run).sha256, "claims": claims}
    folder = private_folder(outputs / FOLDER / WINDOW.folder)
    write_aside(folder / HELD, json.dumps(held | {"digest": digest_of(held)}).encode())
    said = {name: held[name] for name in ("window", "part", "run", "manifest")}
    append_events(outputs, [(PREPARED, said | {"prepared": digest_of(held), "claims": 2, "pounds": 1400})])


def write_signatures(outputs: Path) -> None:
    """Everybody's signature under that claim."""
    held = json.loads((outputs / FOLDER / WINDOW.folder / HELD).read_bytes())
    common = {"window": WINDOW.label, "part": 1, "prepared": held["digest"]}
    append_events(outputs, [(SIGNED, common | {"role": role, "name": role}) for role in ROLES])


def wash(place: Place, tell: Tell, *, whole: bool = False) -> None:
    """A wash; `whole` takes the real stages."""
    done = wash_extracts(Request(place.extracts, DAY, place.outputs), washing.call if whole else hollow)
    tell(f"run {done.folder.name}")


def publish_only(place: Place, tell: Tell) -> None:
    """The end of a whole wash: what comes before the last stage is put there from a copy."""

    def step(stage: Callable[..., Any], *args: Any) -> Any:
        if stage is publish:
            shutil.copytree(place.before_publish, args[0].folder, dirs_exist_ok=True)
            tell("begun")
            return stage(*args)
        return StageRecord("done before")

    done = wash_extracts(Request(place.extracts, DAY, place.outputs), step)
    tell(f"run {done.folder.name}")


def keep_before_publish(place: Place, tell: Tell) -> None:
    """A whole wash that leaves a copy of its folder as it is when the last stage begins."""

    def step(stage: Callable[..., Any], *args: Any) -> Any:
        if stage is publish:
            shutil.copytree(args[0].folder, place.before_publish)
        return stage(*args)

    done = wash_extracts(Request(place.extracts, DAY, place.outputs), step)
    tell(f"run {done.folder.name}")


def decide(place: Place, tell: Tell) -> None:
    """One person answers questions, one after the other."""
    by = Reviewer("Ann", DAY, "run", "model")
    for number in range(LINES):
        asked = Asked(f"R{number}", "pair", f"x:{number}", f"y:{number}", f"h1-{number}", f"h2-{number}")
        (outcome,) = record_answers(place.outputs, [(asked, Given("match"))], by)
        tell(f"decision {asked.review_id} {outcome}")


def sign(place: Place, tell: Tell) -> None:
    """The first who must sign a prepared claim does."""
    sign_claim(place.outputs, WINDOW, "preparer", "Ann")
    tell("signed preparer")


def submit(place: Place, tell: Tell) -> None:
    """A signed claim is made."""
    done = submit_claim(place.outputs, WINDOW)
    tell(f"submitted {done.events}")


def log(place: Place, tell: Tell) -> None:
    """Lines of the audit log, one after the other."""
    for number in range(LINES):
        record_event(place.outputs, "explained", "none", what=f"F000000{number}")
        tell(f"logged F000000{number}")


def release(place: Place, tell: Tell) -> None:
    """A release of counts."""
    with only_release(place.outputs):
        record_release(place.outputs, {"name": "0001-profile", "cells": [["size", "1", 10]], "run_id": "run"})
    tell("released 0001-profile")


def hollow(stage: Callable[..., Any], *args: Any) -> Any:
    """A stage that leaves a record and a table with little in it; the last one seals the run as the real one does."""
    run, name = args[0], stage.__name__
    write_stage(run, StageRecord(name, (_little(run, name),), {"records": 1}))
    if name == "ingest":
        write_inputs(run, args[1].extract, ())
    if name == "link":
        write_model(run, {})
    return seal_run(run) if name == "publish" else StageRecord(name)


def _little(run: Run, stage: str) -> Any:
    model, key = PUBLISHED["funnel"]
    frame = pd.DataFrame({"step": pd.array([stage], dtype=TEXT), "count": pd.array([1], dtype="Int64")})
    return write_table(run.tables, "funnel", frame, model, key)


def wash_and_lose_rights(place: Place, tell: Tell) -> None:
    """A hollow wash that may no longer write to its outputs from the second stage on."""

    def step(stage: Callable[..., Any], *args: Any) -> Any:
        if stage is link:
            for folder in (args[0].folder, args[0].tables, place.outputs):
                folder.chmod(0o500)
        return hollow(stage, *args)

    wash_extracts(Request(place.extracts, DAY, place.outputs), step)
    tell("run none")


def several(act: Callable[[Place, Tell], None]) -> Callable[[Place, Tell], None]:
    """The act by several processes at once; it tells how many had it done, how many were refused, and by which code."""

    def at_once(place: Place, tell: Tell) -> None:
        ready, go = os.pipe()
        children = [_once_told(act, place, ready, go) for _ in range(AT_ONCE)]
        os.close(go)
        codes = sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
        tell(f"ended {','.join(map(str, codes))}")

    return at_once


def _once_told(act: Callable[[Place, Tell], None], place: Place, ready: int, go: int) -> int:
    """A copy of this process that begins when the last of them is made, and gives the exit code of the command."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.close(go)
        os.read(ready, 1)
        act(place, lambda text: None)
        code = 0
    except DataWashError as error:
        code = error.exit_code
    finally:
        os._exit(code)


def write_same(place: Place, tell: Tell) -> None:
    """A file that is replaced over and over, each time by a whole one."""
    for number in range(20):
        write_aside(place.outputs / "same", bytes([number]) * 100_000)
        data = (place.outputs / "same").read_bytes()
        assert data == data[:1] * 100_000
    tell("logged same")


ACTS: dict[str, Callable[[Place, Tell], None]] = {
    "wash": wash,
    "whole wash": lambda place, tell: wash(place, tell, whole=True),
    "publish": publish_only,
    "keep": keep_before_publish,
    "decide": decide,
    "sign": sign,
    "submit": submit,
    "log": log,
    "release": release,
    "lose rights": wash_and_lose_rights,
    "write same": write_same,
    **{f"{name} at once": several(act) for name, act in {
        "wash": wash, "decide": decide, "sign": sign, "submit": submit, "log": log, "write same": write_same,
    }.items()},
}
