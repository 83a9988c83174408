"""Which server a flow talks to, when there is none that it may: said at once, and no other is started instead."""

import socket
from pathlib import Path

import pytest
from filelock import FileLock
from prefect.settings import PREFECT_API_URL, PREFECT_SERVER_API_PORT, temporary_settings

from flows.server import any_server, kept_server
from schemas.errors import LockedError, StorageError
from tests.flows.commands import free_port


@pytest.mark.parametrize("using", [any_server, kept_server])
def test_a_server_that_is_set_and_does_not_answer_is_an_error(using, tmp_path: Path) -> None:
    port = free_port()
    set_to = {PREFECT_API_URL: f"http://kim:secret@127.0.0.1:{port}/api"}
    with temporary_settings(set_to), pytest.raises(StorageError, match="does not answer") as caught, using(tmp_path):
        raise AssertionError("there is no server")
    assert f"127.0.0.1:{port}" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("using", [any_server, kept_server])
def test_only_one_wash_or_schedule_has_a_server_of_its_own(using, tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    with (
        FileLock(tmp_path / "prefect" / "server.lock"),
        pytest.raises(LockedError, match="its own Prefect server"),
        using(tmp_path),
    ):
        raise AssertionError("it is held")


def test_an_address_that_a_killed_schedule_left_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    said = f'{{"url": "http://127.0.0.1:{free_port()}/api", "auth": "datawash:gone"}}'
    (tmp_path / "prefect" / "server.json").write_text(said, encoding="utf-8")
    with FileLock(tmp_path / "prefect" / "server.lock"), pytest.raises(LockedError), any_server(tmp_path):
        raise AssertionError("it is held")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="Prefect"), any_server(tmp_path / "outputs"):
        raise AssertionError("there is no place for it")


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = {PREFECT_SERVER_API_PORT: other.getsockname()[1]}
        with (
            temporary_settings(taken),
            pytest.raises(StorageError, match="(?s)did not start.*PREFECT_SERVER_API_PORT"),
            kept_server(tmp_path),
        ):
            raise AssertionError("its port is taken")
