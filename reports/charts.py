"""Pictures as SVG text, drawn from counts and shares that others worked out; decides looks, never content.

No picture holds a row of anybody's data: what is drawn was added up before.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from reports.svg import draw


BLUE, ORANGE, GREY, RED, GREEN = "#1d70b8", "#b8540a", "#8a9296", "#b10e1e", "#00703c"
WIDTH = 620
ROW = 20


def grouped_bars(table: pd.DataFrame, value: str, title: str, colours: dict[str, str]) -> str:
    """Bars per `level` side by side by `kind`, a panel per `field`; levels in the order of `place`."""
    panels = [
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X(value, title=title),
            y=alt.Y("level", sort=rows.sort_values("place")["level"].unique().tolist(), title=None),
            yOffset=alt.YOffset("kind", sort=list(colours)),
            color=_colours("kind", colours),
        )
        .properties(title=str(field), width=250, height=alt.Step(ROW / len(colours)))
        for field, rows in table.groupby("field", sort=False)
    ]
    return _svg(alt.concat(*panels, columns=2).resolve_scale(x="shared"))


def signed_bars(table: pd.DataFrame, title: str) -> str:
    """Bars to the right and left of nothing per `level`, a panel per `field`; columns field, level, place, bits."""
    panels = [
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("bits", title=title),
            y=alt.Y("level", sort=rows.sort_values("place")["level"].tolist(), title=None),
            color=alt.condition("datum.bits > 0", alt.value(BLUE), alt.value(ORANGE)),
        )
        .properties(title=str(field), width=250, height=alt.Step(ROW))
        for field, rows in table.groupby("field", sort=False)
    ]
    return _svg(alt.concat(*panels, columns=2).resolve_scale(x="shared"))


def histogram(table: pd.DataFrame, colours: dict[str, str], x_title: str, y_title: str) -> str:
    """Stacked bars between `from` and `to`, coloured by `band`; the height is `pairs`, on a square-root scale."""
    drawn = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X("from:Q", title=x_title, bin="binned"),
            x2="to:Q",
            y=alt.Y("pairs", title=y_title, scale=alt.Scale(type="sqrt")),
            color=_colours("band", colours),
        )
        .properties(width=WIDTH, height=240)
    )
    return _svg(drawn)


def bars(table: pd.DataFrame, label: str, value: str, titles: tuple[str, str], *, share: bool = False) -> str:
    """One bar per row in the order of the table, its figure beside it; `share`: fractions of one as percentages."""
    form = ".1%" if share else ",.0f"
    shown = table.assign(words=table[label].astype(str))
    scale = alt.Scale(domain=[0, 1]) if share else alt.Undefined
    axis = alt.Axis(format=".0%") if share else alt.Axis(format=",.0f", tickMinStep=1)
    base = alt.Chart(shown).encode(
        x=alt.X(value, title=titles[1], scale=scale, axis=axis),
        y=alt.Y("words:N", sort=shown["words"].tolist(), title=titles[0], axis=alt.Axis(labelLimit=260)),
    )
    text = base.mark_text(align="left", dx=3).encode(text=alt.Text(value, format=form))
    return _svg((base.mark_bar(color=BLUE) + text).properties(width=WIDTH - 160, height=alt.Step(ROW)))


def heat(table: pd.DataFrame, row: str, column: str, value: str) -> str:
    """A square per `row` and `column`, darker the larger the share, with the share written in it."""
    order = table[column].unique().tolist()
    base = alt.Chart(table).encode(
        x=alt.X(f"{column}:N", title=None, sort=order, axis=alt.Axis(orient="top", labelAngle=-40)),
        y=alt.Y(f"{row}:N", title=None),
    )
    squares = base.mark_rect(stroke="white").encode(
        color=alt.Color(value, scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    )
    words = base.mark_text(fontSize=10).encode(
        text=alt.Text(value, format=".0%"),
        color=alt.condition(f"datum.{value} > 0.55", alt.value("white"), alt.value("black")),
    )
    return _svg((squares + words).properties(width=alt.Step(48), height=alt.Step(24)))


def waterfall(steps: pd.DataFrame) -> str:
    """How a weight comes about, bit by bit: columns step, level, bits; the last row is the sum."""
    parts, total = steps.iloc[:-1], float(steps["bits"].iloc[-1])
    end = parts["bits"].cumsum()
    words = parts["step"] + parts["level"].map(lambda level: f": {level}" if level else "")
    table = pd.DataFrame({"words": words, "start": end - parts["bits"], "end": end, "bits": parts["bits"]})
    table["kind"] = table["bits"].map(lambda bits: "for" if bits > 0 else "against")
    table.loc[len(table)] = [steps["step"].iloc[-1], 0.0, total, total, "sum"]
    table["furthest"] = table[["start", "end"]].max(axis=1)
    words_axis = alt.Axis(labelLimit=300)
    base = alt.Chart(table).encode(y=alt.Y("words:N", sort=table["words"].tolist(), title=None, axis=words_axis))
    drawn = base.mark_bar().encode(
        x=alt.X("start:Q", title="bits of weight"),
        x2="end:Q",
        color=_colours("kind", {"for": BLUE, "against": ORANGE, "sum": GREY}),
    )
    figures = base.mark_text(align="left", dx=4).encode(x="furthest:Q", text=alt.Text("bits:Q", format="+.1f"))
    return _svg((drawn + figures).properties(width=WIDTH - 260, height=alt.Step(ROW)))


def lines(table: pd.DataFrame, x: str, values: Sequence[str], x_title: str) -> str:
    """A line with points per column of `values`, all fractions of one."""
    long = table.melt(x, value_vars=list(values), var_name="figure", value_name="share").astype({"share": float})
    colours = dict(zip(values, (BLUE, ORANGE, GREEN), strict=False))
    drawn = (
        alt.Chart(long)
        .mark_line(point=True)
        .encode(
            x=alt.X(f"{x}:Q", title=x_title, scale=alt.Scale(zero=False)),
            y=alt.Y("share:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format=".1%")),
            color=_colours("figure", colours),
        )
        .properties(width=WIDTH, height=240)
    )
    return _svg(drawn)


def stacked_columns(table: pd.DataFrame, x: str, value: str, colours: dict[str, str], title: str) -> str:
    """A column per `x` in the order of the table, stacked by `kind` in the order of `colours`, its sum written above.

    Columns: x, kind, and `value` in pounds.
    """
    order = table[x].unique().tolist()
    shown = table.assign(place=table["kind"].map({kind: place for place, kind in enumerate(colours)}))
    sums = table.groupby(x, sort=False, as_index=False)[value].sum()
    axis = alt.X(f"{x}:N", sort=order, title=None, axis=alt.Axis(labelAngle=-40))
    drawn = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=axis,
            y=alt.Y(f"{value}:Q", title=title, axis=alt.Axis(format=",.0f")),
            color=_colours("kind", colours),
            order="place:O",
        )
    )
    words = alt.Chart(sums[sums[value] > 0]).mark_text(dy=-6, fontSize=9).encode(
        x=axis, y=f"{value}:Q", text=alt.Text(f"{value}:Q", format=",.0f")
    )
    return _svg((drawn + words).properties(width=WIDTH, height=280))


def calibration(table: pd.DataFrame) -> str:
    """Said against true, with the line on which they agree: columns mean_probability, true_share, pairs."""
    points = alt.Chart(table).encode(
        x=alt.X("mean_probability:Q", title="probability given", scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("true_share:Q", title="share that is true", scale=alt.Scale(domain=[0, 1])),
    )
    even = alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]})).mark_line(color=GREY, strokeDash=[4, 4])
    drawn = even.encode(x="x:Q", y="y:Q") + points.mark_line(color=BLUE) + points.mark_circle(color=BLUE, size=70)
    words = points.mark_text(dy=-12).encode(text=alt.Text("pairs:Q", format=","))
    return _svg((drawn + words).properties(width=320, height=320))


def _colours(field: str, colours: dict[str, str]) -> alt.Color:
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", scale=scale, title=None, legend=alt.Legend(orient="top"))


def _svg(chart: Any) -> str:
    return draw(chart.to_dict())
