"""The packaged frameworks as they stand in their files, one laid on another; checks no figure."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from schemas.errors import SettingsError
from schemas.nearest import suggest


BASE = "based_on"
ANYWHERE = ("calendar",)
"""Sections that rest on no programme: what is taken over from another framework is as sure as it was there."""


def read_packaged(name: str) -> dict[str, Any]:
    """A framework's figures by section: its own, on those of the framework it is based on, on the common ones.

    A figure taken over from another programme says so, and is inferred at best. SettingsError for an unknown name.
    """
    folder = files("criteria") / "frameworks"
    known = sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))
    if name not in known:
        raise SettingsError(f"criteria.framework: there is no framework {name!r}{suggest(name, known)}")
    own, common = _toml(folder / f"{name}.toml"), _toml(files("criteria") / "common.toml")
    if BASE not in own:
        return {"name": name, **common, **own}
    base = read_packaged(own.pop(BASE))
    lasting = {*ANYWHERE, *common}
    taken = {section: held if section in lasting else _taken_over(held, base["name"]) for section, held in base.items()}
    return {section: _laid(taken.get(section), own.get(section)) for section in taken | own} | {"name": name}


def _toml(file: Traversable) -> dict[str, Any]:
    """A copy for the caller to lay others on."""
    return deepcopy(_parsed(file.read_text(encoding="utf-8")))


@cache
def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _laid(beneath: Any, own: Any) -> Any:
    """A section on the same one of the framework beneath, figure by figure."""
    if isinstance(beneath, dict):
        return beneath | (own or {})
    return beneath if own is None else own


def _taken_over(section: Any, base: str) -> Any:
    if not isinstance(section, dict):
        return section
    return {name: _in_doubt(held, base) if isinstance(held, dict) else held for name, held in section.items()}


def _in_doubt(figure: Mapping[str, Any], base: str) -> dict[str, Any]:
    doubt = {"confidence": "inferred"} if figure["confidence"] in ("confirmed", "derived") else {}
    return {**figure, **doubt, "taken_over_from": base}
