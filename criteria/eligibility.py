"""Eligible, undetermined, or neither: arithmetic on a household's verdicts; looks at no fact."""

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.evidence import text_series
from criteria.facts import Roster, age_on, number_of
from criteria.framework import Framework, National
from criteria.verdicts import MET, UNKNOWN, WORDS, Decided
from schemas.columns import TEXT
from schemas.keys import as_arrow
from schemas.published import Undetermined
from schemas.words import Criterion, Rule


NATIONAL = (Criterion.CRIME_ASB, Criterion.EDUCATION, Criterion.WORK)


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
    """The programme is not for households whose only children are below school age.

    A child is old enough who had turned five when the current term began, or whose date of birth is not known and
    whom a school sent. Source: National Evaluation, process evaluation final report (DCLG, 2016), note to section 3.1.
    """
    undated = roster.child & (roster.born == 0)
    five = age_on(roster.born, number_of(term_start)) >= rules.education.school_age_from.value
    old_enough = roster.child & five | undated & at_school
    family = roster.households["family_id"].notna().to_numpy()
    suits = roster.any_member(old_enough) & family
    count = roster.count_members(undated & ~at_school)
    return Kind(suits, family & ~suits & (count > 0), count)


def decide_outcome(
    decided: dict[Criterion, Decided], local_count: np.ndarray, kind: Kind, national: National
) -> Outcome:
    """Three national criteria, or two and a local one; undetermined where the unknown ones could still make it so.

    `local_count` is how many local criteria a household meets. Source: National Evaluation, process evaluation final
    report (DCLG, 2016), section 3.1.
    """
    verdicts = np.stack([decided[criterion].verdict for criterion in NATIONAL])
    met, possible = (verdicts == MET).sum(axis=0), (verdicts >= UNKNOWN).sum(axis=0)
    enough_local = local_count >= national.local_needed.value
    maybe_local = enough_local | (decided[Criterion.LOCAL].verdict == UNKNOWN)
    alone, with_local = national.enough_alone.value, national.enough_with_local.value
    now = (met >= alone) | ((met >= with_local) & enough_local)
    later = (possible >= alone) | ((possible >= with_local) & maybe_local)
    rule = np.where(met >= alone, Rule.THREE_OF_THREE, Rule.TWO_PLUS_LOCAL)
    eligible = kind.suits & now
    return Outcome(eligible, (kind.suits | kind.unsure) & later & ~eligible, rule)


def undetermined_table(outcome: Outcome, decided: dict[Criterion, Decided], roster: Roster, kind: Kind) -> pd.DataFrame:
    """The families that could still become eligible, with their verdicts and what would settle it."""
    at = np.flatnonzero(outcome.undetermined)
    homes = roster.households.take(at)
    table = pd.DataFrame({"family_id": homes["family_id"].astype(TEXT), "household_id": homes["household_id"],
                          **{str(name): verdict_words(one, at).array for name, one in decided.items()},
                          "would_settle": _would_settle(decided, kind, at).array})
    return table.sort_values("family_id", ignore_index=True).loc[:, list(Undetermined.to_schema().columns)]


def verdict_words(decided: Decided, at: np.ndarray) -> pd.Series:
    """The verdicts of some households, in words."""
    return text_series(pa.array([str(word) for word in WORDS]).take(pa.array(decided.verdict[at])))


def _would_settle(decided: dict[Criterion, Decided], kind: Kind, at: np.ndarray) -> pd.Series:
    missing = [as_arrow(decided[name].missing.take(at)) for name in (*NATIONAL, Criterion.LOCAL)]
    count = kind.undated_children[at]
    born = np.where(count == 1, "the date of birth of 1 child", np.char.add(
        np.char.add("the dates of birth of ", count.astype(str)), " children"))
    unsure = pa.array(born, type=pa.string(), mask=~kind.unsure[at])
    return text_series(pc.binary_join_element_wise(*missing, unsure, "; ", null_handling="skip"))
