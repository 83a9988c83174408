"""Writes the table in docs/what-is-kept-and-why.md: each column that is taken of an extract, and what needs it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from schemas.extracts import EXTRACTS, ExtractSpec
from schemas.person import PERSON_COLUMNS
from tests.docs.guides import DOCS


PAGE = DOCS / "what-is-kept-and-why.md"
WORDS = Path(__file__).with_name("purposes.toml")
MARK = "Written by `python -m tests.docs.tables` from tests/docs/purposes.toml"


def purposes() -> Mapping[str, Mapping[str, str]]:
    """What each column is needed for, by extract; those of a person by themselves."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def render_purposes() -> str:
    """The table, as Markdown."""
    rows = [f"| {_name(extract)} | `{column}` | {said} |" for extract, words in purposes().items()
            for column, said in words.items()]  # fmt: skip
    return "\n".join(["| extract | column | needed for |", "|---|---|---|", *rows]) + "\n"


def own_columns(spec: ExtractSpec) -> tuple[str, ...]:
    """The columns of an extract but those of a person."""
    return tuple(name for name in spec.columns if not (spec.person and name in PERSON_COLUMNS))


def _name(extract: str) -> str:
    return f"`{extract}`" if extract in EXTRACTS else "a person"
