"""The council's own criteria: any of a criterion's indicators on a member, or on the address, in its window."""

import numpy as np
import pandas as pd

from criteria.facts import Placed, Roster
from criteria.framework import Framework
from criteria.indicators import EXTRACT, judge_indicators, read_indicators
from criteria.verdicts import Finding, no_gaps
from schemas.columns import TEXT
from schemas.words import Criterion


def find_local(facts: Placed, roster: Roster, rules: Framework) -> tuple[Finding, dict[str, int]]:
    """The council's criteria that are in force on the as-of date, and counts.

    The evidence's indicator is the criterion's code. Source: the council's own settings; else the framework's usual
    ones. `local_rows_of_no_criterion` counts rows whose indicator is listed neither here nor for a national criterion.
    """
    criteria = [one for one in rules.local_criteria if one.is_in_force(roster.as_of)]
    table = read_indicators(facts)
    strange = 0 if table is None else int((~table["indicator"].isin(rules.known_indicators)).sum())
    return Finding(
        Criterion.LOCAL,
        evidence=judge_indicators(table, criteria, roster, Criterion.LOCAL),
        gaps=no_gaps(),
        absent=(f"the {EXTRACT} extract",) if table is None and criteria else (),
        labels={one.code: one.name for one in criteria},
        not_met="no local criterion" if criteria else "no local criterion is in force",
    ), {"local_rows_of_no_criterion": strange}


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
