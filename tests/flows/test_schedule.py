"""`datawash schedule`: runs that a server's API starts, on a server that is there and on one of our own."""

import json
import os
import shutil
import signal
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.builders import AS_OF, write_four_families
from tests.flows.commands import Folders, environment, free_port, own_servers, running, said, wait_until, wash


pytestmark = pytest.mark.prefect

SETTINGS = """
[inbox]
required = ["attendance", "exclusions"]
tries = 2
wait_minutes = 0.01

[notify]
file = "news.txt"
"""
DONE = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class Council(NamedTuple):
    """A council's place: settings, the folder of one month, outputs, news, and the API of the server in use."""

    place: Path
    api: httpx.Client

    @property
    def settings(self) -> Path:
        return self.place / "wash.toml"

    @property
    def folders(self) -> Folders:
        return Folders(self.place / "extracts" / "2013-09", self.place / "outputs")

    @property
    def news(self) -> str:
        path = self.place / "news.txt"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def start(self, deployment: str, **parameters: Any) -> str:
        """Start a run of a deployment by the API; its id."""
        found = self.asked("GET", f"/deployments/name/{deployment}")
        run = self.asked("POST", f"/deployments/{found['id']}/create_flow_run", json={"parameters": parameters})
        return str(run["id"])

    def ended(self, run: str) -> dict[str, Any]:
        """The state in which a run ended, once it has."""
        wait_until(lambda: self._state(run)["type"] in DONE, "the run to end")
        return self._state(run)

    def _state(self, run: str) -> dict[str, Any]:
        state: dict[str, Any] = self.asked("GET", f"/flow_runs/{run}")["state"]
        return state

    def asked(self, *question: Any, **more: Any) -> Any:
        """What the API answers, once its database is not busy: then it says 503."""
        answers = [self.api.request(*question, **more)]
        while answers[-1].status_code == 503 and len(answers) < 60:
            time.sleep(1)
            answers.append(self.api.request(*question, **more))
        return answers[-1].raise_for_status().json()


def _council(place: Path, url: str, **options: Any) -> Council:
    write_four_families(place / "extracts" / "2013-09")
    (place / "wash.toml").write_text(SETTINGS, encoding="utf-8")
    return Council(place, httpx.Client(base_url=url, timeout=30, **options))


def _schedule(council: Council, **more: str) -> Any:
    more |= {"PREFECT_RUNNER_POLL_FREQUENCY": "1"}
    command = ["schedule", "--settings", str(council.settings), "--outputs", str(council.folders.outputs)]
    log = council.place / "schedule.log"
    return running(sys.executable, "-m", "cli.main", *command, log=log, env=environment(**more))


def _log(council: Council) -> str:
    return (council.place / "schedule.log").read_text(encoding="utf-8")


def _wait_until_served(council: Council) -> None:
    def served() -> bool:
        try:
            return council.api.get("/deployments/name/replay/replay").is_success
        except httpx.TransportError:
            return False

    wait_until(lambda: "Serving monthly-wash" in _log(council), "the schedule")
    wait_until(served, "the deployments")


@pytest.fixture(scope="module")
def council(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """A council whose schedule is served on the server that is there."""
    council = _council(tmp_path_factory.mktemp("council"), server)
    with council.api, _schedule(council, PREFECT_API_URL=server):
        _wait_until_served(council)
        yield council


def test_a_run_started_by_the_api_does_the_wash_and_people_are_told(council: Council, tmp_path: Path) -> None:
    state = council.ended(council.start("scheduled-wash/monthly-wash", month="2013-09"))
    assert state["type"] == "COMPLETED", state["message"]
    again = Folders(council.folders.extracts, tmp_path / "outputs")
    plain = wash(again, "--settings", council.settings, "--plain")
    assert plain.code == 0, plain.err
    assert again.run.name == council.folders.run.name
    assert said(council.folders.run) == said(again.run)
    assert "Data Wash as of 30 September 2013 is done: 2 families on the master list" in council.news
    assert "undetermined families: 1" in council.news
    replay = council.ended(council.start("replay/replay", run_id=again.run.name.removeprefix(f"{AS_OF}-")))
    assert replay["type"] == "COMPLETED", replay["message"]


def test_the_month_before_is_washed_and_what_is_missing_is_waited_for_and_named(council: Council) -> None:
    run = council.start("scheduled-wash/monthly-wash")
    state = council.ended(run)
    start = datetime.fromisoformat(council.asked("GET", f"/flow_runs/{run}")["expected_start_time"])
    before = start.astimezone(ZoneInfo("Europe/London")).replace(day=1) - timedelta(days=1)
    assert state["type"] == "FAILED"
    assert f"{before:%Y-%m} lacks attendance (attendance.csv" in state["message"]
    assert "exclusions (exclusions.csv" in state["message"]
    assert f"Data Wash by schedule has failed\n  {before:%Y-%m} lacks attendance" in council.news
    assert f"{before:%Y-%m} lacks attendance" in _log(council)
    assert "Traceback" not in _log(council)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 and ps are POSIX")
def test_a_schedule_keeps_a_server_that_a_wash_uses_and_that_ends_with_it(embedded: Folders, tmp_path: Path) -> None:
    port = str(free_port())
    council = _council(tmp_path, f"http://127.0.0.1:{port}/api")
    (council.folders.outputs / "prefect").mkdir(parents=True)
    shutil.copy(embedded.outputs / "prefect" / "prefect.db", council.folders.outputs / "prefect")
    with council.api, _schedule(council, PREFECT_SERVER_API_PORT=port) as served:
        wait_until(lambda: "Serving monthly-wash" in _log(council), "the schedule")
        address = json.loads((council.folders.outputs / "prefect" / "server.json").read_text(encoding="utf-8"))
        ran = wash(council.folders, "--prefect")
        assert ran.code == 0, ran.err
        assert said(council.folders.run) == said(embedded.run)
        user, password = address["auth"].split(":")
        asked = {"client": str(uuid.uuid4())}
        assert council.api.get("/csrf-token", params=asked).status_code == 401
        token = council.api.get("/csrf-token", params=asked, auth=(user, password)).raise_for_status().json()
        headers = {"Prefect-Csrf-Token": token["token"], "Prefect-Csrf-Client": asked["client"]}
        found = council.asked("POST", "/flow_runs/filter", json={}, headers=headers, auth=(user, password))
        assert "wash-2013-09-30" in {run["name"] for run in found}
        served.send_signal(signal.SIGKILL)
        served.wait()
    wait_until(lambda: not own_servers(served.pid), "the server of a killed schedule to end")
