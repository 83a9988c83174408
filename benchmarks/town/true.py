"""Everything that is true of an invented borough, before anybody writes any of it down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Floats, Ints, stream
from benchmarks.town.households import WITH_CHILDREN, make_shapes
from benchmarks.town.kin import HISTORY_DAYS, Folk, make_folk
from benchmarks.town.moves import Homes, dwellings_needed, settle
from benchmarks.town.naming import ORIGINS, name_people
from benchmarks.town.places import Places, make_places
from benchmarks.town.schooling import Schooling, make_schooling
from benchmarks.town.terms import day_of, last_terms
from benchmarks.town.trouble import Trouble, household_need, make_trouble
from benchmarks.town.words import words


@dataclass(frozen=True)
class Town:
    """The truth. A person is a row of `people`, a household its number, a dwelling its place in `places`.

    Attributes:
        people: `household` (on the as-of day), `role, male, birth, age, absent, step, apart, origin` and the names.
    """

    as_of: date
    seed: int
    people: pd.DataFrame
    folk: Folk
    homes: Homes
    places: Places
    need: Floats
    schooling: Schooling
    trouble: Trouble

    @property
    def day(self) -> int:
        """The as-of day."""
        return day_of(self.as_of)

    @property
    def households(self) -> int:
        """How many there are."""
        return len(self.folk.kind)

    @cached_property
    def age(self) -> Floats:
        """Of each person in years, with a fraction."""
        return np.asarray((self.day - self.people["birth"].to_numpy()) / 365.25)

    @cached_property
    def years_old(self) -> Ints:
        """Of each person in whole years on the as-of day."""
        return whole_years(self.people["birth"].to_numpy(), np.full(len(self.people), self.day))

    @cached_property
    def moved_in(self) -> Ints:
        """The day since which each person has lived where they live."""
        return np.asarray(self.homes.spells.groupby("person", sort=True)["start"].max().to_numpy())

    @property
    def moved_lately(self) -> Bools:
        """Who moved in the last six months."""
        return np.asarray(self.moved_in > self.day - HISTORY_DAYS // 4)


def whole_years(birth: Ints, day: Ints) -> Ints:
    """Whole years of age on a day, as the law counts them."""
    born, then = birth.astype("datetime64[D]"), day.astype("datetime64[D]")
    months = then.astype("datetime64[M]").astype(np.int64) - born.astype("datetime64[M]").astype(np.int64)
    later = (born - born.astype("datetime64[M]")) > (then - then.astype("datetime64[M]"))
    return np.asarray((months - later) // 12)


def make_town(
    residents: int,
    *,
    seed: int,
    as_of: date,
    origins: Mapping[str, float] = ORIGINS,
    terms: int = 6,
    lift: float = 0.0,
) -> Town:
    """A borough of about `residents` people, of such origins by share; the same arguments make the same borough.

    `terms`: how many of school are told. `lift`: by how much the need of households with children is raised.
    """
    day = day_of(as_of)
    folk = make_folk(stream(seed, "kin"), make_shapes(stream(seed, "shapes"), residents), day)
    towns = min(len(words("places", "towns")), 1 + residents // 60_000)
    places = make_places(stream(seed, "places"), dwellings_needed(folk), towns=towns, outside=max(100, residents // 40))
    homes = settle(stream(seed, "moves"), folk, places, day)
    people = pd.concat([folk.people, name_people(stream(seed, "names"), folk, origins)], axis=1)
    need = household_need(stream(seed, "need"), folk.kind) + lift * np.isin(folk.kind, WITH_CHILDREN)
    schooling = make_schooling(stream(seed, "schooling"), people, homes, need, last_terms(as_of, terms))
    trouble = make_trouble(stream(seed, "trouble"), people, folk.kind, homes, need, day)
    return Town(as_of, seed, people, folk, homes, places, need, schooling, trouble)
