"""Numbers for the funnel and the summary: how many households stand where; decides nothing."""

import numpy as np
import pandas as pd

from criteria.eligibility import NATIONAL, Kind, Outcome
from criteria.facts import Placed
from criteria.framework import Framework
from criteria.verdicts import MET, UNKNOWN, Decided
from schemas.words import Criterion, Rule


COMBINATIONS = ((0, 1), (0, 2), (1, 2), (0, 1, 2))


def count_outcomes(
    decided: dict[Criterion, Decided], outcome: Outcome, kind: Kind, asked: np.ndarray
) -> dict[str, int]:
    """Households by step and by verdict; eligible families by rule and by the national criteria they meet."""
    met = np.stack([decided[name].verdict == MET for name in NATIONAL])
    unsuited = ~kind.suits & ~kind.unsure
    steps = {
        "households": np.ones(len(kind.suits), dtype=bool), "households_with_school_age_child": kind.suits,
        "households_of_unknown_ages": kind.unsure, "households_asked_about": asked,
        **{f"{name}_met": kind.suits & (one.verdict == MET) for name, one in decided.items()},
        **{f"{name}_unknown": kind.suits & (one.verdict == UNKNOWN) for name, one in decided.items()},
        "crime_asb_or_education_met": kind.suits & (met[0] | met[1]),
        "criterion_met_but_no_school_age_child": unsuited & met.any(axis=0),
        "eligible": outcome.eligible, "undetermined": outcome.undetermined,
        **{f"eligible_{rule}": outcome.eligible & (outcome.rule == rule) for rule in Rule},
        **{_name(which): outcome.eligible & (met == np.isin(range(3), which)[:, None]).all(axis=0)
           for which in COMBINATIONS},
    }
    return {str(name): int(np.sum(flags)) for name, flags in steps.items()}


def _name(which: tuple[int, ...]) -> str:
    return "eligible_by_" + "+".join(NATIONAL[at] for at in which)


def count_doubts(evidence: pd.DataFrame, outcome: Outcome, rules: Framework) -> dict[str, int]:
    """Households that rest on an open reading: a doubtful benefit alone, a local fact that mirrors a national one."""
    met = evidence[evidence["met"].fillna(False)]
    work, local = (met[met["criterion"] == name] for name in (Criterion.WORK, Criterion.LOCAL))
    doubtful = _all_of(work, work["value"].isin(rules.work.doubtful_benefits.value), len(outcome.eligible))
    dependent = _all_of(local, local["dependent"], len(outcome.eligible))
    hinges = outcome.eligible & (outcome.rule == Rule.TWO_PLUS_LOCAL)
    return {"work_met_on_doubtful_benefit_alone": int(doubtful.sum()),
            "eligible_on_doubtful_benefit_alone": int((doubtful & outcome.eligible).sum()),
            "eligible_on_dependent_local_alone": int((dependent & hinges).sum())}


def _all_of(rows: pd.DataFrame, flags: pd.Series, size: int) -> np.ndarray:
    """Per household, whether it has such rows and the flag holds for all of them."""
    found = np.zeros(size, dtype=bool)
    found[rows["household"].to_numpy()] = True
    found[rows["household"].to_numpy()[~flags.to_numpy(dtype=bool)]] = False
    return found


def count_unplaced(facts: Placed) -> dict[str, int]:
    """Rows of the extracts that could be laid at no household's door."""
    return {"rows_of_no_household": sum(int((home < 0).sum()) for home in facts.home.values())}
