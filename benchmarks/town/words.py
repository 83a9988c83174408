"""The lists of words.toml: what people, streets and schools of an invented borough may be called."""

import tomllib
from functools import cache
from pathlib import Path


SHORT_TYPES = {
    "Road": "Rd",
    "Street": "St",
    "Avenue": "Ave",
    "Close": "Cl",
    "Lane": "Ln",
    "Drive": "Dr",
    "Crescent": "Cres",
    "Gardens": "Gdns",
    "Terrace": "Terr",
    "Grove": "Gr",
    "Place": "Pl",
    "Court": "Ct",
}
"""How some sources shorten the types of streets."""


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def words(table: str, name: str) -> list[str]:
    """One list, commonest first."""
    return _tables()[table][name].split()


@cache
def nicknames() -> dict[str, list[str]]:
    """Forename to its short forms."""
    return {name: short.split() for name, short in _tables()["nicknames"].items()}


@cache
def spellings() -> dict[str, list[str]]:
    """A name to the other ways of writing it."""
    groups = [line.split() for line in _tables()["spellings"]["groups"].strip().splitlines()]
    return {name: [other for other in group if other != name] for group in groups for name in group}
