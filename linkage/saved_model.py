"""A trained model as data: written as JSON, read back and held to the levels of this code; trains and weighs nothing.

It holds probabilities and counts, and nothing of a record: how rare a name is, is measured on the records at hand.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from linkage.levels import LEVELS, TRAINED
from linkage.parameters import NAMESAKE, Learnt, Parameters
from linkage.settings_parts import ExtraColumn, LikenessSettings, Part, Share
from schemas.errors import SettingsError
from schemas.nearest import nearest


Shares = dict[str, Annotated[float, Field(gt=0, le=1)]]
Table = dict[str, Shares]
FORMAT = 1


class Prior(Part):
    """The shares of all pairs of mentions that are one person, and two people of one household."""

    match: Share
    household: Share


class SavedColumn(Part):
    """What training found of an extra column: what it is compared as, and `m`, `h` and `u` by level."""

    column: ExtraColumn
    m: Shares
    h: Shares
    u: Shares
    weights: dict[str, float] = {}

    @model_validator(mode="after")
    def _has_the_levels_of_its_kind(self) -> "SavedColumn":
        for table in (self.m, self.h, self.u):
            _must_be(set(table), set(self.column.levels[1:]), "levels")
        return self

    def is_of(self, column: ExtraColumn) -> bool:
        """Whether it was learnt of a column compared as this one is."""
        bounds = ((column.near, self.column.near), (column.similar, self.column.similar))
        return column.kind == self.column.kind and all(here in (None, there) for here, there in bounds)

    def learnt(self) -> Learnt:
        """The same by level code."""
        return Learnt(
            *(
                np.array([1.0, *(table[level] for level in self.column.levels[1:])])
                for table in (self.m, self.h, self.u)
            )
        )


class SavedModel(Part):
    """What training found. `m`, `h`, `u`: by field and level, how likely each is for pairs of one person, of one
    household, and of strangers; `namesake`: the same for strangers of one forename, of the fields that go with it.

    `prior` is what the records were found to hold, `trained_prior` what training took it to be before they were
    scored, both for `mentions` distinct mentions. `names_together`: how many times more often than by chance two people
    have both names in common. `extra`: columns that the settings added. `likeness`: the cut-offs of the levels.
    """

    format: int = FORMAT  # noqa: A003 - the word in the file
    likeness: LikenessSettings
    m: Table
    h: Table
    u: Table
    namesake: Table
    prior: Prior
    trained_prior: Prior
    names_together: Annotated[float, Field(gt=0)]
    extra: dict[str, SavedColumn] = {}
    mentions: Annotated[int, Field(ge=0)]

    @field_validator("format")
    @classmethod
    def _of_this_format(cls, version: int) -> int:
        if version != FORMAT:
            raise ValueError(f"this version of Data Wash reads format {FORMAT}; train a new model")
        return version

    @field_validator("m", "h", "u", "namesake")
    @classmethod
    def _has_the_levels_of_this_code(cls, table: Table, info: ValidationInfo) -> Table:
        _must_be(set(table), set(NAMESAKE if info.field_name == "namesake" else TRAINED), "fields")
        for field, levels in table.items():
            _must_be(set(levels), set(LEVELS[field][1:]), f"levels of {field}")
            if abs(sum(levels.values()) - 1) > 1e-6:
                raise ValueError(f"the probabilities of {field} do not add up to 1")
        return table

    def parameters(self, mentions: int) -> Parameters:
        """The parameters for as many distinct mentions: of more, a smaller share of pairs is one person."""
        scale = self.mentions / mentions if mentions else 1.0
        m, h, u, namesake = (_vectors(table) for table in (self.m, self.h, self.u, self.namesake))
        prior = self.trained_prior
        return Parameters(m, h, u, prior.match * scale, prior.household * scale, namesake)


def model_of(described: Mapping[str, Any]) -> SavedModel:
    """The model in what a link, or a run's manifest, says of it. SettingsError where it is not one of this code."""
    return _checked("The model", {name: described[name] for name in SavedModel.model_fields if name in described})


def save_model(model: SavedModel, path: Path) -> None:
    """Write a model as JSON, the same bytes for the same model."""
    path.write_text(json.dumps(model.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")


def load_model(path: Path, called: str | None = None) -> SavedModel:
    """The model in a file of JSON. SettingsError names the file (as `called`), the key and what this code expects."""
    name = called or path.name
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise SettingsError(f"There is no model file {name} in {path.parent}.") from None
    except (ValueError, OSError):
        raise SettingsError(f"{name} is not a model: it cannot be read as JSON.") from None
    if not isinstance(content, dict):
        raise SettingsError(f"{name} is not a model: it holds no table of names and values.")
    return _checked(name, content)


def _checked(name: str, content: Mapping[str, Any]) -> SavedModel:
    try:
        return SavedModel.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            near = nearest(str(first["loc"][-1]), SavedModel.model_fields)
            advice = f" Did you mean {near!r}?" if near else ""
            raise SettingsError(f"{name}: {key} is not part of a model.{advice}") from None
        missing = "not there; it was written by another version of Data Wash"
        said = missing if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name}: {key}: {said}.") from None


def _must_be(given: set[str], wanted: set[str], what: str) -> None:
    missing, unknown = sorted(wanted - given), sorted(given - wanted)
    said = [f"{word} {', '.join(names)}" for word, names in (("without", missing), ("with", unknown)) if names]
    if said:
        raise ValueError(f"not the {what} of this version of Data Wash ({'; '.join(said)}): train a new model")


def _vectors(table: Table) -> dict[str, np.ndarray]:
    return {field: np.array([1.0, *(table[field][name] for name in LEVELS[field][1:])]) for field in table}
