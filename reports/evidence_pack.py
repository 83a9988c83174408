"""An evidence pack: the sixteen items of the checklist for each case, as PDF and as XLSX; decides what is shown.

A pack is made of what a run holds (`reports.packs.gathered`). What the run does not hold is said to be absent; the same
facts give the same bytes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pandas as pd

from reports.packs import (
    claim_items,
    eligibility_items,
    fact_items,
    record_items,
    register_items,
    result_items,
    source_items,
    timeline,
)
from reports.packs.gathered import Case, Gathered, part_cases
from reports.packs.shape import Grid, Item, Pack, Part, Says
from reports.packs.wording import day
from reports.workbook import Sheet, write_workbook
from schemas.columns import TEXT


ITEMS = (
    claim_items.claim,
    eligibility_items.household,
    eligibility_items.eligibility,
    eligibility_items.rule,
    fact_items.dwp,
    claim_items.attachment,
    result_items.results,
    source_items.education,
    result_items.employment,
    source_items.completeness,
    register_items.no_double_claim,
    claim_items.attribution,
    fact_items.staleness,
    record_items.overrides,
    register_items.sign_off,
    record_items.reproducibility,
    record_items.identity,
)
"""The sixteen items of the checklist in order, and how each record came to be this person."""


FORBIDDEN = "[]:*?/\\'"
"""Characters that Excel has in no sheet's title."""


def make_packs(gathered: Gathered) -> Iterator[Pack]:
    """A pack for each case that was gathered, in their order."""
    return map(_pack, part_cases(gathered))


def _pack(case: Case) -> Pack:
    cover = case.shared.cover
    about = f"family {case.family_id}" if case.family_id else "a family that this run does not know"
    named = f"case {case.family_ref}, {about}" if case.family_ref else about
    window = f"Claim window {case.shared.claims.window}. " if case.shared.claims.window else ""
    subtitle = f"{named[:1].upper()}{named[1:]}. {window}As of {day(cover.as_of)}, run {cover.run_id}."
    title = f"Evidence pack: {case.family_ref or case.family_id or case.household_id}"
    items = tuple(make(case) for make in ITEMS)
    return Pack(case.name, subtitle, cover._replace(title=title), timeline.time_line(case), items)


def write_pack_workbook(path: Path | IO[bytes], pack: Pack) -> None:
    """Write the same as XLSX: what each item says in short, then a sheet for each table."""
    grids = [(f"00 {part.caption}", part) for part in pack.opening if isinstance(part, Grid)]
    grids += [
        (f"{item.number.zfill(2)} {part.caption or item.title}", part)
        for item in pack.items
        for part in item.parts
        if isinstance(part, Grid)
    ]
    titles = _titles([title for title, _ in grids])
    sheets = [Sheet("Items", _in_short(pack.items), frozen=1)]
    sheets += [Sheet(title, _frame(part)) for title, (_, part) in zip(titles, grids, strict=True)]
    write_workbook(path, pack.cover._replace(notes=(pack.subtitle, *pack.cover.notes)), sheets)


def _in_short(items: tuple[Item, ...]) -> pd.DataFrame:
    rows = [
        (item.number, item.title, item.asked, item.short, " ".join(map(_said, item.parts)).strip()) for item in items
    ]
    return pd.DataFrame(rows, columns=["number", "item", "asked", "in_short", "notes"], dtype=TEXT)


def _said(part: Part) -> str:
    return part.text if isinstance(part, Says) else ""


def _frame(grid: Grid) -> pd.DataFrame:
    heads = [column.head for column in grid.columns]
    names = [head if heads.count(head) == 1 else f"{head} {place}" for place, head in enumerate(heads, start=1)]
    return pd.DataFrame(list(grid.rows), columns=names, dtype=TEXT)


def _titles(wanted: list[str]) -> list[str]:
    """Titles that a sheet may have: 31 units of UTF-16, none of the characters that Excel forbids, none twice."""
    found: list[str] = []
    for title in wanted:
        plain = "".join(
            character if character.isprintable() and character not in FORBIDDEN else " " for character in title
        )
        begins = _cut(plain, 27)
        taken = sum(other.casefold().startswith(begins.casefold()) for other in found)
        found.append(f"{begins} {taken + 1}" if taken else _cut(plain, 31))
    return found


def _cut(title: str, units: int) -> str:
    """As much of a title as Excel counts as so many characters, without an apostrophe at its end."""
    return title.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").strip(" '")
