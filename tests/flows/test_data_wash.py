"""The wash as a flow: the same run as without Prefect, on a server of our own or on one that is there."""

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flows.commands import Folders, environment, own_servers, said, wait_until, wash


pytestmark = pytest.mark.prefect

SLOW = """
import sys, time
from datetime import date
from pathlib import Path
from flows.data_wash import run_flow
from pipeline.prepare import Request

def slow(stage, *args):
    stage(*args)
    print("taken", flush=True)
    time.sleep(600)

run_flow(Request(Path(sys.argv[1]), date(2013, 9, 30), Path(sys.argv[2])), slow)
"""


def _ask(outputs: Path, question: str) -> list[tuple[Any, ...]]:
    """Ask the database of our own server."""
    with sqlite3.connect(outputs / "prefect" / "prefect.db") as database:
        answer = database.execute(question).fetchall()
    database.close()
    return answer


def test_a_flow_gives_the_same_run_as_the_plain_stages(plain: Folders, embedded: Folders) -> None:
    assert embedded.run.name == plain.run.name
    assert said(embedded.run) == said(plain.run)


def test_the_command_says_how_it_washes_and_shows_the_same_steps(plain: Folders, embedded: Folders) -> None:
    flow, at_once = (folders.shown.splitlines() for folders in (embedded, plain))
    assert flow[0] == "Washing extracts as a Prefect flow."
    assert [line.split(":")[0] for line in flow[1:]] == [line.split(":")[0] for line in at_once[1:]]


def test_the_stages_are_tasks_under_their_own_names(embedded: Folders) -> None:
    assert _ask(embedded.outputs, "SELECT name, state_type FROM flow_run") == [("wash-2013-09-30", "COMPLETED")]
    tasks = dict(_ask(embedded.outputs, "SELECT name, state_type FROM task_run"))
    assert {"ingest attendance", "ingest schools", "link", "assess", "publish"} <= set(tasks)
    assert set(tasks.values()) == {"COMPLETED"}


def test_prefect_keeps_counts_and_no_result(embedded: Folders) -> None:
    artifacts = dict(_ask(embedded.outputs, "SELECT key, data FROM artifact WHERE key IS NOT NULL"))
    assert set(artifacts) == {"wash-summary", "wash-extracts", "wash-verdicts", "wash-run"}
    assert "| eligible families | 2 |" in json.loads(artifacts["wash-summary"])
    attendance = json.loads(json.loads(artifacts["wash-extracts"]))[0]
    assert attendance == {"extract": "attendance", "read": 12, "accepted": 12, "quarantined": 0}
    storage = embedded.outputs / "prefect" / "storage"
    assert not storage.exists() or list(storage.iterdir()) == []
    assert _ask(embedded.outputs, "SELECT count(*) FROM log") == [(0,)]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_what_prefect_keeps_is_for_the_owner_alone(embedded: Folders) -> None:
    home = embedded.outputs / "prefect"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "prefect.db").stat().st_mode) == 0o600


def test_a_flow_runs_on_the_server_that_is_set(plain: Folders, server: str, tmp_path: Path) -> None:
    folders = plain._replace(outputs=tmp_path / "outputs")
    ran = wash(folders, PREFECT_API_URL=server)
    assert ran.code == 0, ran.err
    assert said(folders.run) == said(plain.run)
    found = httpx.post(f"{server}/flow_runs/filter", json={"flows": {"name": {"any_": ["data-wash"]}}}).json()
    mine = [run for run in found if run["parameters"]["outputs"] == str(folders.outputs)]
    assert [(run["name"], run["state"]["type"]) for run in mine] == [("wash-2013-09-30", "COMPLETED")]
    assert not list((folders.outputs / "prefect").glob("*.db"))


@pytest.mark.skipif(os.name != "posix", reason="kill -9 and ps are POSIX")
def test_a_killed_flow_leaves_no_server_and_the_next_wash_works(
    plain: Folders, embedded: Folders, tmp_path: Path
) -> None:
    folders = plain._replace(outputs=tmp_path / "outputs")
    shutil.copytree(embedded.outputs / "prefect", folders.outputs / "prefect")
    command = [sys.executable, "-c", SLOW, str(folders.extracts), str(folders.outputs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as killed:
        assert killed.stdout
        assert killed.stdout.readline() == b"taken\n"
        assert len(own_servers(killed.pid)) == 1
        killed.send_signal(signal.SIGKILL)
    assert len(list(folders.outputs.glob("*.part"))) == 1
    wait_until(lambda: not own_servers(killed.pid), "the server of a killed flow to end")
    ran = wash(folders, "--prefect")
    assert ran.code == 0, ran.err
    assert said(folders.run) == said(plain.run)
    assert not list(folders.outputs.glob("*.part"))
    states = _ask(folders.outputs, "SELECT state_type FROM flow_run ORDER BY created")
    assert states == [("COMPLETED",), ("CRASHED",), ("COMPLETED",)]
