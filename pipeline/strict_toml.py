"""One TOML file into one strict model; decides how a mistake in it is told: the file, the dotted key, what to do."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import pydantic

from schemas.errors import SettingsError
from schemas.nearest import nearest


class Part(pydantic.BaseModel):
    """A part of some settings: frozen, and unknown keys are refused."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")


Model = TypeVar("Model", bound=Part)


def read_toml(path: Path) -> dict[str, Any]:
    """What the TOML file at `path` says. SettingsError where it is not there, no file, not UTF-8 or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"There is no settings file {path.name} in {path.parent}.") from None
    except IsADirectoryError:
        raise SettingsError(f"{path.name} is a folder; --settings takes a TOML file.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name} is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}.") from None


def parse_part(model: type[Model], content: Mapping[str, Any], name: str) -> Model:
    """`content` as a `model`; `name` is the file's. SettingsError has a line for each mistake, and no value."""
    try:
        return model.model_validate(content)
    except pydantic.ValidationError as error:
        mistakes = error.errors(include_input=False, include_url=False)
        raise SettingsError("\n".join(_mistake(model, name, mistake) for mistake in mistakes)) from None


def _mistake(model: type[Part], name: str, mistake: Any) -> str:
    location = [str(part) for part in mistake["loc"]]
    key = ".".join(location)
    if mistake["type"] != "extra_forbidden":
        said = mistake["msg"].removeprefix("Value error, ")
        return f"{name}: {key}: {said}" + ("" if said.endswith(("?", ".")) else ".")
    known = _known_keys(model, location[:-1])
    near = nearest(location[-1], known)
    advice = f" Did you mean {near!r}?" if near else f" Known keys here: {', '.join(sorted(known))}."
    return f"{name}: {key} is not a setting.{advice}"


def _known_keys(model: Any, location: list[str]) -> list[str]:
    """The keys that the model knows at `location`, walking through lists and mappings of models."""
    for part in location:
        models = _models_in(model.model_fields[part].annotation) if part in model.model_fields else []
        model = models[0] if models else model
    return list(model.model_fields)


def _models_in(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]
