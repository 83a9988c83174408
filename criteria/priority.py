"""The order of the list: points by the council's weights, with reasons in words; decides rank, never eligibility."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.evidence import text_series
from criteria.settings import Weights


def rank_families(families: pd.DataFrame, weights: Weights, as_of: pd.Timestamp) -> pd.DataFrame:
    """Families in falling score, with `rank` from 1 and `rank_reasons`.

    Needs counts national, local_count, under_five, children, agency_count and the date freshest_evidence. Equal scores
    go by the fresher evidence, then by family_id.
    """
    age = (as_of - families["freshest_evidence"]).dt.days
    fresh = (age <= weights.fresh_days).to_numpy().astype(np.int64)
    parts = (
        ("national criteria", families["national"].to_numpy(), weights.national_criterion),
        ("local criteria", families["local_count"].to_numpy(), weights.local_criterion),
        (f"evidence of the last {weights.fresh_days} days", fresh, weights.fresh_evidence),
        ("children under five", families["under_five"].to_numpy(), weights.child_under_five),
        ("children", families["children"].to_numpy(), weights.child),
        ("agencies", families["agency_count"].to_numpy(), weights.agency),
    )
    score = sum((count * weight for _, count, weight in parts), np.zeros(len(families), dtype=np.int64))
    scored = families.assign(score=score, rank_reasons=_reasons(parts, score))
    ordered = scored.sort_values(["score", "freshest_evidence", "family_id"], ascending=[False, False, True],
                                 ignore_index=True)
    return ordered.assign(rank=pd.Series(np.arange(1, len(ordered) + 1), dtype="Int64"))


def _reasons(parts: tuple[tuple[str, np.ndarray, int], ...], score: np.ndarray) -> pd.Series:
    said = []
    for name, count, weight in parts:
        points = pa.array(count * weight)
        words = pc.binary_join_element_wise(
            name, ": ", pa.array(count).cast(pa.string()), " (", points.cast(pa.string()), " points)", "")
        said.append(pc.if_else(pc.greater(points, 0), words, pa.scalar(None, pa.string())))
    total = pc.binary_join_element_wise(pa.array(score).cast(pa.string()), " points", "")
    return text_series(pc.binary_join_element_wise(total, *said, "; ", null_handling="skip"))
