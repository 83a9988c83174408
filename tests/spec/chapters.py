"""The spec's chapters, read: each table's rows are cases, facts in and verdict out."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple


FOLDER = Path(__file__).parent / "chapters"
SAID = ("verdict", "outcome", "phase 1", "expanded")
OUTCOMES = (*SAID, "missing", "arithmetic", "reason", "could be", "why")
"""Columns that say what comes out (`missing`: what an unknown verdict waits for); `why` is for the reader alone."""


@dataclass(frozen=True, eq=False)
class Rule:
    """One table of a chapter. `setting` is everything else that the chapter's file says about it."""

    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    setting: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Case:
    """One case: the rows of facts that belong together; the first of them says what comes out."""

    name: str
    rule: Rule
    rows: tuple[dict[str, str], ...]

    @property
    def expected(self) -> dict[str, str]:
        return {name: self.rows[0][name] for name in OUTCOMES if self.rows[0].get(name)}


class Chapter(NamedTuple):
    """A file of the spec. `figures` are the dotted keys of `framework` that its rules rest on, `page` is its guide."""

    title: str
    text: str
    figures: tuple[str, ...]
    rules: tuple[Rule, ...]
    page: str
    framework: str


@cache
def read_chapters() -> tuple[Chapter, ...]:
    """Every chapter, in order of the number before its name."""
    files = sorted(FOLDER.glob("*.toml"), key=lambda path: int(path.name.split("_")[0]))
    return tuple(_chapter(path) for path in files)


@cache
def cases() -> tuple[Case, ...]:
    """Every case of every chapter: a row that says no outcome belongs to the case above it."""
    return tuple(case for chapter in read_chapters() for rule in chapter.rules for case in _cases_of(chapter, rule))


def _chapter(path: Path) -> Chapter:
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    rules = tuple(_rule(rule) for rule in held["rule"])
    return Chapter(held["title"], held["text"].strip(), tuple(held.get("figures", ())), rules,
                   held.get("page", "verdict"), held.get("framework", "phase_1"))


def _rule(held: dict[str, Any]) -> Rule:
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")]
             for line in held["table"].strip().splitlines()]
    columns = tuple(lines[0])
    rows = tuple(dict(zip(columns, line, strict=True)) for line in lines[1:])
    setting = {name: value for name, value in held.items() if name not in ("title", "text", "table")}
    return Rule(held["title"], held["text"].strip(), columns, rows, setting)


def _cases_of(chapter: Chapter, rule: Rule) -> Iterator[Case]:
    starts = [at for at, row in enumerate(rule.rows) if any(row.get(name) for name in SAID)]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(rule.rows)], strict=True), 1):
        yield Case(f"{chapter.title}: {rule.title}, {number}", rule, rule.rows[start:end])


def as_day(text: str | date) -> date:
    """`2013-09-30`, or the date that TOML made of it."""
    return text if isinstance(text, date) else date.fromisoformat(text)
