"""Where private keys are found: the environment, a file for its owner alone, the system's key store; never settings.

    DATAWASH_<NAME>_KEY        the key itself, in the environment of the process
    DATAWASH_KEYS/<name>.key   a file, mode 0600 (default folder: ~/.datawash/keys)
    ... whose text is `keyring`   the key stands in the key store of the operating system

It decides which of them counts. It shows no key, and keeps none longer than it is used.
"""

import os
import re
import stat
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.record.files import private_folder, write_aside
from pipeline.record.listing import find_paths
from schemas.errors import SettingsError


FOLDER = "DATAWASH_KEYS"
SUFFIX = ".key"
KEYRING = "keyring"
SERVICE = "datawash"
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Secret:
    """The text of a private key, which no message, trace or dump shows."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("A private key is not passed on.")

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines but those that are empty or begin with `#`: the key of now first, those of before after it."""
        lines = (line.strip() for line in self.text.splitlines())
        return tuple(line for line in lines if line and not line.startswith("#"))


def keys_folder() -> Path:
    """The folder with the files of keys."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else _home() / ".datawash" / "keys"


def _home() -> Path:
    """The home of this user; a folder that is not there for one without a home, as in a container."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("no-home")


def find_key(name: str) -> Secret | None:
    """The private key called `name`; None where this process has none.

    SettingsError where its file is not private, or what should be a key is empty.
    """
    given = os.environ.get(variable(name))
    if given and given.strip():
        return _whole(Secret(given), variable(name))
    path = key_file(name)
    if not _is_there(path):
        return None
    _refuse_open(path)
    text = _text_of(path)
    return _whole(_from_keyring(name) if text.strip() == KEYRING else Secret(text), str(path))


def variable(name: str) -> str:
    """The environment's name for a key: `DATAWASH_ENCRYPTION_KEY`."""
    return f"DATAWASH_{name.upper().replace('-', '_')}_KEY"


def key_file(name: str) -> Path:
    """The file of a key, whether it is there or not."""
    return keys_folder() / f"{name}{SUFFIX}"


def where_key(name: str) -> str | None:
    """Where the key of this name is found, in words; None where nowhere."""
    if (os.environ.get(variable(name)) or "").strip():
        return f"the environment ({variable(name)})"
    path = key_file(name)
    if not _is_there(path):
        return None
    kept = _text_of(path).strip() == KEYRING
    return "the system's key store" if kept else str(path)


def key_names() -> Iterator[str]:
    """The name of every key that has a file."""
    folder = keys_folder()
    for path in find_paths(folder, f"*{SUFFIX}"):
        yield path.stem


def keep_key(name: str, text: str, *, in_keyring: bool = False) -> Path:
    """Keep a private key in its file, or in the system's key store with a file that says so; the path of the file."""
    path = key_file(name)
    private_folder(path.parent)
    if in_keyring:
        _to_keyring(name, text)
        text = f"{KEYRING}\n"
    write_aside(path, text.encode())
    path.chmod(0o600)
    return path


def _is_there(path: Path) -> bool:
    """Whether the file of a key is there. One that may not be looked for is not, in a folder that nobody named."""
    try:
        return path.is_file()
    except PermissionError:
        if os.environ.get(FOLDER):
            raise SettingsError(f"The keys folder {path.parent} may not be read by this user. Mend its mode.") from None
        return False


def _refuse_open(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & OTHERS:
        raise SettingsError(f"The key file {path} can be read by others: chmod 600 {path}, and think of a new key.")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SettingsError(f"The key file {path} is not UTF-8 text. Save it as UTF-8 and try again.") from None


def _whole(secret: Secret, where: str) -> Secret:
    if not secret.lines:
        raise SettingsError(f"There is no key in {where}: it is empty. Put the key there, or take it away.")
    return secret


@cache
def _from_keyring(name: str) -> Secret:
    import keyring
    from keyring.errors import KeyringError

    try:
        text = keyring.get_password(SERVICE, name)
    except KeyringError:
        raise SettingsError(f"The system's key store did not give the key {name}. Unlock it, and try again.") from None
    if text is None:
        raise SettingsError(f"The system's key store has no key {name} of {SERVICE}, though {key_file(name)} says so.")
    return Secret(text)


def _to_keyring(name: str, text: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, name, text)
    except KeyringError:
        raise SettingsError(
            f"The system's key store did not take the key {name}: keep it in a file, without --keyring."
        ) from None
    _from_keyring.cache_clear()
