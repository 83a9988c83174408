"""Which pairs can never be one person, and which must be, whatever they weigh; the hard rules, joining nobody."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from linkage.dates import pack_day
from linkage.encode import MISSING
from linkage.levels import level


REASONS = ("", "identifiers", "twins", "generations", "roles", "tied", "judgement")
GROWN_UP, GROWN_OLD = 16, 30
ADULT, CHILD = 0, 1


def find_conflicts(
    levels: Mapping[str, np.ndarray],
    pairs: tuple[np.ndarray, np.ndarray],
    nodes: pd.DataFrame,
    as_of: pd.Timestamp,
    *,
    households: bool,
) -> np.ndarray:
    """For each pair the place in `REASONS` of what forbids it to be one person, 0 for nothing.

    identifiers: two different valid UPNs or NINOs, or one that is the same with another date of birth and another
    forename. twins: one date of birth, surname and address, and forenames that are not alike. generations: dates of
    birth twelve years apart and nothing like each other (a father and son of one name). Both hold where the records are
    of `households`: in records of one member each, such a pair is a slip of the pen. roles: an adult and somebody who
    was then a child.
    """
    left, right = pairs
    result = np.zeros(len(left), dtype=np.int8)
    result[_roles(left, right, nodes, as_of)] = REASONS.index("roles")
    if households:
        result[are_generations(levels)] = REASONS.index("generations")
        result[are_twins(levels)] = REASONS.index("twins")
    result[share_identifier(levels)] = 0
    contradicted = (levels["identifier"] == level("identifier", "same")) & ~_names_or_births_agree(levels)
    result[contradicted | (levels["identifier"] == level("identifier", "differs"))] = REASONS.index("identifiers")
    return result


def share_identifier(levels: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether a valid UPN or NINO is the same and not contradicted by both date of birth and forename."""
    return (levels["identifier"] == level("identifier", "same")) & _names_or_births_agree(levels)


def _names_or_births_agree(levels: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether forenames or dates of birth are somewhat alike, or not known."""
    born = (levels["date_of_birth"] == 0) | (levels["date_of_birth"] > level("date_of_birth", "far"))
    return born | (levels["forename"] == 0) | (levels["forename"] >= level("forename", "similar"))


def are_generations(levels: Mapping[str, np.ndarray]) -> np.ndarray:
    """Born a generation apart, with nothing alike in their dates of birth."""
    return levels["date_of_birth"] == level("date_of_birth", "apart")


def are_twins(levels: Mapping[str, np.ndarray]) -> np.ndarray:
    """Born on one day, of one surname and address, with other forenames (somewhat alike ones, if the sexes differ)."""
    born = levels["date_of_birth"] == level("date_of_birth", "exact")
    surname = levels["surname"] >= level("surname", "near")
    address = levels["address"] >= level("address", "near")
    far = levels["forename"] == level("forename", "far")
    alike = levels["forename"] == level("forename", "similar")
    return born & surname & address & (far | (alike & (levels["sex"] == level("sex", "differs"))))


def _roles(left: np.ndarray, right: np.ndarray, nodes: pd.DataFrame, as_of: pd.Timestamp) -> np.ndarray:
    """An adult without a date of birth against somebody under sixteen, a child against somebody over thirty."""
    role, born = nodes["role"].to_numpy(), nodes["date_of_birth"].to_numpy()
    young = born > pack_day(as_of.year - GROWN_UP, as_of.month, as_of.day)
    old = (born != MISSING) & (born < pack_day(as_of.year - GROWN_OLD, as_of.month, as_of.day))
    too_young, too_old = (role == CHILD) | young, (role == ADULT) | old
    said = (role[left] != MISSING) | (role[right] != MISSING)
    return said & ((too_old[left] & too_young[right]) | (too_young[left] & too_old[right]))
