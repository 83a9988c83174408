"""The pictures of a run as SVG text, drawn from counts alone; decides looks, never content.

Words beside marks are marks too, not labels of an axis: none is dropped for want of room, and a test can count them.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from reports.charts import BLUE, GREEN, GREY, ORANGE, RED, as_svg


PALE, INK, QUIET = "#d2e2f1", "#0b0c0c", "#50595f"
SENT, PART, NONE = "sent", "part", "none"
ARRIVED = {SENT: PALE, PART: "#f6c79b", NONE: "white"}


def arrivals(table: pd.DataFrame) -> str:
    """A square per school and term with its pupils, or `none`: columns school, term, said, state (sent, part, none)."""
    terms, schools = table["term"].unique().tolist(), table["school"].unique().tolist()
    placed = table.assign(x=_places(table["term"], terms), y=_places(table["school"], schools))
    base = alt.Chart(placed).encode(x=_cell_x(len(terms)), y=_cell_y(len(schools)))
    squares = base.mark_rect(stroke="white").encode(color=_kinds("state", ARRIVED))
    missing = base.transform_filter(f"datum.state == '{NONE}'").mark_rect(fill="white", stroke=RED, strokeWidth=1.5)
    said = base.mark_text(fontSize=10).encode(text="said:N", color=alt.value(INK))
    size = {"width": 92 * len(terms), "height": 20 * len(schools)}
    return as_svg((squares + missing + said + _row_words(schools) + _column_words(terms)).properties(**size))


def shares(table: pd.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> str:
    """A square per row and column, darker the larger the share of one, the share written in it: row, column, share."""
    placed = table.assign(x=_places(table["column"], columns), y=_places(table["row"], rows))
    placed["said"] = [percent(share) for share in placed["share"]]
    base = alt.Chart(placed).encode(x=_cell_x(len(columns)), y=_cell_y(len(rows)))
    scale = alt.Scale(domain=[0, 1], range=["#f3f6f9", "#1d4f80"])
    squares = base.mark_rect(stroke="white").encode(color=alt.Color("share:Q", scale=scale, legend=None))
    dark = alt.condition("datum.share > 0.5", alt.value("white"), alt.value(INK))
    said = base.mark_text(fontSize=10).encode(text="said:N", color=dark)
    size = {"width": 56 * len(columns), "height": 22 * len(rows)}
    return as_svg((squares + said + _row_words(rows) + _slanted_words(columns)).properties(**size))


def bars(table: pd.DataFrame, width: int = 320, colour: str = BLUE) -> str:
    """A bar per row in its order, with words on its left and its figure on its right: columns label, value, said."""
    return as_svg(_bars(table, width, colour))


def funnel(panels: Sequence[tuple[str, pd.DataFrame]]) -> str:
    """Panels of bars below each other, each with a scale of its own: a title, and label, value, said."""
    drawn = [_bars(table, 320, BLUE).properties(title=title) for title, table in panels]
    return as_svg(alt.vconcat(*drawn, spacing=28))


def bridge(table: pd.DataFrame) -> str:
    """From one count to another by what came and went: label, start, end, kind (whole, came, went), said."""
    labels = table["label"].tolist()
    placed = table.assign(y=_places(table["label"], labels), furthest=table[["start", "end"]].max(axis=1))
    base = alt.Chart(placed).encode(y=_cell_y(len(labels)))
    scale = alt.Scale(domain=[0, _most(placed["furthest"])])
    span = {"x": alt.X("start:Q", scale=scale, axis=None), "x2": "end:Q"}
    colours = {"whole": GREY, "came": GREEN, "went": ORANGE}
    drawn = base.mark_bar(size=18, minBandSize=1).encode(color=_kinds("kind", colours), **span)
    said = base.mark_text(align="left", dx=5, fontSize=11).encode(x=alt.X("furthest:Q", scale=scale), text="said:N")
    size = {"width": 320, "height": 26 * len(labels)}
    return as_svg((drawn + said + _row_words(labels)).properties(**size))


def combinations(table: pd.DataFrame, criteria: Sequence[str]) -> str:
    """Bars over dots, a column per combination: columns number, criterion, met; families stand with the first of each.

    `table`: number (the column), families, and `met`, the list of its criteria. `criteria`: the rows, in words.
    """
    count = len(table)
    across = alt.X("x:Q", scale=alt.Scale(domain=[0, count]), axis=None)
    tops = table.assign(x=table["number"] + 0.5, said=table["families"].map("{:,}".format))
    high = alt.Scale(domain=[0, _most(tops["families"])])
    upper = alt.Chart(tops[["x", "families", "said"]]).encode(x=across, y=alt.Y("families:Q", scale=high, axis=None))
    columns = upper.mark_bar(size=20, color=BLUE) + upper.mark_text(dy=-7, fontSize=11).encode(text="said:N")
    dots = pd.DataFrame(
        [
            {"x": number + 0.5, "y": row + 0.5, "met": criterion in met}
            for number, met in zip(table["number"], table["met"], strict=True)
            for row, criterion in enumerate(criteria)
        ]
    )
    place = alt.Chart(dots).encode(x=across, y=_cell_y(len(criteria)))
    filled = alt.condition("datum.met", alt.value(BLUE), alt.value("#dee3e7"))
    lower = place.mark_circle(size=110, opacity=1).encode(color=filled) + _row_words(criteria)
    wide = max(34 * count, 60)
    return as_svg(
        alt.vconcat(columns.properties(width=wide, height=150), lower.properties(width=wide, height=24 * len(criteria)),
                    spacing=4).resolve_scale(x="shared")
    )


def weights(table: pd.DataFrame, band: tuple[float, float], colours: dict[str, str]) -> str:
    """Pairs by weight, the review band shaded and its two thresholds marked: columns from, to, band, pairs."""
    low, high = band
    base = alt.Chart(table)
    most = _most(table["pairs"])
    upright = alt.Scale(type="sqrt", domain=[0, most])
    across = {"x": alt.X("from:Q", title="match weight (log2 of the odds)", bin="binned"), "x2": "to:Q"}
    height = alt.Y("pairs:Q", title="pairs (square-root scale)", scale=upright, axis=alt.Axis(tickCount=5))
    drawn = base.mark_bar().encode(y=height, color=_kinds("band", colours), **across)
    shade = alt.Chart(pd.DataFrame({"from": [low], "to": [high]})).mark_rect(color=ORANGE, opacity=0.12)
    lines = alt.Chart(pd.DataFrame({"from": [low, high], "said": ["asked from here", "joined from here"], "top": most}))
    ruled = lines.mark_rule(strokeDash=[4, 3], color=INK).encode(x="from:Q")
    told = [
        lines.transform_filter(f"datum.from == {at}")
        .mark_text(align=align, dx=dx, dy=-6, baseline="bottom", fontSize=11)
        .encode(x="from:Q", y=alt.Y("top:Q"), text="said:N")
        for at, align, dx in ((low, "right", -4), (high, "left", 4))
    ]
    layers = alt.layer(shade.encode(x="from:Q", x2="to:Q"), drawn, ruled, *told)
    return as_svg(layers.properties(width=620, height=220))


def percent(share: float) -> str:
    """A share in words: `12%`, `0.4%`, `under 0.1%`; nothing where there is none."""
    if pd.isna(share):
        return ""
    if share in (0, 1) or 0.095 <= share <= 0.9949:
        return f"{share:.0%}"
    return "under 0.1%" if share < 0.0005 else "over 99.9%" if share > 0.9995 else f"{share:.1%}"


def _bars(table: pd.DataFrame, width: int, colour: str) -> Any:
    labels = table["label"].tolist()
    placed = table.assign(y=_places(table["label"], labels), start=0)
    scale = alt.Scale(domain=[0, _most(placed["value"])])
    base = alt.Chart(placed).encode(y=_cell_y(len(labels)))
    drawn = base.mark_bar(size=16, color=colour).encode(x=alt.X("start:Q", scale=scale, axis=None), x2="value:Q")
    said = base.mark_text(align="left", dx=5, fontSize=11).encode(x=alt.X("value:Q", scale=scale), text="said:N")
    return (drawn + said + _row_words(labels)).properties(width=width, height=24 * len(labels))


def _places(column: pd.Series, order: Sequence[str]) -> list[float]:
    """The middle of each value's row or column."""
    place = {value: number + 0.5 for number, value in enumerate(order)}
    return [place[value] for value in column]


def _cell_x(count: int) -> alt.X:
    return alt.X("x:O", scale=alt.Scale(domain=[number + 0.5 for number in range(count)], padding=0), axis=None)


def _cell_y(count: int) -> alt.Y:
    return alt.Y("y:O", scale=alt.Scale(domain=[number + 0.5 for number in range(count)], padding=0), axis=None)


def _row_words(words: Sequence[str]) -> alt.Chart:
    """Words on the left of each row."""
    table = pd.DataFrame({"y": [number + 0.5 for number in range(len(words))], "words": list(words)})
    marks = alt.Chart(table).mark_text(align="right", fontSize=11, color=INK)
    return marks.encode(x=alt.value(-8), y=_cell_y(len(words)), text="words:N")


def _column_words(words: Sequence[str]) -> alt.Chart:
    """Words above each column."""
    table = pd.DataFrame({"x": [number + 0.5 for number in range(len(words))], "words": list(words)})
    marks = alt.Chart(table).mark_text(fontSize=11, color=INK)
    return marks.encode(x=_cell_x(len(words)), y=alt.value(-10), text="words:N")


def _slanted_words(words: Sequence[str]) -> alt.Chart:
    """Words above each column that is too narrow for them."""
    table = pd.DataFrame({"x": [number + 0.5 for number in range(len(words))], "words": list(words)})
    marks = alt.Chart(table).mark_text(fontSize=11, color=INK, angle=320, align="left", dx=4)
    return marks.encode(x=_cell_x(len(words)), y=alt.value(-8), text="words:N")


def _most(column: pd.Series) -> float:
    """The end of a scale: the largest figure, and never nothing."""
    return float(max(column.max(), 1)) if len(column) else 1.0


def _kinds(field: str, colours: dict[str, str]) -> alt.Color:
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", scale=scale, title=None, legend=alt.Legend(orient="top", symbolStrokeColor=QUIET))
