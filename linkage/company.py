"""Learns how likely two kins at one address live together, from how near in age their people are; splits no places.

Those who share a home are nearer in age, or parent and child, than any two people: former and present occupants are
not. How near any two are is seen where kins are put together at random; how many kins at one address are strangers, in
those relations of age that are rarest there. The rest is Bayes' rule.
"""

from typing import NamedTuple

import numpy as np

from linkage.codes import join_codes, order_rows, rank_rows
from linkage.household_settings import HouseholdSettings


BANDS = np.array([5, 10, 16, 25, 45])
UNKNOWN = len(BANDS) + 1
KINDS = 4
ROTATIONS = 7
LEARNT = 5000
"""Of so many pairs of a kind at most, how near in age any two kins are is learnt."""
BAND_EVIDENCE = 8.0
"""How many pairs of kins the prior is worth in learning how likely those of one relation of age are strangers."""


class Ages(NamedTuple):
    """The people whose ages tell a kin's place in life: its adults, or else its children; in the order of their kins.

    `kin` and `age` by person; `children`, `adults` how many of each by kin.
    """

    kin: np.ndarray
    age: np.ndarray
    children: np.ndarray
    adults: np.ndarray


def list_ages(kin: np.ndarray, age: np.ndarray, is_child: np.ndarray) -> Ages:
    """Of people by kin; unknown ages are NaN."""
    size = int(kin.max(initial=-1)) + 1
    children = np.bincount(kin[is_child], minlength=size)
    adults = np.bincount(kin[~is_child], minlength=size)
    speaks = ~np.isnan(age) & (~is_child | (adults[kin] == 0))
    rows = np.flatnonzero(speaks)
    rows = rows[np.argsort(kin[rows], kind="stable")]
    return Ages(kin[rows], age[rows], children, adults)


def share_strangers(
    ends: tuple[np.ndarray, np.ndarray], place: np.ndarray, ages: Ages, settings: HouseholdSettings
) -> np.ndarray:
    """How likely the kins of each pair (`ends`) at one place do not live together; `place` is by kin."""
    left, right = ends
    if not len(left):
        return np.zeros(0)
    cells = relate_kins(left, right, ages)
    size = KINDS * (UNKNOWN + 1)
    seen = np.bincount(cells, minlength=size)
    expected = expect_at_random(left, right, place, ages)
    weight, prior = settings.strangers_evidence, settings.strangers_prior
    tells = (expected >= weight) & (np.arange(size) % (UNKNOWN + 1) != UNKNOWN)
    rates = (seen + weight * prior)[tells] / (expected + weight)[tells]
    strangers = float(rates.min()) if len(rates) else prior
    share = (strangers * expected + BAND_EVIDENCE * prior) / (seen + BAND_EVIDENCE)
    return np.asarray(np.minimum(share, 1.0)[cells])


def relate_kins(left: np.ndarray, right: np.ndarray, ages: Ages) -> np.ndarray:
    """A code per pair of kins: which of them have adults and children, and how near in age their nearest are."""
    lone = (ages.adults[left] == 0).astype(np.int64) + (ages.adults[right] == 0)
    with_children = (ages.children[left] > 0) | (ages.children[right] > 0)
    kind = np.where(lone > 0, 1 + lone, with_children)
    gap = nearest_gap(left, right, ages)
    band = np.where(np.isnan(gap), UNKNOWN, np.searchsorted(BANDS, np.nan_to_num(gap)))
    return np.asarray(kind * (UNKNOWN + 1) + band)


def nearest_gap(left: np.ndarray, right: np.ndarray, ages: Ages) -> np.ndarray:
    """The least difference in age between the people of two kins; NaN where an age is not known."""
    pair, mine = join_codes(left, ages.kin)
    again, theirs = join_codes(right[pair], ages.kin)
    gap = np.full(len(left), np.inf)
    np.minimum.at(gap, pair[again], np.abs(ages.age[mine[again]] - ages.age[theirs]))
    return np.where(np.isinf(gap), np.nan, gap)


def expect_at_random(left: np.ndarray, right: np.ndarray, place: np.ndarray, ages: Ages) -> np.ndarray:
    """How many pairs there would be of each code if the kins of different places had come together."""
    size = KINDS * (UNKNOWN + 1)
    rank = rank_kins(place, ages)
    left, right = np.where(rank[left] <= rank[right], [left, right], [right, left])
    order = order_rows([rank[left], rank[right]])
    left, right = left[order], right[order]
    found = np.zeros(size)
    lone = (ages.adults[left] == 0).astype(np.int64) * 2 + (ages.adults[right] == 0)
    with_children = (ages.children[left] > 0).astype(np.int64) * 2 + (ages.children[right] > 0)
    kinds = lone * 4 + with_children
    for kind in np.flatnonzero(np.bincount(kinds)):
        rows = np.flatnonzero(kinds == kind)
        taken = rows[:: 1 + len(rows) // LEARNT]
        for step in 1 + np.arange(ROTATIONS) * max(len(taken) // (ROTATIONS + 1), 1):
            cells = relate_kins(left[taken], np.roll(right[taken], step), ages)
            found += np.bincount(cells, minlength=size) * (len(rows) / len(taken))
    return found / ROTATIONS


def rank_kins(place: np.ndarray, ages: Ages) -> np.ndarray:
    """A rank of the kins that follows from where they are and who is in them, never from their codes."""
    size = len(place)
    total, squares = (np.bincount(ages.kin, weights=ages.age**power, minlength=size) for power in (1, 2))
    return rank_rows([place, ages.adults, ages.children, total.astype(np.int64), squares.astype(np.int64)])
