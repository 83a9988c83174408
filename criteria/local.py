"""The council's own criteria: any of a criterion's indicators on a member, or on the address, in its window."""

from datetime import date

import numpy as np
import pandas as pd

from criteria.calendar import months_before
from criteria.evidence import day_text, distinct, draft, no_evidence, sources
from criteria.facts import Placed, Roster
from criteria.framework import Framework
from criteria.settings import LocalCriterion
from criteria.verdicts import Finding, no_gaps
from schemas.columns import TEXT
from schemas.words import Criterion


def find_local(facts: Placed, roster: Roster, rules: Framework) -> tuple[Finding, dict[str, int]]:
    """The council's criteria that are in force on the as-of date, and counts.

    The evidence's indicator is the criterion's code. Source: the council's own settings; the usual twelve otherwise.
    """
    as_of = roster.as_of
    criteria = sorted((one for one in rules.local_criteria if one.is_in_force(as_of)), key=lambda one: one.code)
    table = facts.rows("local_indicators", ("indicator", "start_date", "end_date", "agency"))
    found = [] if table is None else [_find_one(table, one, as_of) for one in criteria]
    known = {indicator for one in rules.local_criteria for indicator in one.indicators}
    strange = 0 if table is None else int((~table["indicator"].isin(sorted(known))).sum())
    absent = ("the local_indicators extract",) if table is None and criteria else ()
    return Finding(
        Criterion.LOCAL,
        evidence=pd.concat(found, ignore_index=True) if found else no_evidence(),
        gaps=no_gaps(),
        absent=absent,
        labels={one.code: one.name for one in criteria},
        not_met="no local criterion" if criteria else "no local criterion is in force",
    ), {"local_rows_of_no_criterion": strange}


def _find_one(table: pd.DataFrame, criterion: LocalCriterion, as_of: date) -> pd.DataFrame:
    window = months_before(as_of, criterion.window_months)
    opens, closes = pd.Timestamp(window.start), pd.Timestamp(window.end)
    known = table["indicator"].isin(criterion.indicators) & (table["household"] >= 0)
    reaches = table["end_date"] >= opens
    if criterion.kind == "state":
        reaches = reaches | table["end_date"].isna()
    inside = (table["start_date"] <= closes) & ((table["start_date"] >= opens) | reaches)
    rows = table[known & inside].reset_index(drop=True)
    one, code = distinct(rows, ["household", "member", "indicator", "start_date", "end_date", "agency"])
    return draft(
        len(one), window, household=one["household"], member=one["member"], criterion=Criterion.LOCAL,
        indicator=criterion.code, value=one["indicator"], threshold=" or ".join(criterion.indicators), met=True,
        event_date=_last_day(one, criterion, closes), extract="local_indicators", detail=_detail(one),
        agency=one["agency"].fillna("local indicators"), **sources(rows, code, len(one)))


def _last_day(one: pd.DataFrame, criterion: LocalCriterion, closes: pd.Timestamp) -> pd.Series:
    """The last day in the window on which the fact stood: a state goes on until it ends."""
    ends = one["end_date"].fillna(closes if criterion.kind == "state" else one["start_date"])
    return ends.where(ends < closes, closes)


def _detail(one: pd.DataFrame) -> pd.Series:
    ended = "to " + day_text(one["end_date"])
    return "from " + day_text(one["start_date"]) + " " + ended.fillna("with no end date")


def mark_dependent(local: Finding, national: dict[Criterion, np.ndarray], rules: Framework) -> Finding:
    """Mark local facts that only mirror a national criterion which the household meets (a flag each household).

    Whether one fact may serve both is not said in any source (framework: `local.dependent_counts`).
    """
    evidence = local.evidence
    mirrored = evidence["value"].map({word: str(name) for word, name in rules.local.mirrors.value.items()})
    dependent = np.zeros(len(evidence), dtype=bool)
    for criterion, met in national.items():
        same = (mirrored == criterion).to_numpy(dtype=bool, na_value=False)
        dependent |= same & met[evidence["household"].to_numpy()]
    note = ("; not independent of " + mirrored.astype(TEXT)).where(dependent).fillna("")
    counts = rules.local.dependent_counts.value
    marked = evidence.assign(dependent=dependent, detail=evidence["detail"] + note,
                             met=evidence["met"] & (counts | pd.Series(~dependent)))
    return local._replace(evidence=marked)


def count_local(evidence: pd.DataFrame, size: int) -> np.ndarray:
    """How many local criteria each household meets."""
    met = evidence[(evidence["criterion"] == Criterion.LOCAL) & evidence["met"].fillna(False)]
    return np.bincount(met.drop_duplicates(["household", "indicator"])["household"].to_numpy(), minlength=size)
