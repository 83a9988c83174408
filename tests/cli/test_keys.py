"""`datawash keys`, `open`, `verify --settings`, `audit --check`: from a first key to a list in clear and a log cut."""

import json
import os
import re
import shutil
import stat
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordSetError

from pipeline.keys.private import SERVICE, _from_keyring
from pipeline.record.audit_log import AUDIT_LOG
from tests.builders import AS_OF, write_four_families
from tests.upgrade.kept import kept_outputs


OWN, OUTSIDE = re.compile(r"\bF\d{7}\b"), re.compile(r"\bF-[0-9A-Z]{16}\b")


class Locked(KeyringBackend):
    """A key store that nobody unlocked."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError


class Kept(KeyringBackend):
    """A key store in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture(autouse=True)
def folder_of_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATAWASH_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def made(look, *words: str) -> str:
    """The public half of a key that is made."""
    done = look("keys", "new", *words, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)["public"]


def test_keys_are_private_and_only_their_public_halves_are_shown(look, folder_of_keys: Path) -> None:
    assert "There is no key here" in look("keys", "show").out
    public = {kind: made(look, kind) for kind in ("encryption", "signing", "audit")}
    for path in folder_of_keys.iterdir():
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    shown = look("keys", "show").out
    assert all(one in shown for one in public.values())
    assert "AGE-SECRET-KEY" not in shown
    second = made(look, "encryption")
    known = json.loads(look("keys", "show", "--json").out)["keys"]["encryption"]["public"]
    assert known == [second, public["encryption"]], "the older one still opens what was encrypted to it"
    assert (folder_of_keys / "encryption.key").read_text().count("AGE-SECRET-KEY") == 2


def test_a_key_in_the_systems_store_leaves_none_in_the_file(look, folder_of_keys: Path) -> None:
    before, store = keyring.get_keyring(), Kept()
    keyring.set_keyring(store)
    try:
        public = made(look, "encryption", "--keyring")
        assert (folder_of_keys / "encryption.key").read_text() == "keyring\n"
        assert store.held[SERVICE, "encryption"].startswith("AGE-SECRET-KEY")
        assert public in look("keys", "show").out
        store.held.clear()
        _from_keyring.cache_clear()
        assert "has no key encryption" in look("keys", "show").err
    finally:
        keyring.set_keyring(before)
        _from_keyring.cache_clear()


def test_a_key_store_that_is_locked_is_told_and_nothing_is_kept(look, folder_of_keys: Path) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Locked())
    try:
        done = look("keys", "new", "encryption", "--keyring")
        assert (done.code, "did not take the key encryption: keep it in a file" in done.err) == (3, True)
        assert list(folder_of_keys.iterdir()) == []
        (folder_of_keys / "signing.key").write_text("keyring\n", encoding="utf-8")
        (folder_of_keys / "signing.key").chmod(0o600)
        done = look("keys", "show")
        assert (done.code, "did not give the key signing. Unlock it" in done.err) == (3, True)
    finally:
        keyring.set_keyring(before)
        _from_keyring.cache_clear()


def test_a_recipient_has_a_name_that_does_for_a_file_and_a_key_of_its_own(
    look, folder_of_keys: Path, tmp_path: Path
) -> None:
    refused = look("keys", "recipient", "../dwp")
    assert (refused.code, "letters, digits and hyphens" in refused.err) == (2, True)
    assert not folder_of_keys.exists()
    outputs = kept_outputs(tmp_path)
    unknown = look("keys", "whose", "dwp", "F-0123456789ABCDEF", "--outputs", str(outputs))
    assert (unknown.code, "There is no key for dwp yet" in unknown.err) == (2, True)


def test_a_key_from_the_environment_is_not_written_over(look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATAWASH_AUDIT_KEY", "0" * 64)
    done = look("keys", "new", "audit")
    assert (done.code, "change it there" in done.err) == (3, True)


@pytest.fixture
def protected(tmp_path: Path, look) -> Path:
    """A folder with settings and a run washed by them, encrypted to a run key and an escrow key, signed and sealed."""
    escrow = made(look, "encryption")
    (tmp_path / "keys" / "encryption.key").rename(tmp_path / "escrow.key")
    run_key, signer = made(look, "encryption"), made(look, "signing")
    made(look, "audit")
    folder = write_four_families(tmp_path / "extracts") or tmp_path / "extracts"
    (tmp_path / "extracts" / "wash.toml").write_text(
        f'[protection]\narchive = true\nlists = true\nrun_key = "{run_key}"\nescrow_key = "{escrow}"\n'
        f'[protection.signers]\n"I. Governance" = "{signer}"\n', encoding="utf-8")
    done = look("wash", str(folder), "--as-of", AS_OF, "--plain", "--outputs", str(tmp_path / "outputs"))
    assert done.code == 0, done.err
    assert "master_list.xlsx.age" in done.out
    assert "They stand encrypted: datawash open" in done.out
    return tmp_path


def test_a_protected_run_from_the_command_line(protected: Path, look, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*words: str):
        return look(*words, "--outputs", str(protected / "outputs"))

    settings = str(protected / "extracts" / "wash.toml")
    verified = ask("verify", "latest", "--settings", settings)
    assert "It is signed by I. Governance, as wash.toml has it." in verified.out, verified.err
    assert "by the settings that it was washed with" in ask("verify", "latest").out

    out = protected / "list.csv"
    assert ask("open", "latest", "master_list.csv", "--out", str(out)).code == 0
    assert len(set(OWN.findall(out.read_text(encoding="utf-8-sig")))) == 2
    assert ask("open", "latest", "master_list.csv", "--out", str(out)).code == 2, "it writes over nothing"
    assert "It has" in ask("open", "latest", "../audit_log.jsonl", "--out", str(protected / "other")).err

    _rotate(protected, look, ask, settings)
    _ids_of_others(protected, look, ask)
    _cut(protected, ask)
    monkeypatch.setenv("DATAWASH_KEYS", str(protected / "nothing"))
    assert "there is no key here" in ask("open", "latest", "master_list.csv", "--out", str(protected / "other")).err


def _rotate(place: Path, look, ask, settings: str) -> None:
    old = (place / "keys" / "encryption.key").read_text()
    assert "0 files encrypted again" in ask("keys", "rotate", "--settings", settings).out
    said = Path(settings).read_text()
    was = json.loads(look("keys", "show", "--json").out)["keys"]["encryption"]["public"][0]
    Path(settings).write_text(said.replace(was, made(look, "encryption")))
    done = json.loads(ask("keys", "rotate", "--settings", settings, "--json").out)
    assert (done["again"] > 20, done["first"], done["right"]) == (True, 0, 0)
    assert ask("verify", "latest").code == 0
    (place / "keys" / "encryption.key").write_text(old)
    assert "no key here opens them" in ask("verify", "latest").out, "the old key opens nothing any more"
    (place / "keys" / "encryption.key").write_text((place / "escrow.key").read_text())
    opened = ask("verify", "latest").out
    assert "no key here opens them" not in opened
    assert not list((place / "outputs").rglob("*.part"))


def _ids_of_others(place: Path, look, ask) -> None:
    for name in ("dwp", "internal-audit"):
        assert look("keys", "recipient", name).code == 0
    assert look("keys", "recipient", "dwp").code == 2, "another key would make every id another one"
    texts = {}
    for name in ("dwp", "internal-audit"):
        out = place / f"{name}.csv"
        assert ask("open", "latest", "master_list.csv", "--for", name, "--out", str(out)).code == 0
        texts[name] = out.read_text(encoding="utf-8-sig")
        assert not OWN.findall(texts[name])
    ids = {name: OUTSIDE.findall(text) for name, text in texts.items()}
    assert len(set(ids["dwp"]) | set(ids["internal-audit"])) == 4, "two families, with other ids for each"
    own = json.loads(ask("keys", "whose", "dwp", *ids["dwp"], "--json").out)["ids"]
    assert all(OWN.fullmatch(one) for one in own.values())
    assert ask("keys", "whose", "internal-audit", ids["dwp"][0]).code == 2
    assert ask("open", "latest", "master_list.xlsx", "--for", "dwp", "--out", str(place / "dwp.xlsx")).code == 0
    assert ask("open", "latest", "quarantine.csv", "--for", "dwp", "--out", str(place / "no.csv")).code == 2


def _cut(place: Path, ask) -> None:
    assert "is whole" in ask("audit", "--check").out
    log = place / "outputs" / AUDIT_LOG
    kept = log.read_bytes()
    log.write_bytes(b"".join(kept.splitlines(keepends=True)[:1]).replace(b'"wash_started"', b'"wash_Started"'))
    done = ask("audit", "--check", "--json")
    assert done.code == 7
    assert [fault["kind"] for fault in json.loads(done.out)["faults"]] == ["changed"]
    log.write_bytes(b"")
    assert "cut off: it was cut off after line 0" in ask("audit", "--check").out
    log.write_bytes(kept)
    head = ask("audit", "--check", "--json").facts
    assert ask("audit", "--check", "--seen", f"Audit log {head['lines']}:{head['head'][:16]}").code == 0
    assert ask("audit", "--check", "--seen", f"{head['lines']}:{'0' * 16}").code == 7
    cut = ask("audit", "--check", "--seen", f"{head['lines'] + 1}:{head['head']}").out
    assert f"a file that was handed out saw {head['lines'] + 1:,} lines" in cut
    assert ask("audit", "--check", "--seen", "twelve").code == 2
    shutil.rmtree(place / "extracts")
