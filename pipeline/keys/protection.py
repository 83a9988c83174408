"""The settings `[protection]`: what is encrypted, to which public keys, whose signatures are known; no private key."""

import base64
import re

import pydantic

from pipeline.strict_toml import Part


PUBLIC = re.compile(r"age1[02-9ac-hj-np-z]{58}")


class Protection(Part):
    """What stands encrypted below the outputs, the public keys it is encrypted to, and the public keys of signers.

    `run_key` belongs to the machine that washes, `escrow_key` to whoever must be able to open everything without it.
    """

    archive: bool = False
    lists: bool = False
    run_key: str | None = None
    escrow_key: str | None = None
    signers: dict[str, str] = {}

    @pydantic.field_validator("run_key", "escrow_key")
    @classmethod
    def _a_public_key(cls, key: str | None) -> str | None:
        if key is not None and (not PUBLIC.fullmatch(key) or not _is_recipient(key)):
            raise ValueError("a public key like age1... is wanted, as `datawash keys show` gives it")
        return key

    @pydantic.field_validator("signers")
    @classmethod
    def _signers_keys(cls, signers: dict[str, str]) -> dict[str, str]:
        for name, key in signers.items():
            if not _is_ed25519(key):
                raise ValueError(f"what {name} has is no public key for signatures, as `datawash keys show` gives it")
        return signers

    @pydantic.model_validator(mode="after")
    def _to_two_keys(self) -> "Protection":
        if (self.archive or self.lists) and not (self.run_key and self.escrow_key):
            raise ValueError("archive and lists are encrypted to two keys: run_key and escrow_key are wanted as well")
        if self.run_key is not None and self.run_key == self.escrow_key:
            raise ValueError("run_key and escrow_key are the same: the second is for when the first is lost")
        return self


def _is_recipient(key: str) -> bool:
    import pyrage

    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        return False
    return True


def _is_ed25519(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 32
    except ValueError:
        return False
