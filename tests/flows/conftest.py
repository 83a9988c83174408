"""A real Prefect server, and the four families washed with and without Prefect."""

import shutil
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.builders import write_four_families
from tests.flows.commands import Folders, environment, free_port, running, wait_until, wash


@pytest.fixture(scope="session")
def server(embedded: Folders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API address of a real Prefect server, started as a council would; its database is made already."""
    home, port = tmp_path_factory.mktemp("prefect"), free_port()
    shutil.copy(embedded.outputs / "prefect" / "prefect.db", home)
    env = environment(PREFECT_HOME=str(home), DO_NOT_TRACK="1", PREFECT_SERVER_ANALYTICS_ENABLED="false")
    start = (sys.executable, "-m", "prefect", "server", "start", "--no-ui", "--port", str(port))
    url = f"http://127.0.0.1:{port}/api"
    with running(*start, log=home / "server.log", env=env):
        wait_until(lambda: _answers(url), "the server")
        yield url


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The four families washed without Prefect; not to be changed."""
    place = tmp_path_factory.mktemp("plain")
    folders = Folders(write_four_families(place / "extracts"), place / "outputs")
    ran = wash(folders, "--plain")
    assert ran.code == 0, ran.err
    return folders._replace(shown=ran.err)


@pytest.fixture(scope="session")
def embedded(plain: Folders, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The four families washed as a flow on a server of our own; not to be changed."""
    folders = plain._replace(outputs=tmp_path_factory.mktemp("embedded") / "outputs")
    ran = wash(folders, "--prefect")
    assert ran.code == 0, ran.err
    return folders._replace(shown=ran.err)
