"""The doctor: every question has an answer, what is wrong fails the command and says what to do, nothing is changed."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import doctor
from pipeline.doctor import QUESTIONS, State, examine


posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are told so on POSIX alone")


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no server of whoever runs the tests."""
    monkeypatch.setenv("DATAWASH_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    folder = tmp_path / "outputs"
    folder.mkdir(mode=0o700)
    return folder


def _found(outputs: Path, question: str) -> doctor.Finding:
    (one,) = [finding for finding in examine(outputs) if finding.question == question]
    return one


def test_every_question_has_one_answer_and_what_is_not_good_says_what_to_do(outputs: Path) -> None:
    found = examine(outputs)
    assert len({one.question for one in found}) == len(QUESTIONS) == len(found)
    assert [one for one in found if one.state is not State.GOOD and not one.remedy] == []
    assert list(outputs.iterdir()) == []


def test_the_command_ends_well_where_nothing_is_wrong(datawash, environment, tmp_path: Path) -> None:
    own = environment(DATAWASH_KEYS=str(tmp_path / "keys"), PREFECT_HOME=str(tmp_path / "home"))
    ran = datawash("doctor", "--outputs", tmp_path / "not there yet", env=own)
    assert ran.code == 0, ran.out
    assert "Nothing is wrong." in ran.out
    assert not (tmp_path / "not there yet").exists()


@posix
def test_one_file_that_others_can_read_fails_the_command_and_is_named(datawash, environment, outputs: Path) -> None:
    run = outputs / "2013-09-30-abc"
    run.mkdir(mode=0o700)
    (run / "master_list.csv").write_text("a list")
    (run / "master_list.csv").chmod(0o640)
    ran = datawash("doctor", "--outputs", outputs, "--json", env=environment())
    assert ran.code == 6
    (wrong,) = [one for one in json.loads(ran.out)["findings"] if one["state"] == "wrong"]
    assert "2013-09-30-abc/master_list.csv" in wrong["said"]
    assert wrong["remedy"] == f"chmod -R go-rwx {outputs}"


@posix
def test_keys_that_others_can_read_or_that_stand_beside_what_they_open_are_wrong(
    outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path / "keys", outputs / "keys"):
        folder.mkdir(mode=0o700)
        (folder / "encryption.key").write_text("AGE-SECRET-KEY-1ZQSECRET")
        (folder / "encryption.key").chmod(0o600)
    assert _found(outputs, "Keys").state is State.GOOD
    (tmp_path / "keys" / "encryption.key").chmod(0o644)
    assert _found(outputs, "Keys").state is State.WRONG
    monkeypatch.setenv("DATAWASH_KEYS", str(outputs / "keys"))
    assert "beside what they open" in _found(outputs, "Keys").said
    assert "ZQSECRET" not in repr(examine(outputs))


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("http://127.0.0.1:4200/api", State.GOOD),
        ("https://prefect.council.example/api", State.GOOD),
        ("http://prefect.council.example/api", State.WRONG),
        ("http://jo:zqsecret@prefect.council.example/api", State.WRONG),
    ],
)
def test_a_prefect_server_elsewhere_must_be_spoken_to_in_cipher(
    url: str, state: State, outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", url)
    found = _found(outputs, "Prefect")
    assert found.state is state
    assert "zqsecret" not in repr(found)


def test_results_that_prefect_stored_are_worth_a_look(outputs: Path, tmp_path: Path) -> None:
    (tmp_path / "prefect" / "storage").mkdir(parents=True)
    (tmp_path / "prefect" / "storage" / "abc").write_text("a frame")
    assert _found(outputs, "Prefect").state is State.LOOK


@pytest.mark.parametrize(
    ("told", "value", "question", "state"),
    [
        ("network_share", "cifs", "Network share", State.WRONG),
        ("disk_encrypted", True, "Disk encryption", State.GOOD),
        ("disk_encrypted", False, "Disk encryption", State.LOOK),
        ("disk_encrypted", None, "Disk encryption", State.UNKNOWN),
        ("swap_in_clear", True, "Swap", State.LOOK),
        ("swap_in_clear", False, "Swap", State.GOOD),
        ("swap_in_clear", None, "Swap", State.UNKNOWN),
        ("dumps_to_program", "abrt", "Core dumps", State.LOOK),
    ],
)
def test_what_the_machine_tells_is_said_as_it_is(
    told: str, value: object, question: str, state: State, outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, told, lambda *_: value)
    assert _found(outputs, question).state is state


def test_what_a_killed_wash_left_is_named(outputs: Path) -> None:
    (outputs / "2013-09-30-abc.part").mkdir()
    assert "2013-09-30-abc.part" in _found(outputs, "Leftovers").said


def test_outputs_that_cannot_be_looked_into_are_wrong_and_not_called_good(
    outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(real: Callable[..., object]) -> Callable[..., object]:
        def look(path: object, *more: object) -> object:
            if path == outputs or path == str(outputs):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *more)

        return look

    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    monkeypatch.setattr(os, "listdir", refusing(os.listdir))
    for question, state in (("Outputs", State.WRONG), ("Leftovers", State.UNKNOWN)):
        found = _found(outputs, question)
        assert found.state is state
        assert found.said == f"{outputs} cannot be looked into (Permission denied)."
        assert found.remedy


def test_little_room_is_worth_a_look(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _found(outputs, "Room").state is State.GOOD
    monkeypatch.setattr(doctor, "LITTLE_ROOM", 1 << 70)
    assert _found(outputs, "Room").state is State.LOOK


@posix
@pytest.mark.parametrize(("mode", "state"), [(0o777, State.WRONG), (0o755, State.LOOK), (0o700, State.GOOD)])
def test_a_place_that_others_may_look_into_or_write_to_is_told(mode: int, state: State, outputs: Path) -> None:
    outputs.chmod(mode)
    assert _found(outputs, "Outputs").state is state


def test_a_disk_that_keeps_no_modes_or_takes_no_file_is_wrong(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(doctor, "mode_of", lambda _: 0o755)
    assert _found(outputs, "New files").state is State.WRONG
    assert list(outputs.iterdir()) == []
    monkeypatch.setattr(Path, "touch", full)
    assert "No space left on device" in _found(outputs, "New files").said


def test_what_windows_does_not_tell_is_said_so(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "mode_of", lambda _: None)
    monkeypatch.setattr(doctor, "os", SimpleNamespace(name="nt"))
    found = [doctor._new_files(outputs), doctor._cores(outputs), doctor._outputs(outputs)]
    assert [one.state for one in found] == [State.UNKNOWN] * 3
    assert "icacls" in found[0].remedy
