"""The rows of the master list: each eligible family with its people, evidence and route; judges nothing."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from criteria.eligibility import Outcome, verdict_columns
from criteria.evidence import join_runs, text_series
from criteria.facts import Roster
from criteria.framework import Framework
from criteria.priority import Known, rank_families, severity_of
from criteria.verdicts import MET, Decided
from schemas.columns import TEXT, columns_of
from schemas.keys import as_arrow
from schemas.published import SINCE, MasterList
from schemas.words import Criterion


COLUMNS = [name for name in columns_of(MasterList) if name not in SINCE]


def list_families(
    outcome: Outcome, decided: dict[Criterion, Decided], evidence: pd.DataFrame, roster: Roster,
    rules: Framework, *, route: np.ndarray, known: Known,
) -> pd.DataFrame:
    """The eligible families, ranked: the master list's columns but those of `SINCE`. `route` is of every household."""
    at = np.flatnonzero(outcome.eligible)
    met = evidence[evidence["met"].fillna(False)]
    met = met[outcome.eligible[met["household"].to_numpy()]]
    homes = roster.households.take(at).reset_index(drop=True)
    born = homes.loc[:, ["family_id", "household_id", "address", "postcode"]].assign(
        rule=text_series(pa.array(outcome.rule[at], type=pa.string())),
        **verdict_columns(decided, at), **_people(roster, at), **_facts(met, at, roster.size),
        **severity_of(met, rules.priority, at))
    born["route"] = pd.Series(route[at], dtype=TEXT)
    born["listed_on"] = known.listed_on(born["family_id"])
    born["agency_count"] = known.count_agencies(born["family_id"], born["agencies"])
    national = [decided[name].verdict[at] == MET for name in rules.national.criteria.value]
    born["national"] = np.stack(national).sum(axis=0)
    ranked = rank_families(born, rules.priority, pd.Timestamp(roster.as_of))
    return ranked.loc[:, COLUMNS]


def _people(roster: Roster, at: np.ndarray) -> dict[str, Any]:
    child, age = roster.child, roster.age
    least = pd.Series(roster.confidence).groupby(roster.home).min()
    return {
        "children": pd.Series(roster.count_members(child)[at], dtype="Int64"),
        "adults": pd.Series(roster.count_members(~child)[at], dtype="Int64"),
        "under_five": roster.count_members(child & (age >= 0) & (age < 5))[at],
        "link_confidence": least.reindex(at).to_numpy(dtype="float64"),
    }


def _facts(met: pd.DataFrame, at: np.ndarray, size: int) -> dict[str, Any]:
    """What the met evidence says of each family: dates, local criteria, agencies."""
    days = met.groupby("household")["event_date"]
    local, local_count = _distinct(met[met["criterion"] == Criterion.LOCAL], "indicator", at)
    agencies, _ = _distinct(met, "agency", at)
    return {"freshest_evidence": days.max().reindex(at).array, "stalest_evidence": days.min().reindex(at).array,
            "local_criteria": local, "local_count": local_count, "agencies": agencies}


def _distinct(rows: pd.DataFrame, column: str, at: np.ndarray) -> tuple[pd.Series, np.ndarray]:
    """For each household, the distinct words of a column in order, joined by `;`, and how many."""
    words = rows.loc[:, ["household", column]].drop_duplicates().sort_values(["household", column])
    homes, start, count = np.unique(words["household"].to_numpy(), return_index=True, return_counts=True)
    joined = text_series(join_runs(as_arrow(words[column]), np.append(start, len(words))))
    by_home = pd.Series(joined.array, index=homes).reindex(at)
    return pd.Series(by_home.array, dtype=TEXT), pd.Series(count, index=homes).reindex(at, fill_value=0).to_numpy()
