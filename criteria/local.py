"""The council's own criteria: any of a criterion's indicators on a member, or on the address, in its window."""

from datetime import date

import numpy as np
import pandas as pd

from criteria.calendar import Window, months_before
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
    criteria = [one for one in rules.local_criteria if one.is_in_force(roster.as_of)]
    table = facts.rows("local_indicators", ("indicator", "start_date", "end_date", "agency"))
    known = sorted({indicator for one in rules.local_criteria for indicator in one.indicators})
    strange = 0 if table is None else int((~table["indicator"].isin(known)).sum())
    return Finding(
        Criterion.LOCAL,
        evidence=no_evidence() if table is None or not criteria else _judge(table, criteria, roster.as_of),
        gaps=no_gaps(),
        absent=("the local_indicators extract",) if table is None and criteria else (),
        labels={one.code: one.name for one in criteria},
        not_met="no local criterion" if criteria else "no local criterion is in force",
    ), {"local_rows_of_no_criterion": strange}


def _judge(table: pd.DataFrame, criteria: list[LocalCriterion], as_of: date) -> pd.DataFrame:
    rows = table[table["household"] >= 0].merge(_by_indicator(criteria, as_of), on="indicator")
    reaches = (rows["end_date"] >= rows["opens"]) | (rows["end_date"].isna() & rows["is_state"])
    inside = (rows["start_date"] <= pd.Timestamp(as_of)) & ((rows["start_date"] >= rows["opens"]) | reaches)
    rows = rows[inside].reset_index(drop=True)
    one, code = distinct(rows, ["household", "member", "code", "indicator", "start_date", "end_date", "agency"])
    return draft(
        len(one), Window(as_of, as_of), window_start=one["opens"], household=one["household"], member=one["member"],
        criterion=Criterion.LOCAL, indicator=one["code"], value=one["indicator"], threshold=one["any_of"], met=True,
        event_date=_last_day(one, pd.Timestamp(as_of)), extract="local_indicators", detail=_detail(one),
        agency=one["agency"].fillna("local indicators"), **sources(rows, code, len(one)))


def _by_indicator(criteria: list[LocalCriterion], as_of: date) -> pd.DataFrame:
    """A row for each criterion and indicator, with the first day of its window."""
    rows = [(indicator, one.code, pd.Timestamp(months_before(as_of, one.window_months).start), one.kind == "state",
             " or ".join(one.indicators)) for one in criteria for indicator in one.indicators]
    named = pd.DataFrame(rows, columns=["indicator", "code", "opens", "is_state", "any_of"])
    return named.astype({"indicator": TEXT, "code": TEXT, "any_of": TEXT, "opens": "datetime64[ns]"})


def _last_day(one: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """The last day in the window on which the fact stood: a state goes on until it ends."""
    ends = one["end_date"].fillna(one["start_date"].mask(one["is_state"], today))
    return ends.where(ends < today, today)


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
