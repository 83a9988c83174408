"""Writes docs/settings.md and docs/pages-settings.md from the settings' own models, with words for each key."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from linkage import SavedModel
from linkage.defaults import figures
from pipeline.config import Settings
from pipeline.intake.settings import Layout
from tests.docs.guides import DOCS
from web.settings import PagesSettings


PAGE, PAGES_PAGE = DOCS / "settings.md", DOCS / "pages-settings.md"
HERE = Path(__file__).parent
FILES = ("settings_words.toml", "pages_words.toml")
WORDS: dict[str, dict[str, str]] = {
    place: words for file in FILES for place, words in tomllib.loads((HERE / file).read_text("utf-8")).items()
}
NAME = "NAME"
OPENING = """# Every setting

<!-- Written by `python -m tests.docs.tables` from the settings' own models and tests/docs/settings_words.toml. -->

What may stand in a council's `wash.toml`, over the packaged defaults: a file may be empty, or missing. How to write
one is told in [Your own extracts](your-own-extracts.md). A key that is not here is refused, and the message names the
nearest one that is.

A table in double brackets may be given several times, one in single brackets once. A key whose default is *must be
given* is needed only where its table is used.
"""


PAGES_OPENING = """# Every setting of the pages

<!-- Written by `python -m tests.docs.tables` from the settings' own models and tests/docs/pages_words.toml. -->

What may stand in `pages.toml` of the outputs folder, or in the file that `datawash serve --settings` names: a file may
be empty, or missing. Nothing in it shapes a wash. How to serve the pages is told in [Serving the pages](serving.md). A
key that is not here is refused, and the message names the nearest one that is.
"""


class Section(NamedTuple):
    """A table of the settings: its heading, the place of its words, and its model."""

    heading: str
    place: str
    model: type[BaseModel]


def render_settings() -> str:
    """The whole page, as Markdown. KeyError names a key that has no words yet."""
    return "\n".join([OPENING, *(_section(section) for section in _inside("", Settings))])


def render_pages_settings() -> str:
    """The page about the settings of the pages, as Markdown. KeyError names a key that has no words yet."""
    return "\n".join([PAGES_OPENING, *(_section(section) for section in _inside("", PagesSettings))])


def described() -> set[tuple[str, str]]:
    """Every table and key that may have words; `_` is the table itself."""
    keys = {(section.place, name) for section in sections() for name, _ in _fields(section.model)}
    return keys | {(section.place, "_") for section in sections()}


def sections() -> Iterator[Section]:
    """Every table that the settings of a wash and of the pages may have, in the order of the models."""
    yield from _inside("", Settings)
    yield from _inside("", PagesSettings)


def _inside(place: str, model: type[BaseModel]) -> Iterator[Section]:
    if place:
        yield Section(_heading(place, model), place, model)
    for name, field in _fields(model):
        inner, several, keyed = _nested(field.annotation)
        if inner is not None:
            key = f'{name}."KEY"' if keyed else name
            yield from _inside(f"{place}.{key}".strip(".") + ("[]" if several else ""), inner)


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """The fields of a model under the names that a file has; fields of one layout are one, called NAME."""
    layouts = [name for name, field in model.model_fields.items() if _nested(field.annotation)[0] is Layout]
    for name, field in model.model_fields.items():
        if name in layouts[1:]:
            continue
        yield (NAME if name in layouts else field.alias or name), field


def _heading(place: str, model: type[BaseModel]) -> str:
    path = place.replace("[]", "")
    return f"[[{path}]]" if place.endswith("[]") else f"[{path}]"


def _nested(annotation: Any) -> tuple[type[BaseModel] | None, bool, bool]:
    """The model in a field, whether there may be several, and whether each has a key of the council's."""
    if annotation is SavedModel:
        return None, False, False
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False, False
    found = [_nested(inner) for inner in get_args(annotation)]
    model = next((inner for inner, _, _ in found if inner is not None), None)
    kind = get_origin(annotation)
    return model, kind is tuple or any(several for _, several, _ in found), kind is dict


def _section(section: Section) -> str:
    words = WORDS.get(section.place, {})
    if "_" not in words:
        raise KeyError(f"tests/docs: say in the words of [{section.place!r}] what the table is for, as _")
    keys = [(name, field) for name, field in _fields(section.model) if _is_key(field)]
    rows = [_row(name, field, words, section.place) for name, field in keys]
    sources = [_source(section.place, name) for name, _ in keys]
    head = ["| key | default | what it is |", "|---|---|---|"]
    if any(sources):
        head = [f"{head[0]} where the default comes from |", f"{head[1]}---|"]
        rows = [f"{row} {source} |" for row, source in zip(rows, sources, strict=True)]
    table = [*head, *rows] if rows else []
    return "\n".join([f"## `{section.heading}`", "", words["_"], "", *table, *([""] if table else [])])


def _is_key(field: FieldInfo) -> bool:
    """A plain key: what is a table of its own has its own section, unless it has a default worth telling."""
    return _nested(field.annotation)[0] is None or bool(_default(field)[1])


def _row(name: str, field: FieldInfo, words: dict[str, str], place: str) -> str:
    said = words.get(name) or field.description
    if not said:
        raise KeyError(f"tests/docs: in the words of [{place!r}], say what {name} is")
    return f"| `{name}` | {_default(field)[0]} | {said} |"


def _source(place: str, name: str) -> str:
    """Where a packaged figure comes from, and how sure we are; nothing where the default is not one."""
    figure = figures().get(f"{place}.{name}".removeprefix("linkage."))
    return f"{figure.source} (*{figure.confidence}*)" if figure and place.startswith("linkage") else ""


def _default(field: FieldInfo) -> tuple[str, bool]:
    """A field's default as a file would write it, and whether it says anything."""
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "*must be given*", True
    if isinstance(value, BaseModel) or value in (None, (), {}):
        return "none", value is None
    if isinstance(value, dict):
        return f"{len(value)}: {', '.join(f'`{name}`' for name in value)}", True
    if isinstance(value, tuple) and isinstance(value[0], BaseModel):
        return f"{len(value)}: {', '.join(_named(inner) for inner in value)}", True
    return f"`{_toml(value)}`", True


def _named(model: BaseModel) -> str:
    fields = model.model_dump()
    return f"`{fields.get('code') or fields.get('name')}`"


def _toml(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
