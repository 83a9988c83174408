"""Where everyone lived, day by day over two years: which household in which dwelling, who moved, came and left."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Ints, Rng, chance, pick
from benchmarks.town.households import KIND, KINDS
from benchmarks.town.kin import EVER, HISTORY_DAYS, NEVER, Folk
from benchmarks.town.places import Places


MOVED_SHARE = {
    "single": 0.22, "couple": 0.12, "family": 0.16, "lone_parent": 0.27, "three_generation": 0.12, "kinship": 0.1,
    "foster": 0.06, "sharers": 0.5, "hmo": 0.5, "hostel": 0.9, "refuge": 0.9, "childrens_home": 0.8, "care_home": 0.3,
}  # fmt: skip
"""Households that moved at least once in two years."""
FROM_OUTSIDE_SHARE = 0.2
TWICE_SHARE = 0.12
LEFT_BOROUGH_SHARE = 0.012
DOUBLED_UP_SHARE = 0.004
"""Of families, those who share the home of another family."""
SHARED_KINDS = ("hmo", "hostel", "refuge", "childrens_home", "care_home")
HOUSE_NAMES = {
    "hostel": "Anchor House", "refuge": "The Haven", "childrens_home": "Fernside", "care_home": "Priory Grange",
}  # fmt: skip


@dataclass(frozen=True)
class Homes:
    """Spells, sorted by person and start, and a way to ask them.

    Attributes:
        spells: `person, household, dwelling, start, end` (days; end is the first day elsewhere).
        now: the dwelling of each household on the as-of day.
        inside: how many dwellings are in the borough; higher numbers are outside it.
    """

    spells: pd.DataFrame
    now: Ints
    inside: int

    @property
    def resident(self) -> Bools:
        """Whether each household lives in the borough on the as-of day."""
        return np.asarray(self.now < self.inside)

    def at(self, person: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Dwelling and household of each person on each day; before the first spell, those of the first."""
        row = self._row(person, day)
        return self.spells["dwelling"].to_numpy()[row], self.spells["household"].to_numpy()[row]

    def _row(self, person: Ints, day: Ints) -> Ints:
        owner, start = self.spells["person"].to_numpy(), self.spells["start"].to_numpy()
        row = np.searchsorted(owner * NEVER + start, person * NEVER + np.maximum(day, EVER), side="right") - 1
        first = np.searchsorted(owner, person, side="left")
        return np.asarray(np.maximum(row, first))


def dwellings_needed(folk: Folk) -> int:
    """Homes for every site, for those who moved, and some that stand empty."""
    return int(len(np.unique(folk.site)) * 1.18) + 60


def settle(rng: Rng, folk: Folk, places: Places, as_of_day: int) -> Homes:
    """House everybody, and tell where they were before."""
    site = _double_up(rng, folk)
    names = np.unique(site)
    order = rng.permutation(places.inside)
    now = order[: len(names)][np.searchsorted(names, site)]
    vacant = order[len(names) :]
    _name_institutions(folk, now, places)
    outside = places.inside + np.arange(len(places.flat) - places.inside)
    spells = _household_spells(rng, _Ground(folk.kind, site, now, vacant, outside), as_of_day)
    last = spells.groupby("household", sort=True)["dwelling"].last().to_numpy()
    return Homes(_person_spells(folk, spells, as_of_day), last, places.inside)


def _double_up(rng: Rng, folk: Folk) -> Ints:
    site = folk.site.copy()
    families = np.flatnonzero(np.isin(folk.kind, [KIND["family"], KIND["lone_parent"]]))
    guests = pick(rng, families, 2 * int(len(families) * DOUBLED_UP_SHARE / 2 + 0.5))
    half = len(guests) // 2
    site[guests[:half]] = site[guests[half : 2 * half]]
    return site


def _name_institutions(folk: Folk, now: Ints, places: Places) -> None:
    """A hostel, refuge or home is a whole building with a name."""
    for kind, name in HOUSE_NAMES.items():
        dwellings = pd.unique(now[folk.kind == KIND[kind]])
        for number, dwelling in enumerate(dwellings):
            places.flat[dwelling] = ""
            places.block[dwelling] = name if number == 0 else f"{name} {number + 1}"


@dataclass(frozen=True)
class _Ground:
    kind: Ints
    site: Ints
    now: Ints
    vacant: Ints
    outside: Ints


def _household_spells(rng: Rng, ground: _Ground, as_of_day: int) -> pd.DataFrame:
    """`household, dwelling, start, end`, the last first day being the latest move."""
    share = np.array([MOVED_SHARE[k] for k in KINDS])[ground.kind]
    moved = np.flatnonzero(chance(rng, share, len(share)))
    day = as_of_day - rng.integers(5, HISTORY_DAYS - 5, len(moved))
    order = np.argsort(day, kind="stable")
    moved, day = moved[order], day[order]
    before, vacant = _earlier_homes(rng, ground, moved)
    final = _left_borough(rng, ground, moved)
    twice = chance(rng, TWICE_SHARE, len(moved))
    earliest = np.maximum(as_of_day - HISTORY_DAYS, day - rng.integers(40, 400, len(moved)))
    still = np.setdiff1d(np.arange(len(ground.now)), moved)
    rows = [
        _rows(still, ground.now[still], EVER, NEVER),
        _rows(moved, final, day, NEVER),
        _rows(moved, before, np.where(twice, earliest, EVER), day),
        _rows(moved[twice], pick(rng, vacant, int(twice.sum())), EVER, earliest[twice]),
    ]
    return pd.concat(rows, ignore_index=True).sort_values(["household", "start"], kind="stable", ignore_index=True)


def _rows(household: Ints, dwelling: Ints, start: Ints | int, end: Ints | int) -> pd.DataFrame:
    count = min(len(household), len(dwelling))
    frame = pd.DataFrame({"household": household[:count], "dwelling": dwelling[:count]})
    return frame.assign(start=start, end=end)


def _earlier_homes(rng: Rng, ground: _Ground, moved: Ints) -> tuple[Ints, Ints]:
    """Homes before the latest move, and what is left vacant: many left a home that a later mover now has."""
    shift = max(1, len(moved) // 40)
    before = np.roll(ground.now[moved], -shift)
    alone = np.bincount(ground.site)[ground.site[np.roll(moved, -shift)]] == 1
    reuse = alone & chance(rng, 0.6, len(moved)) & (np.arange(len(moved)) < len(moved) - shift)
    fresh = np.flatnonzero(~reuse)
    abroad = chance(rng, FROM_OUTSIDE_SHARE / 0.55, len(fresh))
    before[fresh[abroad]] = rng.choice(ground.outside, int(abroad.sum()))
    local = fresh[~abroad]
    empty = np.resize(ground.vacant, len(local))
    before[local] = empty
    return before, ground.vacant[min(len(local), len(ground.vacant) - 1) :]


def _left_borough(rng: Rng, ground: _Ground, moved: Ints) -> Ints:
    """Some of the movers went away: their present home is outside, the earlier one is where they are known."""
    final = ground.now[moved].copy()
    ordinary = ~np.isin(ground.kind[moved], [KIND[k] for k in SHARED_KINDS])
    gone = ordinary & chance(rng, LEFT_BOROUGH_SHARE / 0.2, len(moved))
    final[gone] = rng.choice(ground.outside, int(gone.sum()))
    return final


def _person_spells(folk: Folk, homes: pd.DataFrame, as_of_day: int) -> pd.DataFrame:
    """Each person's spells: those of the household followed, cut to the days it was followed and since birth."""
    first = np.searchsorted(homes["household"].to_numpy(), np.arange(len(folk.kind) + 1))
    follows = folk.follows
    count = np.diff(first)[follows["household"].to_numpy()]
    taken = follows.loc[follows.index.repeat(count)]
    offset = np.arange(len(taken)) - np.repeat(np.cumsum(count) - count, count)
    home = homes.iloc[np.repeat(first[follows["household"].to_numpy()], count) + offset]
    birth = folk.people["birth"].to_numpy()[taken["person"].to_numpy()]
    start = np.maximum.reduce([taken["start"].to_numpy(), home["start"].to_numpy(), np.maximum(birth, EVER)])
    end = np.minimum(taken["end"].to_numpy(), home["end"].to_numpy())
    frame = pd.DataFrame(
        {
            "person": taken["person"].to_numpy(),
            "household": taken["household"].to_numpy(),
            "dwelling": home["dwelling"].to_numpy(),
            "start": start,
            "end": end,
        }
    )
    frame = frame[(frame["start"] < frame["end"]) & (frame["start"] <= as_of_day)]
    return frame.sort_values(["person", "start"], kind="stable", ignore_index=True)
