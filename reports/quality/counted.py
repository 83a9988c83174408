"""What the pictures of a run are drawn from: counts by extract, school, step and criterion, and no row of anybody's."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from schemas.extracts import EXTRACTS
from schemas.words import Criterion, Verdict


Point = tuple[float, float]


class Extracts(NamedTuple):
    """What came in with a run.

    `counts`: of each extract that was given, what its ingest counted. `fields`: of each the rows of
    `schemas.published.FieldQuality`, in the order of its columns. `rejected`: extract, rule, column, rows.
    """

    as_of: date
    counts: Mapping[str, Mapping[str, int]]
    fields: Mapping[str, pd.DataFrame]
    rejected: pd.DataFrame

    def counted(self, extract: str, what: str) -> int:
        """One count of an extract; nought where there was none to count."""
        return self.counts.get(extract, {}).get(what, 0)

def fields_by_extract(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The table `FieldQuality` by extract, each in the order of its columns."""
    order = {(name, field): place for name, spec in EXTRACTS.items() for place, field in enumerate(spec.columns)}
    place = [order.get(key, -1) for key in zip(table["extract"], table["field"], strict=True)]
    ordered = table.assign(place=place).sort_values("place")
    return {str(name): rows.drop(columns="place") for name, rows in ordered.groupby("extract")}


class Outline(NamedTuple):
    """An area's outline: rings of points between 0 and 1, east and north."""

    name: str
    rings: tuple[tuple[Point, ...], ...]


class Areas(NamedTuple):
    """Listed families by area: the table for management (area, families in a band), and outlines, which may be none.

    `refused`: why the gate did not let the table pass; it has no rows then.
    """

    table: pd.DataFrame
    outlines: tuple[Outline, ...]
    threshold: int
    refused: str | None = None


class Counted(NamedTuple):
    """What is drawn of a run; `before` is what came in with the run that it follows.

    `coverage`, `funnel`: the published tables. `combinations`: met (a tuple of criteria), families. `changes`: change,
    families. `lapsed`: why, families. `weights`: from, to, band, pairs. `band`: the weights from which pairs are asked
    about and joined. `questions`: how many wait for a reviewer.
    """

    extracts: Extracts
    before: Extracts | None
    coverage: pd.DataFrame
    funnel: pd.DataFrame
    combinations: pd.DataFrame
    changes: pd.DataFrame
    lapsed: pd.DataFrame
    weights: pd.DataFrame
    band: tuple[float, float]
    questions: int
    areas: Areas


def count_rejected(quarantine: pd.DataFrame) -> pd.DataFrame:
    """Rejected rows by what they broke: extract, rule, column, rows; the most first."""
    keys = ["extract", "rule", "column"]
    counted = quarantine.groupby(keys, dropna=False).size().reset_index(name="rows")
    return counted.sort_values(["extract", "rows", "rule"], ascending=[True, False, True], ignore_index=True)


def count_combinations(master: pd.DataFrame) -> pd.DataFrame:
    """Listed families by the criteria that they meet: met, families; the most first."""
    kinds = [str(criterion) for criterion in Criterion if criterion in master]
    held = master[kinds].eq(Verdict.MET).fillna(False).to_numpy(bool)
    met = pd.Series([tuple(kind for kind, yes in zip(kinds, row, strict=True) if yes) for row in held], dtype=object)
    counted = met.value_counts().rename_axis("met").reset_index(name="families")
    return counted.sort_values(["families", "met"], ascending=[False, True], ignore_index=True)


def count_changes(changes: pd.DataFrame, listed: pd.Series) -> pd.DataFrame:
    """Families of this list and the previous one by what became of them: change, families.

    `stayed`, `new`, `new_by_split` (came of a family that was listed), `left`, `merged`, `came_apart`.
    """
    came_of = {name for became in changes["became"].dropna() for name in became.split(";")}
    on_list = frozenset(listed)
    words = [
        _became(family, change, family in on_list, came_of)
        for family, change in zip(changes["family_id"], changes["change"], strict=True)
    ]
    counted = pd.Series(words, dtype=object).value_counts()
    return pd.DataFrame({"change": list(CHANGES), "families": [int(counted.get(name, 0)) for name in CHANGES]})


CHANGES = ("stayed", "new", "new_by_split", "left", "merged", "came_apart")


def _became(family: str, change: str, on_list: bool, came_of: set[str]) -> str:
    if change == "new":
        return "new_by_split" if family in came_of else "new"
    if on_list:
        return "stayed"
    return {"merged": "merged", "split": "came_apart"}.get(change, "left")


def count_lapsed(left: pd.DataFrame) -> pd.DataFrame:
    """Families that left by what lapsed: why, families. A family for which two things lapsed stands with both."""
    said = left["lapsed"].str.replace(r"\b[FHP]\d{7}\b", "another", regex=True).str.split("; ").explode()
    counted = said.value_counts().rename_axis("why").reset_index(name="families")
    return counted.sort_values(["families", "why"], ascending=[False, True], ignore_index=True)
