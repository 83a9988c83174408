"""A time line as SVG text, from the same lanes as the page template of a pack draws; decides looks, never content.

Presentation attributes only, so that a page with a strict policy shows it; the template escapes every word.
"""

from functools import cache
from typing import Any

import jinja2

from reports.charts import BLUE, GREEN, ORANGE
from reports.packs.shape import Bar, Lane, Mark, Picture


WIDTH, RIGHT, TOP, ROW = 880, 24, 34, 27
LETTER, LEAST_LEFT, MOST_LEFT = 7.2, 90, 260
DARK = "#505a5f"
COLOURS = {"offence": ORANGE, "asb": BLUE, "exclusion": GREEN, "programme": BLUE, "work": GREEN, "term": DARK,
           "crime_asb": ORANGE, "education": BLUE}
FILLS = {ORANGE: "#f3dfcf", BLUE: "#d2e2f1", GREEN: "#cfe3d6", DARK: "#e4e6e7"}
BASELINE, RESULT, WINDOW = "#ededed", "#e3edf6", "#eef3f8"
NARROWEST = 3.0
ASIDE = 14.0
LAST = 0.85
"""A mark so far to the right has its words on its left."""


def draw_picture(picture: Picture) -> str:
    """The picture as SVG: a lane below the other, `alt` as its label. The same lanes give the same text."""
    height = TOP + ROW * len(picture.lanes) + 8
    left = _left(picture.lanes)
    return _template().render(
        alt=picture.alt,
        width=WIDTH,
        height=height,
        top=TOP,
        left=left,
        right=RIGHT,
        shades=[_bar(shade, BASELINE if shade.name == "baseline" else RESULT, left) for shade in picture.shades],
        ticks=[{"name": tick.name, "x": _across(tick.at, left), "anchor": _anchor(tick.at)} for tick in picture.ticks],
        lanes=[_lane(lane, number, left) for number, lane in enumerate(picture.lanes)],
    )


def _left(lanes: tuple[Lane, ...]) -> int:
    """Where the days begin: to the right of the longest name."""
    longest = max((len(lane.name) for lane in lanes), default=0)
    return round(min(max(longest * LETTER + 14, LEAST_LEFT), MOST_LEFT))


def _lane(lane: Lane, number: int, left: int) -> dict[str, Any]:
    colour = COLOURS.get(lane.kind, BLUE)
    return {
        "name": lane.name,
        "kind": lane.kind,
        "colour": colour,
        "y": round(TOP + ROW * (number + 0.5) + 4, 1),
        "bars": [_bar(bar, WINDOW if bar.look == "window" else FILLS[colour], left) for bar in lane.bars],
        "marks": [_mark(mark, _across(mark.at, left) + aside) for mark, aside in _beside(lane.marks)],
    }


def _beside(marks: tuple[Mark, ...]) -> list[tuple[Mark, float]]:
    """Each mark with how far it stands aside, so that those of one day are all seen."""
    seen: dict[float, int] = {}
    found = []
    for mark in marks:
        before = seen.get(mark.at, 0)
        seen[mark.at] = before + 1
        found.append((mark, ASIDE * before * (-1 if mark.at > 0.5 else 1)))
    return found


def _bar(bar: Bar, fill: str, left: int) -> dict[str, Any]:
    start, end = _across(bar.start, left), _across(bar.end, left)
    wide = round(max(end - start, NARROWEST), 1)
    return {"name": bar.name, "x": start, "wide": wide, "fill": fill, "look": bar.look}


def _mark(mark: Mark, at: float) -> dict[str, Any]:
    is_last = mark.at > LAST
    return {"name": mark.name, "x": round(at, 1), "look": mark.look, "aside": round(at + (-9 if is_last else 9), 1),
            "anchor": "end" if is_last else "start"}


def _across(share: float, left: int) -> float:
    return round(left + share * (WIDTH - left - RIGHT), 1)


def _anchor(share: float) -> str:
    return "end" if share > 0.97 else "start" if share < 0.02 else "middle"


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("reports", "templates")
    drawing = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return drawing.get_template("timeline.svg")
