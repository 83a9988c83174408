"""Files encrypted with age and opened again; decides that nothing half-decrypted stays, and where clear copies stand.

What is opened stands in a folder of its own below `.opened` in the outputs, for this user alone, for as long as it is
used. What a killed process left there the next one sweeps: the lock that a living process holds tells them apart.
"""

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from pipeline.keys.private import find_key
from pipeline.keys.protection import Protection
from pipeline.record.files import made_whole, private_folder
from schemas.errors import IntegrityError, SettingsError


ENCRYPTION = "encryption"
"""The name of the key that opens what is encrypted to the run key."""

AGE = ".age"
OPENED = ".opened"
HELD = ".held"
PART = ".part"
BUFFER = 1 << 20


class Recipients(NamedTuple):
    """The public keys that something is encrypted to: whoever has the private key of one of them can open it."""

    keys: tuple[str, ...]

    @classmethod
    def from_settings(cls, protection: Protection) -> "Recipients | None":
        """The run key and the escrow key of the settings; None where they name none."""
        keys = tuple(key for key in (protection.run_key, protection.escrow_key) if key)
        return cls(keys) if keys else None


class Identities:
    """Private keys that open what is encrypted; shows none of them."""

    __slots__ = ("keys",)

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys

    def __repr__(self) -> str:
        return f"Identities({len(self.keys)})"

    @property
    def public(self) -> tuple[str, ...]:
        """The public key of each."""
        return tuple(str(key.to_public()) for key in _identities(self))


class Sealed(NamedTuple):
    """A file that was encrypted or opened: the digest and the size of its clear bytes, the digest of the encrypted."""

    sha256: str
    bytes: int
    cipher_sha256: str


class Wanted(NamedTuple):
    """To whom the archive and the lists of a wash are encrypted; None: they stand in the clear."""

    archive: Recipients | None
    lists: Recipients | None


def recipients_here(protection: Protection) -> Wanted:
    """What the settings ask to be encrypted, and to whom.

    SettingsError where no private key here opens it: a wash reads its extracts from the archive, and would lock itself
    out.
    """
    if not (protection.archive or protection.lists):
        return Wanted(None, None)
    recipients = Recipients.from_settings(protection)
    own = require_identities("What the settings [protection] ask to be encrypted").public
    if recipients is None or not set(own) & set(recipients.keys):
        raise SettingsError(
            "protection.run_key: no private key here opens what would be encrypted to it. The keys that are here have "
            f"the public keys {', '.join(own)}."
        )
    return Wanted(recipients if protection.archive else None, recipients if protection.lists else None)


def new_identity() -> str:
    """A new private key, as text."""
    import pyrage

    return str(pyrage.x25519.Identity.generate())


def own_identities() -> Identities | None:
    """The private keys that this process has for opening files; None where it has none."""
    found = find_key(ENCRYPTION)
    return None if found is None else Identities(found.lines)


def require_identities(what: str) -> Identities:
    """The same, or a SettingsError that says that `what` is encrypted and where a key is looked for."""
    found = own_identities()
    if found is None:
        raise SettingsError(
            f"{what} is encrypted, and there is no key here to open it. Give the private key as "
            f"DATAWASH_ENCRYPTION_KEY or in the keys folder (docs/keys-and-encryption.md)."
        )
    return found


def encrypt_file(source: Path, target: Path, recipients: Recipients) -> Sealed:
    """Encrypt `source` to `target`, whole or not at all, for this user alone. `source` stays."""
    import pyrage

    keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients.keys]
    with source.open("rb", buffering=BUFFER) as clear, made_whole(target, _part(target)) as file:
        read, written = _Counted(clear), _Counted(file)
        try:
            pyrage.encrypt_io(read, written, keys)
        except pyrage.EncryptError:
            _raise_of_disk(read, written)
            raise
    return Sealed(read.digest, read.size, written.digest)


def decrypt_file(source: Path, target: Path, identities: Identities) -> Sealed:
    """Decrypt `source` to `target`, whole or not at all, for this user alone.

    SettingsError where no key opens it, IntegrityError where it was changed or cut: then there is no `target`.
    """
    with made_whole(target, _part(target)) as file:
        return _decrypt(source, file, identities)


def digest_of_clear(source: Path, identities: Identities) -> Sealed:
    """The digests of an encrypted file, clear and encrypted, with nothing of it written anywhere."""
    return _decrypt(source, _Nowhere(), identities)


@contextmanager
def decrypted(path: Path, identities: Identities, outputs: Path) -> Iterator[Path]:
    """The clear copy of an encrypted file while it is used; removed afterwards, whatever happens."""
    with private_place(outputs) as place:
        clear = place / path.name.removesuffix(AGE)
        decrypt_file(path, clear, identities)
        yield clear


@contextmanager
def private_place(outputs: Path) -> Iterator[Path]:
    """A folder below the outputs for clear copies, for this user alone; removed afterwards, whatever happens."""
    token = secrets.token_hex(8)
    place = private_folder(outputs / OPENED) / token
    try:
        with FileLock(place.with_name(f"{token}{HELD}")):
            try:
                yield private_folder(place)
            finally:
                shutil.rmtree(place, ignore_errors=True)
    finally:
        _forget(outputs / OPENED, token)


def sweep_opened(outputs: Path) -> int:
    """Remove the clear copies that killed processes left; how many folders of them. Those in use stay."""
    folder, swept = outputs / OPENED, 0
    for left in sorted(folder.iterdir()) if folder.is_dir() else ():
        token = left.name.removesuffix(HELD)
        lock = FileLock(folder / f"{token}{HELD}", timeout=0)
        try:
            with lock:
                swept += (folder / token).is_dir()
                shutil.rmtree(folder / token, ignore_errors=True)
        except Timeout:
            continue
        _forget(folder, token)
    return swept


def _forget(folder: Path, token: str) -> None:
    (folder / f"{token}{HELD}").unlink(missing_ok=True)


def _decrypt(source: Path, target: Any, identities: Identities) -> Sealed:
    import pyrage

    with source.open("rb", buffering=BUFFER) as encrypted:
        read, written = _Counted(encrypted), _Counted(target)
        try:
            pyrage.decrypt_io(read, written, _identities(identities))
        except (pyrage.DecryptError, OSError) as error:
            _raise_of_disk(read, written)
            if "No matching keys" in str(error):
                raise SettingsError(f"{source.name} is encrypted to other keys than those that are here.") from None
            raise IntegrityError(f"{source.name} was changed or damaged since it was encrypted.") from None
    return Sealed(written.digest, written.size, read.digest)


def _identities(identities: Identities) -> list[Any]:
    import pyrage

    try:
        return [pyrage.x25519.Identity.from_str(key) for key in identities.keys]
    except pyrage.IdentityError:
        raise SettingsError(f"The key {ENCRYPTION} is not one that `datawash keys new` makes.") from None


def _part(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}{PART}")


def _raise_of_disk(*ends: "_Counted") -> None:
    """Raise what the disk said, which the encryption library turns into an error of its own."""
    for end in ends:
        if end.trouble is not None:
            raise end.trouble from None


class _Nowhere:
    """A file that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)


class _Counted:
    """A file whose bytes are digested and counted as they pass; it keeps the disk's own error for the caller."""

    def __init__(self, file: Any) -> None:
        self.file, self.size = file, 0
        self.trouble: OSError | None = None
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """The sha256 of what passed, in hex."""
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        """As a file's."""
        return self._passed(self._try(lambda: self.file.read(size)))

    def write(self, data: bytes) -> int:
        """As a file's."""
        self._try(lambda: self.file.write(data))
        return len(self._passed(bytes(data)))

    def _passed(self, data: bytes) -> bytes:
        self._hash.update(data)
        self.size += len(data)
        return data

    def _try(self, act: Any) -> Any:
        try:
            return act()
        except OSError as error:
            self.trouble = error
            raise
