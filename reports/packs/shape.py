"""What a pack is made of: items with their statements, tables and picture; decides no words and no looks."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from reports.workbook import Cover


class Column(NamedTuple):
    """A column of a table: its heading, its share of the width, and whether it holds figures, or digests."""

    head: str
    share: float = 1.0
    right: bool = False
    code: bool = False


class Grid(NamedTuple):
    """A table of text. An empty cell is shown as `NOTHING`: the record holds nothing there."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]


class Says(NamedTuple):
    """A sentence: a finding, or that the run holds nothing."""

    text: str


class Mark(NamedTuple):
    """Something on a day: `at` is its place between the first day (0) and the last (1).

    `look`: `hollow` for what does not count, `unsure` for what cannot be told.
    """

    at: float
    name: str = ""
    look: str = ""


class Bar(NamedTuple):
    """Something that lasted, from one place to another; with the look `window`, the days that were looked at."""

    start: float
    end: float
    name: str = ""
    look: str = ""


class Lane(NamedTuple):
    """A line of a picture: what it shows, and its kind, which is its colour."""

    name: str
    kind: str
    marks: tuple[Mark, ...] = ()
    bars: tuple[Bar, ...] = ()


class Picture(NamedTuple):
    """A time line: lanes, days along the top, windows shaded behind; `alt` says the same in words."""

    caption: str
    alt: str
    lanes: tuple[Lane, ...]
    ticks: tuple[Mark, ...]
    shades: tuple[Bar, ...]


Part = Grid | Says | Picture


class Item(NamedTuple):
    """One item of the checklist: `asked` is the question behind it, `short` the answer in a line."""

    number: str
    title: str
    asked: str
    short: str
    parts: tuple[Part, ...]


class Pack(NamedTuple):
    """A case as an auditor reads it. `name` is what its files are called; `cover.title` names the case."""

    name: str
    subtitle: str
    cover: Cover
    opening: tuple[Part, ...]
    items: tuple[Item, ...]


NOTHING = "not recorded"
FACTS = (Column("Fact", 2), Column("What the run holds", 5))


def facts(*rows: tuple[str, str], caption: str = "") -> Grid:
    """A table of facts, each under its name."""
    return Grid(caption, FACTS, rows)


def as_document(pack: Pack) -> dict[str, Any]:
    """The pack as the page template reads it."""
    cover = pack.cover
    of_run = f"{cover.title}. Run {cover.run_id}, as of {cover.as_of.day} {cover.as_of:%B %Y}"
    return {
        "title": cover.title,
        "subtitle": pack.subtitle,
        "authority": cover.authority,
        "marking": cover.marking,
        "footer": ". ".join([of_run, *cover.notes]),
        "day": [cover.as_of.year, cover.as_of.month, cover.as_of.day],
        "opening": [_part(part) for part in pack.opening],
        "items": [item._asdict() | {"parts": [_part(part) for part in item.parts]} for item in pack.items],
    }


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Says):
        return {"kind": "says", "text": part.text}
    if isinstance(part, Grid):
        heads, shares, right, code = zip(*part.columns, strict=True)
        rows = [[cell or NOTHING for cell in row] for row in part.rows]
        looks = {"heads": heads, "shares": shares, "right": right, "code": code}
        return {"kind": "grid", "caption": part.caption, "rows": rows} | looks
    drawn = {"ticks": [tick._asdict() for tick in part.ticks], "shades": [shade._asdict() for shade in part.shades]}
    return {
        "kind": "picture",
        "caption": part.caption,
        "alt": part.alt,
        "lanes": [_lane(x) for x in part.lanes],
    } | drawn


def _lane(lane: Lane) -> dict[str, Any]:
    bars, marks = [bar._asdict() for bar in lane.bars], [mark._asdict() for mark in lane.marks]
    return {"name": lane.name, "kind": lane.kind, "bars": bars, "marks": marks}
