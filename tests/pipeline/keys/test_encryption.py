"""Files encrypted to two keys: opened by either, by no other; nothing half-decrypted or forgotten stays anywhere."""

import errno
import hashlib
import io
import multiprocessing
import os
import pickle
import signal
from pathlib import Path

import pyrage
import pytest

from pipeline.keys.encryption import (
    OPENED,
    Identities,
    Recipients,
    decrypt_file,
    decrypted,
    digest_of_clear,
    encrypt_file,
    own_identities,
    private_place,
    recipients_here,
    sweep_opened,
)
from pipeline.keys.lists import opened_list, protect_lists
from pipeline.keys.private import find_key
from pipeline.keys.protection import Protection
from pipeline.keys.signing import own_public_key
from schemas.errors import IntegrityError, SettingsError


CLEAR = b"SURNAME,UPN\nQuennell,A301200008001\n" * 9_000


class Pair:
    """A run key and an escrow key."""

    def __init__(self) -> None:
        self.run, self.escrow = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
        self.recipients = Recipients((str(self.run.to_public()), str(self.escrow.to_public())))

    def protection(self) -> Protection:
        run_key, escrow_key = self.recipients.keys
        return Protection(archive=True, lists=True, run_key=run_key, escrow_key=escrow_key)


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair()


@pytest.fixture
def encrypted(tmp_path: Path, pair: Pair) -> Path:
    source, target = tmp_path / "asb.csv", tmp_path / "asb.csv.age"
    source.write_bytes(CLEAR)
    sealed = encrypt_file(source, target, pair.recipients)
    source.unlink()
    assert sealed.sha256 == hashlib.sha256(CLEAR).hexdigest()
    assert (sealed.bytes, sealed.cipher_sha256) == (len(CLEAR), hashlib.sha256(target.read_bytes()).hexdigest())
    return target


def own(identity: object) -> Identities:
    return Identities((str(identity),))


@pytest.mark.parametrize("which", ["run", "escrow"])
def test_either_key_opens_what_is_encrypted_to_both(encrypted: Path, pair: Pair, which: str, tmp_path: Path) -> None:
    sealed = decrypt_file(encrypted, tmp_path / "out", own(getattr(pair, which)))
    assert (tmp_path / "out").read_bytes() == CLEAR
    assert sealed == digest_of_clear(encrypted, own(pair.run))
    assert sealed.cipher_sha256 == hashlib.sha256(encrypted.read_bytes()).hexdigest()
    assert b"Quennell" not in encrypted.read_bytes()


def test_another_key_opens_nothing(encrypted: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="encrypted to other keys"):
        decrypt_file(encrypted, tmp_path / "out", own(pyrage.x25519.Identity.generate()))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["asb.csv.age"]


@pytest.mark.parametrize("at", [3, 200, 70_000, -5])
def test_a_changed_or_cut_file_is_refused_and_leaves_nothing(encrypted: Path, pair: Pair, at: int) -> None:
    whole = encrypted.read_bytes()
    changed = bytearray(whole)
    changed[at] ^= 1
    for data in (bytes(changed), whole[:at]):
        encrypted.write_bytes(data)
        with pytest.raises((IntegrityError, SettingsError)):
            decrypt_file(encrypted, encrypted.parent / "out", own(pair.run))
        assert [path.name for path in encrypted.parent.iterdir()] == ["asb.csv.age"]


@pytest.mark.parametrize("size", [0, 1 << 16, (1 << 17) + 3])
def test_a_file_that_something_was_appended_to_is_refused(tmp_path: Path, pair: Pair, size: int) -> None:
    (tmp_path / "clear").write_bytes(b"a" * size)
    path = tmp_path / "clear.age"
    encrypt_file(tmp_path / "clear", path, pair.recipients)
    whole = path.read_bytes()
    assert digest_of_clear(path, own(pair.run)).cipher_sha256 == hashlib.sha256(whole).hexdigest()
    path.write_bytes(whole + b"x")
    with pytest.raises(IntegrityError, match="changed or damaged"):
        digest_of_clear(path, own(pair.run))


def test_a_folder_without_lists_has_nothing_noted_of_it(tmp_path: Path, pair: Pair) -> None:
    (tmp_path / "manifest.json").write_bytes(b"{}")
    assert protect_lists(tmp_path, pair.recipients) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_list_that_stands_clear_is_opened_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "master_list.csv").write_bytes(CLEAR)
    with opened_list(tmp_path, "master_list.csv") as path:
        assert path == tmp_path / "master_list.csv"
    assert path.read_bytes() == CLEAR


def test_a_key_is_shown_and_passed_on_to_nobody(monkeypatch: pytest.MonkeyPatch, pair: Pair) -> None:
    monkeypatch.setenv("DATAWASH_ENCRYPTION_KEY", str(pair.run))
    secret = find_key("encryption")
    assert secret is not None
    assert repr(secret) == "Secret(...)"
    with pytest.raises(TypeError, match="not passed on"):
        pickle.dumps(secret)


@pytest.mark.parametrize("said", ["nonsense", "bm90IGEga2V5", "kéy"])
def test_a_signing_key_that_is_none_is_refused_and_not_shown(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATAWASH_SIGNING_KEY", said)
    with pytest.raises(SettingsError, match="key signing is not one that `datawash keys new` makes") as told:
        own_public_key()
    assert said not in str(told.value)


@pytest.mark.parametrize(
    ("held", "told"),
    [(b"", "There is no key in .*signing.key: it is empty"), (b"# mine\n\n", "it is empty"),
     ("kept elsewhere".encode("utf-16"), "is not UTF-8 text")],
)  # fmt: skip
def test_a_key_file_without_a_key_in_it_is_refused(
    held: bytes, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATAWASH_KEYS", str(tmp_path))
    (tmp_path / "signing.key").write_bytes(held)
    (tmp_path / "signing.key").chmod(0o600)
    with pytest.raises(SettingsError, match=told):
        own_public_key()


def test_a_key_in_the_environment_that_is_a_remark_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATAWASH_SIGNING_KEY", "# to be put here")
    with pytest.raises(SettingsError, match="There is no key in DATAWASH_SIGNING_KEY"):
        own_public_key()


def test_a_user_without_a_home_has_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATAWASH_KEYS", raising=False)
    monkeypatch.delenv("DATAWASH_ENCRYPTION_KEY", raising=False)

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert find_key("encryption") is None


def test_a_keys_folder_that_may_not_be_read_is_refused_where_somebody_named_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def forbidden(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "is_file", forbidden)
    monkeypatch.setenv("DATAWASH_KEYS", str(tmp_path))
    with pytest.raises(SettingsError, match="may not be read by this user"):
        find_key("signing")
    monkeypatch.delenv("DATAWASH_KEYS")
    assert find_key("signing") is None


def test_what_the_disk_says_is_what_is_raised(encrypted: Path, pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        decrypt_file(encrypted, tmp_path / "no" / "out", own(pair.run))
    source = tmp_path / "asb.csv"
    source.write_bytes(CLEAR)
    full = Path("/dev/full")
    if full.exists():
        with pytest.raises(OSError, match="No space"), full.open("wb", buffering=0) as file:
            from pipeline.keys import encryption

            encryption._decrypt(encrypted, file, own(pair.run))
    bad = Path("/proc/self/mem")
    if bad.exists():
        with pytest.raises(OSError, match="Input/output error"):
            encrypt_file(bad, tmp_path / "bad.age", pair.recipients)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["asb.csv", "asb.csv.age"]


def test_the_clear_copy_is_private_and_goes_whatever_happens(encrypted: Path, pair: Pair, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    with pytest.raises(ZeroDivisionError), decrypted(encrypted, own(pair.run), outputs) as clear:
        assert clear.read_bytes() == CLEAR
        assert clear.name == "asb.csv"
        if os.name == "posix":
            assert clear.stat().st_mode & 0o777 == 0o600
            assert clear.parent.stat().st_mode & 0o777 == 0o700
        assert sweep_opened(outputs) == 0, "what is in use stays"
        raise ZeroDivisionError
    assert list((outputs / OPENED).iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    child = multiprocessing.get_context("fork").Process(target=_leave, args=(tmp_path,))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    assert [path.read_bytes() for path in (tmp_path / OPENED).rglob("clear")] == [b"Quennell"]
    assert sweep_opened(tmp_path) == 1
    assert list((tmp_path / OPENED).iterdir()) == []


def _leave(outputs: Path) -> None:
    with private_place(outputs) as place:
        (place / "clear").write_bytes(b"Quennell")
        os.kill(os.getpid(), signal.SIGKILL)


def test_the_settings_want_two_different_public_keys(pair: Pair) -> None:
    run_key, escrow_key = pair.recipients.keys
    assert Recipients.from_settings(Protection()) is None
    assert Recipients.from_settings(pair.protection()) == pair.recipients
    for wrong in (
        {"archive": True},
        {"lists": True, "run_key": run_key},
        {"run_key": run_key, "escrow_key": run_key},
        {"run_key": str(pair.run)},
        {"run_key": run_key[:-1] + ("q" if run_key[-1] != "q" else "p")},
        {"signers": {"A. Name": "bm90IGEga2V5"}},
        {"signers": {"A. Name": "not base64"}},
    ):
        with pytest.raises(ValueError, match=r"wanted|same|no public key"):
            Protection(**wrong)


def test_a_wash_encrypts_nothing_that_it_cannot_open(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATAWASH_KEYS", str(tmp_path))
    assert recipients_here(Protection()) == (None, None)
    with pytest.raises(SettingsError, match="no key here to open it"):
        recipients_here(pair.protection())
    monkeypatch.setenv("DATAWASH_ENCRYPTION_KEY", str(pyrage.x25519.Identity.generate()))
    with pytest.raises(SettingsError, match="no private key here opens"):
        recipients_here(pair.protection())
    monkeypatch.setenv("DATAWASH_ENCRYPTION_KEY", f"# ours\n{pyrage.x25519.Identity.generate()}\n{pair.run}\n")
    assert recipients_here(pair.protection()) == (pair.recipients, pair.recipients)
    monkeypatch.setenv("DATAWASH_ENCRYPTION_KEY", "AGE-SECRET-KEY-1NONSENSE")
    with pytest.raises(SettingsError, match="is not one that") as told:
        recipients_here(pair.protection())
    assert "NONSENSE" not in str(told.value)
    assert "SECRET" not in repr(own_identities())


def test_an_empty_file_comes_back_empty(tmp_path: Path, pair: Pair) -> None:
    (tmp_path / "empty").write_bytes(b"")
    encrypt_file(tmp_path / "empty", tmp_path / "empty.age", pair.recipients)
    decrypt_file(tmp_path / "empty.age", tmp_path / "back", own(pair.escrow))
    assert (tmp_path / "back").read_bytes() == b""
    target = io.BytesIO()
    pyrage.decrypt_io(io.BytesIO((tmp_path / "empty.age").read_bytes()), target, [pair.run])
    assert target.getvalue() == b"", "the plain age tool opens it too"
