"""Under which licence each installed package stands, by its own metadata; decides which are to be looked at."""

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any, NamedTuple

from supply.lock import Pin


FREE = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|PSF\w*|Python Software Foundation|Zlib|0BSD|CC0|Unlicense|MPL|Mozilla)\b", re.IGNORECASE
)
"""Licences that ask for no more than their text, or for changes to their own files (MPL)."""

BINDING = re.compile(r"\b(?:A?GPL|LGPL|GNU|Affero|SSPL|BUSL|Commons Clause|Proprietary|Artistic)", re.IGNORECASE)
"""Licences that somebody should read before the program is passed on."""

LONGEST = 60


class Licence(NamedTuple):
    """A package and what it says of its licence; `look`: somebody should read it."""

    pin: Pin
    said: str
    look: bool


def read_licences(pins: Iterable[Pin]) -> tuple[Licence, ...]:
    """The licence of each package."""
    return tuple(Licence(pin, said := _said(pin.name), _is_to_be_read(said)) for pin in pins)


def _is_to_be_read(said: str) -> bool:
    return bool(BINDING.search(said)) or not FREE.search(said)


def _said(name: str) -> str:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return "not installed here"
    return _by_metadata(found) or _by_file(found) or "not said"


def _by_metadata(found: Distribution) -> str:
    about: Any = found.metadata
    named = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    written = str(about.get("License-Expression") or about.get("License") or "").strip().partition("\n")[0]
    return written if written and len(written) <= LONGEST and not named else ", ".join(named) or written[:LONGEST]


def _by_file(found: Distribution) -> str:
    """The first line of a licence that is there as a file."""
    for path in found.files or []:
        if re.fullmatch(r"(?:licen[cs]e|copying)(?:[.-].*)?", path.name, re.IGNORECASE):
            text = str(path.locate().read_text(encoding="utf-8", errors="replace"))  # type: ignore[attr-defined]
            return next((line.strip()[:LONGEST] for line in text.splitlines() if line.strip()), "")
    return ""
