"""The programme's families as the national monitoring described them: counts by measure and level; names none.

What may be shown of these counts is for `criteria.disclosure` to say; nothing here is rounded or left out.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.disclosure import WHOLE, Cell, Shown
from criteria.framework import Framework
from schemas.columns import TEXT
from schemas.management import Profile
from schemas.words import Criterion, Role, Verdict


CHILDREN = ("fewer than 2", "2", "3", "4", "5 or more")
PROBLEMS = ("fewer than 2", "2", "3", "4", "5", "6", "7", "8 or more")
YES_NO = ("yes", "no", "unknown")
SIZES, COUNTS = "children in the family", "problems of the family"
LONE, YOUNG = "lone parent", "child under five"
THREE_OR_MORE = "three children or more"
ALL_FAMILIES = "all families"


class Homes(NamedTuple):
    """What a run says of households: frames as in `schemas.linked` and `schemas.assessed`."""

    members: pd.DataFrame
    verdicts: pd.DataFrame
    evidence: pd.DataFrame


def count_families(chosen: pd.Series, homes: Homes, rules: Framework) -> dict[Cell, int]:
    """How many of the `chosen` households (ids) are at each level of each measure, and how many there are.

    Measures: children in the family; lone parent; child under five; each national criterion, each local one and each
    problem that the national monitoring names; problems of the family. Each measure's levels make up the whole.
    """
    ids = pd.Index(chosen.dropna().unique())
    traits = {
        **_people(ids, homes.members, rules.monitoring.parent_years.value),
        **_problems(ids, homes.verdicts, homes.evidence, rules),
    }
    counts: dict[Cell, int] = {WHOLE: len(ids)}
    for measure, (levels, found) in traits.items():
        number = found.value_counts()
        counts |= {(measure, level): int(number.get(level, 0)) for level in levels}
    return counts


def with_entry(homes: Homes, cases: pd.DataFrame, entry: pd.DataFrame) -> Homes:
    """The homes, with what the families of `cases` met when their eligibility was evidenced beside what they meet now.

    `cases` and `entry` as in `Cases` and `SnapshotEvidence`. A family that was helped has its problems no more, and is
    described by those it came with, as the national monitoring described it.
    """
    lives = cases[["snapshot_of", "household_id"]].dropna().drop_duplicates("household_id")
    met = entry[entry["met"].fillna(False).astype(bool)]
    then = met[["family_id", "criterion", "indicator", "met"]].merge(lives, left_on="family_id", right_on="snapshot_of")
    verdicts = then[["household_id", "criterion"]].drop_duplicates().assign(verdict=str(Verdict.MET))
    both = pd.concat([homes.verdicts, verdicts.astype(TEXT)], ignore_index=True)
    return homes._replace(
        verdicts=both.drop_duplicates(["household_id", "criterion"], keep="last"),
        evidence=pd.concat([homes.evidence, then[list(homes.evidence.columns)]], ignore_index=True),
    )


Traits = dict[str, tuple[tuple[str, ...], pd.Series]]
Row = tuple[str, str, int | None, int | None, float | None, bool]


def _people(ids: pd.Index, members: pd.DataFrame, parent_years: int) -> Traits:
    known = members[members["household_id"].isin(ids)]
    child = (known["role"] == Role.CHILD).to_numpy(dtype=bool, na_value=False)
    home, age = known["household_id"], known["age"].astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    children = pd.Series(child).groupby(home.to_numpy()).sum().reindex(ids, fill_value=0)
    sizes = pd.Series(CHILDREN).take((children - 1).clip(0, len(CHILDREN) - 1)).set_axis(ids)
    young = _any(home, child & (age < 5), ids), _any(home, child & np.isnan(age), ids)
    return {
        SIZES: (CHILDREN, sizes),
        LONE: (YES_NO, _lone(home, child, age, ids, parent_years)),
        YOUNG: (YES_NO, _answer(young[0], young[1])),
    }


def _lone(home: pd.Series, child: np.ndarray, age: np.ndarray, ids: pd.Index, years: int) -> pd.Series:
    """Whether one adult alone is old enough to be the parent of the youngest child; unknown where an age is missing."""
    youngest = pd.Series(np.where(child, age, np.inf)).groupby(home.to_numpy()).min()
    bound = home.map(youngest).to_numpy(dtype="float64") + years
    parents = pd.Series(~child & (age >= bound)).groupby(home.to_numpy()).sum().reindex(ids, fill_value=0)
    doubtful = _any(home, np.isnan(age), ids)
    childless = ~_any(home, child, ids)
    return _answer((parents == 1) & ~doubtful & ~childless, doubtful & (parents <= 1) & ~childless)


def _problems(ids: pd.Index, verdicts: pd.DataFrame, evidence: pd.DataFrame, rules: Framework) -> Traits:
    known = verdicts[verdicts["household_id"].isin(ids)]
    table = known.pivot(index="household_id", columns="criterion", values="verdict").reindex(ids)
    national = [str(name) for name in rules.national.criteria.value]
    met = {name: _verdict(table, name) for name in national}
    unclear = _is(table, Criterion.LOCAL, Verdict.UNKNOWN)
    facts = evidence[evidence["household_id"].isin(ids) & (evidence["criterion"] == Criterion.LOCAL)]
    facts = facts[facts["met"].fillna(False).astype(bool)]
    own = {one.code: one.name for one in rules.local_criteria}
    local = {code: _any(facts["household_id"], (facts["indicator"] == code).to_numpy(dtype=bool), ids) for code in own}
    each = [*(found == "yes" for found in met.values()), *local.values()]
    problems = sum((yes.astype(int) for yes in each), pd.Series(0, index=ids))
    traits = {problem_measure(name): (YES_NO, found) for name, found in met.items()}
    for name, codes in rules.monitoring.problem_indicators.value.items():
        if name not in met:
            held = sum((local[code].astype(int) for code in codes if code in local), pd.Series(0, index=ids)) > 0
            traits[problem_measure(name)] = (YES_NO, _answer(held, unclear))
    for code, name in own.items():
        traits[f"{name} (local)"] = (YES_NO, _answer(local[code], unclear))
    levels = pd.Series(PROBLEMS).take((problems - 1).clip(0, len(PROBLEMS) - 1)).set_axis(ids)
    return {**traits, COUNTS: (PROBLEMS, levels)}


def problem_measure(name: str) -> str:
    """What a problem's measure is called: `crime_asb` -> `problem: crime asb`."""
    return f"problem: {name.replace('_', ' ')}"


def _verdict(table: pd.DataFrame, criterion: str) -> pd.Series:
    return _answer(_is(table, criterion, Verdict.MET), ~_is(table, criterion, Verdict.NOT_MET))


def _is(table: pd.DataFrame, criterion: str, verdict: Verdict) -> pd.Series:
    if criterion not in table:
        return pd.Series(False, index=table.index)
    return (table[criterion] == verdict).fillna(False).astype(bool)


def _any(home: pd.Series, flags: np.ndarray, ids: pd.Index) -> pd.Series:
    return pd.Series(ids.isin(home[flags]), index=ids)


def _answer(yes: pd.Series, unclear: pd.Series) -> pd.Series:
    return pd.Series(np.where(yes, "yes", np.where(unclear, "unknown", "no")), index=yes.index, dtype=TEXT)


def profile_table(release: Shown, rules: Framework) -> pd.DataFrame:
    """A release as a table (`Profile`): counts, shares of the whole, means, and the national figure beside them.

    Every share and mean is worked out of the counts that are shown, so it tells no more than they do: a mean counts
    the last level as its least ('5 or more' as 5) and the first as 1, and is not shown where a level is left out.
    """
    whole = release.counts[WHOLE]
    rows: list[Row] = [(ALL_FAMILIES, "", whole, None, None, whole is not None)]
    for (measure, level), families in release.counts.items():
        if measure:
            rows.append((measure, level, families, _share(families, whole), None, families is not None))
    rows += _derived(release, whole)
    table = pd.DataFrame(rows, columns=["measure", "level", "families", "share_percent", "mean", "shown"])
    national = _national(rules)
    beside = [national.get((measure, level), (None, None)) for measure, level, *_ in rows]
    table = table.assign(national=[value for value, _ in beside], national_source=[source for _, source in beside])
    kinds = {"families": "Int64", "share_percent": "Int64", "mean": float, "shown": "boolean", "national": float}
    return table.astype({**kinds, **dict.fromkeys(("measure", "level", "national_source"), TEXT)})[
        list(Profile.__annotations__)]


def _derived(release: Shown, whole: int | None) -> list[Row]:
    large = [release.counts.get((SIZES, level)) for level in CHILDREN[2:]]
    three = None if None in large else sum(count for count in large if count)
    means = [(SIZES, _mean(release, SIZES, CHILDREN)), (COUNTS, _mean(release, COUNTS, PROBLEMS))]
    return [(THREE_OR_MORE, "yes", three, _share(three, whole), None, three is not None),
            *((measure, "mean", None, None, mean, mean is not None) for measure, mean in means)]


def _share(families: int | None, whole: int | None) -> int | None:
    """In whole percent of the whole as shown; no more than all of it, however both were rounded."""
    return None if families is None or not whole else min(round(100 * families / whole), 100)


def _mean(release: Shown, measure: str, levels: tuple[str, ...]) -> float | None:
    counts = [release.counts[measure, level] for level in levels]
    known = [count for count in counts if count is not None]
    if len(known) < len(counts) or not sum(known):
        return None
    return round(sum((1 + place) * count for place, count in enumerate(known)) / sum(known), 1)


def _national(rules: Framework) -> dict[tuple[str, str], tuple[float, str]]:
    """What the national monitoring published, by measure and level."""
    held = rules.monitoring
    single = {
        (SIZES, "mean"): held.children_per_family,
        (THREE_OR_MORE, "yes"): held.share_with_three_children,
        (LONE, "yes"): held.share_lone_parent,
        (COUNTS, "mean"): held.problems_per_family,
    }
    shares = {(problem_measure(name), "yes"): (float(value), held.share_with_problem.source)
              for name, value in held.share_with_problem.value.items()}
    return shares | {key: (float(figure.value), figure.source) for key, figure in single.items()}
