"""What a council may set about its pages: one TOML file beside the runs; decides how a mistake in it is told.

Each part of the pages has its section here. Nothing in it shapes a wash.
"""

import re
from pathlib import Path

import pydantic

from pipeline.strict_toml import Part, parse_part, read_toml
from web.door.origin import checked_networks
from web.door.settings import DoorSettings, OidcSettings, ProxySettings
from web.review.settings import ReviewSettings


PAGES_TOML = "pages.toml"
LEAST_CONTRAST = 4.5


class Look(Part):
    """Whose pages these are: a name, a colour for the header (white text stands on it), whom to ask."""

    name: str | None = None
    colour: str = "#1f4f4a"
    contact: str | None = None

    @pydantic.field_validator("colour")
    @classmethod
    def _dark_enough(cls, colour: str) -> str:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise ValueError("a colour like #1f4f4a is wanted")
        contrast = 1.05 / (_luminance(colour) + 0.05)
        if contrast < LEAST_CONTRAST:
            raise ValueError(f"white text on it has a contrast of {contrast:.1f}, and {LEAST_CONTRAST} is the least")
        return colour


class Serve(Part):
    """Where the pages are served, by which names they may be called, and how much a form may bring.

    `names`: host names that a browser may ask for, beside this machine's own. `below`: the path under which a proxy
    shows the pages. `proxies`: where such a proxy comes from. `certificate` and `key`: PEM files, to serve TLS without
    a proxy.
    """

    host: str = "127.0.0.1"
    port: int = pydantic.Field(default=8600, ge=1, le=65535)
    names: tuple[str, ...] = ()
    below: str = pydantic.Field(default="", pattern=r"^(/[A-Za-z0-9_-]+)*$")
    proxies: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    workers: int = pydantic.Field(default=1, ge=1, le=16)
    largest_form_mb: int = pydantic.Field(default=20, ge=1, le=200)

    @pydantic.field_validator("proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        return checked_networks(proxies)

    @property
    def address(self) -> str:
        """What to open in a browser on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}{self.below}"

    @pydantic.model_validator(mode="after")
    def _whole(self) -> "Serve":
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key are wanted together")
        return self


class PagesSettings(Part):
    """Everything that may be set about the pages, over the defaults."""

    look: Look = Look()
    serve: Serve = Serve()
    door: DoorSettings = DoorSettings()
    proxy: ProxySettings = ProxySettings()
    oidc: OidcSettings = OidcSettings()
    reviewing: ReviewSettings = ReviewSettings()

    @property
    def proxies(self) -> tuple[str, ...]:
        """Where a proxy before these pages comes from, whether it signs people in or not."""
        return (*self.serve.proxies, *self.proxy.peers)


def load_pages_settings(outputs: Path, given: Path | None = None) -> PagesSettings:
    """The settings in the file `given`, else in `pages.toml` of the outputs folder, else the defaults.

    SettingsError names the file, the key and the remedy.
    """
    path = given or outputs / PAGES_TOML
    if given is None and not path.exists():
        return PagesSettings()
    return parse_part(PagesSettings, read_toml(path), path.name)


def _luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, as WCAG defines it."""
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
