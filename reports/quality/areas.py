"""Where listed families live, by area: in bands that tell of no small number, as a map where outlines are known."""

from collections.abc import Mapping

import pandas as pd

from criteria.disclosure import band_of, bands
from reports.page import Figure, Section
from reports.quality import pictures
from reports.quality.counted import Areas, Outline
from schemas.columns import TEXT


NOWHERE = "no area known"


def area_table(areas: pd.Series, outlines: tuple[Outline, ...], threshold: int) -> pd.DataFrame:
    """A row per area that has a listed family or an outline: area, families (in words: a band of counts)."""
    counts = areas.fillna(NOWHERE).astype(object).value_counts().to_dict()
    names = sorted({outline.name for outline in outlines} | counts.keys() - {NOWHERE})
    every = [*names, *([NOWHERE] if NOWHERE in counts else [])]
    said = [band_of(counts.get(name, 0), threshold) for name in every]
    return pd.DataFrame({"area": pd.array(every, dtype=TEXT), "families": pd.array(said, dtype=TEXT)})


def areas_section(areas: Areas) -> Section:
    """The map, or the table alone where there are no outlines."""
    if areas.refused:
        return Section("Where listed families live", [])
    words = (
        "Listed families by area, in bands that are wide enough for a month's change to tell of no small number: this "
        f"may be shown to those who steer. Grey: fewer than {areas.threshold}, or none."
    )
    return Section("Where listed families live", [Figure("Listed families by area", words, _map(areas), areas.table)])


def _map(areas: Areas) -> str:
    if not areas.outlines:
        return ""
    said: Mapping[str, str] = dict(zip(areas.table["area"], areas.table["families"], strict=True))
    return pictures.area_map(areas.outlines, said, bands(areas.threshold))
