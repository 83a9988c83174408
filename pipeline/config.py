"""A council's settings: the rooms' parts composed, read from one TOML file; decides how a mistake in it is told.

A setting that shapes a result belongs to its room. What only says when and where a wash runs stands here.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pydantic

from criteria import CriteriaSettings
from linkage import LinkageSettings, load_model
from pipeline.areas import AreaSettings
from pipeline.intake.settings import ExtractsSettings
from pipeline.keys.protection import Protection
from pipeline.record.manifest import digest_of
from pipeline.retention.policy import Retention
from pipeline.strict_toml import Part, parse_part, read_toml
from schemas.errors import SettingsError
from schemas.extracts import EXTRACTS
from schemas.nearest import nearest


class Authority(Part):
    """Whose wash it is."""

    name: str = "The council"
    marking: str = "OFFICIAL-SENSITIVE"


class Inbox(Part):
    """Where a scheduled wash finds the month's extracts, and how long it waits for them.

    `path` may hold `{month}`, `{year}` and `{as_of}`; `wait_minutes` is tried `tries` times.
    """

    path: str = "extracts/{month}"
    required: tuple[str, ...] = ("attendance",)
    tries: int = pydantic.Field(default=8, ge=1)
    wait_minutes: float = pydantic.Field(default=180, ge=0)

    @pydantic.field_validator("required")
    @classmethod
    def _known_extracts(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in EXTRACTS:
                near = nearest(name, list(EXTRACTS))
                raise ValueError(f"{name} is not an extract{f'; did you mean {near}?' if near else ''}")
        return names


class Notify(Part):
    """Who is told, with counts only, when a scheduled wash is done or has failed: a file, or a mail relay."""

    file: str | None = None
    smtp: str | None = None
    sender: str | None = None
    to: tuple[str, ...] = ()

    @pydantic.model_validator(mode="after")
    def _whole(self) -> "Notify":
        if self.smtp and not (self.sender and self.to):
            raise ValueError("smtp wants a sender and to as well")
        return self


class Review(Part):
    """What is put to reviewers beside the doubtful: of each kind of pair that was settled without people, so many."""

    sampled: int = pydantic.Field(default=3, ge=0, le=50)


class Schedule(Part):
    """When the monthly wash runs."""

    cron: str = "0 6 2 * *"
    timezone: str = "Europe/London"

    @pydantic.field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, ZoneInfoNotFoundError):
            raise ValueError(f"{name} is not a time zone like Europe/London") from None
        return name


class Cluster(Part):
    """Machines that linkage shares its work with: a Dask scheduler, and for `tls://` the paths of three PEM files."""

    scheduler: str | None = None
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    wait_seconds: float = pydantic.Field(default=30, gt=0)

    @pydantic.field_validator("scheduler")
    @classmethod
    def _an_address(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(r"(tcp|tls)://([^\s/:@\[\]]+|\[[0-9a-fA-F:]+\]):\d{1,5}", address):
            raise ValueError("an address like tcp://10.0.0.5:8786 or tls://10.0.0.5:8786 is wanted")
        return address

    @pydantic.model_validator(mode="after")
    def _whole(self) -> "Cluster":
        named = [path for path in (self.ca, self.cert, self.key) if path]
        if (self.scheduler or "").startswith("tls://"):
            if len(named) < 3:
                raise ValueError("tls:// wants ca, cert and key as well: the paths of three PEM files")
        elif named:
            raise ValueError("ca, cert and key are for a scheduler at tls://")
        return self


class Settings(Part):
    """Everything that a council may set, over the packaged defaults."""

    authority: Authority = Authority()
    extracts: ExtractsSettings = ExtractsSettings()
    linkage: LinkageSettings = LinkageSettings()
    criteria: CriteriaSettings = CriteriaSettings()
    areas: AreaSettings = AreaSettings()
    review: Review = Review()
    inbox: Inbox = Inbox()
    notify: Notify = Notify()
    schedule: Schedule = Schedule()
    cluster: Cluster = Cluster()
    protection: Protection = Protection()
    retention: Retention = Retention()

    @pydantic.field_validator("linkage")
    @classmethod
    def _the_command_gives_the_date(cls, linkage: LinkageSettings) -> LinkageSettings:
        if linkage.as_of is not None:
            raise ValueError("as_of is not set here: a wash is given its date by --as-of")
        return linkage

    def digest(self) -> str:
        """The digest of the settings that shape a result: not when, where, who is told, what is encrypted or kept."""
        return digest_of(self.model_dump(mode="json", exclude=_SHAPES_NOTHING))


_SHAPES_NOTHING = {"inbox", "notify", "schedule", "cluster", "protection", "retention"}


def load_settings(path: Path | None, model: Path | None = None) -> Settings:
    """The settings in the TOML file at `path`, or the defaults. SettingsError names file, key and remedy.

    `model`: the trained model that they name, where it is not read from beside them but from the archive.
    """
    if path is None:
        return Settings()
    content = read_toml(path)
    named = model_file(path)
    if named is None:
        return parse_settings(content, path.name)
    try:
        known = load_model(model or named, named.name)
    except SettingsError as error:
        raise SettingsError(f"{path.name}: linkage.model: {error}") from None
    return parse_settings(content | {"linkage": content["linkage"] | {"model": known}}, path.name)


def model_file(path: Path | None) -> Path | None:
    """The file of the trained model that the settings at `path` name as `linkage.model`, by its place beside them."""
    part = read_toml(path).get("linkage") if path else None
    name = part.get("model") if isinstance(part, dict) else None
    return path.parent / name if path and isinstance(name, str) else None


def parse_settings(content: Mapping[str, Any], name: str) -> Settings:
    """Settings from parsed TOML; `name` is the file's, for the messages."""
    settings = parse_part(Settings, content, name)
    known = {column for spec in EXTRACTS.values() if spec.person for column in spec.columns}
    unknown = [column for column in settings.linkage.extra if column not in known]
    if unknown:
        near = nearest(unknown[0], sorted(known))
        advice = f" Did you mean {near!r}?" if near else f" Known: {', '.join(sorted(known))}."
        raise SettingsError(f"{name}: linkage.extra.{unknown[0]}: no extract has such a column.{advice}")
    return settings
