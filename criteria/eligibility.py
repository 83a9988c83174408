"""Eligible, undetermined, or neither: arithmetic on a household's verdicts; looks at no fact."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.evidence import text_series
from criteria.facts import Roster, age_on, number_of
from criteria.figures import National
from criteria.framework import Framework
from criteria.verdicts import MET, UNKNOWN, WORDS, Decided
from schemas.columns import TEXT, columns_of
from schemas.keys import as_arrow
from schemas.published import Undetermined
from schemas.words import Criterion


class Kind(NamedTuple):
    """Households the programme is for (a flag each): with a family, and a child of school age or older.

    `unsure` are those for which only a child's date of birth could say so.
    """

    suits: np.ndarray
    unsure: np.ndarray
    undated_children: np.ndarray


class Outcome(NamedTuple):
    """Per household: eligible, undetermined, and the rule an eligible one qualifies by."""

    eligible: np.ndarray
    undetermined: np.ndarray
    rule: np.ndarray


def find_kind(roster: Roster, rules: Framework, term_start: date, at_school: np.ndarray) -> Kind:
    """Under phase 1 the programme is not for households whose only children are below school age.

    The framework's `national.children` says so, or that any child will do. A child is old enough who had turned five
    when the current term began, or whose date of birth is not known and whom a school sent. Source: National
    Evaluation, process evaluation final report (DCLG, 2016), note to section 3.1.
    """
    family = roster.households["family_id"].notna().to_numpy()
    if rules.national.children.value == "any":
        return Kind(roster.any_member(roster.child) & family, np.zeros(roster.size, bool), np.zeros(roster.size, int))
    undated = roster.child & (roster.born == 0)
    five = age_on(roster.born, number_of(term_start)) >= rules.education.school_age_from.value
    old_enough = roster.child & five | undated & at_school
    suits = roster.any_member(old_enough) & family
    count = roster.count_members(undated & ~at_school)
    return Kind(suits, family & ~suits & (count > 0), count)


def decide_outcome(
    decided: dict[Criterion, Decided], local_count: np.ndarray, kind: Kind, national: National
) -> Outcome:
    """Enough of the criteria that count nationally, or fewer and a local one, as the framework's `national` says.

    Undetermined where the unknown ones could still make it so. `local_count` is how many local criteria a household
    meets. Source: National Evaluation, process evaluation final report (DCLG, 2016), section 3.1.
    """
    verdicts = np.stack([decided[criterion].verdict for criterion in national.criteria.value])
    met, possible = (verdicts == MET).sum(axis=0), (verdicts >= UNKNOWN).sum(axis=0)
    enough_local = local_count >= national.local_needed.value
    maybe_local = enough_local | (decided[Criterion.LOCAL].verdict == UNKNOWN)
    alone, with_local = national.enough_alone.value, national.enough_with_local.value
    now = (met >= alone) | ((met >= with_local) & enough_local)
    later = (possible >= alone) | ((possible >= with_local) & maybe_local)
    rule = np.where(met >= alone, national.rule_alone, national.rule_with_local)
    eligible = kind.suits & now
    return Outcome(eligible, (kind.suits | kind.unsure) & later & ~eligible, rule)


def undetermined_table(
    outcome: Outcome, decided: dict[Criterion, Decided], roster: Roster, kind: Kind, national: National
) -> pd.DataFrame:
    """The families that could still become eligible, with their verdicts and what would settle it."""
    helps = national.enough_with_local.value < national.enough_alone.value
    asked = (*national.criteria.value, *((Criterion.LOCAL,) if helps else ()))
    at = np.flatnonzero(outcome.undetermined)
    homes = roster.households.take(at)
    table = pd.DataFrame({"family_id": homes["family_id"].astype(TEXT), "household_id": homes["household_id"],
                          **verdict_columns(decided, at),
                          "would_settle": _would_settle(decided, asked, kind, at).array})
    return table.sort_values("family_id", ignore_index=True).loc[:, list(columns_of(Undetermined))]


def verdict_columns(decided: dict[Criterion, Decided], at: np.ndarray) -> dict[str, Any]:
    """For every criterion the verdicts of some households, in words; empty where the framework does not ask."""
    words = pa.array([str(word) for word in WORDS])
    nothing = pd.array([None] * len(at), dtype=TEXT)
    said = {name: text_series(words.take(pa.array(one.verdict[at]))).array for name, one in decided.items()}
    return {str(name): said.get(name, nothing) for name in Criterion}


def _would_settle(
    decided: dict[Criterion, Decided], asked: tuple[Criterion, ...], kind: Kind, at: np.ndarray
) -> pd.Series:
    missing = [as_arrow(decided[name].missing.take(at)) for name in asked]
    count = kind.undated_children[at]
    born = np.where(count == 1, "the date of birth of 1 child", np.char.add(
        np.char.add("the dates of birth of ", count.astype(str)), " children"))
    unsure = pa.array(born, type=pa.string(), mask=~kind.unsure[at])
    return text_series(pc.binary_join_element_wise(*missing, unsure, "; ", null_handling="skip"))
