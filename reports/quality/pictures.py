"""The pictures of a run as SVG text, drawn from counts alone; decides looks, never content.

They are written as Vega-Lite itself: every wash draws them, and building them by Altair took longer than drawing them.
Words beside marks are marks too, not labels of an axis: none is dropped for want of room, and a test can count them.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from reports.quality.counted import Outline
from reports.svg import draw


BLUE, ORANGE, GREY, RED, GREEN = "#1d70b8", "#b8540a", "#8a9296", "#b10e1e", "#00703c"
PALE, INK, QUIET, EMPTY = "#d2e2f1", "#0b0c0c", "#50595f", "#dee3e7"
SENT, PART, NONE = "sent", "part", "none"
ARRIVED = {SENT: PALE, PART: "#f6c79b", NONE: "white"}
BRIDGED = {"on the list": GREY, "came": GREEN, "went": ORANGE}
BANDS = {"below review": GREY, "review band": ORANGE, "accepted": BLUE}
FILLED = ("#cfd3d6", "#d2e2f1", "#93bbe0", "#4a86c0", "#1d4f80")
BAR_WIDTH = 320
LABEL, FIGURE = 13, 12

Row = dict[str, Any]
Spec = dict[str, Any]


def arrivals(table: pd.DataFrame) -> str:
    """A square per school and term with its pupils, or `none`: columns school, term, said, state (sent, part, none)."""
    terms, schools = table["term"].unique().tolist(), table["school"].unique().tolist()
    cells = [_cell(schools.index(row["school"]), terms.index(row["term"]), row) for row in _rows(table)]
    size = (112 * len(terms), 22 * len(schools))
    missing = [cell for cell in cells if cell["state"] == NONE]
    return draw(_grid(size, len(schools), len(terms), [
        _rects(cells, {"stroke": "white"}, color=_kinds("state", ARRIVED, offset=28)),
        _rects(missing, {"fill": "white", "stroke": RED, "strokeWidth": 1.5}),
        _texts(cells, {"fontSize": FIGURE}),
        *_row_words(schools),
        *_column_words(terms),
    ]))


def shares(table: pd.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> str:
    """A square per row and column, darker the larger the share of one, the share written in it: row, column, share."""
    cells = [_cell(rows.index(row["row"]), columns.index(row["column"]), row) for row in _rows(table)]
    cells = [{**cell, "said": percent(cell["share"]), "dark": cell["share"] > 0.5} for cell in cells]
    scale = {"domain": [0, 1], "range": ["#f3f6f9", "#1d4f80"]}
    colour = {"field": "share", "type": "quantitative", "scale": scale, "legend": None}
    letters = {"condition": {"test": "datum.dark", "value": "white"}, "value": INK}
    return draw(_grid((66 * len(columns), 24 * len(rows)), len(rows), len(columns), [
        _rects(cells, {"stroke": "white"}, color=colour),
        _texts(cells, {"fontSize": FIGURE}, color=letters),
        *_row_words(rows),
        *_slanted_words(columns),
    ]))


def bars(table: pd.DataFrame) -> str:
    """A bar per row in its order, with words on its left and its figure on its right: columns label, value, said.

    `whole`, where the table has it, is what the bar is a part of, drawn pale behind it.
    """
    return draw(_bars(table))


def funnel(panels: Sequence[tuple[str, pd.DataFrame]]) -> str:
    """Panels of bars below each other, each with a scale of its own: a title, and label, value, said."""
    return draw({"vconcat": [{"title": title, **_bars(table)} for title, table in panels], "spacing": 28})


def bridge(table: pd.DataFrame) -> str:
    """From one count to another by what came and went: label, start, end, kind (on the list, came, went), said."""
    rows = [{**row, "right": max(row["start"], row["end"])} for row in _rows(table)]
    return draw(_across(rows, "start", "end", _kinds("kind", BRIDGED)))


def combinations(families: Sequence[int], met: Sequence[frozenset[str]], criteria: Sequence[str]) -> str:
    """Bars over dots, a column per combination: its families, and which criteria (the rows, in words) it holds."""
    count, wide = len(families), max(38 * len(families), 60)
    tops = [{"x": at + 0.2, "x2": at + 0.8, "mid": at + 0.5, "y": 0, "y2": number, "said": f"{number:,}"}
            for at, number in enumerate(families)]
    dots = [{"x": at + 0.5, "y": row + 0.5, "met": criterion in held}
            for at, held in enumerate(met) for row, criterion in enumerate(criteria)]
    across, up = _axis([0, count]), _axis([0, max([*families, 1])])
    filled = {"condition": {"test": "datum.met", "value": BLUE}, "value": EMPTY}
    upper = [
        _layer(tops, {"type": "rect", "color": BLUE}, x={"field": "x", **across}, x2={"field": "x2"},
               y={"field": "y", **up}, y2={"field": "y2"}),
        _layer(tops, {"type": "text", "dy": -7, "fontSize": LABEL}, x={"field": "mid", **across},
               y={"field": "y2", **up}, text={"field": "said"}),
    ]
    spots = _layer(dots, {"type": "circle", "size": 130, "opacity": 1}, x={"field": "x", **across},
                   y={"field": "y", **_axis([len(criteria), 0])}, color=filled)
    lower = _grid((wide, 28 * len(criteria)), len(criteria), count, [spots, *_row_words(criteria)])
    return draw({"vconcat": [{"width": wide, "height": 150, "layer": upper}, lower], "spacing": 4})


def weights(table: pd.DataFrame, band: tuple[float, float]) -> str:
    """Pairs by weight, the review band shaded and its two thresholds marked: columns from, to, band, pairs."""
    rows, (low, high) = _rows(table), band
    most = max([row["pairs"] for row in rows], default=1)
    ends = [row["from"] for row in rows] + [row["to"] for row in rows]
    across = {"type": "quantitative", "axis": {"title": "match weight (log2 of the odds)"},
              "scale": {"domain": [min([low - 1, *ends]), max([high + 1, *ends])], "nice": False}}
    up = {"type": "quantitative", "scale": {"type": "sqrt", "domain": [0, most * 1.05]},
          "axis": {"title": "pairs (square-root scale)", "tickCount": 5}}
    said = ((low, "asked from here"), (high, "joined from here"))
    marked = [{"at": at, "said": words, "top": most} for at, words in said]
    told = {"type": "text", "dy": -6, "baseline": "bottom", "fontSize": LABEL}
    here: dict[str, Spec] = {"x": {"field": "at", **across}}
    top: dict[str, Spec] = {"y": {"field": "top", **up}, "text": {"field": "said"}}
    layers = [
        _layer([{"at": low, "to": high}], {"type": "rect", "color": ORANGE, "opacity": 0.12}, **here,
               x2={"field": "to"}),
        _layer(rows, {"type": "bar", "binSpacing": 1}, x={"field": "from", "bin": "binned", **across},
               x2={"field": "to"}, y={"field": "pairs", **up}, color=_kinds("band", BANDS)),
        _layer(marked, {"type": "rule", "strokeDash": [4, 3], "color": INK}, **here),
        _layer(marked[:1], {**told, "align": "right", "dx": -4}, **here, **top),
        _layer(marked[1:], {**told, "align": "left", "dx": 4}, **here, **top),
    ]
    return draw({"width": 660, "height": 240, "layer": layers})


def area_map(outlines: Sequence[Outline], said: Mapping[str, str], bands: Sequence[str]) -> str:
    """Each area filled by its band, the smallest grey, with its name and band written in its middle."""
    colours = dict(zip(bands, FILLED, strict=True))
    shapes = [
        {"type": "Feature", "band": said[outline.name],
         "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}}
        for outline in outlines for ring in outline.rings
    ]
    middles = [{"name": outline.name, "band": said[outline.name], "dark": said[outline.name] in bands[-2:],
                **_middle(outline)} for outline in outlines if outline.rings]
    where = {"longitude": {"field": "x"}, "latitude": {"field": "y"}}
    letters = {"condition": {"test": "datum.dark", "value": "white"}, "value": INK}
    mark = {"type": "text", "fontSize": LABEL}
    layers = [
        _layer(shapes, {"type": "geoshape", "stroke": "white"}, color=_kinds("band", colours)),
        _layer(middles, {**mark, "dy": -7, "fontWeight": "bold"}, text={"field": "name"}, color=letters, **where),
        _layer(middles, {**mark, "dy": 9}, text={"field": "band"}, color=letters, **where),
    ]
    return draw({"width": 560, "height": 440, "projection": {"type": "identity", "reflectY": True}, "layer": layers})


def _middle(outline: Outline) -> Row:
    """The middle of the largest ring, by what its edges span."""
    area, x, y = max((_centre(ring) for ring in outline.rings), key=lambda found: abs(found[0]))
    return {"x": x, "y": y}


def _centre(ring: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """The signed area of a ring, and its centre."""
    crosses = [(x * v - u * y, x + u, y + v) for (x, y), (u, v) in pairwise(ring)]
    twice = sum(cross for cross, _, _ in crosses)
    if not twice:
        return 0.0, *ring[0]
    return twice, sum(c * x for c, x, _ in crosses) / (3 * twice), sum(c * y for c, _, y in crosses) / (3 * twice)


def percent(share: float) -> str:
    """A share in words: `12%`, `0.4%`, `under 0.1%`; nothing where there is none."""
    if pd.isna(share):
        return ""
    if share in (0, 1) or 0.095 <= share < 0.995:
        return f"{share:.0%}"
    return "under 0.1%" if share < 0.0005 else "over 99.9%" if share > 0.9995 else f"{share:.1%}"


def _bars(table: pd.DataFrame) -> Spec:
    rows = [{**row, "start": 0, "right": row.get("whole", row["value"])} for row in _rows(table)]
    drawn = _across(rows, "start", "value", {"value": BLUE})
    if "whole" in table:
        behind = _across(rows, "start", "whole", {"value": EMPTY})["layer"][0]
        drawn["layer"] = [behind, *drawn["layer"]]
    return drawn


def _across(rows: list[Row], start: str, end: str, colour: Spec) -> Spec:
    """Bars to the right, one below the other, with words on both sides: label, said, and `right`, where said stands."""
    placed = [{**row, "y": at + 0.17, "y2": at + 0.83, "mid": at + 0.5} for at, row in enumerate(rows)]
    scale, down = _axis([0, max([*(row["right"] for row in rows), 0]) or 1]), _axis([len(rows), 0])
    drawn = _layer(placed, {"type": "rect"}, x={"field": start, **scale}, x2={"field": end}, y={"field": "y", **down},
                   y2={"field": "y2"}, color=colour)
    said = _layer(placed, {"type": "text", "align": "left", "dx": 5, "fontSize": LABEL},
                  x={"field": "right", **scale}, y={"field": "mid", **down}, text={"field": "said"})
    words = _row_words([row["label"] for row in rows])
    return {"width": BAR_WIDTH, "height": 28 * len(rows), "layer": [drawn, said, *words]}


def _grid(size: tuple[int, int], rows: int, columns: int, layers: Iterable[Spec]) -> Spec:
    """Layers over rows and columns, each of which is one wide; the words beside them count from the same corner."""
    frame = {"x": {**_axis([0, columns])}, "y": {**_axis([rows, 0])}}
    whole = [{**layer, "encoding": {name: {**frame.get(name, {}), **said} for name, said in layer["encoding"].items()}}
             for layer in layers]
    return {"width": size[0], "height": size[1], "layer": whole}


def _cell(row: int, column: int, said: Mapping[str, Any]) -> Row:
    return {**said, "x": column, "x2": column + 1, "y": row, "y2": row + 1, "midx": column + 0.5, "midy": row + 0.5}


def _rects(cells: list[Row], mark: Spec, **encoding: Spec) -> Spec:
    ends = {"x": {"field": "x"}, "x2": {"field": "x2"}, "y": {"field": "y"}, "y2": {"field": "y2"}}
    return _layer(cells, {"type": "rect", **mark}, **ends, **encoding)


def _texts(cells: list[Row], mark: Spec, **encoding: Spec) -> Spec:
    middle = {"x": {"field": "midx"}, "y": {"field": "midy"}, "text": {"field": "said"}}
    return _layer(cells, {"type": "text", "color": INK, **mark}, **middle, **encoding)


def _row_words(words: Sequence[str]) -> list[Spec]:
    """Words on the left of each row."""
    rows = [{"midy": at + 0.5, "said": word} for at, word in enumerate(words)]
    mark = {"type": "text", "align": "right", "fontSize": LABEL, "color": INK}
    where = {"field": "midy", **_axis([len(words), 0])}
    return [_layer(rows, mark, x={"value": -8}, y=where, text={"field": "said"})]


def _column_words(words: Sequence[str]) -> list[Spec]:
    """Words above each column."""
    rows = [{"midx": at + 0.5, "said": word} for at, word in enumerate(words)]
    mark = {"type": "text", "fontSize": LABEL, "color": INK}
    return [_layer(rows, mark, x={"field": "midx"}, y={"value": -10}, text={"field": "said"})]


def _slanted_words(words: Sequence[str]) -> list[Spec]:
    """Words above each column that is too narrow for them."""
    rows = [{"midx": at + 0.5, "said": word} for at, word in enumerate(words)]
    mark = {"type": "text", "fontSize": LABEL, "color": INK, "angle": 320, "align": "left", "dx": 4}
    return [_layer(rows, mark, x={"field": "midx"}, y={"value": -8}, text={"field": "said"})]


def _layer(rows: list[Row], mark: Spec, **encoding: Spec) -> Spec:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _axis(domain: list[float]) -> Spec:
    """A place on a scale that is not drawn."""
    return {"type": "quantitative", "scale": {"domain": domain, "nice": False, "zero": False}, "axis": None}


def _kinds(field: str, colours: Mapping[str, str], offset: int = 12) -> Spec:
    scale = {"domain": list(colours), "range": list(colours.values())}
    legend = {"orient": "top", "symbolStrokeColor": QUIET, "symbolStrokeWidth": 1, "symbolType": "square",
              "offset": offset}
    return {"field": field, "type": "nominal", "scale": scale, "title": None, "legend": legend}


def _rows(table: pd.DataFrame) -> list[Row]:
    """The rows as plain values."""
    return [{str(name): getattr(value, "item", lambda plain=value: plain)() for name, value in row.items()}
            for row in table.to_dict("records")]
