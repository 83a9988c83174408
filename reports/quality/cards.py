"""A quality card for each extract: rows in and rejected, empty fields, days, duplicates, and what changed since."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from reports.packs.wording import many, sentence, short_day
from reports.page import Figure, Section
from reports.quality import pictures
from reports.quality.counted import Counted, Extracts
from reports.quality.pictures import percent
from reports.workbook import heading
from schemas.columns import empty_table
from schemas.extracts import EXTRACTS
from schemas.person import PERSON_COLUMNS
from schemas.published import FieldQuality
from schemas.rules import RULES


FEWER_ROWS, MORE_ROWS = 0.8, 1.5
"""From one month to the next, rows below or above this share of what they were are worth a look."""
EMPTIER = 0.05
MANY_REJECTED, SOME_REJECTED = 0.02, 5
DROPPED = "unknown_column"
TOLD = (DROPPED, "duplicate_row", "repeated_file")
"""Counts that stand among the facts."""
ROWS = {
    "rows_read": "Rows read",
    "rows_accepted": "Rows accepted",
    "rows_quarantined": "Rows rejected",
    "duplicate_row": "Rows that say the same as another",
}
ERASED = "Rows of people who asked to be erased, not taken in"
ABBREVIATED = re.compile(r"\b(upn|urn|nino|yot|dwp|(?<=reason )[a-z])\b", re.IGNORECASE)
EVERY = "Every extract that can be given; what is not given makes the criteria that need it unknown."
DRAWN = (*PERSON_COLUMNS, "upn", "nino")
FIELDS = frozenset(column for spec in EXTRACTS.values() for column in spec.columns)


class Card(NamedTuple):
    """What is said of an extract: facts (what, how much), tables by title, its fields, and what is worth a look.

    There are no fields of a run of before they were counted.
    """

    extract: str
    facts: list[tuple[str, str]]
    tables: list[tuple[str, pd.DataFrame]]
    fields: pd.DataFrame
    look: list[str]

    @property
    def title(self) -> str:
        """The extract's name in words."""
        return extract_words(self.extract)


def extract_words(extract: str) -> str:
    """An extract's name as a heading."""
    return sentence(extract)


def cards(counted: Counted) -> list[Card]:
    """A card for each extract that came in, in the order in which extracts are read."""
    return [card(counted.extracts, counted.before, name) for name in EXTRACTS if name in counted.extracts.counts]


def card(now: Extracts, before: Extracts | None, extract: str) -> Card:
    """The card of one extract; `before` is what came in with the previous run."""
    then = before if before and extract in before.counts else None
    tables = [
        ("Rejected rows", _rejected(now, then, extract)),
        ("Counted, or cleared and the row kept", _noted(now.counts[extract])),
    ]
    kept = [(title, table) for title, table in tables if len(table)]
    fields = field_table(now, then, extract)
    return Card(extract, list(_facts(now, then, extract)), kept, fields, list(_looks(now, then, extract)))


def worth_a_look(counted: Counted) -> list[tuple[str, list[str]]]:
    """What is worth a look, by extract: sentences about those that came, and those that did not come again."""
    found = [(one.extract, one.look) for one in cards(counted)]
    was = counted.before.counts if counted.before else {}
    gone = [(name, ["It was given last time, and is missing."]) for name in was if name not in counted.extracts.counts]
    return [(name, said) for name, said in (*gone, *found) if said]


def arrived(counted: Counted) -> pd.DataFrame:
    """Every extract that can come in: name, extract (in words), came, rows, rejected, rows_last_time, change."""
    table = pd.DataFrame([_arrived(counted, name) for name in EXTRACTS])
    return table.astype(dict.fromkeys(("rows", "rejected", "rows_last_time"), "Int64"))


def came_in_section(counted: Counted) -> Section:
    """Which extracts came, and how full the fields are that say who somebody is."""
    extracts = Figure("Extracts", EVERY, "", arrived(counted).drop(columns="name"))
    return Section("What came in", [extracts, *empty_fields(counted)])


def _arrived(counted: Counted, name: str) -> dict[str, Any]:
    now, then = counted.extracts, counted.before
    there = name in now.counts
    rows, before = now.counted(name, "rows_read"), then.counted(name, "rows_read") if then else 0
    was = then is not None and name in then.counts
    return {
        "name": name,
        "extract": extract_words(name),
        "came": "yes" if there else "none",
        "rows": rows if there else None,
        "rejected": now.counted(name, "rows_quarantined") if there else None,
        "rows_last_time": before if was else None,
        "change": _moved(rows, before) if there and was else "not given before" if there and then else "",
    }


def empty_fields(counted: Counted) -> list[Figure]:
    """How full the fields are that say who somebody is; no figure where a run of before did not count it."""
    now = counted.extracts
    every = pd.concat(now.fields.values(), ignore_index=True) if now.fields else empty_table(FieldQuality)
    fields = every[every["field"].isin(DRAWN) & (every["rows"] > 0)]
    table = pd.DataFrame({
        "row": fields["extract"].map(extract_words),
        "column": fields["field"].map(field_words),
        "share": (fields["blank"] / fields["rows"]).astype(float),
        "empty": fields["blank"].astype(int),
        "rows": fields["rows"].astype(int),
    })
    if table.empty:
        return []
    rows = [name for name in map(extract_words, EXTRACTS) if name in set(table["row"])]
    columns = [name for name in map(field_words, DRAWN) if name in set(table["column"])]
    shown = table.rename(columns={"row": "extract", "column": "field"})
    shown = shown.assign(share=shown["share"].map(percent))[["extract", "field", "empty", "rows", "share"]]
    said = "The share of each extract's accepted rows in which the field is empty; 100%: it was not given at all."
    return [Figure("Empty fields that say who somebody is", said, pictures.shares(table, rows, columns), shown)]


def field_table(now: Extracts, then: Extracts | None, extract: str) -> pd.DataFrame:
    """The fields of an extract: field, empty, rows, share, share_last_time, first, last."""
    table = now.fields[extract]
    shares = _shares(table)
    before = {} if then is None else _shares(then.fields[extract])
    return pd.DataFrame({
        "field": [field_words(field) for field in table["field"]],
        "empty": table["blank"].astype(int),
        "rows": table["rows"].astype(int),
        "share_empty": [percent(shares.get(field, float("nan"))) for field in table["field"]],
        "share_last_time": [percent(before.get(field, float("nan"))) for field in table["field"]],
        "first_day": [_day(day) for day in table["first"]],
        "last_day": [_day(day) for day in table["last"]],
    })


def field_words(field: str) -> str:
    """A field's name as a heading."""
    return ABBREVIATED.sub(lambda found: found.group().upper(), heading(field))


def _shares(fields: pd.DataFrame) -> dict[str, float]:
    held = fields[fields["rows"] > 0]
    return dict(zip(held["field"], (held["blank"] / held["rows"]).astype(float), strict=True))


def _facts(now: Extracts, then: Extracts | None, extract: str) -> Iterator[tuple[str, str]]:
    for what, title in ROWS.items():
        count, was = now.counted(extract, what), f" ({then.counted(extract, what):,} last time)" if then else ""
        yield title, f"{count:,}{_of_rows(count, now.counted(extract, 'rows_read'), what)}{was}"
    if erased := now.counted(extract, "rows_erased"):
        yield ERASED, f"{erased:,}"
    if repeated := now.counted(extract, "repeated_file"):
        yield "Files given twice, read once", f"{repeated:,}"
    dated = now.fields[extract].dropna(subset=["first"]).head(1)
    for field, first, last in dated[["field", "first", "last"]].itertuples(index=False):
        yield field_words(field), f"{_day(first)} to {_day(last)}"
    yield "Columns dropped at the door", f"{dropped(now.counts[extract]):,}{_last_time(then, extract)}"


def _of_rows(count: int, rows: int, what: str) -> str:
    return f", {percent(count / rows)}" if rows and what != "rows_read" else ""


def dropped(counts: Mapping[str, int]) -> int:
    """How many columns of the files the extract does not need; a run of before counted them by their headings."""
    return sum(count for name, count in counts.items() if name.partition(": ")[0] == DROPPED)


def _last_time(then: Extracts | None, extract: str) -> str:
    return f" ({dropped(then.counts[extract]):,} last time)" if then else ""


def _rejected(now: Extracts, then: Extracts | None, extract: str) -> pd.DataFrame:
    """Rejected rows by what they broke, those that nothing breaks any more too: why, rows, rows_last_time."""
    counts, before = _rejections(now, extract), {} if then is None else _rejections(then, extract)
    every = sorted(counts.keys() | before.keys(), key=lambda key: (-counts.get(key, 0), key))
    table = pd.DataFrame({"why": [_said(*key) for key in every], "rows": [counts.get(key, 0) for key in every]})
    return table if then is None else table.assign(rows_last_time=[before.get(key, 0) for key in every])


def _rejections(month: Extracts, extract: str) -> dict[tuple[str, str], int]:
    rows = month.rejected[month.rejected["extract"] == extract]
    return dict(zip(zip(rows["rule"], rows["column"].fillna(""), strict=True), rows["rows"].astype(int), strict=True))


def _noted(counts: Mapping[str, int]) -> pd.DataFrame:
    noted = [(name.partition(": "), count) for name, count in counts.items()]
    kept = [(rule, column, count) for (rule, _, column), count in noted if rule in RULES and rule not in TOLD]
    return pd.DataFrame([(_said(rule, column), count) for rule, column, count in kept], columns=["what", "times"])


def _said(rule: str, column: str) -> str:
    """What a rule says of a column; one that is a field is called as elsewhere, another as it stands in its file."""
    said = RULES[rule].message.format(column=field_words(column) if column in FIELDS else column)
    return said if column else said[:1].upper() + said[1:]


def _looks(now: Extracts, then: Extracts | None, extract: str) -> Iterator[str]:
    """What is worth a look, in sentences."""
    counts = now.counts[extract]
    rejected, rows = counts["rows_quarantined"], counts["rows_read"]
    if rejected >= SOME_REJECTED and rejected / rows > MANY_REJECTED:
        yield f"{many(rejected, 'row')} of {rows:,} ({percent(rejected / rows)}) were rejected."
    if then is None:
        return
    was = then.counts[extract]["rows_read"]
    if was and not FEWER_ROWS <= rows / was <= MORE_ROWS:
        yield f"{rows:,} rows came, and {was:,} last time ({_moved(rows, was)})."
    shares, before = _shares(now.fields[extract]), _shares(then.fields[extract])
    for field in shares.keys() & before.keys():
        if shares[field] - before[field] >= EMPTIER:
            yield (f"{field_words(field)} is empty in {percent(shares[field])} of the rows, "
                   f"and was in {percent(before[field])}.")
    if dropped(counts) > dropped(then.counts[extract]):
        yield (f"{many(dropped(counts), 'column')} of its files, which nothing needs, dropped at the door; "
               f"{dropped(then.counts[extract]):,} last time.")


def _moved(now: int, before: int) -> str:
    if not before:
        return ""
    return "the same" if now == before else f"{(now - before) / before:+.1%}"


def _day(day: Any) -> str:
    return "" if pd.isna(day) else short_day(day.date())
