"""Manifests signed with Ed25519, and whose signature one bears; decides when a signature does not do.

The private key makes signatures wherever this process has one. Whose public key is whose the settings say, those that
whoever checks gives; else those that the run was washed with, which only tell whose it claims to be.
"""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.keys.private import find_key
from pipeline.record.files import write_aside
from schemas.errors import IntegrityError, SettingsError


SIGNING = "signing"
"""The name of the key that signs manifests."""

SIGNATURE = "manifest.sig"
WHAT = b"datawash manifest 1\n"
"""What is signed begins with this, so that a signature on a manifest is one on nothing else."""


class Signed(NamedTuple):
    """Whose signature a manifest bears: the public key, and the name that is known for it."""

    public_key: str
    name: str | None


def own_public_key() -> str | None:
    """The public half of the key that this process signs with; None where it has none."""
    private = find_key(SIGNING)
    return None if private is None else public_key_of(private.lines[0])


def new_signing_key() -> str:
    """A new private key, as text."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def public_key_of(private: str) -> str:
    """The public half of a private key, both as text."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private, validate=True))
    except ValueError:
        raise SettingsError(f"The key {SIGNING} is not one that `datawash keys new` makes.") from None
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(path: Path) -> None:
    """Sign the manifest at `path` with the key of this process, if it has one: `manifest.sig` beside it."""
    private = find_key(SIGNING)
    if private is None:
        return
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = public_key_of(private.lines[0])
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private.lines[0]))
    signature = base64.b64encode(key.sign(WHAT + path.read_bytes())).decode()
    text = json.dumps({"kind": "Ed25519", "public_key": public, "signature": signature}, indent=1)
    write_aside(path.with_name(SIGNATURE), f"{text}\n".encode())


def check_signature(path: Path, signers: Mapping[str, str]) -> Signed | None:
    """Whose signature the manifest at `path` bears; None where it bears none.

    `signers`: public keys by name. IntegrityError where the signature is not one on this manifest, or where there are
    signers and it is of none of them.
    """
    place = path.with_name(SIGNATURE)
    if not place.exists():
        return None
    public, signature = _read(place)
    if not _fits(public, signature, WHAT + path.read_bytes()):
        raise IntegrityError(f"{SIGNATURE} is not a signature on this {path.name}: one of the two was changed.")
    names = {key: name for name, key in signers.items()}
    key = base64.b64encode(public).decode()
    if signers and key not in names:
        raise IntegrityError(
            f"{SIGNATURE} is of somebody whom the settings do not name: its public key is {key}, and those of "
            f"{', '.join(sorted(signers))} are others."
        )
    return Signed(key, names.get(key))


def _read(place: Path) -> tuple[bytes, bytes]:
    try:
        said = json.loads(place.read_bytes())
        return base64.b64decode(said["public_key"], validate=True), base64.b64decode(said["signature"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise IntegrityError(f"{SIGNATURE} cannot be read: it was changed or damaged.") from None


def _fits(public: bytes, signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
