"""What a council may set about signing in: `[door]`, `[proxy]` and `[oidc]` of pages.toml; holds no secret.

A secret stands in the environment or in a file of its own; `secret_of` decides when it is good enough.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pydantic

from pipeline.strict_toml import Part
from schemas.errors import SettingsError
from web.door.origin import checked_networks


PROXY_SECRET, OIDC_SECRET = "DATAWASH_PROXY_SECRET", "DATAWASH_OIDC_SECRET"  # noqa: S105 - names, not values
LEAST_SECRET = 32
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class DoorSettings(Part):
    """How people sign in, and for how long.

    `address`: what people open, as their browsers have it; without one the pages are for this machine alone.
    `passwords`: whether local accounts may have one. After `tries` wrong ones within `closed_minutes` an account takes
    none for `closed_minutes`; after `tries_from_address` from one address, none is taken from there for as long.
    """

    address: str | None = None
    passwords: bool = True
    hours: int = pydantic.Field(default=8, ge=1, le=12)
    idle_minutes: int = pydantic.Field(default=60, ge=5, le=12 * 60)
    tries: int = pydantic.Field(default=5, ge=3, le=20)
    tries_from_address: int = pydantic.Field(default=30, ge=5, le=1000)
    closed_minutes: int = pydantic.Field(default=15, ge=1, le=24 * 60)
    least_password: int = pydantic.Field(default=12, ge=8, le=64)
    link_hours: int = pydantic.Field(default=24, ge=1, le=7 * 24)

    @pydantic.field_validator("address")
    @classmethod
    def _safe(cls, address: str | None) -> str | None:
        return None if address is None else _safe_address(address)

    @property
    def host(self) -> str:
        """The host of `address`; empty without one."""
        return (urlsplit(self.address).hostname or "") if self.address else ""

    @property
    def secure(self) -> bool:
        """Whether browsers come by https, so that cookies travel by nothing else."""
        return bool(self.address and self.address.startswith("https://"))


class ProxySettings(Part):
    """A proxy before these pages that signs people in: it says who comes in `user_header`, and proves itself.

    It is believed from `peers` alone (addresses or networks), and only with the secret in `secret_header`. Without
    peers no proxy is believed.
    """

    peers: tuple[str, ...] = ()
    user_header: str = "x-forwarded-user"
    secret_header: str = "x-datawash-proxy"  # noqa: S105 - a name, not a value
    secret_file: Path | None = None

    @pydantic.field_validator("peers")
    @classmethod
    def _addresses(cls, peers: tuple[str, ...]) -> tuple[str, ...]:
        return checked_networks(peers)


class OidcSettings(Part):
    """The council's own sign-in, by OpenID Connect: `claim` of what it says is the name of the account here."""

    issuer: str | None = None
    client_id: str = ""
    claim: str = "preferred_username"
    scopes: str = "openid profile email"
    words: str = "Sign in with your council account"
    secret_file: Path | None = None

    @pydantic.field_validator("issuer")
    @classmethod
    def _safe(cls, issuer: str | None) -> str | None:
        return None if issuer is None else _safe_address(issuer)

    @pydantic.model_validator(mode="after")
    def _whole(self) -> "OidcSettings":
        if self.issuer and not self.client_id:
            raise ValueError("client_id is wanted beside the issuer")
        return self


def secret_of(named: str, file: Path | None, outputs: Path) -> str:
    """The secret in the environment's `named`, else in `file` (as seen from the outputs folder).

    SettingsError where there is none, where others may read the file, or where it is too short to be one.
    """
    value = os.environ.get(named, "") or (_read(outputs / file) if file else "")
    if not value:
        raise SettingsError(f"pages.toml needs a secret: put it into {named}, or name its file as secret_file.")
    if len(value) < LEAST_SECRET:
        raise SettingsError(f"The secret for {named} has fewer than {LEAST_SECRET} characters: make a longer one.")
    return value


def _read(path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise SettingsError(f"{path.name} can be read by others: chmod 600 it.")
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        raise SettingsError(f"{path.name} in {path.parent} cannot be read as a file.") from None


def _safe_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return address.rstrip("/")
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return address.rstrip("/")
    raise ValueError("an address such as https://families.council.example is wanted; http is for this machine alone")
