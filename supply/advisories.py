"""Advisories in the OSV format, from a folder, a zip or one file; decides which of them a version is affected by.

One that cannot be read, or whose versions cannot be compared, counts as one that may affect: nothing is passed over.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from supply.lock import Pin


ECOSYSTEM = "PyPI"
LARGEST = 10 << 20
Event = tuple[str, str]


class Affected(NamedTuple):
    """What an advisory says of one package: versions that are affected, and ranges of them as their events."""

    package: str
    versions: tuple[str, ...]
    ranges: tuple[tuple[Event, ...], ...]


class Advisory(NamedTuple):
    """An advisory: what it is called, here and elsewhere, what it is about, when it was changed, what it affects."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    modified: str
    withdrawn: bool
    affected: tuple[Affected, ...]


class Known(NamedTuple):
    """The advisories of a source, and the names of files in it that could not be read as one."""

    advisories: tuple[Advisory, ...]
    unread: tuple[str, ...]


class Finding(NamedTuple):
    """An advisory that a pin is affected by. `sure` is False where that could not be told; `fixed` may be empty."""

    pin: Pin
    advisory: Advisory
    fixed: tuple[str, ...]
    sure: bool


def read_advisories(path: Path) -> Known:
    """Every advisory below a folder, in a zip, or in one JSON file (which may hold a list of them)."""
    advisories: list[Advisory] = []
    unread: list[str] = []
    for name, data in _files(path):
        try:
            said = json.loads(data)
            advisories += [_advisory(one) for one in (said if isinstance(said, list) else [said])]
        except (ValueError, KeyError, TypeError, AttributeError):
            unread.append(name)
    return Known(tuple(advisories), tuple(unread))


def find_affected(pins: Iterable[Pin], advisories: Iterable[Advisory]) -> tuple[Finding, ...]:
    """Each advisory that stands, for each pin that it affects, or may affect."""
    by_name = {pin.name: pin for pin in pins}
    found = []
    for advisory in advisories:
        for affected in advisory.affected:
            pin = by_name.get(affected.package)
            if pin is None or advisory.withdrawn:
                continue
            told = is_affected(pin.version, affected)
            if told is not False:
                found.append(Finding(pin, advisory, _fixed(affected), told is True))
    return tuple(sorted(found, key=lambda one: (one.pin, one.advisory.id)))


def is_affected(version: Version, affected: Affected) -> bool | None:
    """Whether a version is affected; None where it cannot be told."""
    try:
        if any(Version(one) == version for one in affected.versions):
            return True
        return any(_is_within(version, events) for events in affected.ranges) or _says_nothing(affected)
    except InvalidVersion:
        return None


def _says_nothing(affected: Affected) -> bool | None:
    """None for an advisory that names a package without any version: it cannot be told."""
    return False if affected.versions or affected.ranges else None


def _is_within(version: Version, events: Iterable[Event]) -> bool:
    """Whether a version lies where the events say, in the order of their versions."""
    within = False
    for kind, at in sorted(events, key=lambda event: (_version(event[1]), event[0] == "introduced")):
        begun = version > _version(at) if kind == "last_affected" else version >= _version(at)
        within = kind == "introduced" if begun else within
    return within


def _version(said: str) -> Version:
    """A version; `0` stands before every other, also before those of development."""
    return Version("0.dev0") if said == "0" else Version(said)


def _fixed(affected: Affected) -> tuple[str, ...]:
    return tuple(at for events in affected.ranges for kind, at in events if kind == "fixed")


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """The JSON files of a source, each with its name; one that is too large is empty, and so cannot be read."""
    if path.is_dir():
        yield from ((one.relative_to(path).as_posix(), one.read_bytes()) for one in sorted(path.rglob("*.json")))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.filename.endswith(".json"):
                    yield member.filename, archive.read(member) if member.file_size <= LARGEST else b""
    else:
        yield path.name, path.read_bytes()


def _advisory(said: Mapping[str, Any]) -> Advisory:
    about = [one for one in said.get("affected", []) if one.get("package", {}).get("ecosystem") == ECOSYSTEM]
    summary = str(said.get("summary") or said.get("details") or "").strip().partition("\n")[0]
    return Advisory(
        str(said["id"]), tuple(said.get("aliases", [])), summary, str(said["modified"]), bool(said.get("withdrawn")),
        tuple(_affected(one) for one in about),
    )  # fmt: skip


def _affected(said: Mapping[str, Any]) -> Affected:
    ranges = [one["events"] for one in said.get("ranges", []) if one["type"] != "GIT"]
    return Affected(
        canonicalize_name(said["package"]["name"]),
        tuple(said.get("versions", [])),
        tuple(tuple((kind, str(at)) for event in events for kind, at in event.items()) for events in ranges),
    )
