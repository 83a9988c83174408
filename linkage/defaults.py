"""The packaged defaults of linkage: every figure with where it comes from and how sure we are; decides none of them.

`defaults.toml` holds them, and the models of the settings take them from here: a figure stands in one place.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.errors import SettingsError


FILE = "defaults.toml"
Confidence = Literal["confirmed", "measured", "derived", "inferred", "background"]


class Figure(BaseModel):
    """One packaged figure: its value, where it comes from, and how sure we are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Any
    source: str = Field(min_length=1)
    confidence: Confidence
    note: str | None = None


@cache
def figures() -> Mapping[str, Figure]:
    """Every packaged figure by its key in the settings below `linkage`, such as `households.adult_age`."""
    text = resources.files("linkage").joinpath(FILE).read_text(encoding="utf-8")
    return {key: _figure(key, table) for key, table in _tables("", tomllib.loads(text))}


def setting(key: str, **limits: Any) -> Any:
    """A field of a settings model whose default is the packaged figure `key`; `limits` as for pydantic's Field."""
    return Field(default=figures()[key].value, **limits)


def packaged_below(section: str) -> dict[str, Any]:
    """The packaged values of a section, by the last part of their keys, in the order of the file."""
    inside = f"{section}."
    return {key.removeprefix(inside): figure.value for key, figure in figures().items() if key.startswith(inside)}


def _tables(place: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, table in tables.items():
        key = f"{place}.{name}" if place else name
        if "value" in table:
            yield key, table
        else:
            yield from _tables(key, table)


def _figure(key: str, table: dict[str, Any]) -> Figure:
    try:
        return Figure.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join([key, *map(str, first["loc"])])
        raise SettingsError(f"linkage/{FILE}: {place}: {first['msg']}.") from None
