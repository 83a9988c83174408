"""The order of the list: points by the council's weights, with reasons in words; decides rank, never eligibility."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.evidence import join_runs, text_series
from criteria.settings import Weights
from schemas.codes import plain
from schemas.columns import TEXT, empty_table
from schemas.keys import as_arrow
from schemas.programme import Services


class Known(NamedTuple):
    """What is known of families beside the facts of this wash, by today's family ids.

    `listed`: the day on which each was first listed. `services`: agencies that work with it (`schemas.programme`).
    """

    listed: pd.Series = pd.Series([], index=pd.Index([], dtype=TEXT), dtype="datetime64[ns]")
    services: pd.DataFrame = empty_table(Services)

    def beside(self, services: pd.DataFrame) -> "Known":
        """The same with more services."""
        return self._replace(services=pd.concat([self.services, services], ignore_index=True))

    def listed_on(self, families: pd.Series) -> pd.Series:
        """The day on which each family was first listed; empty for one that was not."""
        return families.map(self.listed).astype("datetime64[ns]")

    def count_agencies(self, families: pd.Series, shown: pd.Series) -> np.ndarray:
        """How many agencies are involved with each: those `shown` (joined by `;`) and those of the services."""
        said = self.services[["family_id", "agency"]]
        listed = pd.DataFrame({"family_id": families, "agency": shown.str.split(";")}).explode("agency")
        every = pd.concat([said[said["family_id"].isin(families)], listed], ignore_index=True).dropna()
        every = every.assign(agency=every["agency"].map(plain)).drop_duplicates()
        return families.map(every["family_id"].value_counts()).fillna(0).to_numpy(dtype=np.int64)


class _Part(NamedTuple):
    """One thing that gives points: its name, what is said of each family, and each family's points."""

    name: str
    said: Any
    points: np.ndarray


def rank_families(families: pd.DataFrame, weights: Weights, as_of: pd.Timestamp) -> pd.DataFrame:
    """Families in falling score, with `rank` from 1 and `rank_reasons`.

    Needs counts national, local_count, under_five, children, agency_count, severity with its words `severe`
    (`severity_of`), and the dates freshest_evidence and listed_on (empty: listed for the first time). Equal scores go
    by the fresher evidence, then by family_id.
    """
    age = (as_of - families["freshest_evidence"]).dt.days
    fresh = (age <= weights.fresh_days).to_numpy().astype(np.int64)
    waited = np.minimum(months_waited(families["listed_on"], as_of), weights.months_waited_at_most)
    parts = (
        _counted("national criteria", families["national"], weights.national_criterion),
        _Part("severity", as_arrow(families["severe"]), families["severity"].to_numpy()),
        _counted("local criteria", families["local_count"], weights.local_criterion),
        _counted(f"evidence of the last {weights.fresh_days} days", fresh, weights.fresh_evidence),
        _counted("children under five", families["under_five"], weights.child_under_five),
        _counted("children", families["children"], weights.child),
        _counted("agencies", families["agency_count"], weights.agency),
        _counted("months waiting", waited, weights.month_waited),
    )
    score = sum((part.points for part in parts), np.zeros(len(families), dtype=np.int64))
    scored = families.assign(score=score, rank_reasons=_reasons(parts, score))
    ordered = scored.sort_values(["score", "freshest_evidence", "family_id"], ascending=[False, False, True],
                                 ignore_index=True)
    return ordered.assign(rank=pd.Series(np.arange(1, len(ordered) + 1), dtype="Int64"))


def severity_of(met: pd.DataFrame, weights: Weights, at: np.ndarray) -> dict[str, Any]:
    """`severity` (points) and `severe` (words, the most severe first) of the households at these positions.

    `met` is evidence that counts. Each kind of fact counts once a household, however many there are of it: by its
    value where the weights name that, else by its indicator.
    """
    points, value, indicator = weights.severity, met["value"], met["indicator"]
    kind = value.where(value.isin(list(points)), indicator)
    kinds = pd.DataFrame({"household": met["household"].to_numpy(), "kind": kind.astype(TEXT).array}).drop_duplicates()
    named = kinds["kind"].map(points).fillna(weights.severity_otherwise)
    kinds = kinds.assign(points=named.astype("int64"))
    kinds = kinds[kinds["points"] > 0].sort_values(["household", "points", "kind"], ascending=[True, False, True])
    said = kinds["kind"].str.replace("_", " ") + " " + kinds["points"].astype(TEXT)
    homes, start = np.unique(kinds["household"].to_numpy(), return_index=True)
    words = text_series(join_runs(as_arrow(said), np.append(start, len(kinds)), ", "))
    total = kinds.groupby("household")["points"].sum().reindex(at, fill_value=0)
    return {"severity": total.to_numpy(dtype=np.int64), "severe": pd.Series(words.array, index=homes).reindex(at).array}


def months_waited(since: pd.Series, as_of: pd.Timestamp) -> np.ndarray:
    """Whole months from each day to the as-of date, 0 where there is none; from a month's end to another's is whole."""
    days = since.fillna(as_of)
    whole = (as_of.year - days.dt.year) * 12 + as_of.month - days.dt.month
    short = (days.dt.day > as_of.day) & (not as_of.is_month_end)
    return np.maximum((whole - short).to_numpy(dtype=np.int64), 0)


def _counted(name: str, counts: Any, weight: int) -> _Part:
    number = np.asarray(counts, dtype=np.int64)
    return _Part(name, pa.array(number).cast(pa.string()), number * weight)


def _reasons(parts: tuple[_Part, ...], score: np.ndarray) -> pd.Series:
    told = []
    for part in parts:
        points = pa.array(part.points)
        words = pc.binary_join_element_wise(part.name, ": ", part.said, " (", points.cast(pa.string()), " points)", "")
        told.append(pc.if_else(pc.greater(points, 0), words, pa.scalar(None, pa.string())))
    total = pc.binary_join_element_wise(pa.array(score).cast(pa.string()), " points", "")
    return text_series(pc.binary_join_element_wise(total, *told, "; ", null_handling="skip"))
