"""The cases of a family in a published run: since when, evidenced how, its results, its claim; decides nothing.

A run that was washed before there were cases has none.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.record.rows import has_table, records, rows_with


def cases_of(run: Path, family: str | None) -> dict[str, Any]:
    """The cases of a family with their results and claim, what happened to it, and whom its snapshot froze."""
    if family is None or not has_table(run, "cases"):
        return {"cases": [], "events": []}
    cases = rows_with(run, "cases", "family_id", [family])
    return {"cases": [_case(run, case) for case in records(cases)],
            "events": records(rows_with(run, "family_events", "family_id", [family]).drop(columns="family_id"))}


def _case(run: Path, case: dict[str, Any]) -> dict[str, Any]:
    ref = [case["family_ref"]]
    results = rows_with(run, "results", "family_ref", ref)
    whole = results[results["person_id"].isna()][["route", "measure", "problem", "verdict", "reason", "could_be"]]
    claim = rows_with(run, "claims", "family_ref", ref)[["status", "route", "amount", "could_be", "reasons"]]
    frozen = rows_with(run, "snapshots", "family_id", [case["snapshot_of"]] if case["snapshot_of"] else [])
    then = frozen[frozen["eligible_on"] == pd.Timestamp(case["eligible_on"])] if len(frozen) else frozen
    return case | {"results": records(whole), "claim": next(iter(records(claim)), None),
                   "frozen_members": then["person_id"].tolist(),
                   "members": records(rows_with(run, "case_members", "family_ref", ref).drop(columns="family_ref"))}
