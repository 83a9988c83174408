"""`python -m supply ADVISORIES`: holds the pinned packages against advisories that were handed in, and lists licences.

It asks nobody anything: whoever runs it brings the advisories (a folder, zip or file in the OSV format, as the Python
Packaging Advisory Database and others publish them) and so knows of what day they are.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from supply.advisories import Advisory, Finding, Known, find_affected, read_advisories
from supply.licences import Licence, read_licences
from supply.lock import Pin, read_lock


LOCKS = ("requirements.lock", "requirements-hardening.lock")
NOT_COVERED = (
    "Not covered: Python itself, the operating system and its libraries, what packages have built into themselves "
    "(OpenSSL in cryptography, SQLite in Python), the styles and scripts in web/static/govuk, and the browser."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Say what was found; 1 where a pin is affected, or where that could not be told."""
    asked = _parser().parse_args(arguments)
    pins = tuple(sorted({pin for lock in asked.locks for pin in read_lock(lock)}))
    lines, sound = [], True
    if asked.advisories:
        known = read_advisories(asked.advisories)
        found = find_affected(pins, known.advisories)
        lines += _covered(pins, known) + [_told(one) for one in found] + [NOT_COVERED]
        sound = not found and not known.unread and _has_any(known)
    if asked.licences or not asked.advisories:
        lines += _licences(read_licences(pins))
    sys.stdout.write("\n".join([*lines, "failures: none" if sound else "failures: see above", ""]))
    return 0 if sound else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m supply", description=__doc__)
    parser.add_argument("advisories", type=Path, nargs="?", help="a folder, zip or file of advisories (OSV)")
    parser.add_argument("--licences", action="store_true", help="list licences, too")
    parser.add_argument("--locks", type=Path, nargs="+", default=[Path(name) for name in LOCKS], help="lock files")
    return parser


def _has_any(known: Known) -> bool:
    return any(one.affected for one in known.advisories)


def _covered(pins: Sequence[Pin], known: Known) -> list[str]:
    """What was held against what, and of what day it is."""
    about = [one for one in known.advisories if one.affected]
    named = {affected.package for one in about for affected in one.affected}
    newest = max((one.modified for one in about), default="none")[:10]
    told = sum(pin.name in named for pin in pins)
    lines = [
        f"{len(pins)} pins held against {len(about)} advisories for Python packages, the newest of {newest}.",
        f"{told} of the pinned packages have ever had one there; {sum(one.withdrawn for one in about)} are withdrawn.",
    ]
    if not about:
        lines.append("No advisory for Python packages is in what was handed in: nothing is shown by this.")
    return lines + [f"Could not be read as an advisory: {name}" for name in known.unread]


def _told(one: Finding) -> str:
    """A finding on a line."""
    advice = f"fixed in {', '.join(one.fixed)}" if one.fixed else "no fixed version is named"
    sure = "" if one.sure else " (which versions it affects cannot be told: read it)"
    return f"{one.pin.name} {one.pin.version}: {_called(one.advisory)}, {advice}{sure}. {one.advisory.summary}".rstrip()


def _called(advisory: Advisory) -> str:
    return f"{advisory.id} ({', '.join(advisory.aliases)})" if advisory.aliases else advisory.id


def _licences(licences: Sequence[Licence]) -> list[str]:
    """Each package with its licence, those that somebody should read last."""
    free = [f"  {one.pin.name} {one.pin.version}: {one.said}" for one in licences if not one.look]
    read = [f"  {one.pin.name} {one.pin.version}: {one.said}" for one in licences if one.look]
    return [f"{len(free)} packages under licences that ask for little:", *free, f"{len(read)} to be read:", *read]


if __name__ == "__main__":
    sys.exit(main())
