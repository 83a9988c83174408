"""What is written is what is read: tables and days that Hypothesis makes up, in every way of writing them down."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pipeline.intake.dates import read_days
from tests.fuzz.files import cells, read
from tests.fuzz.words import EPOCH


CONTROLS = "".join(chr(code) for code in range(32) if chr(code) not in "\t\r\n")
LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters=CONTROLS)
AWKWARD = st.sampled_from(['"', '""', ",", ";", "\t", "|", "\n", "\r\n", "'", "=1", "\u2028", " "])
TEXT = st.lists(st.one_of(AWKWARD, st.text(LETTERS, max_size=4)), max_size=3).map("".join)
HEADINGS = st.lists(st.text("abcdefgh", min_size=1, max_size=4), min_size=2, max_size=5, unique=True)
FORMS = (
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d%b%Y",
    "%Y %b %d",
    "%d/%m/%Y 00:00:00",
    "%Y-%m-%dT10:30",
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, ...]]]:
    """Headings and rows of text."""
    headings = draw(HEADINGS)
    return headings, draw(st.lists(st.tuples(*[TEXT] * len(headings)), min_size=1, max_size=5))


@given(
    tables(),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def table_written(table: tuple[list[str], list[tuple[str, ...]]], separator: str, end: str, encoding: str) -> None:
    """Any table of text, written by Python's csv, is read back as it is."""
    headings, rows = table
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([headings, *rows])
    found = read(out.getvalue().encode(encoding), "asb.csv", separator=separator)
    filled = [tuple(text or None for text in row) for row in rows if any(row)]
    assert (found is None) == (not filled)
    if found is not None:
        assert (found.table.column_names, cells(found)) == (headings, filled)


@given(st.lists(st.dates(date(1901, 1, 1), date(2099, 12, 31)), min_size=1, max_size=20), st.sampled_from(FORMS))
def days_written(days: list[date], form: str) -> None:
    """Any day of two centuries, in every form that needs no settings, is read as that day."""
    texts = pa.array([day.strftime(form) for day in days], pa.large_string())
    assert [number + EPOCH for number in read_days(texts).days.tolist()] == [day.toordinal() for day in days]


PROPERTIES: dict[str, Callable[[], None]] = {"tables as written": table_written, "days as written": days_written}


def check(name: str, examples: int, start: int) -> None:
    """Hold a property to so many examples."""
    quiet = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    seed(start)(quiet(PROPERTIES[name]))()
