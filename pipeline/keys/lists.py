"""The lists of a run, encrypted where the settings ask, and opened again; decides which files of a run are lists.

A list that stands encrypted is called `NAME.age`. The manifest has the digest of its clear bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.keys.ciphers import cipher_of, note_ciphers
from pipeline.keys.encryption import AGE, Recipients, decrypted, encrypt_file, require_identities
from pipeline.record.listing import files_below


LISTS = (".csv", ".xlsx")


def is_list(name: str) -> bool:
    """Whether a file of a run is one that people open."""
    return name.endswith(LISTS)


def protect_lists(folder: Path, recipients: Recipients) -> int:
    """Encrypt every list that stands clear below a run's folder, and take the clear one away; how many they were."""
    found = {}
    for path in files_below(folder):
        if is_list(path.name):
            encrypted = path.with_name(f"{path.name}{AGE}")
            name = encrypted.relative_to(folder).as_posix()
            found[name] = cipher_of(encrypt_file(path, encrypted, recipients), recipients)
    note_ciphers(folder, found)
    for name in found:
        (folder / name.removesuffix(AGE)).unlink()
    return len(found)


def stands(folder: Path, name: str) -> Path | None:
    """Where a file of a run stands, clear or encrypted; None where it is not there."""
    clear, encrypted = folder / name, folder / f"{name}{AGE}"
    return clear if clear.is_file() else encrypted if encrypted.is_file() else None


@contextmanager
def opened_list(folder: Path, name: str) -> Iterator[Path]:
    """The clear bytes of a file of a run, as a file that is there while it is used."""
    path = stands(folder, name)
    if path is None or path.suffix != AGE:
        yield folder / name
        return
    with decrypted(path, require_identities(name), folder.parent) as clear:
        yield clear
