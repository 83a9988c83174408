"""The pins of a lock file; decides that a line which is no exact pin is a mistake."""

import re
from pathlib import Path
from typing import NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import Version


PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[A-Za-z0-9.!+_-]+)")


class Pin(NamedTuple):
    """A package at one version."""

    name: str
    version: Version


def read_lock(path: Path) -> tuple[Pin, ...]:
    """The pins of a lock file, by name. ValueError names a line that is none."""
    pins = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        said = line.partition("#")[0].strip()
        found = PIN.fullmatch(said)
        if found:
            pins.append(Pin(canonicalize_name(found["name"]), Version(found["version"])))
        elif said:
            raise ValueError(f"{path.name}, line {number}: {said} is no exact pin")
    return tuple(sorted(pins))
