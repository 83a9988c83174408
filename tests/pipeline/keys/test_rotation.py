"""Encrypting again: the old copy stays until the new one was opened; what is damaged is left; it can be interrupted."""

from pathlib import Path

import pyrage
import pytest

from pipeline.keys import rotation
from pipeline.keys.ciphers import PROTECTED, read_ciphers
from pipeline.keys.encryption import Identities, Recipients, decrypt_file
from pipeline.keys.protection import Protection
from pipeline.keys.rotation import Held, encrypt_again
from schemas.errors import IntegrityError, SettingsError


OLD, NEW, ESCROW = (pyrage.x25519.Identity.generate() for _ in range(3))
SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
"""Of `hello`."""


def to(identity: object) -> Protection:
    keys = {"run_key": str(identity.to_public()), "escrow_key": str(ESCROW.to_public())}  # type: ignore[attr-defined]
    return Protection(archive=True, **keys)


@pytest.fixture(autouse=True)
def both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATAWASH_KEYS", "/nowhere")
    monkeypatch.setenv("DATAWASH_ENCRYPTION_KEY", f"{NEW}\n{OLD}")


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """An archive with one file, encrypted to the old key."""
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / SHA256).write_bytes(b"hello")
    recipients = Recipients.from_settings(to(OLD))
    assert recipients is not None
    held = Held(archive, SHA256, SHA256)
    assert rotation._one(held, recipients, Identities((str(OLD),)), tmp_path) == (0, 1, 0)
    return tmp_path


def opened_by(outputs: Path, identity: object) -> bytes:
    decrypt_file(outputs / "archive" / f"{SHA256}.age", outputs / "clear", Identities((str(identity),)))
    return (outputs / "clear").read_bytes()


def test_what_was_for_the_old_key_is_for_the_new_one_and_a_second_time_nothing_is_done(outputs: Path) -> None:
    assert encrypt_again(outputs, to(NEW)) == (1, 0, 0)
    assert opened_by(outputs, NEW) == opened_by(outputs, ESCROW) == b"hello"
    with pytest.raises(SettingsError, match="other keys"):
        opened_by(outputs, OLD)
    assert encrypt_again(outputs, to(NEW)) == (0, 0, 1)


def test_a_new_copy_that_does_not_open_leaves_the_old_one(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(source: Path, target: Path, recipients: Recipients) -> object:
        sealed = real(source, target, recipients)
        target.write_bytes(target.read_bytes()[:-1] + b"\0")
        return sealed

    real = rotation.encrypt_file
    monkeypatch.setattr(rotation, "encrypt_file", damaged)
    with pytest.raises(IntegrityError, match="changed or damaged"):
        encrypt_again(outputs, to(NEW))
    assert opened_by(outputs, OLD) == b"hello"
    assert not list(outputs.rglob("*.part"))


def test_a_file_that_is_not_what_its_name_says_is_left_as_it_is(outputs: Path) -> None:
    other = outputs / "archive" / f"{'0' * 64}.age"
    other.write_bytes((outputs / "archive" / f"{SHA256}.age").read_bytes())
    with pytest.raises(IntegrityError, match="was left as it is"):
        encrypt_again(outputs, to(NEW))
    other.unlink()
    assert encrypt_again(outputs, to(NEW)) == (1, 0, 0)


def test_an_interrupted_rotation_goes_on(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "note_ciphers", stopped)
        with pytest.raises(KeyboardInterrupt):
            encrypt_again(outputs, to(NEW))
    assert encrypt_again(outputs, to(NEW)) == (1, 0, 0)
    assert opened_by(outputs, NEW) == b"hello"


def test_settings_that_ask_for_nothing_are_told_so(outputs: Path) -> None:
    with pytest.raises(SettingsError, match="nothing to do"):
        encrypt_again(outputs, Protection())


@pytest.mark.parametrize("said", ["", "[]", '{"a": {}}', '{"a": {"sha256": 1, "recipients": 2}}'])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, said: str) -> None:
    (tmp_path / PROTECTED).write_text(said, encoding="utf-8")
    assert read_ciphers(tmp_path) == {}
