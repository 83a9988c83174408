"""A report as one HTML file: sections of pictures with their words and figures; decides looks, fetches nothing."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import jinja2
import pandas as pd

from reports.svg import named
from reports.workbook import Cover, heading


class Figure(NamedTuple):
    """A picture (SVG) with its words, and the same as a table for who reads rather than looks.

    Without a picture there may be facts (what, how much), and tables by title beside the last one.
    """

    title: str
    words: str
    svg: str
    table: pd.DataFrame
    facts: Sequence[tuple[str, str]] = ()
    beside: Sequence[tuple[str, pd.DataFrame]] = ()


class Section(NamedTuple):
    """A heading and its figures."""

    title: str
    figures: list[Figure]


def write_page(path: Path, cover: Cover, sections: list[Section]) -> None:
    """Write sections as one file: pictures are inside it, and a table stands below each."""
    loader = jinja2.PackageLoader("reports", "templates")
    page = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    page.filters |= {"cells": table_cells, "heading": heading, "named": named}
    text = page.get_template("page.html").render(cover=cover, sections=sections)
    path.write_text(text, encoding="utf-8", newline="\n")


def table_cells(table: pd.DataFrame) -> Iterable[list[str]]:
    """Rows as text: whole numbers with commas, fractions to four places."""
    for row in table.itertuples(index=False):
        yield [_cell(value) for value in row]


def _cell(value: object) -> str:
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
