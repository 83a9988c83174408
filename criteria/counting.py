"""Numbers for the funnel and the summary: how many households stand where; decides nothing."""

from itertools import combinations

import numpy as np
import pandas as pd

from criteria.eligibility import Kind, Outcome
from criteria.facts import Placed
from criteria.figures import National
from criteria.framework import Framework
from criteria.verdicts import MET, UNKNOWN, Decided
from schemas.words import Criterion


MOST_TO_COMBINE = 3
"""Of more criteria there are too many combinations to count each: how many are met is counted, and which."""


def count_outcomes(
    decided: dict[Criterion, Decided], outcome: Outcome, kind: Kind, asked: np.ndarray, rules: Framework
) -> dict[str, int]:
    """Households by step and by verdict; eligible families by rule and by the national criteria they meet."""
    national, grounds = rules.national, rules.dwp.asked_when_met.value
    met = np.stack([decided[name].verdict == MET for name in national.criteria.value])
    unsuited = ~kind.suits & ~kind.unsure
    steps = {
        "households": np.ones(len(kind.suits), dtype=bool), "households_with_school_age_child": kind.suits,
        "households_of_unknown_ages": kind.unsure, "households_asked_about": asked,
        **{f"{name}_met": kind.suits & (one.verdict == MET) for name, one in decided.items()},
        **{f"{name}_unknown": kind.suits & (one.verdict == UNKNOWN) for name, one in decided.items()},
        _any_of(grounds): kind.suits & np.any([decided[name].verdict == MET for name in grounds], axis=0),
        "criterion_met_but_no_school_age_child": unsuited & met.any(axis=0),
        "eligible": outcome.eligible, "undetermined": outcome.undetermined,
        **{f"eligible_{rule}": outcome.eligible & (outcome.rule == rule)
           for rule in (national.rule_alone, national.rule_with_local)},
        **_combined(met, outcome.eligible, national),
    }
    return {str(name): int(np.sum(flags)) for name, flags in steps.items()}


def _any_of(grounds: tuple[Criterion, ...]) -> str:
    return "_or_".join(grounds) + "_met" if len(grounds) <= MOST_TO_COMBINE else "ground_for_asking_met"


def _combined(met: np.ndarray, eligible: np.ndarray, national: National) -> dict[str, np.ndarray]:
    """Eligible families by exactly the criteria they meet, or, of many, by each of them and by how many."""
    names, least = national.criteria.value, min(national.enough_alone.value, national.enough_with_local.value)
    if len(names) <= MOST_TO_COMBINE:
        sets = [which for size in range(least, len(names) + 1) for which in combinations(range(len(names)), size)]
        return {"eligible_by_" + "+".join(names[at] for at in which):
                eligible & (met == np.isin(range(len(names)), which)[:, None]).all(axis=0) for which in sets}
    held = met.sum(axis=0)
    return {f"eligible_with_{name}": eligible & met[at] for at, name in enumerate(names)} | {
        f"eligible_with_{number}_problems": eligible & (held == number) for number in range(least, len(names) + 1)}


def count_doubts(evidence: pd.DataFrame, outcome: Outcome, rules: Framework) -> dict[str, int]:
    """Households that rest on an open reading: a doubtful benefit alone, a local fact that mirrors a national one."""
    met = evidence[evidence["met"].fillna(False)]
    work, local = (met[met["criterion"] == name] for name in (Criterion.WORK, Criterion.LOCAL))
    doubtful = _all_of(work, work["value"].isin(rules.work.doubtful_benefits.value), len(outcome.eligible))
    dependent = _all_of(local, local["dependent"], len(outcome.eligible))
    hinges = outcome.eligible & (outcome.rule == rules.national.rule_with_local)
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
