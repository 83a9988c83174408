"""What the command says and where: answers on stdout, the rest on stderr; decides that no name steers a terminal."""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

import click


class Report(NamedTuple):
    """What a command found out: as facts for a script, as lines for a person, and the exit code it means."""

    facts: dict[str, Any]
    lines: list[str]
    exit_code: int = 0


def tell(report: Report, *, as_json: bool) -> int:
    """Print a report on stdout, as one JSON object or in words; return its exit code."""
    if as_json:
        click.echo(json.dumps(report.facts, indent=1))
    else:
        click.echo("\n".join(clean(line) for line in report.lines))
    return report.exit_code


def remark(text: str) -> None:
    """Print a line on stderr."""
    click.echo(clean(text), err=True)


def clean(text: str) -> str:
    """`text` without what a terminal obeys: control characters, escapes, marks that turn the reading direction."""
    return "".join(_shown(character) for character in text)


def many(count: int, one: str, more: str | None = None) -> str:
    """`1 family`, `2,000 families`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows of text as lines of aligned columns, indented by two; numbers stand to the right."""
    widths = [max(len(clean(cell)) for cell in column) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(_cell, row, widths)).rstrip() for row in rows]


def _cell(cell: str, width: int) -> str:
    text = clean(cell)
    return text.rjust(width) if text.replace(",", "").isdigit() else text.ljust(width)


def _shown(character: str) -> str:
    if character in "\n\t" or character.isprintable():
        return character
    return {"Cs": "?", "Zs": " "}.get(unicodedata.category(character), "")
