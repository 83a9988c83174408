"""A wash whose archive and lists stand encrypted: the same run, nothing clear beside it, sound with or without keys."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyrage
import pytest

from pipeline.intake.archive import read_archived
from pipeline.keys.ciphers import PROTECTED
from pipeline.keys.encryption import OPENED
from pipeline.keys.lists import opened_list, stands
from pipeline.keys.signing import SIGNATURE, new_signing_key, public_key_of
from pipeline.prepare import Request
from pipeline.record.manifest import Manifest, manifest_digest, read_manifest
from pipeline.record.verify import verify_run
from pipeline.replay import replay_run
from pipeline.wash import Washed, wash_extracts
from schemas.errors import IntegrityError, SettingsError
from tests.builders import AS_OF, four_families, write_folder


RUN_KEY, ESCROW_KEY = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
SIGNING = new_signing_key()
NAMES = (b"Ashdown", b"ASHDOWN")


@pytest.fixture(scope="module")
def environment() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATAWASH_KEYS", "/nowhere")
        yield patch


@pytest.fixture
def keys(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATAWASH_ENCRYPTION_KEY", str(RUN_KEY))
    environment.setenv("DATAWASH_SIGNING_KEY", SIGNING)


def settings() -> str:
    public = [str(key.to_public()) for key in (RUN_KEY, ESCROW_KEY)]
    return f'[protection]\narchive = true\nlists = true\nrun_key = "{public[0]}"\nescrow_key = "{public[1]}"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("extracts"), **four_families())


def wash(folder: Path, outputs: Path, said: str) -> Washed:
    own = outputs.parent / f"{outputs.name}.toml"
    own.write_text(said, encoding="utf-8")
    return wash_extracts(Request(folder, date.fromisoformat(AS_OF), outputs, settings=own))


@pytest.fixture(scope="module")
def protected(folder: Path, tmp_path_factory: pytest.TempPathFactory, environment: pytest.MonkeyPatch) -> Washed:
    environment.setenv("DATAWASH_ENCRYPTION_KEY", str(RUN_KEY))
    environment.setenv("DATAWASH_SIGNING_KEY", SIGNING)
    return wash(folder, tmp_path_factory.mktemp("protected") / "outputs", settings())


@pytest.fixture(scope="module")
def clear(folder: Path, tmp_path_factory: pytest.TempPathFactory, environment: pytest.MonkeyPatch) -> Washed:
    return wash(folder, tmp_path_factory.mktemp("clear") / "outputs", "")


def comparable(manifest: Manifest) -> str:
    """Its digest without its settings file, which is another."""
    return manifest_digest(manifest.model_copy(update={"settings_file": None}))


def test_it_is_the_same_run_with_the_same_digests(protected: Washed, clear: Washed) -> None:
    assert protected.folder.name == clear.folder.name
    assert comparable(protected.manifest) == comparable(clear.manifest)
    assert not (clear.folder / PROTECTED).exists()
    assert protected.manifest.signer == public_key_of(SIGNING)


def test_no_list_and_no_extract_stands_clear(protected: Washed) -> None:
    outputs = protected.folder.parent
    files = [path for path in outputs.rglob("*") if path.is_file()]
    assert not [path for path in files if path.suffix in (".csv", ".xlsx")]
    assert sum(path.suffix == ".age" for path in files) > 20
    for path in files:
        if path.suffix != ".parquet":
            assert not any(name in path.read_bytes() for name in NAMES), path.name
    assert not (outputs / OPENED).exists() or not list((outputs / OPENED).iterdir())


@pytest.mark.usefixtures("keys")
def test_it_verifies_with_a_key_and_opens(protected: Washed, clear: Washed) -> None:
    found = verify_run(protected.folder)
    assert not [note for note in found.notes if "no key here" in note]
    with opened_list(protected.folder, "master_list.csv") as path:
        assert path.read_bytes() == (clear.folder / "master_list.csv").read_bytes()
    assert not path.exists()
    sha256 = protected.manifest.inputs[0].sha256
    assert read_archived(protected.folder.parent / "archive" / sha256) == read_archived(
        clear.folder.parent / "archive" / sha256
    )


def test_the_escrow_key_opens_it_when_the_run_key_is_lost(protected: Washed, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATAWASH_ENCRYPTION_KEY", str(ESCROW_KEY))
    assert not [note for note in verify_run(protected.folder).notes if "no key here" in note]


@pytest.mark.parametrize("key", ["", str(pyrage.x25519.Identity.generate())], ids=["none", "another"])
def test_without_the_key_it_is_what_was_written_and_opens_not(
    protected: Washed, environment: pytest.MonkeyPatch, key: str
) -> None:
    environment.setenv("DATAWASH_ENCRYPTION_KEY", key)
    assert "no key here opens them" in " ".join(verify_run(protected.folder).notes)
    with pytest.raises(SettingsError, match="key"), opened_list(protected.folder, "master_list.csv"):
        pass


@pytest.fixture
def copy(protected: Washed, tmp_path: Path) -> Path:
    shutil.copytree(protected.folder.parent, tmp_path / "outputs")
    return tmp_path / "outputs" / protected.folder.name


@pytest.mark.parametrize("key", ["", str(RUN_KEY)], ids=["none", "own"])
@pytest.mark.parametrize("where", ["list", "archive"])
def test_a_changed_encrypted_file_is_named(copy: Path, environment: pytest.MonkeyPatch, key: str, where: str) -> None:
    environment.setenv("DATAWASH_ENCRYPTION_KEY", key)
    extract = read_manifest(copy).inputs[0]
    archived = copy.parent / "archive" / f"{extract.sha256}.age"
    path = copy / "master_list.csv.age" if where == "list" else archived
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    named = "changed: master_list.csv.age" if where == "list" else f"changed in the archive: {extract.name}"
    with pytest.raises(IntegrityError, match=named):
        verify_run(copy)


@pytest.mark.usefixtures("keys")
def test_another_list_encrypted_to_the_same_keys_is_found_with_the_key(copy: Path) -> None:
    (copy / "master_list.csv.age").write_bytes((copy / "undetermined.csv.age").read_bytes())
    with pytest.raises(IntegrityError, match=r"changed: master_list\.csv\.age"):
        verify_run(copy)


@pytest.mark.usefixtures("keys")
def test_it_replays_equal_and_leaves_nothing_clear(protected: Washed, tmp_path: Path) -> None:
    assert replay_run(protected.folder, tmp_path / "again").files > 10
    again = next((tmp_path / "again" / "outputs").glob("*/manifest.json")).parent
    assert stands(again, "master_list.csv") == again / "master_list.csv.age"
    assert comparable(read_manifest(again)) == comparable(protected.manifest)


@pytest.mark.usefixtures("keys")
def test_a_clear_archive_is_encrypted_once_the_settings_ask(folder: Path, clear: Washed, tmp_path: Path) -> None:
    shutil.copytree(clear.folder.parent, tmp_path / "outputs")
    before = {path.name for path in (tmp_path / "outputs" / "archive").iterdir()}
    washed = wash(folder, tmp_path / "outputs", settings())
    assert washed.already
    after = {path.name for path in (tmp_path / "outputs" / "archive").iterdir()}
    assert {entry.sha256 for entry in washed.manifest.inputs} <= before
    assert {f"{entry.sha256}.age" for entry in washed.manifest.inputs} <= after
    assert not {entry.sha256 for entry in washed.manifest.inputs} & after
    verify_run(washed.folder)


@pytest.mark.usefixtures("keys")
def test_a_signature_says_whose_it_is_and_a_wrong_one_is_refused(copy: Path) -> None:
    own, other = public_key_of(SIGNING), public_key_of(new_signing_key())
    assert verify_run(copy, {"I. Governance": own}).signed == "I. Governance"
    with pytest.raises(IntegrityError, match="whom the settings do not name"):
        verify_run(copy, {"Somebody": other})
    path = copy / SIGNATURE
    said = json.loads(path.read_bytes())
    path.write_text(json.dumps(said | {"public_key": other}), encoding="utf-8")
    with pytest.raises(IntegrityError, match="is not a signature on this"):
        verify_run(copy)
    path.write_bytes(b"{")
    with pytest.raises(IntegrityError, match="cannot be read"):
        verify_run(copy)
    path.unlink()
    with pytest.raises(IntegrityError, match=r"manifest\.sig is missing"):
        verify_run(copy)


@pytest.mark.usefixtures("keys")
def test_a_changed_manifest_does_not_bear_its_signature(copy: Path) -> None:
    path = copy / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"rows_quarantined": 0', b'"rows_quarantined":  0', 1))
    with pytest.raises(IntegrityError, match="is not a signature on this"):
        verify_run(copy)


def test_nothing_private_is_readable_by_others(protected: Washed) -> None:
    if os.name == "posix":
        for path in protected.folder.parent.rglob("*.age"):
            assert path.stat().st_mode & 0o077 == 0, path.name
