"""A Vega-Lite chart as SVG text; decides nothing about what it shows, and fetches nothing."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import vl_convert
from markupsafe import Markup, escape


LOOK = {
    "font": "sans-serif",
    "aria": False,
    "view": {"stroke": None},
    "title": {"anchor": "start", "fontSize": 13},
    "axis": {"labelFontSize": 11, "titleFontSize": 12},
    "legend": {"labelFontSize": 12},
}
"""Marks are not read out one by one: each picture has a name (`named`) and stands beside a table."""


def draw(chart: Mapping[str, Any]) -> str:
    """The chart, its data inside it, as SVG: the same at every drawing."""
    return drawn_once(json.dumps({**chart, "config": {**chart.get("config", {}), **LOOK}}, sort_keys=True))


def named(svg: str, title: str) -> Markup:
    """The picture as one image with a name, for who does not see it: its parts have no roles of their own."""
    whole = PARTS.sub("", svg).replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
    return Markup(whole)  # noqa: S704 - our own


PARTS = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')


@lru_cache(maxsize=32)
def drawn_once(chart: str) -> str:
    """A chart as JSON text drawn, and remembered: pages show the same pictures to many."""
    return str(vl_convert.vegalite_to_svg(chart, allowed_base_urls=[]))
