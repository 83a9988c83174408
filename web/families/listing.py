"""The lists of a run held ready to be filtered: which families are asked for, in which order; no page and no words.

Each is made once for a run and never changed.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from schemas.words import Change, Criterion, Verdict
from web.families.asked import NOT_KNOWN, STALE, Asked
from web.published import Published


LISTED, UNDETERMINED, LEFT = "master_list", "undetermined", "left_list"
PAGE_OF = 50
KEPT_LISTS = 9
"""Three lists of as many runs as are held."""

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
    rows: dict[object, object] = field(default_factory=dict, repr=False)
    """What was made of a row for a page, by whoever made it."""

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

    def within(self, areas: frozenset[str]) -> np.ndarray:
        """Which families somebody may see who has these areas (none: every area)."""
        if not areas:
            return np.ones(len(self), dtype=bool)
        return np.array([area in areas for area in self.column("area")], dtype=bool)


@lru_cache(maxsize=KEPT_LISTS)
def listing(run: Published, name: str) -> Listing:
    """The list called `name` of `run`, in its own order."""
    table, areas = run.table(name), _of_run(run, "family_areas", ["family_id", "area"])
    schools = _of_run(run, "family_schools", ["family_id", "school_urn", "school_name"])
    places = pd.Series(np.arange(len(table)), index=table["family_id"].astype(object))
    schools = schools[schools["family_id"].isin(table["family_id"])]
    at = schools["family_id"].map(places).to_numpy(dtype=int)
    names = _school_names(run)
    shown = schools["school_urn"].map(lambda urn: names.get(urn, urn)).astype(object)
    joined = shown.groupby(schools["family_id"].astype(object)).agg("; ".join)
    area = table["family_id"].map(areas.set_index("family_id")["area"])
    table = table.assign(area=area, schools=table["family_id"].astype(object).map(joined))
    by_school = {str(urn): at[rows] for urn, rows in schools.reset_index(drop=True).groupby("school_urn").indices.items()}
    return Listing(table, pd.Timestamp(run.manifest.as_of), by_school, names)


def select(held: Listing, asked: Asked, areas: frozenset[str], found: frozenset[str] | None = None) -> np.ndarray:
    """The rows that are asked for, in the order asked for, of those that somebody with these `areas` may see.

    `found`: the families that a search found.
    """
    kept = held.within(areas)
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


def choices(held: Listing, name: str, areas: frozenset[str]) -> list[str]:
    """The values of a column that somebody with these areas can choose among, in order; then none, where there is one.

    A tier that no family has is not offered.
    """
    seen = set(held.column(name)[held.within(areas)])
    return sorted(value for value in seen if value is not None) + ([NOT_KNOWN] if None in seen else [])


def schools_of(held: Listing, areas: frozenset[str]) -> list[tuple[str, str]]:
    """The number and name of each school of the families that somebody with these areas may see, by name."""
    seen = held.within(areas)
    found = {urn: held.school_names.get(urn, urn) for urn, rows in held.at_school.items() if seen[rows].any()}
    return sorted(found.items(), key=lambda school: (school[1].casefold(), school[0]))


def waiting(held: Listing, rows: np.ndarray) -> list[tuple[str, int]]:
    """What would settle these families, and how many wait for it: what most wait for first."""
    counted: dict[str, int] = {}
    for row in rows:
        for part in dict.fromkeys(held.waits[row]):
            counted[part] = counted.get(part, 0) + 1
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


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
    for numbered, plain in HOW_MANY:
        text = re.sub(numbered, plain, text)
    return text
