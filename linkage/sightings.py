"""Mentions as codes: who was seen where, when, by whom; the one form in which households are worked out."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from linkage.places import NONE, Nodes, code_texts


class Sightings(NamedTuple):
    """Mentions by row: codes of person, address node, source, surname, and of the child tied to (-1 for none).

    `day` counts days before the as-of date, downwards: 0 is the date itself, -30 thirty days earlier. `is_dated` is False
    where the day is assumed.
    """

    person: np.ndarray
    node: np.ndarray
    source: np.ndarray
    surname: np.ndarray
    tied: np.ndarray
    day: np.ndarray
    is_dated: np.ndarray
    row: np.ndarray
    sources: int


def read_sightings(mentions: pd.DataFrame, nodes: Nodes, as_of: pd.Timestamp, undated_day: int) -> Sightings:
    """Code the mentions that are not dated after `as_of`; an undated one counts as `undated_day`."""
    seen = mentions["observed_on"].to_numpy().astype("datetime64[D]")
    day = (seen - as_of.to_datetime64().astype("datetime64[D]")).astype("timedelta64[D]")
    is_dated = ~np.isnat(day)
    days = np.where(is_dated, day.astype(np.int64), undated_day)
    keep = np.flatnonzero(days <= 0)
    source, sources = code_texts(mentions["source"])
    surname, _ = code_texts(mentions["surname"])
    columns = (
        mentions["person"].to_numpy(),
        nodes.of_mention,
        source,
        surname,
        mentions["tied_to_person"].to_numpy(),
        days,
        is_dated,
    )
    return Sightings(*(column[keep] for column in columns), keep, len(sources))


def tied_pairs(sightings: Sightings) -> pd.DataFrame:
    """Distinct ties, `adult` and `child`, both ways out of the same person left out."""
    known = (sightings.tied >= 0) & (sightings.person >= 0) & (sightings.tied != sightings.person)
    ties = pd.DataFrame({"adult": sightings.person[known], "child": sightings.tied[known]})
    return ties.drop_duplicates(ignore_index=True)


def person_surnames(sightings: Sightings) -> pd.DataFrame:
    """Distinct pairs of person and surname, in whatever record."""
    known = (sightings.surname >= 0) & (sightings.person >= 0)
    pairs = pd.DataFrame({"person": sightings.person[known], "surname": sightings.surname[known]})
    return pairs.drop_duplicates(ignore_index=True)


__all__ = ["NONE", "Sightings", "person_surnames", "read_sightings", "tied_pairs"]
