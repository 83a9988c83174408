"""The lists of a run held ready to be filtered: which families are asked for, in which order; no page and no words.

Each is made once for a run and never changed.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup

from pipeline.record.rows import rows_with
from schemas.words import Change, Criterion, Verdict
from web.families.asked import NOT_KNOWN, STALE, Asked
from web.families.kept import once
from web.published import Published


LISTED, UNDETERMINED, LEFT = "master_list", "undetermined", "left_list"
PAGE_OF = 50

HOW_MANY = ((r"\b1 child\b|\b[\d,]+ children\b", "children"), (r"\b[\d,]+ adults?\b", "adults"),
            (r"^the dates? of birth", "the date of birth"))
"""What is waited for about 1 child and about 2 children is one thing to a reader."""


@dataclass(frozen=True, eq=False)
class Listing:
    """A list: its table with `area` and `schools` (their names) added, and in which rows each school's children are."""

    table: pd.DataFrame
    as_of: pd.Timestamp
    at_school: dict[str, np.ndarray]
    school_names: dict[str, str]
    rows: dict[tuple[str, int], Markup] = field(default_factory=dict, repr=False)
    """What was made of a row for a page, by where its links lead and its place here."""
    _seen: dict[frozenset[str], "Seen"] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.table)

    def column(self, name: str) -> np.ndarray:
        """A column as plain values, None where it is empty or the list has no such column."""
        return self._columns.get(name, self._empty)

    @cached_property
    def _columns(self) -> dict[str, np.ndarray]:
        return {name: values.astype(object).where(values.notna(), None).to_numpy()
                for name, values in self.table.items()}

    @cached_property
    def _empty(self) -> np.ndarray:
        return np.full(len(self.table), None, dtype=object)

    @cached_property
    def waits(self) -> list[tuple[str, ...]]:
        """For each family what would settle it, without how many children or adults it is about."""
        texts = [str(text or "") for text in self.column("would_settle")]
        known = {text: tuple(_without_counts(part) for part in text.split("; ") if part) for text in set(texts)}
        return [known[text] for text in texts]

    @cached_property
    def criteria(self) -> list[str]:
        """The criteria that this programme asks for, where the list says anything of them."""
        return [str(one) for one in Criterion if any(value is not None for value in self.column(one)[:1])]

    def seen(self, areas: frozenset[str]) -> "Seen":
        """What somebody may see who has these areas (none: every area)."""
        if areas not in self._seen:
            self._seen[areas] = _seen(self, areas)
        return self._seen[areas]


class Seen(NamedTuple):
    """What somebody may see of a list: which families, and what of them can be chosen among to filter them.

    `areas`, `tiers` and `rules` end with `NOT_KNOWN` where some family has none; `schools` are numbers with names;
    `waits` is what would settle families and how many, what most wait for first.
    """

    families: np.ndarray
    areas: tuple[str, ...]
    tiers: tuple[str, ...]
    rules: tuple[str, ...]
    schools: tuple[tuple[str, str], ...]
    without_school: bool
    waits: tuple[tuple[str, int], ...]

    def offers(self, name: str, value: str) -> bool:
        """Whether `value` may be chosen as `name` (`area`, `tier`, `school`, `waits`), or is nothing."""
        schools, waits = (NOT_KNOWN, *dict(self.schools)), tuple(dict(self.waits))
        return value in ("", *{"area": self.areas, "tier": self.tiers, "school": schools, "waits": waits}[name])


def listing(run: Published, name: str) -> Listing:
    """The list called `name` of `run`, in its own order."""
    return once(run, ("list", name), lambda: _made(run, name))


def _made(run: Published, name: str) -> Listing:
    table, areas = run.table(name), _of_run(run, "family_areas", ["family_id", "area"])
    schools = _of_run(run, "family_schools", ["family_id", "school_urn", "school_name"])
    places = pd.Series(np.arange(len(table)), index=table["family_id"].astype(object))
    schools = schools[schools["family_id"].isin(table["family_id"])].reset_index(drop=True)
    at = schools["family_id"].map(places).to_numpy(dtype=int)
    names = _school_names(run)
    shown = schools["school_urn"].map(lambda urn: names.get(urn, urn)).astype(object)
    joined = shown.groupby(schools["family_id"].astype(object)).agg("; ".join)
    area = table["family_id"].map(areas.set_index("family_id")["area"])
    table = _with_address(run, table).assign(area=area, schools=table["family_id"].astype(object).map(joined))
    by_school = {str(urn): at[rows] for urn, rows in schools.groupby("school_urn").indices.items()}
    return Listing(table, pd.Timestamp(run.manifest.as_of), by_school, names)


def select(held: Listing, asked: Asked, areas: frozenset[str], found: frozenset[str] | None = None) -> np.ndarray:
    """The rows that are asked for, in the order asked for, of those that somebody with these `areas` may see.

    `found`: the families that a search found.
    """
    kept = held.seen(areas).families.copy()
    for name in ("area", "rule", "tier"):
        if getattr(asked, name):
            kept &= _equal(held.column(name), getattr(asked, name))
    for criterion in asked.met:
        kept &= held.column(criterion) == Verdict.MET.value
    for criterion in asked.unknown:
        kept &= held.column(criterion) == Verdict.UNKNOWN.value
    for mask in _masks(held, asked, found):
        kept &= mask
    return _ordered(held, np.flatnonzero(kept), asked.order)


def _seen(held: Listing, areas: frozenset[str]) -> Seen:
    """`areas` are those somebody has (none: every area)."""
    families = np.array([not areas or area in areas for area in held.column("area")], dtype=bool)
    schools = {urn: held.school_names.get(urn, urn) for urn, rows in held.at_school.items() if families[rows].any()}
    by_name = sorted(schools.items(), key=lambda school: (school[1].casefold(), school[0]))
    area, tier, rule = (_choices(held.column(name)[families]) for name in ("area", "tier", "rule"))
    without = bool((_at(held, NOT_KNOWN) & families).any())
    return Seen(families, area, tier, rule, tuple(by_name), without, _waiting(held, families))


def _waiting(held: Listing, families: np.ndarray) -> tuple[tuple[str, int], ...]:
    counted = Counter(part for row in np.flatnonzero(families) for part in dict.fromkeys(held.waits[row]))
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _choices(values: np.ndarray) -> tuple[str, ...]:
    """The values in order; then none, where there is one beside others."""
    seen = set(values)
    return (*sorted(value for value in seen if value is not None), *([NOT_KNOWN] if None in seen else []))


def _masks(held: Listing, asked: Asked, found: frozenset[str] | None) -> list[np.ndarray]:
    masks = []
    if asked.school:
        masks.append(_at(held, asked.school))
    if asked.new:
        masks.append(held.column("change") == Change.NEW.value)
    if asked.stale:
        name, months, _ = STALE[asked.stale]
        days = held.table[name] if name in held.table else pd.Series(pd.NaT, index=held.table.index)
        masks.append((days < held.as_of - pd.DateOffset(months=months)).to_numpy(dtype=bool))
    if asked.waits:
        masks.append(np.array([asked.waits in parts for parts in held.waits], dtype=bool))
    if found is not None:
        masks.append(np.array([family in found for family in held.column("family_id")], dtype=bool))
    return masks


def _with_address(run: Published, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the address of each family's household of today, where it has none of its own."""
    if "address" in table:
        return table
    homes = rows_with(run.sound("tables"), "households", "family_id", table["family_id"]).set_index("family_id")
    return table.assign(**{name: table["family_id"].map(homes[name]) for name in ("address", "postcode")})


def _of_run(run: Published, name: str, columns: list[str]) -> pd.DataFrame:
    """A table of the run; without rows where the version that washed it did not make it."""
    if run.has(name):
        return run.table(name, columns)
    return pd.DataFrame({column: pd.Series([], dtype=object) for column in columns})


def _school_names(run: Published) -> dict[str, str]:
    """What each school is called: as the coverage has it, else as its own attendance has it."""
    tables = [run.table("coverage", ["school_urn", "school_name"]),
              _of_run(run, "family_schools", ["family_id", "school_urn", "school_name"])]
    named = pd.concat([table[["school_urn", "school_name"]].astype(object) for table in tables]).dropna()
    named = named.drop_duplicates("school_urn")
    return dict(zip(named["school_urn"], named["school_name"], strict=True))


def _at(held: Listing, school: str) -> np.ndarray:
    kept = np.zeros(len(held), dtype=bool)
    if school == NOT_KNOWN:
        return held.column("schools") == None  # noqa: E711 - each value
    kept[held.at_school.get(school, np.array([], dtype=int))] = True
    return kept


def _equal(values: np.ndarray, wanted: str) -> np.ndarray:
    return values == (None if wanted == NOT_KNOWN else wanted)


def _ordered(held: Listing, rows: np.ndarray, order: str) -> np.ndarray:
    """The rows by a column, those that have none last, and among equals in the list's own order."""
    name, falling = {
        "newest": ("freshest_evidence", True), "oldest": ("stalest_evidence", False),
        "unsure": ("link_confidence", False), "since": ("listed_since", False), "postcode": ("postcode", False),
    }.get(order, ("", False))  # fmt: skip
    if name not in held.table:
        return rows
    column = held.table[name].take(rows).reset_index(drop=True)
    return rows[column.sort_values(ascending=not falling, kind="stable", na_position="last").index.to_numpy()]


def _without_counts(text: str) -> str:
    if text.startswith("attendance from "):
        return text
    for numbered, plain in HOW_MANY:
        text = re.sub(numbered, plain, text)
    return text
